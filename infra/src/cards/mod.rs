//! Printed cards for people without a phone: issued with a PIN, shown without their number, blocked
//! at once.

mod deceased;
mod pin;
mod today;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::discount::{Card, PIN_TRIES, check_pin};
use domain::id::{AccountId, CardId, HouseholdId, VillageId};
use domain::points::Fen;
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::messages::{self, Kind};
use crate::reading::Why;
use crate::schema::{accounts, cards, quotes};
use crate::secrets::{Lookup, random_digits};
use crate::{accounts as ledger_accounts, id};

pub(crate) use deceased::block_deceased_in_tx;
pub(crate) use pin::is_right;
pub(crate) use today::{redeemed_today, taken_today};

/// How many digits are on a card.
pub const NUMBER_DIGITS: usize = 16;

/// A card as people may see it: without number and PIN.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = cards)]
pub struct CardRow {
    /// Its id.
    pub id: Uuid,
    /// Whose account it shows.
    pub account_id: Uuid,
    /// The most that it may take in a day, at shops and points stores together, in fen.
    pub daily_ceiling: i64,
    /// How many wrong PINs are left.
    pub tries_left: i16,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// When it was blocked.
    pub blocked_at: Option<DateTime<Utc>>,
    /// Why it was blocked.
    pub blocked_why: Option<String>,
}

impl CardRow {
    /// The card as the domain knows it.
    pub(crate) fn card(&self) -> Card {
        Card {
            id: CardId(self.id),
            account: AccountId(self.account_id),
            tries_left: u8::try_from(self.tries_left).unwrap_or(0),
            blocked: self.blocked_at.is_some(),
        }
    }
}

/// A card with the household that it belongs to.
#[derive(Clone, Debug)]
pub struct HouseholdCard {
    /// The household.
    pub household: HouseholdId,
    /// The card.
    pub card: CardRow,
}

/// A card that was just issued.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The card.
    pub card: HouseholdCard,
    /// The number to print on it: told once, stored only as a hash.
    pub number: String,
}

/// What a card is asked for with.
#[derive(Clone, Debug)]
pub struct Order {
    /// The account that it shows.
    pub account: AccountId,
    /// The PIN that its holder chose.
    pub pin: String,
    /// The most discount a day.
    pub daily_ceiling: Fen,
}

/// Issues a card. The PIN is hashed before the transaction begins.
///
/// # Errors
/// `pin_invalid`, `price_invalid` for a ceiling of nothing, `forbidden`, `not_found`.
pub fn issue(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    order: &Order,
    now: DateTime<Utc>,
) -> Result<Issued, Error> {
    let permit = allows(actor, Action::CardManage, &Target::village(db.place(village)?))?;
    check_pin(&order.pin)?;
    if order.daily_ceiling <= Fen::ZERO {
        return Err(Refusal::PriceInvalid.into());
    }
    let pin_hash = pin::hash(&order.pin)?;
    let number = random_digits(NUMBER_DIGITS)?;
    let number_hash = db.secrets().lookup(Lookup::Card, &number);
    db.write(|tx| {
        let account = ledger_accounts::find(tx, village, order.account)?;
        let card = CardRow {
            id: id::new(),
            account_id: account.id,
            daily_ceiling: order.daily_ceiling.get(),
            tries_left: i16::from(PIN_TRIES),
            issued_at: now,
            blocked_at: None,
            blocked_why: None,
        };
        diesel::insert_into(cards::table)
            .values((
                cards::village_id.eq(village.0),
                cards::id.eq(card.id),
                cards::account_id.eq(card.account_id),
                cards::number_hash.eq(&number_hash),
                cards::pin_hash.eq(&pin_hash),
                cards::daily_ceiling.eq(card.daily_ceiling),
                cards::tries_left.eq(card.tries_left),
                cards::issued_by.eq(actor.user.0),
                cards::issued_at.eq(now),
            ))
            .execute(tx)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "card_issue",
                subject: Some(card.id),
                reason: None,
                detail: Some(json!({"account_id": account.id})),
            },
        )?;
        let card = HouseholdCard { household: HouseholdId(account.household_id), card };
        let data = json!({"card_id": card.card.id, "daily_ceiling_fen": card.card.daily_ceiling});
        messages::tell_household_in_tx(tx, village, card.household, Kind::CardIssued, &data, now)?;
        Ok(Issued { card, number: number.clone() })
    })
}

