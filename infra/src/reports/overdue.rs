//! What time does to reports: whoever sent one is told that it is resolved once they can read how, what
//! nobody reopened is confirmed, and who should have acted is urged. Each report in a transaction of its
//! own: one that fails does not keep the others waiting.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::content::Standing;
use domain::id::{ReportId, VillageId};
use domain::report::{By, Event, State};
use serde_json::json;
use uuid::Uuid;

use super::case::{self, Step, record_in_tx};
use super::{own, row, tell};
use crate::db::Db;
use crate::error::Error;
use crate::messages::Kind;
use crate::schema::{report_comments, reports};

/// Looks after the reports that are due, at most so many: those that were resolved count as confirmed,
/// of the others those who should have acted are told, once. Answers how many. Several processes may do
/// it at once.
///
/// # Errors
/// The first of those that failed, after all others were looked after.
pub fn look_after(db: &Db, now: DateTime<Utc>, most: i64) -> Result<usize, Error> {
    let due: Vec<(Uuid, Uuid)> = db.read(|c| {
        Ok(reports::table
            .filter(reports::due_at.is_not_null())
            .filter(reports::due_at.le(now))
            .filter(diesel::dsl::not(reports::overdue_told))
            .order(reports::due_at)
            .limit(most)
            .select((reports::village_id, reports::id))
            .load(c)?)
    })?;
    each(due, |village, id| look_after_one(db, village, id, now))
}

/// Tells whoever sent a report that it is resolved, once the words and photos of the resolution were
/// looked at, and begins the time in which they may reopen it; at most so many. Answers how many.
/// Several processes may do it at once.
///
/// # Errors
/// The first of those that failed, after all others were told.
pub fn tell_resolved(db: &Db, now: DateTime<Utc>, most: i64) -> Result<usize, Error> {
    let done: Vec<(Uuid, Uuid)> = db.read(|c| {
        let waiting = report_comments::table
            .filter(report_comments::village_id.eq(reports::village_id))
            .filter(report_comments::report_id.eq(reports::id))
            .filter(report_comments::event_id.is_not_null())
            .filter(report_comments::standing.eq(Standing::Waiting.as_str()));
        Ok(reports::table
            .filter(reports::state.eq(State::Resolved.as_str()))
            .filter(reports::due_at.is_null())
            .filter(diesel::dsl::not(diesel::dsl::exists(waiting)))
            .order((reports::village_id, reports::id))
            .limit(most)
            .select((reports::village_id, reports::id))
            .load(c)?)
    })?;
    each(done, |village, id| tell_one(db, village, id, now))
}

fn each(
    ids: Vec<(Uuid, Uuid)>,
    mut one: impl FnMut(VillageId, ReportId) -> Result<bool, Error>,
) -> Result<usize, Error> {
    let (mut done, mut failed) = (0, None);
    for (village, id) in ids {
        match one(VillageId(village), ReportId(id)) {
            Ok(did) => done += usize::from(did),
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(done), Err)
}

/// Whether the words of a resolution still wait for their check: it may have been reopened and
/// resolved again meanwhile.
fn is_waiting(tx: &mut PgConnection, village: VillageId, id: ReportId) -> Result<bool, Error> {
    let waiting = report_comments::table
        .filter(report_comments::village_id.eq(village.0))
        .filter(report_comments::report_id.eq(id.0))
        .filter(report_comments::event_id.is_not_null())
        .filter(report_comments::standing.eq(Standing::Waiting.as_str()));
    Ok(diesel::select(diesel::dsl::exists(waiting)).get_result(tx)?)
}

fn tell_one(db: &Db, village: VillageId, id: ReportId, now: DateTime<Utc>) -> Result<bool, Error> {
    db.write(|tx| {
        let mut kept = row::lock_in_tx(tx, village, id)?;
        let calendar = db.calendar(tx)?;
        let begun = kept.report.clone().resolution_checked(&calendar, now);
        let Some(begun) = begun else { return Ok(false) };
        if is_waiting(tx, village, id)? {
            return Ok(false);
        }
        kept.becomes(begun);
        let parties = case::parties(tx, village, id, now)?;
        row::save_in_tx(tx, &mut kept, &parties, now)?;
        let more = tell::with("due_at", json!(kept.report.due_at));
        tell::reporters_in_tx(tx, &kept, Kind::ReportResolved, &more, now)?;
        Ok(true)
    })
}

fn look_after_one(
    db: &Db,
    village: VillageId,
    id: ReportId,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    db.write(|tx| {
        let mut kept = row::lock_in_tx(tx, village, id)?;
        // Somebody may have acted meanwhile, or another process looked after it.
        if kept.overdue_told || kept.report.due_at.is_none_or(|due| due > now) {
            return Ok(false);
        }
        let event = match kept.report.clone().lapse(now) {
            Some(confirmed) => {
                kept.becomes(confirmed);
                Event::Confirmed
            }
            None => {
                own::tell_urged_in_tx(tx, &kept, now)?;
                kept.overdue_told = true;
                Event::Urged
            }
        };
        let parties = case::parties(tx, village, id, now)?;
        row::save_in_tx(tx, &mut kept, &parties, now)?;
        let step = Step { event, by: By::Program, user: None, reason: None, at: now };
        record_in_tx(tx, (village, id, kept.report.state), step)?;
        Ok(true)
    })
}
