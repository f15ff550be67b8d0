//! At the counter: whose code it is, and handing over.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{RedemptionId, StoreId, UserId, VillageId};
use domain::points::Fen;
use domain::policy::{Action, Permit};
use domain::refusal::Refusal;
use domain::store::{CounterTries, RedemptionState, Tries};
use uuid::Uuid;

use super::receipt::RedemptionRow;
use super::settle::{lock_in_tx, settle_in_tx};
use super::{Receipt, home, list, qr};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::{Once, answer_of};
use crate::messages::Kind;
use crate::schema::{pickup_tries, redemptions, stores};
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
    let (_, permit) = counter(db, actor, Action::PickupCreate, at)?;
    match find(db, (actor, permit), at, proof, None, now)? {
        Found::Answered(receipt) => Ok(*receipt),
        Found::One(redemption) => db.read(|c| {
            let row: RedemptionRow = redemptions::table
                .find((at.0.0, redemption.0))
                .select(RedemptionRow::as_select())
                .first(c)?;
            let receipts = list::receipts(c, at.0, &[row], list::Names::of(permit))?;
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
    let redemption = match find(db, (actor, permit), at, proof, Some(once), now)? {
        Found::Answered(receipt) => return Ok(*receipt),
        Found::One(redemption) => redemption,
    };
    db.write_once(once, now, |tx| {
        let row = lock_in_tx(tx, at.0, redemption)?;
        actor.is_no_member_of(home::of(tx, at.0, &row)?)?;
        let settled = row.redemption()?.hand_over(cash)?;
        let told = (Kind::RedemptionHandedOver, "pickup_create", None);
        settle_in_tx(db, tx, actor, permit, (row, settled), told, now)
    })
}

/// The redemption that somebody can prove to be theirs.
fn find(
    db: &Db,
    who: (&Actor, Permit),
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
                db.write(|tx| by_code_in_tx(tx, who, (village, store), code, once, now))?;
            Ok(found?)
        }
    }
}

/// Looks for a code under the lock of the store: of many guesses that come at once, each finds what those
/// before it left, and no more of them are looked up than may be wrong.
fn by_code_in_tx(
    tx: &mut PgConnection,
    (actor, permit): (&Actor, Permit),
    (village, store): (VillageId, StoreId),
    code: &str,
    once: Option<&Once>,
    now: DateTime<Utc>,
) -> Result<Result<Found, Refusal>, Error> {
    // Who asks again gets the answer again, also when the counter has to wait.
    if let Some(receipt) = answered(tx, once)? {
        return Ok(Ok(Found::Answered(Box::new(receipt))));
    }
    let tries = lock_tries_in_tx(tx, village, store, actor.user)?;
    if let Err(refusal) = tries.may_try(now) {
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
    keep_tries_in_tx(tx, village, store, actor.user, tries.after_wrong(now))?;
    audit::record_in_tx(
        tx,
        &Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "pickup_refused",
            subject: Some(store.0),
            reason: None,
            detail: None,
        },
    )?;
    Ok(Err(Refusal::PickupUnknown))
}

/// The answer to the same request, if it was done before.
fn answered(tx: &mut PgConnection, once: Option<&Once>) -> Result<Option<Receipt>, Error> {
    once.map_or(Ok(None), |once| answer_of(tx, once))
}

/// The wrong codes so far, with the store locked until the transaction ends.
fn lock_tries_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    store: StoreId,
    user: UserId,
) -> Result<CounterTries, Error> {
    let of = |(wrong, since): (i16, Option<DateTime<Utc>>)| Tries {
        wrong: u16::try_from(wrong).unwrap_or(0),
        since,
    };
    let all = stores::table
        .find((village.0, store.0))
        .select((stores::wrong_codes, stores::wrong_codes_since))
        .for_no_key_update()
        .first(tx)?;
    let own: Option<(i16, Option<DateTime<Utc>>)> = pickup_tries::table
        .find((village.0, store.0, user.0))
        .select((pickup_tries::wrong, pickup_tries::since.nullable()))
        .first(tx)
        .optional()?;
    Ok(CounterTries { own: own.map(of).unwrap_or_default(), all: of(all) })
}

fn keep_tries_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    store: StoreId,
    user: UserId,
    tries: CounterTries,
) -> Result<(), Error> {
    let small = |wrong: u16| i16::try_from(wrong).unwrap_or(i16::MAX);
    diesel::update(stores::table.find((village.0, store.0)))
        .set((
            stores::wrong_codes.eq(small(tries.all.wrong)),
            stores::wrong_codes_since.eq(tries.all.since),
        ))
        .execute(tx)?;
    let Some(since) = tries.own.since else { return Ok(()) };
    let own = (pickup_tries::wrong.eq(small(tries.own.wrong)), pickup_tries::since.eq(since));
    diesel::insert_into(pickup_tries::table)
        .values((
            pickup_tries::village_id.eq(village.0),
            pickup_tries::store_id.eq(store.0),
            pickup_tries::user_id.eq(user.0),
            own,
        ))
        .on_conflict((pickup_tries::village_id, pickup_tries::store_id, pickup_tries::user_id))
        .do_update()
        .set(own)
        .execute(tx)?;
    Ok(())
}
