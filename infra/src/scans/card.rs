//! A try with a printed card and its PIN.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::discount::CardCheck;
use domain::id::{AccountId, CardId, HouseholdId, MerchantId, ShopId, VillageId};
use domain::points::Fen;
use domain::policy::{Action, Permit};
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{At, Quoted, Scan, quote_in_tx};
use crate::audit::{self, Deed};
use crate::cards::{CardRow, is_right, redeemed_today};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::{Once, begin_in_tx, keep_in_tx};
use crate::merchants::{at_the_till, at_which_shop};
use crate::messages::{Kind, tell_household_in_tx};
use crate::schema::{agreements, cards};
use crate::secrets::Lookup;
use crate::{accounts, audit::NO_VILLAGE};

/// A card that was found by its number.
struct Found {
    village: VillageId,
    card: CardId,
    pin_hash: String,
}

/// What was answered to a try, kept for who sends it again: a quote, or what a wrong PIN came to. Other
/// refusals cost nothing, and a repeat is judged anew.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answered {
    Quoted(Quoted),
    Refused { tries_left: Option<u8> },
    Blocked,
}

impl Answered {
    fn of(answer: &Result<Quoted, Refusal>) -> Option<Self> {
        match answer {
            Ok(quoted) => Some(Self::Quoted(quoted.clone())),
            Err(Refusal::CardRefused { tries_left }) => {
                Some(Self::Refused { tries_left: *tries_left })
            }
            Err(Refusal::CardBlocked) => Some(Self::Blocked),
            Err(_) => None,
        }
    }

    fn into_result(self) -> Result<Quoted, Refusal> {
        match self {
            Self::Quoted(quoted) => Ok(quoted),
            Self::Refused { tries_left } => Err(Refusal::CardRefused { tries_left }),
            Self::Blocked => Err(Refusal::CardBlocked),
        }
    }
}

/// Judges a card and its PIN, and answers a quote if they are right, with a key once for each. A wrong
/// PIN costs a try, and that is kept although the answer is a refusal.
///
/// The PIN is compared before the transaction, since that takes long on purpose; tries are counted
/// inside it, one after the other, so that many wrong ones at once count as many.
///
/// # Errors
/// `card_refused`, `card_blocked`, `own_household`, `no_agreement`, `no_star`, `merchant_closed`,
/// `merchant_paused`, `shop_closed`, `shop_needed`, `idempotency_in_flight`, `idempotency_mismatch`,
/// `not_found`.
pub fn by_card(
    db: &Db,
    actor: &Actor,
    At { merchant, shop }: At,
    (number, pin): (&str, &str),
    once: Option<&Once>,
    now: DateTime<Utc>,
) -> Result<Quoted, Error> {
    let permit = at_the_till(actor, Action::PurchaseCreate, merchant)?;
    let number_hash = db.secrets().lookup(Lookup::Card, number);
    let (shop, found) = db.read(|c| {
        let shop = at_which_shop(c, actor, merchant, shop, now)?;
        Ok((shop, find(c, merchant, &number_hash, day_of(now))?))
    })?;
    let pin_is_right = is_right(pin, found.as_ref().map(|found| found.pin_hash.as_str()))?;
    let Some(found) = found else {
        db.write(|tx| record(tx, actor, permit, NO_VILLAGE, None, now))?;
        return Err(Refusal::CardRefused { tries_left: None }.into());
    };
    // The inner result is an answer that stays: its transaction commits.
    let answer: Result<Quoted, Refusal> = db.write(|tx| {
        let before = once.map_or(Ok(None), |once| begin_in_tx::<Answered>(tx, once))?;
        if let Some(before) = before {
            return Ok(before.into_result());
        }
        let tried = Tried { actor, permit, merchant, shop, found: &found, pin_is_right };
        let answer = judge_in_tx(tx, &tried, now)?;
        if let (Some(once), Some(answered)) = (once, Answered::of(&answer)) {
            keep_in_tx(tx, once, &answered, now)?;
        }
        Ok(answer)
    })?;
    Ok(answer?)
}

