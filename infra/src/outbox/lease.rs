//! Taking jobs: one short transaction, after which nobody else sees them until the lease ends; and
//! beginning one of them, which holds it anew for as long as it may last.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::delivery::ATTEMPTS_MAX;
use domain::id::VillageId;
use uuid::Uuid;

use super::{Job, JobKind};
use crate::db::Db;
use crate::error::Error;
use crate::messages;
use crate::schema::outbox;

/// How long a process may take over one job from when it begins it, and how long it may leave one
/// lying that it has taken. WeChat is given up after 45 seconds a call, of which a job makes one, or
/// one for each 2,400 characters of a text.
const LEASE: Duration = Duration::minutes(5);
/// What is told of a job that was begun so often without ever coming to an end.
const NEVER_ENDED: &str = "begun again and again, and whoever began it never came back";

/// A job, and what it must not overtake: jobs of one lane are done one after the other.
pub(super) type InLane = (Uuid, Job);

/// What a process has taken.
#[derive(Default)]
pub(super) struct Taken {
    /// What it is to do.
    pub jobs: Vec<InLane>,
    /// How many were given up instead.
    pub dead: usize,
    /// Whether there were as many as it asked for.
    pub full: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = outbox)]
struct Row {
    village_id: Uuid,
    id: Uuid,
    kind: String,
    subject_id: Uuid,
    put_at: DateTime<Utc>,
    attempts: i16,
}

/// Takes what is due, the longest first, at most so many. What other processes hold is passed over.
/// The lane of a message is its receiver, that of anything else is its own.
///
/// What was begun as often as may be is given up here: an attempt that ends gives it up itself, so
/// the process died of it, or the database was always away by then. What this version of the program
/// does not know is left for a newer one, and looked at again when a lease would be over.
pub(super) fn lease(db: &Db, most: i64, now: DateTime<Utc>) -> Result<Taken, Error> {
    let lease = Uuid::now_v7();
    db.write(|tx| {
        let rows: Vec<Row> = outbox::table
            .filter(outbox::done_at.is_null())
            .filter(outbox::dead_at.is_null())
            .filter(outbox::due_at.le(now))
            .order((outbox::due_at, outbox::id))
            .limit(most)
            .for_update()
            .skip_locked()
            .select(Row::as_select())
            .load(tx)?;
        if rows.is_empty() {
            return Ok(Taken::default());
        }
        let full = i64::try_from(rows.len()).is_ok_and(|count| count == most);
        let (mut jobs, mut over, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
        for row in &rows {
            match job(row, lease) {
                None => unknown.push(row),
                Some(job) if job.attempts > ATTEMPTS_MAX => over.push(row),
                Some(job) => jobs.push(job),
            }
        }
        put_off_in_tx(tx, &unknown, now)?;
        give_up_in_tx(tx, &over, now)?;
        // All of them are locked by us; ids are unlike each other over all villages.
        diesel::update(
            outbox::table
                .filter(outbox::village_id.eq_any(jobs.iter().map(|job| job.village.0)))
                .filter(outbox::id.eq_any(jobs.iter().map(|job| job.id))),
        )
        .set((
            outbox::due_at.eq(now + LEASE),
            outbox::lease_id.eq(lease),
            outbox::leased_until.eq(now + LEASE),
        ))
        .execute(tx)?;
        let of_messages = |job: &&Job| job.kind == JobKind::SubscribeMessage;
        let messages: Vec<_> =
            jobs.iter().filter(of_messages).map(|job| (job.village, job.subject)).collect();
        let receivers = messages::receivers_in(tx, &messages)?;
        let lane = |job: &Job| receivers.get(&job.subject).copied().unwrap_or(job.subject);
        let jobs = jobs.into_iter().map(|job| (lane(&job), job)).collect();
        Ok(Taken { jobs, dead: over.len(), full })
    })
}

/// The job of a row; none if this program does not know the kind.
fn job(row: &Row, lease: Uuid) -> Option<Job> {
    Some(Job {
        village: VillageId(row.village_id),
        id: row.id,
        kind: JobKind::from_name(&row.kind)?,
        subject: row.subject_id,
        put_at: row.put_at,
        attempts: u16::try_from(row.attempts).unwrap_or(u16::MAX).saturating_add(1),
        lease,
    })
}

fn put_off_in_tx(tx: &mut PgConnection, rows: &[&Row], now: DateTime<Utc>) -> Result<(), Error> {
    for row in rows {
        tracing::warn!(
            village = %row.village_id, job = %row.id, kind = row.kind,
            "a delivery of a kind that this version does not know is left alone"
        );
        diesel::update(outbox::table.find((row.village_id, row.id)))
            .set(outbox::due_at.eq(now + LEASE))
            .execute(tx)?;
    }
    Ok(())
}

fn give_up_in_tx(tx: &mut PgConnection, rows: &[&Row], now: DateTime<Utc>) -> Result<(), Error> {
    for row in rows {
        tracing::error!(
            village = %row.village_id, job = %row.id, kind = row.kind, attempts = row.attempts,
            "a delivery is dead, since whoever began it never came back: see delivery_list"
        );
        diesel::update(outbox::table.find((row.village_id, row.id)))
            .set((
                outbox::dead_at.eq(now),
                outbox::lease_id.eq(None::<Uuid>),
                outbox::leased_until.eq(None::<DateTime<Utc>>),
                outbox::last_error.eq(NEVER_ENDED),
            ))
            .execute(tx)?;
    }
    Ok(())
}

/// Begins a job: counts the attempt and holds it for as long as one may last from now. Answers whether
/// it is still ours: the jobs before it may have lasted longer than the lease.
pub(super) fn begin(db: &Db, job: &Job, now: DateTime<Utc>) -> Result<bool, Error> {
    db.write(|tx| {
        let begun = diesel::update(ours(job))
            .set((
                outbox::attempts.eq(outbox::attempts + 1),
                outbox::due_at.eq(now + LEASE),
                outbox::leased_until.eq(now + LEASE),
            ))
            .execute(tx)?;
        Ok(begun == 1)
    })
}

/// Gives back what was taken and not begun, as far as it is still ours: it is due at once.
pub(super) fn give_back(db: &Db, jobs: &[Job], now: DateTime<Utc>) -> Result<(), Error> {
    db.write(|tx| {
        for job in jobs {
            diesel::update(ours(job))
                .set((
                    outbox::due_at.eq(now),
                    outbox::lease_id.eq(None::<Uuid>),
                    outbox::leased_until.eq(None::<DateTime<Utc>>),
                ))
                .execute(tx)?;
        }
        Ok(())
    })
}

/// The row of a job, as long as the taking still holds it.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn ours(job: &Job) -> _ {
    let (village, id, lease): (Uuid, Uuid, Uuid) = (job.village.0, job.id, job.lease);
    outbox::table
        .filter(outbox::village_id.eq(village))
        .filter(outbox::id.eq(id))
        .filter(outbox::lease_id.eq(lease))
        .filter(outbox::done_at.is_null())
        .filter(outbox::dead_at.is_null())
}
