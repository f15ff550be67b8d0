//! What WeChat says nothing about, and what it says about nothing.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::content::{HeldFor, State};
use domain::id::VillageId;
use uuid::Uuid;

use super::change::Locked;
use crate::db::Db;
use crate::error::Error;
use crate::schema::{content_checks, content_traces};

/// Checks held in one round, at most.
const HELD_MAX: i64 = 500;
/// Answers forgotten in one round, at most.
const FORGOTTEN_MAX: i64 = 5_000;
/// How long an answer is kept that nobody asked for: longer than anybody may still write down that
/// they did.
const UNASKED_DAYS: i64 = 1;

/// Holds for a person what WeChat did not answer in time, whether it was never asked, asked in vain or
/// asked by a process that died. Answers how many.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn hold_silent(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let due: Vec<(Uuid, Uuid)> = db.read(|c| {
        Ok(content_checks::table
            .filter(content_checks::state.eq(State::Asked.as_str()))
            .filter(content_checks::answer_until.le(now))
            .order(content_checks::answer_until)
            .limit(HELD_MAX)
            .select((content_checks::village_id, content_checks::id))
            .load(c)?)
    })?;
    let (mut held, mut failed) = (0, None);
    for (village, id) in due {
        // One that fails does not keep the others waiting.
        match hold(db, VillageId(village), id, now) {
            Ok(done) => held += usize::from(done),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(held), Err)
}

/// Holds a check for a person, if WeChat is still waited for and it is still overdue: it may have been
/// asked about anew meanwhile.
fn hold(db: &Db, village: VillageId, id: Uuid, now: DateTime<Utc>) -> Result<bool, Error> {
    db.write(|tx| {
        let locked = Locked::in_tx(tx, village, id)?;
        let until: DateTime<Utc> = content_checks::table
            .find((village.0, id))
            .select(content_checks::answer_until)
            .first(tx)?;
        match locked.check.without_answer(HeldFor::Silence).filter(|_| until <= now) {
            None => Ok(false),
            Some(check) => {
                let label = locked.row.label;
                locked.becomes_in_tx(tx, check, label, now)?;
                Ok(true)
            }
        }
    })
}

/// Forgets answers that nobody asked for. Answers how many.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn forget_unasked(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let until = now - Duration::days(UNASKED_DAYS);
    db.write(|tx| {
        let old = content_traces::table
            .filter(content_traces::check_id.is_null())
            .filter(content_traces::answered_at.lt(until));
        let last: Option<Option<DateTime<Utc>>> = old
            .order(content_traces::answered_at)
            .offset(FORGOTTEN_MAX)
            .select(content_traces::answered_at)
            .first(tx)
            .optional()?;
        let last = last.flatten().unwrap_or(until);
        let batch = content_traces::table
            .filter(content_traces::check_id.is_null())
            .filter(content_traces::answered_at.lt(last));
        Ok(diesel::delete(batch).execute(tx)?)
    })
}
