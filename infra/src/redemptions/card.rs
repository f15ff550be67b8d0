//! At the counter with a printed card and its PIN: for people without a phone. It is handed over at once.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{AccountId, CardId, HouseholdId, StoreId, VillageId};
use domain::points::Fen;
use domain::policy::Action;
use domain::refusal::Refusal;
use uuid::Uuid;

use super::redeem::{By, Whose, redeem_in};
use super::{Order, Receipt};
use crate::accounts;
use crate::audit::NO_VILLAGE;
use crate::cards::{CardRow, is_right};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::{Once, answer_of};
use crate::scans::{record_refused_card, save_try};
use crate::schema::cards;
use crate::secrets::Lookup;
use crate::stores::counter;

/// What somebody with a card wants.
#[derive(Clone, Debug)]
pub struct CardOrder {
    /// The number on the card.
    pub number: String,
    /// Its PIN.
    pub pin: String,
    /// What they want.
    pub order: Order,
}

/// Redeems with a card and hands over at once, once for each key. A wrong PIN costs a try, and that is kept
/// although the answer is a refusal. The PIN is compared before the transaction, since that takes long on
/// purpose.
///
/// # Errors
/// Those of [`domain::store::redeem`]; `card_refused`, `card_blocked`, `card_ceiling`, `own_household` for
/// the card of the keeper's own household, `forbidden`, `not_found`.
pub fn redeem_with_card(
    db: &Db,
    actor: &Actor,
    (village, store): (VillageId, StoreId),
    asked: &CardOrder,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let (_, permit) = counter(db, actor, Action::CardRedemptionCreate, (village, store))?;
    let number_hash = db.secrets().lookup(Lookup::Card, &asked.number);
    let found: Option<(Uuid, String)> = db.read(|c| {
        Ok(cards::table
            .filter(cards::village_id.eq(village.0))
            .filter(cards::number_hash.eq(&number_hash))
            .select((cards::id, cards::pin_hash))
            .first(c)
            .optional()?)
    })?;
    let pin_is_right = is_right(&asked.pin, found.as_ref().map(|(_, hash)| hash.as_str()))?;
    let Some((card, _)) = found else {
        db.write(|tx| record_refused_card(tx, actor, permit, NO_VILLAGE, None, now))?;
        return Err(Refusal::CardRefused { tries_left: None }.into());
    };
    let by = By {
        user: actor.user,
        role: permit.role,
        action: "card_redemption_create",
        store: Some(store),
    };
    // The inner result is an answer that stays: its transaction commits.
    let answer: Result<Receipt, Refusal> = db.write(|tx| {
        if let Some(answer) = answer_of(tx, once)? {
            return Ok(Ok(answer));
        }
        let row: CardRow = cards::table
            .find((village.0, card))
            .select(CardRow::as_select())
            .for_no_key_update()
            .first(tx)?;
        // The first of two that were sent together may have been done while this one waited for the card.
        if let Some(answer) = answer_of(tx, once)? {
            return Ok(Ok(answer));
        }
        let check = row.card().check(pin_is_right);
        save_try(tx, village, &row, check, now)?;
        if let Err(refusal) = check.into_result() {
            record_refused_card(tx, actor, permit, village, Some(CardId(card)), now)?;
            return Ok(Err(refusal));
        }
        let account = accounts::find(tx, village, AccountId(row.account_id))?;
        if let Err(refusal) = actor.is_no_member_of(HouseholdId(account.household_id)) {
            return Ok(Err(refusal));
        }
        let ceiling = Fen::new(row.daily_ceiling);
        let whose = Whose::Card(CardId(card), AccountId(row.account_id), ceiling);
        match redeem_in(db, tx, (village, asked.order, whose), by, once, now) {
            Ok(Some(receipt)) => Ok(Ok(receipt)),
            Ok(None) => answer_of(tx, once)?.map(Ok).ok_or(Error::LostRace),
            Err(Error::Refused(refusal)) => Ok(Err(refusal)),
            Err(other) => Err(other),
        }
    })?;
    Ok(answer?)
}
