//! Looking through redemptions: the household's own, and those of a store.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::id::{HouseholdId, RedemptionId, StoreId, VillageId};
use domain::person::masked_name;
use domain::policy::{Action, Permit, Target};
use domain::refusal::Refusal;
use domain::store::RedemptionState;
use uuid::Uuid;

use super::receipt::RedemptionRow;
use super::{Receipt, SlotTimes, home};
use crate::db::Db;
use crate::error::Error;
use crate::goods::SlotRow;
use crate::reading::Why;
use crate::schema::{accounts, goods_slots, households, redemptions, stores};
use crate::{names, stores as shops};

/// Whether it is told whose a redemption is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// To the household itself: which it is, and no name.
    Hidden,
    /// At the counter: the head of the household, or the person, masked; not which household it is, by
    /// which all that a family takes could be put together.
    Counter,
    /// To those who answer for the store: both.
    Masked,
}

impl Names {
    /// What somebody is told who may see it so.
    pub(super) const fn of(permit: Permit) -> Self {
        match permit.role {
            _ if permit.own => Self::Hidden,
            Role::StoreKeeper | Role::MerchantOwner | Role::MerchantClerk => Self::Counter,
            _ => Self::Masked,
        }
    }
}

/// What is told of these redemptions, in their order, without codes.
pub(super) fn receipts(
    c: &mut PgConnection,
    village: VillageId,
    rows: &[RedemptionRow],
    told: Names,
) -> Result<Vec<Receipt>, Error> {
    let shops: HashMap<Uuid, String> = stores::table
        .filter(stores::village_id.eq(village.0))
        .filter(stores::id.eq_any(rows.iter().map(|row| row.store_id)))
        .select((stores::id, stores::name))
        .load(c)?
        .into_iter()
        .collect();
    let slots: Vec<SlotRow> = goods_slots::table
        .filter(goods_slots::village_id.eq(village.0))
        .filter(goods_slots::id.eq_any(rows.iter().filter_map(|row| row.slot_id)))
        .select(SlotRow::as_select())
        .load(c)?;
    let slots: HashMap<Uuid, SlotTimes> = slots
        .into_iter()
        .map(|row| row.slot().map(|slot| (slot.id.0, SlotTimes::from(slot))))
        .collect::<Result<_, _>>()?;
    let homes = match told {
        Names::Counter => HashMap::new(),
        Names::Hidden | Names::Masked => home::all(c, village, rows)?,
    };
    let names = match told {
        Names::Hidden => BTreeMap::new(),
        Names::Counter | Names::Masked => masked(c, village, rows)?,
    };
    rows.iter()
        .map(|row| {
            let store = shops.get(&row.store_id).map_or("", String::as_str);
            let slot = row.slot_id.and_then(|id| slots.get(&id).cloned());
            let masked_name = names.get(&row.account_id).cloned();
            let household_id = homes.get(&row.account_id).copied();
            Ok(Receipt { household_id, masked_name, ..row.receipt(store, slot)? })
        })
        .collect()
}

/// Whose accounts these are: the person, or the head of the household.
fn masked(
    c: &mut PgConnection,
    village: VillageId,
    rows: &[RedemptionRow],
) -> Result<BTreeMap<Uuid, String>, Error> {
    let whose: Vec<(Uuid, Option<Uuid>, Option<Uuid>)> = accounts::table
        .inner_join(
            households::table.on(households::village_id
                .eq(accounts::village_id)
                .and(households::id.eq(accounts::household_id))),
        )
        .filter(accounts::village_id.eq(village.0))
        .filter(accounts::id.eq_any(rows.iter().map(|row| row.account_id)))
        .select((accounts::id, accounts::villager_id, households::head_id))
        .load(c)?;
    let people: Vec<(Uuid, Uuid)> = whose
        .into_iter()
        .filter_map(|(account, villager, head)| Some((account, villager.or(head)?)))
        .collect();
    let names = names::of_villagers(c, village, people.iter().map(|(_, id)| *id))?;
    Ok(people
        .into_iter()
        .filter_map(|(account, id)| Some((account, masked_name(names.get(&id)?))))
        .collect())
}

