//! What time does to reports: what nobody reopened is confirmed, and who should have acted is urged.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::VillageId;
use domain::report::{By, Event};

use super::case::{self, Step, record_in_tx};
use super::own;
use super::row::{self, Kept, ReportRow};
use crate::db::Db;
use crate::error::Error;
use crate::schema::reports;

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
