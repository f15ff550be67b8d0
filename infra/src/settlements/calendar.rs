//! How far villages have come: the month that is closed next, the day that is looked through next.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::calendar::{Cycle, start_of};
use domain::calendar::{day_of, end_of};
use domain::id::VillageId;
use domain::settlement::{close_due_at, month_of};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::settlement_calendars;
use crate::signals;

/// A village's calendar.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = settlement_calendars)]
pub(crate) struct CalendarRow {
    pub(crate) village_id: Uuid,
    pub(crate) open_from: DateTime<Utc>,
    pub(crate) close_due_at: DateTime<Utc>,
    pub(crate) look_day: NaiveDate,
    pub(crate) look_due_at: DateTime<Utc>,
}

impl CalendarRow {
    /// The month that is closed next.
    pub(super) fn month(&self) -> Cycle {
        month_of(self.open_from)
    }
}

/// Begins with the month and the day of that moment; of a village that has begun nothing changes.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn begin_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (month, today) = (month_of(now), day_of(now));
    diesel::insert_into(settlement_calendars::table)
        .values(CalendarRow {
            village_id: village.0,
            open_from: start_of(month.first_day()),
            close_due_at: close_due_at(month),
            look_day: today,
            look_due_at: signals::look_due_at(today),
        })
        .on_conflict_do_nothing()
        .execute(tx)?;
    Ok(())
}

/// The end of the last month that was closed: what was recorded from this moment on is in no statement.
///
/// # Errors
/// `not_found` for a village that has not begun.
pub fn months_closed_until(
    c: &mut PgConnection,
    village: VillageId,
) -> Result<DateTime<Utc>, Error> {
    Ok(settlement_calendars::table
        .find(village.0)
        .select(settlement_calendars::open_from)
        .first(c)?)
}

/// Keeps the next month from being closed until the transaction ends, so that what a statement carries on
/// does not change while another one goes on from it. A village that has not begun closes none.
pub(super) fn hold_in_tx(tx: &mut PgConnection, village: VillageId) -> Result<(), Error> {
    let _: Option<Uuid> = settlement_calendars::table
        .find(village.0)
        .select(settlement_calendars::village_id)
        .for_share()
        .first(tx)
        .optional()?;
    Ok(())
}

/// The next month is open for these villages, whose rows are locked.
pub(super) fn go_on_in_tx(
    tx: &mut PgConnection,
    villages: &[Uuid],
    closed: Cycle,
) -> Result<(), Error> {
    let open_from = end_of(closed.last_day());
    diesel::update(
        settlement_calendars::table.filter(settlement_calendars::village_id.eq_any(villages)),
    )
    .set((
        settlement_calendars::open_from.eq(open_from),
        settlement_calendars::close_due_at.eq(close_due_at(month_of(open_from))),
    ))
    .execute(tx)?;
    Ok(())
}
