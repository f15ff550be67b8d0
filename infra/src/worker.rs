//! The work that nobody asks for: opening and closing notices, ending years of points, urging,
//! forgetting.
//!
//! [`tick`] does one round and can be called by several processes at once, as often as one likes,
//! and killed at any point: each piece is one transaction that is there as a whole or not at all.
//! What fails is told and does not keep the rest from being done.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;

use crate::db::Db;
use crate::error::Error;
use crate::photos::sweep::forget_unattached;
use crate::schema::{quotes, used_codes};
use crate::{
    content, expiries, funds, idempotency, lists, notices, objections, outbox, pushes, redemptions,
    reports, settlements, signals,
};

/// Notices opened and closed in one round, at most.
const NOTICES_MAX: i64 = 100;
/// Objections urged in one round, at most.
const URGED_MAX: i64 = 100;
/// Reports that are due and looked after in one round, at most.
const REPORTS_MAX: i64 = 100;
/// Entries of lists ended, and urged, in one round, at most.
const ENTRIES_MAX: i64 = 100;
/// Villages whose year of points is looked at in one round, at most.
const YEARS_MAX: i64 = 100;
/// Villages whose fund is looked at in one round, at most.
const FUNDS_MAX: i64 = 100;
/// Batches of accounts that are told or lose points in one round, at most, over all villages.
const YEAR_BATCHES_MAX: usize = 50;
/// Batches of villages whose month is closed in one round, at most.
const MONTH_BATCHES_MAX: usize = 50;
/// Days of villages whose purchases are looked through in one round, at most.
const DAYS_MAX: usize = 200;
/// Rows forgotten of one kind in one round, at most.
const FORGOTTEN_MAX: i64 = 5_000;
/// Batches of redemptions that lapse, and that are told of it before, in one round, at most.
const REDEMPTION_BATCHES_MAX: usize = 50;
/// How long the nonce of a scanned code is kept: longer than any code lives.
const USED_CODE_MINUTES: i64 = 10;
/// How long a quote that was not used is kept after its time.
const QUOTE_DAYS: i64 = 1;

