//! One step of a year's end: one batch of accounts, told or expired, in one transaction.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::calendar::day_of;
use domain::expiry::{self, Step, Warned, YearEnd};
use domain::id::{AccountId, PointsExpiryId, RuleBookId, VillageId};
use domain::ledger::Entry;
use domain::points::Points;
use serde_json::json;
use uuid::Uuid;

use super::{begin_in_tx, policy_on, tell};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::ledger::purses;
use crate::schema::expiries;
use crate::{id, ledger};

/// How many accounts one transaction takes. Buyers at a till wait for it at most.
pub const BATCH_MAX: i64 = 200;

/// What a step came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Advanced {
    /// Accounts whose people were told that points will run out.
    pub warned: usize,
    /// Accounts of which points ran out.
    pub expired: usize,
    /// Whether the next step can follow at once.
    pub more: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = expiries)]
struct YearRow {
    village_id: Uuid,
    year: i32,
    id: Uuid,
    warned_after: Option<Uuid>,
    warned_at: Option<DateTime<Utc>>,
    warned_rule_book_id: Option<Uuid>,
    rule_book_id: Option<Uuid>,
    expired_after: Option<Uuid>,
    accounts: i64,
    points: i64,
}

impl YearRow {
    const fn village(&self) -> VillageId {
        VillageId(self.village_id)
    }
}

/// Does the next step of a village's year, if there is one. Answers `None` if the year is finished or
/// in the hands of another process.
///
/// # Errors
/// [`Error::Unavailable`]; then nothing of this step happened.
pub fn advance(
    db: &Db,
    village: VillageId,
    year: i32,
    now: DateTime<Utc>,
) -> Result<Option<Advanced>, Error> {
    db.write(|tx| {
        let row: Option<YearRow> = expiries::table
            .find((village.0, year))
            .filter(expiries::finished_at.is_null())
            .select(YearRow::as_select())
            .for_no_key_update()
            .skip_locked()
            .first(tx)
            .optional()?;
        row.map(|row| step_in_tx(db, tx, &row, now)).transpose()
    })
}

fn step_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    row: &YearRow,
    now: DateTime<Utc>,
) -> Result<Advanced, Error> {
    // The whole village goes by one book, whatever is adopted while its year is ended.
    let (book, policy) = match row.rule_book_id.map(RuleBookId) {
        Some(id) => (Some(id), db.book(tx, row.village(), id)?.points_policy),
        None => policy_on(db, tx, row.village(), expiry::end_of_year(row.year))?,
    };
    let warned = match row.warned_rule_book_id.map(RuleBookId) {
        Some(id) => Some(Warned {
            policy: db.book(tx, row.village(), id)?.points_policy,
            all: row.warned_at.is_some(),
        }),
        None => None,
    };
    let end = |book| YearEnd { id: PointsExpiryId(row.id), year: row.year, book, policy };
    match (expiry::step(row.year, policy, warned, day_of(now)), book) {
        (Step::Wait { until }, _) => {
            diesel::update(expiries::table.find((row.village_id, row.year)))
                .set(expiries::look_on.eq(until))
                .execute(tx)?;
            Ok(Advanced::default())
        }
        (Step::Warn { last_day, goes_on }, Some(book)) => {
            let after = row.warned_after.filter(|_| goes_on);
            warn_in_tx(tx, row, &end(book), (last_day, after), now)
        }
        (Step::RunOut { last_day }, Some(book)) => {
            run_out_in_tx(tx, row, &end(book), last_day, now)
        }
        // Without a book nothing runs out.
        (Step::Over | Step::Warn { .. } | Step::RunOut { .. }, _) => {
            finish_in_tx(tx, row, now)?;
            Ok(Advanced::default())
        }
    }
}

/// The next accounts that hold points, and whether they are the last.
fn next_in_tx(
    tx: &mut PgConnection,
    row: &YearRow,
    after: Option<Uuid>,
) -> Result<(Vec<AccountId>, bool), Error> {
    let ids = purses::holding_in_tx(tx, row.village(), after, BATCH_MAX)?;
    let last = i64::try_from(ids.len()).is_ok_and(|count| count < BATCH_MAX);
    Ok((ids, last))
}

fn warn_in_tx(
    tx: &mut PgConnection,
    row: &YearRow,
    end: &YearEnd,
    (last_day, after): (NaiveDate, Option<Uuid>),
    now: DateTime<Utc>,
) -> Result<Advanced, Error> {
    let (ids, last) = next_in_tx(tx, row, after)?;
    let mut losing = Vec::new();
    for purse in purses::of(tx, row.village(), &ids)? {
        let points = expiry::at_stake(&purse.movements, end.policy, end.year)?;
        if points.is_positive() {
            losing.push((purse.account, points));
        }
    }
    tell::expiring_in_tx(tx, row.village(), end, last_day, &losing, now)?;
    diesel::update(expiries::table.find((row.village_id, row.year)))
        .set((
            expiries::warned_rule_book_id.eq(end.book.0),
            expiries::warned_after.eq(ids.last().map(|id| id.0).or(after)),
            expiries::warned_at.eq(last.then_some(now)),
        ))
        .execute(tx)?;
    Ok(Advanced { warned: losing.len(), expired: 0, more: true })
}

fn run_out_in_tx(
    tx: &mut PgConnection,
    row: &YearRow,
    end: &YearEnd,
    last_day: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Advanced, Error> {
    let village = row.village();
    let (ids, last) = next_in_tx(tx, row, row.expired_after)?;
    // What they hold must not change between the reading and the posting.
    let locked: BTreeSet<AccountId> = ids.iter().copied().collect();
    ledger::lock_in_tx(tx, village, &locked)?;
    let purses = purses::of(tx, village, &ids)?;
    let postings = expiry::postings(end, &purses, day_of(now), id::new)?;
    let done = ledger::post_in_tx(tx, village, postings, now, None)?;
    tell::expired_in_tx(tx, village, end, last_day, &done, now)?;
    let took = |entry: &Entry| entry.posting.amount.saturating_neg();
    let points = done.iter().map(took).fold(row.points, i64::saturating_add);
    let accounts = row.accounts.saturating_add(i64::try_from(done.len()).unwrap_or(i64::MAX));
    diesel::update(expiries::table.find((row.village_id, row.year)))
        .set((
            expiries::rule_book_id.eq(end.book.0),
            expiries::expired_after.eq(ids.last().map(|id| id.0).or(row.expired_after)),
            expiries::accounts.eq(accounts),
            expiries::points.eq(points),
        ))
        .execute(tx)?;
    if last {
        let deed = Deed {
            village,
            at: now,
            user: None,
            role: None,
            action: "points_expire",
            subject: Some(row.id),
            reason: None,
            detail: Some(json!({
                "year": row.year, "last_day": last_day, "rule_book_id": end.book,
                "accounts": accounts, "points": Points::from_hundredths(points),
            })),
        };
        audit::record_in_tx(tx, &deed)?;
        finish_in_tx(tx, row, now)?;
    }
    Ok(Advanced { warned: 0, expired: done.len(), more: !last })
}

/// Closes the year and opens the next.
fn finish_in_tx(tx: &mut PgConnection, row: &YearRow, now: DateTime<Utc>) -> Result<(), Error> {
    diesel::update(expiries::table.find((row.village_id, row.year)))
        .set(expiries::finished_at.eq(now))
        .execute(tx)?;
    begin_in_tx(tx, row.village(), row.year + 1)
}
