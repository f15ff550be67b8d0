//! When a service can be had.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{GoodsId, SlotId, StoreId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::store::{GoodsKind, Slot, SlotPlan};
use uuid::Uuid;

use super::{find, record, unreadable};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::redemptions::{call_off_slot_in_tx, waits_in_tx};
use crate::schema::goods_slots;
use crate::stores as shops;

/// A slot as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = goods_slots)]
pub(crate) struct SlotRow {
    id: Uuid,
    goods_id: Uuid,
    pub(crate) starts_at: DateTime<Utc>,
    pub(crate) ends_at: DateTime<Utc>,
    capacity: i32,
    taken: i32,
    pub(crate) place: String,
    closed_at: Option<DateTime<Utc>>,
}

impl SlotRow {
    pub(crate) fn slot(self) -> Result<Slot, Error> {
        let count = |n: i32| u32::try_from(n).map_err(|_| unreadable());
        Ok(Slot {
            id: SlotId(self.id),
            goods: GoodsId(self.goods_id),
            taken: count(self.taken)?,
            closed: self.closed_at.is_some(),
            plan: SlotPlan {
                starts_at: self.starts_at,
                ends_at: self.ends_at,
                capacity: count(self.capacity)?,
                place: self.place,
            },
        })
    }
}

/// Opens a slot of a service. Answers it as it was opened, also to a repeat.
///
/// # Errors
/// `slot_invalid`, also for goods that lie on the shelf; `forbidden`, `not_found`.
pub fn open(
    db: &Db,
    actor: &Actor,
    (village, goods): (VillageId, GoodsId),
    plan: &SlotPlan,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Slot, Error> {
    let permit = allows(actor, Action::StoreManage, &Target::village(db.place(village)?))?;
    plan.check(now)?;
    db.write_once(once, now, |tx| {
        if find(tx, village, goods)?.kind()? != GoodsKind::Service {
            return Err(Refusal::SlotInvalid { days_max: SlotPlan::DAYS_MAX }.into());
        }
        let made: SlotId = id::new();
        diesel::insert_into(goods_slots::table)
            .values((
                goods_slots::village_id.eq(village.0),
                goods_slots::id.eq(made.0),
                goods_slots::goods_id.eq(goods.0),
                goods_slots::starts_at.eq(plan.starts_at),
                goods_slots::ends_at.eq(plan.ends_at),
                goods_slots::capacity.eq(i32::try_from(plan.capacity).unwrap_or(i32::MAX)),
                goods_slots::place.eq(&plan.place),
                goods_slots::made_by.eq(actor.user.0),
                goods_slots::made_at.eq(now),
            ))
            .execute(tx)?;
        record(tx, actor, permit.role, (village, goods), "slot_create", now)?;
        row_of(tx, village, goods, made)?.slot()
    })
}

fn row_of(
    c: &mut PgConnection,
    village: VillageId,
    goods: GoodsId,
    slot: SlotId,
) -> Result<SlotRow, Error> {
    Ok(goods_slots::table
        .find((village.0, slot.0))
        .filter(goods_slots::goods_id.eq(goods.0))
        .select(SlotRow::as_select())
        .first(c)?)
}

/// Closes a slot: nobody else takes a place. What waits for it is called off by the store unless it is over:
/// the points return and the households are told. What was handed over stands.
///
/// # Errors
/// [`Error::LostRace`] if somebody redeems at the same moment; `forbidden`, `not_found`.
pub fn close(
    db: &Db,
    actor: &Actor,
    (village, goods, slot): (VillageId, GoodsId, SlotId),
    now: DateTime<Utc>,
) -> Result<Slot, Error> {
    let permit = allows(actor, Action::StoreManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let found = row_of(tx, village, goods, slot)?;
        let calls_off = found.closed_at.is_none() && now < found.ends_at;
        let (which, by) = ((village, goods, slot), (actor.user, now));
        if calls_off {
            call_off_slot_in_tx(db, tx, which, by)?;
        }
        let open = goods_slots::table
            .find((village.0, slot.0))
            .filter(goods_slots::goods_id.eq(goods.0))
            .filter(goods_slots::closed_at.is_null());
        if diesel::update(open).set(goods_slots::closed_at.eq(now)).execute(tx)? == 1 {
            record(tx, actor, permit.role, (village, goods), "slot_close", now)?;
            // Who took a place just before: all of it once more, in the order of the locks.
            if calls_off && waits_in_tx(tx, which)? {
                return Err(Error::LostRace);
            }
        }
        row_of(tx, village, goods, slot)?.slot()
    })
}

/// The slots of a service that have not ended, in their order, after one of them.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn list(
    db: &Db,
    actor: &Actor,
    (village, goods): (VillageId, GoodsId),
    after: Option<Uuid>,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Slot>, Error> {
    let store = db.read(|c| {
        let row = find(c, village, goods)?;
        shops::find(c, village, StoreId(row.store_id))
    })?;
    allows(actor, Action::StoreShow, &store.target(db.place(village)?))?;
    db.read(|c| {
        let mut query = goods_slots::table
            .filter(goods_slots::village_id.eq(village.0))
            .filter(goods_slots::goods_id.eq(goods.0))
            .filter(goods_slots::ends_at.gt(now))
            .order((goods_slots::starts_at, goods_slots::id))
            .limit(limit)
            .select(SlotRow::as_select())
            .into_boxed();
        if let Some(after) = after {
            let last = row_of(c, village, goods, SlotId(after))?;
            query = query.filter(
                goods_slots::starts_at
                    .gt(last.starts_at)
                    .or(goods_slots::starts_at.eq(last.starts_at).and(goods_slots::id.gt(after))),
            );
        }
        query.load(c)?.into_iter().map(SlotRow::slot).collect()
    })
}
