//! The end of a year for redeemable points (清零, 结转): when they run out, who is told before, and
//! what is posted. Which points of an account those are is the matter of [`crate::lots`].
//!
//! What becomes of the points of a year, and of what older years left, is said by the book in force on
//! 31 December of that year, once for the whole village. Years come to their end one after the other:
//! where an older year has the longer grace, the younger one waits for it.
//!
//! What runs out is reckoned as of the end of the last day, whenever that is done: what somebody
//! redeems afterwards, before the program gets to it, is not taken twice. An account is therefore none
//! the worse for a server that was switched off at New Year.
//!
//! Points that are held in a redemption at the end of a year and come back later are another matter
//! ([`over_on_return`]). Where the household called it off or did not come for it, they have run out like
//! those that it kept: else whoever redeems on the last day and cancels on the next would keep points for
//! ever. Where the store called it off or took back faulty goods, they last until the end of the next
//! year: the household can do nothing about that.

mod came_back;
mod taken_back;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::id::{AccountId, EntryId, PointsExpiryId, RuleBookId};
use crate::ledger::{Counter, Posting, Purse, Shortfall, Source};
use crate::lots::{self, Movement};
use crate::points::Points;
use crate::refusal::Refusal;
use crate::rule_book::PointsPolicy;

pub use came_back::{YearOver, over_on_return};
pub use taken_back::{spare_what_ran_out, takes_back};

/// So many days before the last day those who would lose something are told.
pub const WARNING_DAYS: u64 = 30;

/// The last day of a year, whose book decides.
pub fn end_of_year(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// The first day on which there may be something to do for a year. No policy lets points run out
/// before its end.
pub fn first_look(year: i32) -> NaiveDate {
    warned_from(end_of_year(year))
}

fn warned_from(last_day: NaiveDate) -> NaiveDate {
    last_day.checked_sub_days(Days::new(WARNING_DAYS)).unwrap_or(last_day)
}

/// What is to be done for a year that has not come to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing before that day.
    Wait {
        /// The day.
        until: NaiveDate,
    },
    /// To tell those who would lose something.
    Warn {
        /// The last day on which they can redeem it.
        last_day: NaiveDate,
        /// Whether some of them were told just that already, so that the others follow; else all are
        /// told.
        goes_on: bool,
    },
    /// To let it run out.
    RunOut {
        /// The day that was the last.
        last_day: NaiveDate,
    },
    /// Nothing runs out: the year is over as it is.
    Over,
}

/// What people were told of a year's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warned {
    /// The policy by which they were.
    pub policy: PointsPolicy,
    /// Whether all of them were.
    pub all: bool,
}

/// What is to be done on a day for a year by the policy of its last day. Before that day it is the
/// policy as adopted so far, which may still change; so from [`first_look`] on each day decides anew,
/// and where it changed after people were told, they are told again.
///
/// A program that was off from [`WARNING_DAYS`] before the last day until it was over tells nobody
/// before; it lets the points run out all the same.
pub fn step(year: i32, policy: PointsPolicy, warned: Option<Warned>, today: NaiveDate) -> Step {
    let first = first_look(year);
    if today < first {
        return Step::Wait { until: first };
    }
    let told = warned.filter(|warned| warned.policy == policy);
    let tomorrow = Step::Wait { until: today.succ_opt().unwrap_or(today) };
    match policy.last_day(year) {
        None if today <= end_of_year(year) => tomorrow,
        None => Step::Over,
        Some(last_day) if today > last_day => Step::RunOut { last_day },
        Some(last_day) if told.is_none_or(|t| !t.all) && today >= warned_from(last_day) => {
            Step::Warn { last_day, goes_on: told.is_some() }
        }
        Some(_) => tomorrow,
    }
}

/// What is left of the points of a year and of older ones and has not gone through its end.
fn due(lots: &[lots::Lot], year: i32) -> i64 {
    let due = lots.iter().filter(|lot| lot.is_due(year));
    due.fold(0, |sum, lot| sum.saturating_add(lot.left.hundredths()))
}

fn sum(expired: &[lots::Expired]) -> i64 {
    expired.iter().fold(0, |sum, part| sum.saturating_add(part.points.hundredths()))
}

