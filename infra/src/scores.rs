//! What the ledger says of one account in a cycle. A village's whole rating sums all accounts in one
//! query instead.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::id::{AccountId, VillageId};
use domain::ledger::Purse;
use domain::rating::Standing;
use uuid::Uuid;

use crate::accounts::{self, BalanceRow};
use crate::error::Error;
use crate::ledger::sum_exact;
use crate::schema::{entries, villagers};
use crate::villagers::residence_of;

/// The standing of an account in a cycle, with all entries recorded so far.
///
/// # Errors
/// `not_found`.
pub fn standing(
    c: &mut PgConnection,
    village: VillageId,
    account: AccountId,
    cycle: Cycle,
) -> Result<Standing, Error> {
    let row = accounts::find(c, village, account)?;
    let (first, last): (NaiveDate, NaiveDate) = (cycle.first_day(), cycle.last_day());
    let entries_sum: i64 = entries::table
        .filter(entries::village_id.eq(village.0))
        .filter(entries::account_id.eq(account.0))
        .filter(entries::purse.eq(Purse::Score.code()))
        .filter(entries::happened_on.between(first, last))
        .select(sum_exact(entries::amount))
        .get_result(c)?;
    Ok(Standing {
        account,
        household: row.household_id.into(),
        entries_sum,
        has_resident: has_resident(c, village, &row)?,
    })
}

/// Whether somebody of the account is to be rated: the person, or anybody of the household.
fn has_resident(
    c: &mut PgConnection,
    village: VillageId,
    account: &BalanceRow,
) -> Result<bool, Error> {
    let mut query = villagers::table
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::household_id.eq(account.household_id))
        .select(villagers::residence)
        .into_boxed();
    if let Some(person) = account.villager_id {
        query = query.filter(villagers::id.eq::<Uuid>(person));
    }
    let residences: Vec<String> = query.load(c)?;
    for residence in residences {
        if residence_of(&residence)?.is_rated() {
            return Ok(true);
        }
    }
    Ok(false)
}
