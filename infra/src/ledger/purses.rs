//! Reading the points purses of accounts.

use std::collections::BTreeMap;

use diesel::prelude::*;
use domain::calendar::day_of;
use domain::expiry::PointsPurse;
use domain::id::{AccountId, VillageId};
use domain::ledger::Purse;
use domain::lots::Movement;
use uuid::Uuid;

use super::EntryRow;
use crate::error::Error;
use crate::schema::{accounts, entries};

/// The next accounts of a village that hold points, in the order of their ids.
pub(crate) fn holding_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    after: Option<Uuid>,
    most: i64,
) -> Result<Vec<AccountId>, Error> {
    let ids: Vec<Uuid> = accounts::table
        .filter(accounts::village_id.eq(village.0))
        .filter(accounts::id.gt(after.unwrap_or(Uuid::nil())))
        .filter(accounts::points.gt(0))
        .order(accounts::id)
        .limit(most)
        .select(accounts::id)
        .load(tx)?;
    Ok(ids.into_iter().map(AccountId).collect())
}

/// An entry of the points purse as lots know it.
pub(crate) fn movement(row: EntryRow) -> Result<Movement, Error> {
    let day = day_of(row.recorded_at);
    Ok(Movement::of(&row.entry()?, day))
}

/// All entries of the points purses of these accounts, each account's in their order.
pub(crate) fn entries_of(
    c: &mut PgConnection,
    village: VillageId,
    ids: &[AccountId],
) -> Result<Vec<EntryRow>, Error> {
    Ok(entries::table
        .filter(entries::village_id.eq(village.0))
        .filter(entries::account_id.eq_any(ids.iter().map(|id| id.0)))
        .filter(entries::purse.eq(Purse::Points.code()))
        .order((entries::account_id, entries::account_version))
        .select(EntryRow::as_select())
        .load(c)?)
}

/// The points purses of these accounts, each with all of its entries.
pub(crate) fn of(
    c: &mut PgConnection,
    village: VillageId,
    ids: &[AccountId],
) -> Result<Vec<PointsPurse>, Error> {
    let mut purses: BTreeMap<AccountId, Vec<Movement>> = BTreeMap::new();
    for row in entries_of(c, village, ids)? {
        purses.entry(AccountId(row.account_id)).or_default().push(movement(row)?);
    }
    Ok(purses.into_iter().map(|(account, movements)| PointsPurse { account, movements }).collect())
}

/// The points purse of one account; none if it has more entries than so many.
pub(crate) fn of_one(
    c: &mut PgConnection,
    village: VillageId,
    account: AccountId,
    most: i64,
) -> Result<Option<Vec<Movement>>, Error> {
    let rows: Vec<EntryRow> = entries::table
        .filter(entries::village_id.eq(village.0))
        .filter(entries::account_id.eq(account.0))
        .filter(entries::purse.eq(Purse::Points.code()))
        .order(entries::account_version)
        .limit(most.saturating_add(1))
        .select(EntryRow::as_select())
        .load(c)?;
    if i64::try_from(rows.len()).is_ok_and(|count| count > most) {
        return Ok(None);
    }
    rows.into_iter().map(movement).collect::<Result<_, _>>().map(Some)
}
