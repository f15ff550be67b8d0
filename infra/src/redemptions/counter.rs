//! At the counter: whose code it is, and handing over.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{HouseholdId, RedemptionId, StoreId, VillageId};
use domain::points::Fen;
use domain::policy::Action;
use domain::refusal::Refusal;
use domain::store::{RedemptionState, Tries};
use uuid::Uuid;

use super::receipt::RedemptionRow;
use super::settle::{lock_in_tx, settle_in_tx};
use super::{Receipt, list, qr};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::{Once, answer_of};
use crate::messages::Kind;
use crate::schema::{redemptions, stores};
use crate::stores::counter;

/// What somebody shows at the counter.
#[derive(Clone, Debug)]
pub enum Proof {
    /// The code, said or typed.
    Code(String),
    /// The QR.
    Qr(String),
}

/// What a look for a code came to.
enum Found {
    /// A redemption.
    One(RedemptionId),
    /// Nothing waits for it any more: the request was done before.
    Answered(Box<Receipt>),
}

/// What waits for a code or QR, before it is handed over: what it is, and the cash that is due. A wrong
/// code counts, so that nobody finds one by trying.
///
/// # Errors
/// `pickup_unknown`, `pickup_tries_over`, `code_invalid`, `forbidden`, `not_found`.
pub fn look_up(
    db: &Db,
    actor: &Actor,
    at: (VillageId, StoreId),
    proof: &Proof,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    counter(db, actor, Action::PickupCreate, at)?;
    match find(db, at, proof, None, now)? {
        Found::Answered(receipt) => Ok(*receipt),
        Found::One(redemption) => db.read(|c| {
            let row: RedemptionRow = redemptions::table
                .find((at.0.0, redemption.0))
                .select(RedemptionRow::as_select())
                .first(c)?;
            let receipts = list::receipts(c, at.0, &[row], list::Names::Masked)?;
            receipts.into_iter().next().ok_or_else(|| Refusal::PickupUnknown.into())
        }),
    }
}

/// Hands over what waits for a code or QR, once for each key, for the cash that is due. Nobody hands over
/// to their own household.
///
/// # Errors
/// Those of [`look_up`]; `redemption_state`, `cash_differs`, `own_household`.
pub fn hand_over(
    db: &Db,
    actor: &Actor,
    at: (VillageId, StoreId),
    (proof, cash): (&Proof, Fen),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let (_, permit) = counter(db, actor, Action::PickupCreate, at)?;
    let redemption = match find(db, at, proof, Some(once), now)? {
        Found::Answered(receipt) => return Ok(*receipt),
        Found::One(redemption) => redemption,
    };
    db.write_once(once, now, |tx| {
        let row = lock_in_tx(tx, at.0, redemption)?;
        actor.is_no_member_of(HouseholdId(row.household_id))?;
        let settled = row.redemption()?.hand_over(cash)?;
        let told = (Kind::RedemptionHandedOver, "pickup_create", None);
        settle_in_tx(db, tx, actor, permit, (row, settled), told, now)
    })
}

/// The redemption that somebody can prove to be theirs.
fn find(
    db: &Db,
    (village, store): (VillageId, StoreId),
    proof: &Proof,
    once: Option<&Once>,
    now: DateTime<Utc>,
) -> Result<Found, Error> {
    match proof {
        Proof::Qr(text) => {
            let redemption = qr::read(db.secrets(), village, text)?;
            let here: Option<Uuid> = db.read(|c| {
                Ok(redemptions::table
                    .find((village.0, redemption.0))
                    .filter(redemptions::store_id.eq(store.0))
                    .select(redemptions::id)
                    .first(c)
                    .optional()?)
            })?;
            here.map(|id| Found::One(RedemptionId(id))).ok_or(Refusal::PickupUnknown.into())
        }
        Proof::Code(code) => {
            // The inner result is an answer that stays: a wrong code is counted.
            let found: Result<Found, Refusal> =
                db.write(|tx| by_code_in_tx(tx, (village, store), code, once, now))?;
            Ok(found?)
        }
    }
}

fn by_code_in_tx(
    tx: &mut PgConnection,
    (village, store): (VillageId, StoreId),
    code: &str,
    once: Option<&Once>,
    now: DateTime<Utc>,
) -> Result<Result<Found, Refusal>, Error> {
    // Who asks again gets the answer again, also when the counter has to wait.
    if let Some(receipt) = answered(tx, once)? {
        return Ok(Ok(Found::Answered(Box::new(receipt))));
    }
    if let Err(refusal) = tries_in_tx(tx, village, store)?.may_try(now) {
        return Ok(Err(refusal));
    }
    let waiting: Option<Uuid> = redemptions::table
        .filter(redemptions::village_id.eq(village.0))
        .filter(redemptions::store_id.eq(store.0))
        .filter(redemptions::code.eq(code))
        .filter(redemptions::state.eq(RedemptionState::Waiting.as_str()))
        .select(redemptions::id)
        .first(tx)
        .optional()?;
    if let Some(id) = waiting {
        return Ok(Ok(Found::One(RedemptionId(id))));
    }
    // The first of two that were sent together may have been done just now.
    if let Some(receipt) = answered(tx, once)? {
        return Ok(Ok(Found::Answered(Box::new(receipt))));
    }
    // Under the lock of the store, so that many wrong codes at once count as many.
    let _: Uuid = stores::table
        .find((village.0, store.0))
        .select(stores::id)
        .for_no_key_update()
        .first(tx)?;
    let tries = tries_in_tx(tx, village, store)?.after_wrong(now);
    diesel::update(stores::table.find((village.0, store.0)))
        .set((
            stores::wrong_codes.eq(i16::try_from(tries.wrong).unwrap_or(i16::MAX)),
            stores::wrong_codes_since.eq(tries.since),
        ))
        .execute(tx)?;
    Ok(Err(Refusal::PickupUnknown))
}

/// The answer to the same request, if it was done before.
fn answered(tx: &mut PgConnection, once: Option<&Once>) -> Result<Option<Receipt>, Error> {
    once.map_or(Ok(None), |once| answer_of(tx, once))
}

fn tries_in_tx(tx: &mut PgConnection, village: VillageId, store: StoreId) -> Result<Tries, Error> {
    let (wrong, since): (i16, Option<DateTime<Utc>>) = stores::table
        .find((village.0, store.0))
        .select((stores::wrong_codes, stores::wrong_codes_since))
        .first(tx)?;
    Ok(Tries { wrong: u16::try_from(wrong).unwrap_or(0), since })
}