/// A try with a card that was found.
struct Tried<'a> {
    actor: &'a Actor,
    permit: Permit,
    merchant: MerchantId,
    shop: ShopId,
    found: &'a Found,
    pin_is_right: bool,
}

fn judge_in_tx(
    tx: &mut PgConnection,
    tried: &Tried<'_>,
    now: DateTime<Utc>,
) -> Result<Result<Quoted, Refusal>, Error> {
    let Tried { actor, permit, merchant, shop, found, pin_is_right } = *tried;
    let (village, card) = (found.village, found.card);
    let row: CardRow = cards::table
        .find((village.0, card.0))
        .select(CardRow::as_select())
        .for_no_key_update()
        .first(tx)?;
    let check = row.card().check(pin_is_right);
    save(tx, village, &row, check, now)?;
    if let Err(refusal) = check.into_result() {
        record(tx, actor, permit, village, Some(card), now)?;
        return Ok(Err(refusal));
    }
    let account = accounts::find(tx, village, AccountId(row.account_id))?;
    // What was redeemed with it today is spent of the same ceiling.
    let redeemed = redeemed_today(tx, village, card, now)?;
    let card = Some((card, redeemed.left_of(Fen::new(row.daily_ceiling))));
    let scan = Scan { actor, permit, merchant, shop, village, account: &account, card };
    match quote_in_tx(tx, &scan, now) {
        Ok(quoted) => Ok(Ok(quoted)),
        Err(Error::Refused(refusal)) => Ok(Err(refusal)),
        Err(other) => Err(other),
    }
}

/// The card with that number, among the villages whose people this merchant serves today.
fn find(
    c: &mut PgConnection,
    merchant: MerchantId,
    number_hash: &[u8],
    today: NaiveDate,
) -> Result<Option<Found>, Error> {
    let row: Option<(Uuid, Uuid, String)> = cards::table
        .inner_join(agreements::table.on(agreements::village_id.eq(cards::village_id)))
        .filter(agreements::merchant_id.eq(merchant.0))
        .filter(agreements::from_day.le(today))
        .filter(agreements::until_day.is_null().or(agreements::until_day.ge(today)))
        .filter(cards::number_hash.eq(number_hash))
        .select((cards::village_id, cards::id, cards::pin_hash))
        .first(c)
        .optional()?;
    Ok(row.map(|(village, card, pin_hash)| Found {
        village: VillageId(village),
        card: CardId(card),
        pin_hash,
    }))
}

/// Keeps what a try did to a card, and tells the household if it is blocked now.
pub(crate) fn save(
    tx: &mut PgConnection,
    village: VillageId,
    row: &CardRow,
    check: CardCheck,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let tries_left = i16::from(check.tries_left);
    if tries_left == row.tries_left {
        return Ok(());
    }
    diesel::update(cards::table.find((village.0, row.id)))
        .set(cards::tries_left.eq(tries_left))
        .execute(tx)?;
    if tries_left == 0 && row.blocked_at.is_none() {
        diesel::update(cards::table.find((village.0, row.id)))
            .set((cards::blocked_at.eq(now), cards::blocked_why.eq("wrong_pin")))
            .execute(tx)?;
        let account = accounts::find(tx, village, AccountId(row.account_id))?;
        let data = json!({"card_id": row.id, "cause": "wrong_pin"});
        let household = HouseholdId(account.household_id);
        tell_household_in_tx(tx, village, household, Kind::CardBlocked, &data, now)?;
    }
    Ok(())
}

/// Records that a card was refused.
pub(crate) fn record(
    tx: &mut PgConnection,
    actor: &Actor,
    permit: Permit,
    village: VillageId,
    card: Option<CardId>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    audit::record_in_tx(
        tx,
        &Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "card_refused",
            subject: card.map(|card| card.0),
            reason: None,
            detail: None,
        },
    )
}
