//! The ends of years, at which redeemable points run out (清零, 结转) as the book of the village says.
//!
//! A village has one open year in `expiries`. The worker looks at it from a day on that the domain
//! names (one indexed query finds what is due), once a day until something is to be done; then it
//! goes through the accounts that hold points, in the order of their ids, one transaction for each
//! [`BATCH_MAX`] of them, and remembers how far it came. Whoever holds the row of the year works;
//! others leave it alone. If the program is killed, what was committed stays and the next round goes
//! on after it. The last batch closes the year, writes the audit row and opens the next year.
//!
//! What runs out is decided by [`domain::expiry`] from the entries of the purse, read under the lock
//! of the account, and written through the one door of the ledger.

mod advance;
mod show;
mod tell;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel::prelude::*;
use domain::calendar::day_of;
use domain::expiry::{self, YearOver};
use domain::id::{RuleBookId, VillageId};
use domain::refusal::Refusal;
use domain::rule_book::PointsPolicy;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::schema::expiries;

pub use advance::{Advanced, BATCH_MAX, advance};
pub use show::{ENTRIES_MAX, Holding, show};

/// Opens the first year of a village; of one that has an open year nothing changes.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn begin_in_tx(tx: &mut PgConnection, village: VillageId, year: i32) -> Result<(), Error> {
    diesel::insert_into(expiries::table)
        .values((
            expiries::village_id.eq(village.0),
            expiries::year.eq(year),
            expiries::id.eq(id::new::<Uuid>()),
            expiries::look_on.eq(expiry::first_look(year)),
        ))
        .on_conflict_do_nothing()
        .execute(tx)?;
    Ok(())
}

/// Villages whose open year is to be looked at, with the year, at most so many.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn due(db: &Db, now: DateTime<Utc>, most: i64) -> Result<Vec<(VillageId, i32)>, Error> {
    let rows: Vec<(Uuid, i32)> = db.read(|c| {
        Ok(expiries::table
            .filter(expiries::finished_at.is_null())
            .filter(expiries::look_on.le(day_of(now)))
            .order(expiries::look_on)
            .limit(most)
            .select((expiries::village_id, expiries::year))
            .load(c)?)
    })?;
    Ok(rows.into_iter().map(|(village, year)| (VillageId(village), year)).collect())
}

/// A year of a village that is over, and the book of its last day.
pub(crate) struct Over {
    /// What the domain needs of it.
    pub(crate) over: YearOver,
    /// The book.
    pub(crate) book: Option<RuleBookId>,
}

/// The years of a village that have come to their end, the oldest first: few.
pub(crate) fn over(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    today: NaiveDate,
) -> Result<Vec<Over>, Error> {
    type Row = (i32, Option<Uuid>, Option<DateTime<Utc>>);
    let rows: Vec<Row> = expiries::table
        .filter(expiries::village_id.eq(village.0))
        .filter(expiries::year.lt(today.year()))
        .order(expiries::year)
        .select((expiries::year, expiries::rule_book_id, expiries::finished_at))
        .load(c)?;
    let mut list = Vec::with_capacity(rows.len());
    for (year, book, finished_at) in rows {
        let (book, policy) = match book.map(RuleBookId) {
            Some(id) => (Some(id), db.book(c, village, id)?.points_policy),
            None => policy_on(db, c, village, expiry::end_of_year(year))?,
        };
        list.push(Over { over: YearOver { year, policy, finished_at }, book });
    }
    Ok(list)
}

/// The book in force on a day, as adopted so far, and what it says of points. Where no book is in
/// force nothing runs out.
fn policy_on(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    day: NaiveDate,
) -> Result<(Option<RuleBookId>, PointsPolicy), Error> {
    match db.book_on(c, village, day) {
        Ok((id, book)) => Ok((Some(id), book.points_policy)),
        Err(Error::Refused(Refusal::NoRuleBook { .. })) => Ok((None, PointsPolicy::Never)),
        Err(error) => Err(error),
    }
}
