//! What becomes of redemptions that wait when a slot or a store closes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{GoodsId, SlotId, StoreId, UserId, VillageId};
use domain::store::RedemptionState;
use uuid::Uuid;

use super::give_back::AllGone;
use super::receipt::RedemptionRow;
use super::settle::apply_in_tx;
use super::tell;
use crate::db::Db;
use crate::error::Error;
use crate::messages::Kind;
use crate::schema::redemptions;

/// Why a household hears of a slot that was closed.
const SLOT_CLOSED: &str = "该服务时段已关闭";

#[diesel::dsl::auto_type]
fn waiting_for(goods: Uuid, slot: Uuid) -> _ {
    let state: &'static str = RedemptionState::Waiting.as_str();
    redemptions::goods_id
        .eq(goods)
        .and(redemptions::slot_id.eq(slot))
        .and(redemptions::state.eq(state))
}

/// The store calls off all that waits for a slot: points return, places too, and the households are told.
/// Answers how
/// many. The slot is closed after it, since redemptions are locked first.
pub(crate) fn call_off_slot_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    (village, goods, slot): (VillageId, GoodsId, SlotId),
    (by, now): (UserId, DateTime<Utc>),
) -> Result<usize, Error> {
    let rows: Vec<RedemptionRow> = redemptions::table
        .filter(redemptions::village_id.eq(village.0))
        .filter(waiting_for(goods.0, slot.0))
        .order(redemptions::id)
        .select(RedemptionRow::as_select())
        .for_no_key_update()
        .load(tx)?;
    let mut done = Vec::with_capacity(rows.len());
    for row in rows {
        let settled = row.redemption()?.cancel_by_store()?;
        done.push((row, settled));
    }
    let gone = apply_in_tx(db, tx, village, &done, (Some(by), Some(SLOT_CLOSED)), now)?;
    let rows: Vec<_> = done.into_iter().map(|(row, _)| row).collect();
    let told = (Kind::RedemptionCancelled, Some(SLOT_CLOSED));
    tell::all_in_tx(tx, village, (&rows, &gone), told, now)?;
    Ok(rows.len())
}

/// Whether anything waits for a slot.
pub(crate) fn waits_in_tx(
    tx: &mut PgConnection,
    (village, goods, slot): (VillageId, GoodsId, SlotId),
) -> Result<bool, Error> {
    let waiting = redemptions::table
        .filter(redemptions::village_id.eq(village.0))
        .filter(waiting_for(goods.0, slot.0));
    Ok(diesel::select(diesel::dsl::exists(waiting)).get_result(tx)?)
}

/// What waits at a store that closes returns its points if nobody picks it up; the households are told. The
/// store is locked.
pub(crate) fn store_closes_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    store: StoreId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut rows: Vec<RedemptionRow> = redemptions::table
        .filter(redemptions::village_id.eq(village.0))
        .filter(redemptions::store_id.eq(store.0))
        .filter(redemptions::state.eq(RedemptionState::Waiting.as_str()))
        .order(redemptions::id)
        .select(RedemptionRow::as_select())
        .for_no_key_update()
        .load(tx)?;
    let those = redemptions::table
        .filter(redemptions::village_id.eq(village.0))
        .filter(redemptions::id.eq_any(rows.iter().map(|row| row.id)));
    diesel::update(those).set(redemptions::lapse_returns.eq(true)).execute(tx)?;
    for row in &mut rows {
        row.lapse_returns = true;
    }
    let told = (Kind::RedemptionStoreClosed, None);
    tell::all_in_tx(tx, village, (&rows, &AllGone::new()), told, now)
}