/// What would run out of a purse at the end of a year if nothing came in or went out any more.
///
/// # Errors
/// As [`lots::of`].
pub fn at_stake(
    movements: &[Movement],
    policy: PointsPolicy,
    year: i32,
) -> Result<Points, Refusal> {
    let mut lots = lots::of(movements.iter().copied())?;
    Ok(Points::from_hundredths(sum(&lots::expire(&mut lots, policy, year))))
}

/// What has run out of a purse at the end of a year and is still in it: nothing before its last day is
/// over, and nothing a second time. `movements` are all of the purse, in their order.
///
/// # Errors
/// As [`lots::of`].
pub fn run_out(
    movements: &[Movement],
    policy: PointsPolicy,
    year: i32,
    today: NaiveDate,
) -> Result<Points, Refusal> {
    let Some(last_day) = policy.last_day(year).filter(|last_day| today > *last_day) else {
        return Ok(Points::ZERO);
    };
    // The purse at the end of that day; after the expiry of the year before, if that was later.
    let before = |moved: &Movement| {
        moved.day <= last_day || moved.expires.is_some_and(|expired| expired < year)
    };
    let then = movements.iter().rposition(before).map_or(0, |last| last + 1);
    let mut lots = lots::of(movements.iter().take(then).copied())?;
    let runs_out = sum(&lots::expire(&mut lots, policy, year));
    let still_there = due(&lots::of(movements.iter().copied())?, year);
    Ok(Points::from_hundredths(runs_out.min(still_there)))
}

/// The end of a year of a village.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct YearEnd {
    /// Its id, the source of what is posted.
    pub id: PointsExpiryId,
    /// The year.
    pub year: i32,
    /// The book in force on its last day.
    pub book: RuleBookId,
    /// What that book says of points.
    pub policy: PointsPolicy,
}

/// The points purse of an account: all of its entries, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointsPurse {
    /// Whose.
    pub account: AccountId,
    /// Its entries.
    pub movements: Vec<Movement>,
}

/// What is posted at the end of a year for these accounts: at most one expiry each. Of accounts that
/// were gone through before nothing is posted, so it can be interrupted and begun again anywhere.
///
/// # Errors
/// As [`lots::of`].
pub fn postings(
    end: &YearEnd,
    purses: &[PointsPurse],
    today: NaiveDate,
    mut new_id: impl FnMut() -> EntryId,
) -> Result<Vec<Posting>, Refusal> {
    let mut list = Vec::new();
    for purse in purses {
        let points = run_out(&purse.movements, end.policy, end.year, today)?;
        if points.is_positive() {
            list.push(Posting {
                id: new_id(),
                account: purse.account,
                purse: Purse::Points,
                amount: points.negated().hundredths(),
                counter: Counter::Expiry,
                source: Source::Expiry(end.id),
                source_posting: 0,
                rule_book: Some(end.book),
                item_code: None,
                happened_on: end_of_year(end.year),
                effect: None,
                reverses: None,
                shortfall: Shortfall::Refuse,
            });
        }
    }
    Ok(list)
}

/// Points that will run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiring {
    /// How many, if none is redeemed before.
    pub points: Points,
    /// The last day on which they can be redeemed.
    pub last_day: NaiveDate,
    /// The year at whose end they run out.
    pub year: i32,
}

/// What of a purse runs out next. `years` are those whose end has not come and that have begun, one
/// after the other, each with the policy of its last day as adopted so far.
///
/// # Errors
/// As [`lots::of`].
pub fn next(
    movements: &[Movement],
    years: impl IntoIterator<Item = (i32, PointsPolicy)>,
    today: NaiveDate,
) -> Result<Option<Expiring>, Refusal> {
    let mut lots = lots::of(movements.iter().copied())?;
    let mut latest = NaiveDate::MIN;
    for (year, policy) in years {
        let Some(last_day) = policy.last_day(year) else { continue };
        latest = latest.max(last_day);
        let points = Points::from_hundredths(sum(&lots::expire(&mut lots, policy, year)));
        // What is over is gone, though it may not be posted yet.
        if points.is_positive() && latest >= today {
            return Ok(Some(Expiring { points, last_day: latest, year }));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