/// The cards of a household, or of the whole village; the newest first.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    household: Option<HouseholdId>,
    before: Option<Uuid>,
    limit: i64,
    why: &Why,
) -> Result<Vec<HouseholdCard>, Error> {
    let place = db.place(village)?;
    let target = household.map_or(Target::village(place), |id| Target::household(place, id));
    db.allows_reading(actor, Action::CardShow, &target, why)?;
    db.read(|c| {
        let mut query = with_household(village).order(cards::id.desc()).limit(limit).into_boxed();
        if let Some(household) = household {
            query = query.filter(accounts::household_id.eq(household.0));
        }
        if let Some(before) = before {
            query = query.filter(cards::id.lt(before));
        }
        let rows: Vec<(Uuid, CardRow)> =
            query.select((accounts::household_id, CardRow::as_select())).load(c)?;
        let card = |(id, card)| HouseholdCard { household: HouseholdId(id), card };
        Ok(rows.into_iter().map(card).collect())
    })
}

#[diesel::dsl::auto_type]
fn with_household(village: VillageId) -> _ {
    let village: Uuid = village.0;
    cards::table
        .inner_join(
            accounts::table.on(accounts::village_id
                .eq(cards::village_id)
                .and(accounts::id.eq(cards::account_id))),
        )
        .filter(cards::village_id.eq(village))
}

/// Blocks a card, with all quotes that were made with it: from this moment nothing can be bought
/// with it. Blocking it again changes nothing.
///
/// # Errors
/// `not_found` also for the card of another household.
pub fn block(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    card: CardId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<HouseholdCard, Error> {
    let place = db.place(village)?;
    db.write(|tx| {
        let mut row: CardRow = cards::table
            .find((village.0, card.0))
            .select(CardRow::as_select())
            .for_no_key_update()
            .first(tx)?;
        let account = ledger_accounts::find(tx, village, AccountId(row.account_id))?;
        let household = HouseholdId(account.household_id);
        let permit = allows(actor, Action::CardBlock, &Target::household(place, household))?;
        if row.blocked_at.is_none() {
            row.blocked_at = Some(now);
            row.blocked_why = Some(reason.to_owned());
            diesel::update(cards::table.find((village.0, card.0)))
                .set((cards::blocked_at.eq(now), cards::blocked_why.eq(reason)))
                .execute(tx)?;
            end_quotes_in_tx(tx, village, card, now)?;
            audit::record_in_tx(
                tx,
                &Deed {
                    village,
                    at: now,
                    user: Some(actor.user),
                    role: Some(permit.role),
                    action: "card_block",
                    subject: Some(card.0),
                    reason: Some(reason),
                    detail: None,
                },
            )?;
            let data = json!({"card_id": card.0, "reason": reason});
            messages::tell_household_in_tx(tx, village, household, Kind::CardBlocked, &data, now)?;
        }
        Ok(HouseholdCard { household, card: row })
    })
}

/// A quote lives two minutes; those of a lost card end now.
fn end_quotes_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    card: CardId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let just_over = now - chrono::Duration::milliseconds(1);
    let open = quotes::table
        .filter(quotes::village_id.eq(village.0))
        .filter(quotes::card_id.eq(card.0))
        .filter(quotes::used_at.is_null())
        .filter(quotes::valid_until.gt(just_over));
    diesel::update(open).set(quotes::valid_until.eq(just_over)).execute(tx)?;
    Ok(())
}