/// What a round came to.
#[derive(Debug, Default)]
pub struct Ticked {
    /// Notices opened.
    pub opened: usize,
    /// Notices closed.
    pub closed: usize,
    /// Objections urged.
    pub urged: usize,
    /// Reports confirmed by the time, or urged.
    pub reports: usize,
    /// Reports whose reporters were told that they are resolved.
    pub resolved: usize,
    /// Accounts whose people were told that points will run out.
    pub warned: usize,
    /// Accounts of which points ran out.
    pub expired: usize,
    /// Redemptions whose households were told that they will lapse.
    pub lapsing: usize,
    /// Redemptions that nobody picked up in time.
    pub lapsed: usize,
    /// Entries of lists that ended.
    pub taken_down: usize,
    /// Texts and photos held for a person, since WeChat did not answer in time.
    pub held: usize,
    /// Statements made of months that were closed.
    pub statements: usize,
    /// Signals to supervisors.
    pub signals: usize,
    /// Rows forgotten.
    pub forgotten: usize,
    /// What failed, and is tried again in the next round.
    pub failures: Vec<(&'static str, Error)>,
}

impl Ticked {
    fn note<T>(&mut self, what: &'static str, outcome: Result<T, Error>) -> Option<T> {
        match outcome {
            Ok(done) => Some(done),
            Err(error) => {
                self.failures.push((what, error));
                None
            }
        }
    }
}

/// Does one round, by a clock that may run ahead of the database's: that of the demo and of tests.
pub fn tick(db: &Db, now: DateTime<Utc>) -> Ticked {
    round(db, now, Ok(now))
}

/// Does one round by the clock of the world. What is final, the close of a month, waits for the
/// database's clock too: a process whose clock runs ahead would close a month in which others still sell.
pub fn tick_by_both_clocks(db: &Db, now: DateTime<Utc>) -> Ticked {
    round(db, now, db.earlier(now))
}

fn round(db: &Db, now: DateTime<Utc>, months_until: Result<DateTime<Utc>, Error>) -> Ticked {
    let mut ticked = Ticked::default();
    let waiting =
        ticked.note("list villages to open a notice for", notices::waiting(db, now, NOTICES_MAX));
    for village in waiting.unwrap_or_default() {
        let opened = ticked.note("open a notice", notices::open_daily(db, village, now));
        ticked.opened += usize::from(opened.flatten().is_some());
    }
    let due = ticked.note("list notices to close", notices::due(db, now, NOTICES_MAX));
    for (village, notice) in due.unwrap_or_default() {
        let closed = ticked.note("close a notice", notices::close(db, village, notice, now));
        ticked.closed += usize::from(closed.flatten().is_some());
    }
    end_years(db, now, &mut ticked);
    let lapsed = redemptions::lapse(db, now, REDEMPTION_BATCHES_MAX);
    (ticked.lapsing, ticked.lapsed) = (lapsed.told, lapsed.lapsed);
    for failed in lapsed.failures {
        ticked.note::<()>("let redemptions lapse", Err(failed));
    }
    let done = ticked.note("end list entries", lists::end(db, now, ENTRIES_MAX));
    ticked.taken_down = done.map_or(0, |done| done.ended);
    ticked.urged = ticked.note("urge", objections::urge(db, now, URGED_MAX)).unwrap_or(0);
    let told = reports::tell_resolved(db, now, REPORTS_MAX);
    ticked.resolved = ticked.note("tell that reports are resolved", told).unwrap_or(0);
    ticked.reports = ticked
        .note("look after reports that are due", reports::look_after(db, now, REPORTS_MAX))
        .unwrap_or(0);
    ticked.note("look at the coverage of funds", funds::brakes::look(db, now, FUNDS_MAX));
    // Statements and signals
    if let Some(until) = ticked.note("ask the database for the time", months_until) {
        let round = settlements::close_round(db, until, MONTH_BATCHES_MAX);
        ticked.statements = round.closed.statements;
        ticked.failures.extend(round.failed.into_iter().map(|error| ("close months", error)));
    }
    let (signals, failed) = signals::look(db, now, DAYS_MAX);
    ticked.signals = signals;
    ticked.failures.extend(failed.into_iter().map(|error| ("look through purchases", error)));
    let held = content::hold_silent(db, now);
    ticked.held = ticked.note("hold what WeChat is silent about", held).unwrap_or(0);
    for (what, outcome) in [
        ("forget idempotency keys", idempotency::forget_old(db, now)),
        ("forget used codes", forget_used_codes(db, now)),
        ("forget quotes", forget_quotes(db, now)),
        ("forget deliveries", outbox::forget_old(db, now)),
        ("forget photos that belong to nothing", forget_unattached(db, now)),
        ("forget who made what was checked", content::forget_settled(db, now)),
        ("forget answers that nobody asked for", content::forget_unasked(db, now)),
        ("forget pushes", pushes::forget_old(db, now)),
    ] {
        ticked.forgotten += ticked.note(what, outcome).unwrap_or(0);
    }
    ticked
}

/// Ends the years of points that are over, some batches of accounts at a time.
fn end_years(db: &Db, now: DateTime<Utc>, ticked: &mut Ticked) {
    let due = ticked.note("list years of points", expiries::due(db, now, YEARS_MAX));
    let mut batches = 0;
    for (village, year) in due.unwrap_or_default() {
        let mut more = true;
        while more && batches < YEAR_BATCHES_MAX {
            let done =
                ticked.note("end a year of points", expiries::advance(db, village, year, now));
            let done = done.flatten().unwrap_or_default();
            ticked.warned += done.warned;
            ticked.expired += done.expired;
            batches += usize::from(done.more);
            more = done.more;
        }
    }
}

fn forget_used_codes(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let until = now - Duration::minutes(USED_CODE_MINUTES);
    db.write(|tx| {
        // At most so many at once: up to the time of the last one of the batch.
        let last: Option<DateTime<Utc>> = used_codes::table
            .filter(used_codes::used_at.lt(until))
            .order(used_codes::used_at)
            .offset(FORGOTTEN_MAX)
            .select(used_codes::used_at)
            .first(tx)
            .optional()?;
        let old = used_codes::table.filter(used_codes::used_at.lt(last.unwrap_or(until)));
        Ok(diesel::delete(old).execute(tx)?)
    })
}

fn forget_quotes(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let until = now - Duration::days(QUOTE_DAYS);
    db.write(|tx| {
        let last: Option<DateTime<Utc>> = quotes::table
            .filter(quotes::used_at.is_null())
            .filter(quotes::valid_until.lt(until))
            .order(quotes::valid_until)
            .offset(FORGOTTEN_MAX)
            .select(quotes::valid_until)
            .first(tx)
            .optional()?;
        let old = quotes::table
            .filter(quotes::used_at.is_null())
            .filter(quotes::valid_until.lt(last.unwrap_or(until)));
        Ok(diesel::delete(old).execute(tx)?)
    })
}
