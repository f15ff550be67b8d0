//! The imported holiday table.

use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::calendar::{DayKind, WorkingCalendar};

use crate::db::Db;
use crate::error::Error;
use crate::schema::holidays;

const REMEMBERED_FOR: Duration = Duration::from_secs(60);

/// The calendar as it was read last.
#[derive(Default)]
pub struct CalendarCache(RwLock<Option<(Arc<WorkingCalendar>, Instant)>>);

impl Db {
    /// Which days are worked.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub fn calendar(&self, c: &mut PgConnection) -> Result<Arc<WorkingCalendar>, Error> {
        if let Ok(known) = self.calendar_cache().0.read()
            && let Some((calendar, since)) = &*known
            && since.elapsed() < REMEMBERED_FOR
        {
            return Ok(Arc::clone(calendar));
        }
        let rows: Vec<(NaiveDate, String)> = holidays::table.load(c)?;
        let calendar = Arc::new(WorkingCalendar::new(rows.into_iter().map(|(day, kind)| {
            (day, if kind == "workday" { DayKind::Workday } else { DayKind::Holiday })
        })));
        if let Ok(mut known) = self.calendar_cache().0.write() {
            *known = Some((Arc::clone(&calendar), Instant::now()));
        }
        Ok(calendar)
    }
}

/// Replaces what the table says about these days.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn import_in_tx(tx: &mut PgConnection, days: &[(NaiveDate, DayKind)]) -> Result<(), Error> {
    for (day, kind) in days {
        let kind = match kind {
            DayKind::Holiday => "holiday",
            DayKind::Workday => "workday",
        };
        diesel::insert_into(holidays::table)
            .values((holidays::day.eq(day), holidays::kind.eq(kind)))
            .on_conflict(holidays::day)
            .do_update()
            .set(holidays::kind.eq(kind))
            .execute(tx)?;
    }
    Ok(())
}