/// A redemption as it stands. Its code and QR are for the household alone.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    (village, redemption): (VillageId, RedemptionId),
    why: &Why,
) -> Result<Receipt, Error> {
    let (row, store, home) = db.read(|c| {
        let row: RedemptionRow = redemptions::table
            .find((village.0, redemption.0))
            .select(RedemptionRow::as_select())
            .first(c)?;
        let store = shops::find(c, village, StoreId(row.store_id))?;
        let home = home::of(c, village, &row)?;
        Ok((row, store, home))
    })?;
    let target = Target { household: Some(home), ..store.target(db.place(village)?) };
    let why = why.about(redemption.0);
    let permit = db.allows_reading(actor, Action::RedemptionShow, &target, &why)?;
    let told = Names::of(permit);
    let receipts = db.read(|c| receipts(c, village, std::slice::from_ref(&row), told))?;
    let receipt = receipts.into_iter().next().ok_or(Refusal::NotFound)?;
    Ok(if permit.own { row.with_code(db.secrets(), receipt) } else { receipt })
}

/// The redemptions of a household, the newest first, with their codes if it is one's own.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn of_household(
    db: &Db,
    actor: &Actor,
    (village, household): (VillageId, HouseholdId),
    state: Option<RedemptionState>,
    (before, limit): (Option<Uuid>, i64),
    why: &Why,
) -> Result<Vec<Receipt>, Error> {
    let target = Target::household(db.place(village)?, household);
    let permit = db.allows_reading(actor, Action::StatementShow, &target, why)?;
    db.read(|c| {
        let theirs: Vec<Uuid> = accounts::table
            .filter(accounts::village_id.eq(village.0))
            .filter(accounts::household_id.eq(household.0))
            .select(accounts::id)
            .load(c)?;
        let mut query = redemptions::table
            .filter(redemptions::village_id.eq(village.0))
            .filter(redemptions::account_id.eq_any(&theirs))
            .order(redemptions::id.desc())
            .limit(limit)
            .select(RedemptionRow::as_select())
            .into_boxed();
        if let Some(state) = state {
            query = query.filter(redemptions::state.eq(state.as_str()));
        }
        if let Some(before) = before {
            query = query.filter(redemptions::id.lt(before));
        }
        let rows: Vec<RedemptionRow> = query.load(c)?;
        let told = receipts(c, village, &rows, Names::Hidden)?;
        Ok(rows
            .iter()
            .zip(told)
            .map(
                |(row, receipt)| {
                    if permit.own { row.with_code(db.secrets(), receipt) } else { receipt }
                },
            )
            .collect())
    })
}

/// What was redeemed at a store, the newest first.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn of_store(
    db: &Db,
    actor: &Actor,
    (village, store): (VillageId, StoreId),
    state: Option<RedemptionState>,
    (before, limit): (Option<Uuid>, i64),
    why: &Why,
) -> Result<Vec<Receipt>, Error> {
    let place = db.place(village)?;
    let row = db.read(|c| shops::find(c, village, store))?;
    let why = why.about(store.0);
    let target = row.target(place);
    let permit = db.allows_reading(actor, Action::StoreRedemptionShow, &target, &why)?;
    db.read(|c| {
        let mut query = redemptions::table
            .filter(redemptions::village_id.eq(village.0))
            .filter(redemptions::store_id.eq(store.0))
            .order(redemptions::id.desc())
            .limit(limit)
            .select(RedemptionRow::as_select())
            .into_boxed();
        if let Some(state) = state {
            query = query.filter(redemptions::state.eq(state.as_str()));
        }
        if let Some(before) = before {
            query = query.filter(redemptions::id.lt(before));
        }
        let rows: Vec<RedemptionRow> = query.load(c)?;
        receipts(c, village, &rows, Names::of(permit))
    })
}
