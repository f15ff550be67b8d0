//! What becomes of redemptions: points, stock, places and limits follow, and all of it is there or nothing.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Uuid as SqlUuid};
use domain::actor::{Actor, Role};
use domain::id::{GoodsId, RedemptionId, StoreId, UserId, VillageId};
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;
use domain::store::{Move, Redemption, RedemptionState, Settled};
use uuid::Uuid;

use super::give_back::{AllGone, give_back_in_tx};
use super::receipt::RedemptionRow;
use super::{Receipt, home, list, tell};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::goods::stock::move_in_tx;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::schema::{goods_slots, redemptions};
use crate::stores;

diesel::define_sql_function! {
    /// See the migration that makes it.
    fn redemptions_free(village: SqlUuid, redemptions: Array<SqlUuid>) -> BigInt;
}

/// Redemptions that are locked, with what each came to; all of them to the same state.
pub(super) type Done = (RedemptionRow, Settled);

/// Writes what redemptions came to, however many, with a handful of statements. Answers what of the points
/// that returned did not stay with the households.
///
/// # Errors
/// [`Error::LostRace`] if stock moved in the meantime.
pub(super) fn apply_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    done: &[Done],
    (by, reason): (Option<UserId>, Option<&str>),
    now: DateTime<Utc>,
) -> Result<AllGone, Error> {
    let Some((_, first)) = done.first() else { return Ok(AllGone::new()) };
    let state = first.state;
    let ids: Vec<Uuid> = done.iter().map(|(row, _)| row.id).collect();
    let gone = give_back_in_tx(db, tx, village, done, (by, now))?;
    let rows = redemptions::table
        .filter(redemptions::village_id.eq(village.0))
        .filter(redemptions::id.eq_any(&ids));
    if state == RedemptionState::HandedOver {
        diesel::update(rows)
            .set((
                redemptions::state.eq(state.as_str()),
                redemptions::handed_over_by.eq(by.map(|user| user.0)),
                redemptions::handed_over_at.eq(now),
                redemptions::cash_taken.eq(redemptions::top_up.nullable()),
                redemptions::code.eq(None::<String>),
            ))
            .execute(tx)?;
    } else {
        diesel::update(rows)
            .set((
                redemptions::state.eq(state.as_str()),
                redemptions::ended_by.eq(by.map(|user| user.0)),
                redemptions::ended_at.eq(now),
                redemptions::end_reason.eq(reason),
                redemptions::code.eq(None::<String>),
            ))
            .execute(tx)?;
        diesel::select(redemptions_free(village.0, &ids)).execute(tx)?;
    }
    let moved: Vec<_> = done
        .iter()
        .filter_map(|(row, settled)| {
            Some((GoodsId(row.goods_id), settled.moved?, Some(RedemptionId(row.id))))
        })
        .collect();
    move_in_tx(tx, village, &moved, (reason, by), now)?;
    Ok(gone)
}

/// A redemption, locked until the transaction ends.
pub(super) fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    redemption: RedemptionId,
) -> Result<RedemptionRow, Error> {
    Ok(redemptions::table
        .find((village.0, redemption.0))
        .select(RedemptionRow::as_select())
        .for_no_key_update()
        .first(tx)?)
}

/// A redemption and what may be done to it by whom.
fn locked_for(
    db: &Db,
    tx: &mut PgConnection,
    actor: &Actor,
    action: Action,
    (village, redemption): (VillageId, RedemptionId),
) -> Result<(RedemptionRow, Permit), Error> {
    let row = lock_in_tx(tx, village, redemption)?;
    let store = stores::find(tx, village, StoreId(row.store_id))?;
    let household = Some(home::of(tx, village, &row)?);
    let target = Target { household, ..store.target(db.place(village)?) };
    let permit = allows(actor, action, &target)?;
    Ok((row, permit))
}

