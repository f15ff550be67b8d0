//! Recording what came of an attempt.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::delivery::{Next, after_failure};
use uuid::Uuid;

use super::lease::ours;
use super::{Job, Outcome};
use crate::db::Db;
use crate::error::Error;
use crate::schema::outbox;

/// How long it is kept that something was delivered.
const DONE_DAYS: i64 = 30;
/// How long a dead letter is kept that nobody asked for.
const DEAD_DAYS: i64 = 180;
/// Rows forgotten at once, at most.
const FORGOTTEN_MAX: i64 = 5_000;
/// The longest text kept of an error, in characters.
const ERROR_CHARS_MAX: usize = 300;

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Became {
    Done(&'static str),
    Later,
    Dead,
    /// The lease was over and somebody else has the job.
    Lost,
}

/// Writes what came of an attempt, and what changes with it, in one transaction. An attempt whose
/// lease is over leaves the job to whoever has it now; what it changed elsewhere still happened.
pub(super) fn record(
    db: &Db,
    job: &Job,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<Became, Error> {
    match outcome {
        Outcome::Done(word) => done(db, job, word, |_| Ok(()), now),
        Outcome::DoneWith(word, effect) => done(db, job, word, effect, now),
        Outcome::Later(why) => match after_failure(job.attempts, spread(job.id), now) {
            Next::Again(due) => later(db, job, &why, due),
            Next::Dead => dead(db, job, &why, now),
        },
        Outcome::Dead(why) => dead(db, job, &why, now),
    }
}

/// The random end of an id, as a number.
fn spread(id: Uuid) -> u16 {
    let bytes = id.into_bytes();
    u16::from_be_bytes([bytes[14], bytes[15]])
}

fn done(
    db: &Db,
    job: &Job,
    word: &'static str,
    mut effect: impl FnMut(&mut PgConnection) -> Result<(), Error>,
    now: DateTime<Utc>,
) -> Result<Became, Error> {
    db.write(|tx| {
        effect(tx)?;
        let written = diesel::update(ours(job))
            .set((
                outbox::done_at.eq(now),
                outbox::outcome.eq(word),
                outbox::lease_id.eq(None::<Uuid>),
                outbox::leased_until.eq(None::<DateTime<Utc>>),
                outbox::last_error.eq(None::<String>),
            ))
            .execute(tx)?;
        Ok(if written == 1 { Became::Done(word) } else { Became::Lost })
    })
}

fn later(db: &Db, job: &Job, why: &str, due: DateTime<Utc>) -> Result<Became, Error> {
    let written = db.write(|tx| {
        let set = (
            outbox::due_at.eq(due),
            outbox::lease_id.eq(None::<Uuid>),
            outbox::leased_until.eq(None::<DateTime<Utc>>),
            outbox::last_error.eq(short(why)),
        );
        Ok(diesel::update(ours(job)).set(set).execute(tx)?)
    })?;
    Ok(if written == 1 { Became::Later } else { Became::Lost })
}

fn dead(db: &Db, job: &Job, why: &str, now: DateTime<Utc>) -> Result<Became, Error> {
    let written = db.write(|tx| {
        let set = (
            outbox::dead_at.eq(now),
            outbox::lease_id.eq(None::<Uuid>),
            outbox::leased_until.eq(None::<DateTime<Utc>>),
            outbox::last_error.eq(short(why)),
        );
        Ok(diesel::update(ours(job)).set(set).execute(tx)?)
    })?;
    if written == 0 {
        return Ok(Became::Lost);
    }
    tracing::error!(
        village = %job.village, job = %job.id, kind = job.kind.as_str(), attempts = job.attempts,
        why, "a delivery is dead: see delivery_list"
    );
    Ok(Became::Dead)
}

fn short(why: &str) -> String {
    why.chars().take(ERROR_CHARS_MAX).collect()
}

/// Forgets what was delivered long ago, and dead letters that nobody asked for.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn forget_old(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let done_until = now - Duration::days(DONE_DAYS);
    let dead_until = now - Duration::days(DEAD_DAYS);
    db.write(|tx| {
        let last: Option<DateTime<Utc>> = outbox::table
            .filter(outbox::done_at.lt(done_until))
            .order(outbox::done_at)
            .offset(FORGOTTEN_MAX)
            .select(outbox::done_at.assume_not_null())
            .first(tx)
            .optional()?;
        let done = outbox::table.filter(outbox::done_at.lt(last.unwrap_or(done_until)));
        let dead = outbox::table.filter(outbox::dead_at.lt(dead_until));
        Ok(diesel::delete(done).execute(tx)? + diesel::delete(dead).execute(tx)?)
    })
}
