//! The imported holiday table.

use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::{DayKind, WorkingCalendar};
use domain::policy::{Action, Target, allows};

use crate::audit::{self, Deed, NO_VILLAGE};
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

/// Replaces what the table says about these days, each of which stands once.
///
/// # Errors
/// `forbidden`.
pub fn import(
    db: &Db,
    actor: &Actor,
    days: &[(NaiveDate, DayKind)],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let permit = allows(actor, Action::HolidayManage, &Target::default())?;
    db.write(|tx| {
        import_in_tx(tx, days)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village: NO_VILLAGE,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "holiday_import",
                subject: None,
                reason: None,
                detail: Some(serde_json::json!({"days": days.len()})),
            },
        )
    })?;
    if let Ok(mut known) = db.calendar_cache().0.write() {
        *known = None;
    }
    Ok(())
}

/// Replaces what the table says about these days, each of which stands once.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn import_in_tx(tx: &mut PgConnection, days: &[(NaiveDate, DayKind)]) -> Result<(), Error> {
    let rows: Vec<_> = days
        .iter()
        .map(|(day, kind)| {
            let kind = match kind {
                DayKind::Holiday => "holiday",
                DayKind::Workday => "workday",
            };
            (holidays::day.eq(day), holidays::kind.eq(kind))
        })
        .collect();
    diesel::insert_into(holidays::table)
        .values(rows)
        .on_conflict(holidays::day)
        .do_update()
        .set(holidays::kind.eq(diesel::upsert::excluded(holidays::kind)))
        .execute(tx)?;
    Ok(())
}
