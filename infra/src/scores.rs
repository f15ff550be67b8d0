//! What the ledger says of accounts in a cycle: the one query of what counts in a score.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::id::{AccountId, VillageId};
use domain::ledger::Purse;
use domain::rating::Standing;
use uuid::Uuid;

use crate::accounts::{self, BalanceRow};
use crate::error::Error;
use crate::ledger::sum_exact;
use crate::schema::{entries, repairs, villagers};
use crate::villagers::residence_of;

/// Which entries count: those whose effect covers this day (domain::rating::counts_in), as far as
/// they were recorded by that moment. What was put right by then counts as long as its repair says.
#[derive(Clone, Copy, Debug)]
pub struct Counting<'a> {
    /// The village.
    pub village: VillageId,
    /// The last day of the cycle.
    pub on: NaiveDate,
    /// The moment.
    pub as_of: DateTime<Utc>,
    /// Of these accounts only.
    pub accounts: Option<&'a [Uuid]>,
}

/// The sums of what counts, by account; accounts with nothing are left out.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn sums(c: &mut PgConnection, which: Counting<'_>) -> Result<BTreeMap<Uuid, i64>, Error> {
    let mut query = entries::table
        .left_join(
            repairs::table.on(repairs::village_id
                .eq(entries::village_id)
                .and(repairs::claim_id.eq(entries::source_id))
                .and(repairs::recorded_at.le(which.as_of))),
        )
        .filter(entries::village_id.eq(which.village.0))
        .filter(entries::purse.eq(Purse::Score.code()))
        .filter(entries::happened_on.le(which.on))
        .filter(entries::counts_until.ge(which.on))
        .filter(entries::recorded_at.le(which.as_of))
        .filter(
            repairs::counts_until
                .nullable()
                .is_null()
                .or(repairs::counts_until.nullable().ge(which.on).assume_not_null()),
        )
        .group_by(entries::account_id)
        .select((entries::account_id, sum_exact(entries::amount)))
        .into_boxed();
    if let Some(accounts) = which.accounts {
        query = query.filter(entries::account_id.eq_any(accounts));
    }
    let sums: Vec<(Uuid, i64)> = query.load(c)?;
    Ok(sums.into_iter().collect())
}

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
    let accounts = [account.0];
    let which = Counting {
        village,
        on: cycle.last_day(),
        as_of: DateTime::<Utc>::MAX_UTC,
        accounts: Some(&accounts),
    };
    let entries_sum = sums(c, which)?.remove(&account.0).unwrap_or(0);
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
