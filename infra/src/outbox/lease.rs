//! Taking jobs: one short transaction, after which nobody else sees them until the lease ends.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::id::VillageId;
use uuid::Uuid;

use super::{Job, JobKind};
use crate::db::Db;
use crate::error::Error;
use crate::messages;
use crate::schema::outbox;

/// How long a process may take over what it took. Longer than a batch lasts when every call of it
/// waits for WeChat to the end.
pub(super) const LEASE: Duration = Duration::minutes(5);

/// A job, and what it must not overtake: jobs of one lane are done one after the other.
pub(super) type InLane = (Uuid, Job);

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
pub(super) fn lease(db: &Db, most: i64, now: DateTime<Utc>) -> Result<Vec<InLane>, Error> {
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
            return Ok(Vec::new());
        }
        // All of them are locked by us; ids are unlike each other over all villages.
        diesel::update(
            outbox::table
                .filter(outbox::village_id.eq_any(rows.iter().map(|row| row.village_id)))
                .filter(outbox::id.eq_any(rows.iter().map(|row| row.id))),
        )
        .set((
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::due_at.eq(now + LEASE),
            outbox::leased_until.eq(now + LEASE),
        ))
        .execute(tx)?;
        let jobs = rows.iter().map(job).collect::<Result<Vec<_>, _>>()?;
        let of_messages = |job: &&Job| job.kind == JobKind::SubscribeMessage;
        let messages: Vec<_> =
            jobs.iter().filter(of_messages).map(|job| (job.village, job.subject)).collect();
        let receivers = messages::receivers_in(tx, &messages)?;
        let lane = |job: &Job| receivers.get(&job.subject).copied().unwrap_or(job.subject);
        Ok(jobs.into_iter().map(|job| (lane(&job), job)).collect())
    })
}

fn job(row: &Row) -> Result<Job, Error> {
    let kind = JobKind::from_name(&row.kind)
        .ok_or_else(|| Error::Bug(format!("the outbox holds a job of kind {}", row.kind)))?;
    Ok(Job {
        village: VillageId(row.village_id),
        id: row.id,
        kind,
        subject: row.subject_id,
        put_at: row.put_at,
        attempts: u16::try_from(row.attempts).unwrap_or(u16::MAX).saturating_add(1),
    })
}

/// Gives back what was taken and not begun: it is due at once, and was never attempted.
pub(super) fn give_back(db: &Db, jobs: &[Job], now: DateTime<Utc>) -> Result<(), Error> {
    db.write(|tx| {
        for job in jobs {
            diesel::update(outbox::table.find((job.village.0, job.id)))
                .filter(outbox::attempts.eq(attempt(job)))
                .filter(outbox::done_at.is_null())
                .set((
                    outbox::attempts.eq(outbox::attempts - 1),
                    outbox::due_at.eq(now),
                    outbox::leased_until.eq(None::<DateTime<Utc>>),
                ))
                .execute(tx)?;
        }
        Ok(())
    })
}

/// The attempt as the row has it: who records one that is not the row's has lost the lease.
pub(super) fn attempt(job: &Job) -> i16 {
    i16::try_from(job.attempts).unwrap_or(i16::MAX)
}
