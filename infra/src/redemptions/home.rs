//! Whose a redemption is now. It keeps the household whose limit it counts for; the account of a person
//! follows them where they live, and whoever lives there sees, cancels and picks it up.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::id::{AccountId, HouseholdId, VillageId};
use uuid::Uuid;

use super::Receipt;
use super::receipt::RedemptionRow;
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::{Once, answer_of};
use crate::schema::{accounts as table, redemptions};

/// The household that a redemption belongs to now.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn of(
    c: &mut PgConnection,
    village: VillageId,
    row: &RedemptionRow,
) -> Result<HouseholdId, Error> {
    let account = crate::accounts::find(c, village, AccountId(row.account_id))?;
    Ok(HouseholdId(account.household_id))
}

/// The households that redemptions belong to now, by their accounts.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn all(
    c: &mut PgConnection,
    village: VillageId,
    rows: &[RedemptionRow],
) -> Result<HashMap<Uuid, Uuid>, Error> {
    let homes: Vec<(Uuid, Uuid)> = table::table
        .filter(table::village_id.eq(village.0))
        .filter(table::id.eq_any(rows.iter().map(|row| row.account_id)))
        .select((table::id, table::household_id))
        .load(c)?;
    Ok(homes.into_iter().collect())
}

/// The answer to the same request, if it was done before, with its code again if it still waits and is the
/// household's.
///
/// # Errors
/// `idempotency_mismatch`.
pub(super) fn told_before(
    db: &Db,
    c: &mut PgConnection,
    (village, household): (VillageId, HouseholdId),
    once: &Once,
) -> Result<Option<Receipt>, Error> {
    let Some(receipt) = answer_of::<Receipt>(c, once)? else { return Ok(None) };
    let row: RedemptionRow = redemptions::table
        .find((village.0, receipt.redemption_id))
        .select(RedemptionRow::as_select())
        .first(c)?;
    let own = of(c, village, &row)? == household;
    Ok(Some(if own { row.with_code(db.secrets(), receipt) } else { receipt }))
}
