//! What time does to reports: whoever sent one is told that it is resolved once they can read how, what
//! nobody reopened is confirmed, and who should have acted is urged.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::content::Standing;
use domain::id::VillageId;
use domain::report::{By, Event, State};
use serde_json::json;

use super::case::{self, Step, record_in_tx};
use super::row::{self, Kept, ReportRow};
use super::{own, tell};
use crate::db::Db;
use crate::error::Error;
use crate::messages::Kind;
use crate::schema::{report_comments, reports};

/// Looks after the reports that are due, at most so many: those that were resolved count as confirmed,
/// of the others those who should have acted are told, once. Answers how many. Several processes may do
/// it at once.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn look_after(db: &Db, now: DateTime<Utc>, most: i64) -> Result<usize, Error> {
    db.write(|tx| {
        let due: Vec<ReportRow> = reports::table
            .filter(reports::due_at.is_not_null())
            .filter(reports::due_at.le(now))
            .filter(diesel::dsl::not(reports::overdue_told))
            .order(reports::due_at)
            .limit(most)
            .select(ReportRow::as_select())
            .for_no_key_update()
            .skip_locked()
            .load(tx)?;
        let count = due.len();
        for row in due {
            one_in_tx(tx, row.kept()?, now)?;
        }
        Ok(count)
    })
}

/// Tells whoever sent a report that it is resolved, once the words and photos of the resolution were
/// looked at, and begins the time in which they may reopen it; at most so many. Answers how many.
/// Several processes may do it at once.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn tell_resolved(db: &Db, now: DateTime<Utc>, most: i64) -> Result<usize, Error> {
    db.write(|tx| {
        let waiting = report_comments::table
            .filter(report_comments::village_id.eq(reports::village_id))
            .filter(report_comments::report_id.eq(reports::id))
            .filter(report_comments::event_id.is_not_null())
            .filter(report_comments::standing.eq(Standing::Waiting.as_str()));
        let done: Vec<ReportRow> = reports::table
            .filter(reports::state.eq(State::Resolved.as_str()))
            .filter(reports::due_at.is_null())
            .filter(diesel::dsl::not(diesel::dsl::exists(waiting)))
            .order((reports::village_id, reports::id))
            .limit(most)
            .select(ReportRow::as_select())
            .for_no_key_update()
            .skip_locked()
            .load(tx)?;
        let calendar = db.calendar(tx)?;
        let mut told = 0;
        for row in done {
            let mut kept = row.kept()?;
            let Some(begun) = kept.report.clone().resolution_checked(&calendar, now) else {
                continue;
            };
            kept.report = begun;
            let (village, id) = (kept.report.village, kept.report.id);
            let parties = case::parties(tx, village, id, now)?;
            row::save_in_tx(tx, &mut kept, &parties, now)?;
            let more = tell::with("due_at", json!(kept.report.due_at));
            tell::reporters_in_tx(tx, &kept, Kind::ReportResolved, &more, now)?;
            told += 1;
        }
        Ok(told)
    })
}

fn one_in_tx(tx: &mut PgConnection, mut kept: Kept, now: DateTime<Utc>) -> Result<(), Error> {
    let village: VillageId = kept.report.village;
    let id = kept.report.id;
    let event = match kept.report.clone().lapse(now) {
        Some(confirmed) => {
            kept.report = confirmed;
            Event::Confirmed
        }
        None => {
            own::tell_urged_in_tx(tx, &kept, now)?;
            Event::Urged
        }
    };
    kept.overdue_told = true;
    let parties = case::parties(tx, village, id, now)?;
    row::save_in_tx(tx, &mut kept, &parties, now)?;
    let step = Step { event, by: By::Program, user: None, reason: None, at: now };
    record_in_tx(tx, (village, id, kept.report.state), step)?;
    Ok(())
}
