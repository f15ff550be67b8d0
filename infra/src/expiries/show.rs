//! What an account holds of redeemable points, by the year in which they came, and what of it runs
//! out next.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::expiry::{self, Expiring};
use domain::id::{AccountId, HouseholdId, VillageId};
use domain::lots;
use domain::points::Points;
use domain::policy::{Action, Target};
use domain::rule_book::PointsPolicy;

use super::policy_on;
use crate::db::Db;
use crate::error::Error;
use crate::ledger::purses;
use crate::reading::Why;
use crate::schema::expiries;
use crate::statements::account_of;

/// Of an account with more entries of points than this it is not reckoned what runs out.
pub const ENTRIES_MAX: i64 = 5_000;

/// The points of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Which account.
    pub account: AccountId,
    /// What it holds.
    pub points: Points,
    /// What is left by the year in which it came, the oldest first; none of an account with too many
    /// entries.
    pub by_year: Option<BTreeMap<i32, Points>>,
    /// What runs out next, if anything does.
    pub expiring: Option<Expiring>,
}

/// The points of a household's account. Without an account it is the household's own, or the first
/// of its persons' accounts.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (household, account): (HouseholdId, Option<AccountId>),
    why: &Why,
) -> Result<Holding, Error> {
    let target = Target::household(db.place(village)?, household);
    db.allows_reading(actor, Action::StatementShow, &target, why)?;
    let today = day_of(why.at);
    db.read(|c| {
        // Balance and entries of one moment.
        c.build_transaction().repeatable_read().read_only().run(|c| {
            let row = account_of(c, village, household, account)?;
            let account = row.as_ref().map_or(household.into(), |row| AccountId(row.id));
            let points = Points::from_hundredths(row.map_or(0, |row| row.points));
            let Some(movements) = purses::of_one(c, village, account, ENTRIES_MAX)? else {
                return Ok(Holding { account, points, by_year: None, expiring: None });
            };
            let mut by_year: BTreeMap<i32, Points> = BTreeMap::new();
            for lot in lots::of(movements.iter().copied())? {
                let of_year = by_year.entry(lot.day.year()).or_default();
                *of_year = of_year.plus(lot.left).unwrap_or(*of_year);
            }
            by_year.retain(|_, left| left.is_positive());
            let years = years(db, c, village, today)?;
            let expiring = expiry::next(&movements, years, today)?;
            Ok(Holding { account, points, by_year: Some(by_year), expiring })
        })
    })
}

/// The years that have begun and whose end has not come, each with the policy of its last day.
fn years(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    today: NaiveDate,
) -> Result<Vec<(i32, PointsPolicy)>, Error> {
    let open: Option<i32> = expiries::table
        .filter(expiries::village_id.eq(village.0))
        .filter(expiries::finished_at.is_null())
        .select(expiries::year)
        .first(c)
        .optional()?;
    let mut years = Vec::new();
    for year in open.unwrap_or_else(|| today.year())..=today.year() {
        let (_, policy) = policy_on(db, c, village, expiry::end_of_year(year))?;
        years.push((year, policy));
    }
    Ok(years)
}