/// Calls a redemption off. The household does so in time, with or without a reason; the store with one.
///
/// # Errors
/// `redemption_state`, `cancel_too_late`, `reason_missing`, `forbidden`, `not_found`.
pub fn cancel(
    db: &Db,
    actor: &Actor,
    which: (VillageId, RedemptionId),
    reason: Option<&str>,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    db.write_once(once, now, |tx| {
        let (row, permit) = locked_for(db, tx, actor, Action::RedemptionCancel, which)?;
        let redemption = row.redemption()?;
        let settled = if permit.role == Role::Villager {
            redemption.cancel_by_household(now)?
        } else {
            reason.ok_or(Refusal::ReasonMissing)?;
            redemption.cancel_by_store()?
        };
        let told = (Kind::RedemptionCancelled, "redemption_cancel", reason);
        settle_in_tx(db, tx, actor, permit, (row, settled), told, now)
    })
}

/// What becomes of goods that are taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Faulty {
    /// They are back on the shelf.
    BackOnShelf,
    /// They are spoilt.
    WrittenOff,
}

/// Takes back what was handed over, with its cash. Nobody does so for their own household.
///
/// # Errors
/// `redemption_state`, `refund_too_late`, `own_household`, `forbidden`, `not_found`.
pub fn refund(
    db: &Db,
    actor: &Actor,
    which: (VillageId, RedemptionId),
    (reason, faulty): (&str, Faulty),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    db.write_once(once, now, |tx| {
        let (row, permit) = locked_for(db, tx, actor, Action::RedemptionRefund, which)?;
        actor.is_no_member_of(home::of(tx, which.0, &row)?)?;
        let slot_ends_at = slot_ends_at(tx, &row)?;
        let settled = Redemption { slot_ends_at, ..row.redemption()? }.refund(now)?;
        let spoilt = settled.moved.filter(|_| faulty == Faulty::WrittenOff);
        let (village, goods) = (VillageId(row.village_id), GoodsId(row.goods_id));
        let (redemption, quantity) = (RedemptionId(row.id), row.redemption()?.quantity);
        let told = (Kind::RedemptionRefunded, "redemption_refund", Some(reason));
        let receipt = settle_in_tx(db, tx, actor, permit, (row, settled), told, now)?;
        if spoilt.is_some() {
            let moved = [(goods, Move::write_off(quantity), Some(redemption))];
            move_in_tx(tx, village, &moved, (Some(reason), Some(actor.user)), now)?;
        }
        Ok(receipt)
    })
}

/// When its slot ends, for a service. Slots never change their time.
fn slot_ends_at(c: &mut PgConnection, row: &RedemptionRow) -> Result<Option<DateTime<Utc>>, Error> {
    let Some(slot) = row.slot_id else { return Ok(None) };
    let ends_at =
        goods_slots::table.find((row.village_id, slot)).select(goods_slots::ends_at).first(c)?;
    Ok(Some(ends_at))
}

/// Writes what one redemption came to, tells the household and records who did it.
pub(super) fn settle_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    actor: &Actor,
    permit: Permit,
    (row, settled): Done,
    (kind, action, reason): (Kind, &'static str, Option<&str>),
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let (village, subject) = (VillageId(row.village_id), row.id);
    let by = (Some(actor.user), reason);
    let gone = apply_in_tx(db, tx, village, &[(row, settled)], by, now)?;
    let row: RedemptionRow = redemptions::table
        .find((village.0, subject))
        .select(RedemptionRow::as_select())
        .first(tx)?;
    let rows = [row];
    tell::all_in_tx(tx, village, (&rows, &gone), (kind, reason), now)?;
    audit::record_in_tx(
        tx,
        &Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action,
            subject: Some(subject),
            reason,
            detail: None,
        },
    )?;
    let receipt = list::receipts(tx, village, &rows, list::Names::of(permit))?.into_iter().next();
    receipt.ok_or_else(|| Error::Bug("a redemption without a receipt".into()))
}
