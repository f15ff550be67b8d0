//! Those who reported the same thing: whoever sent a report, and whoever sent one that was joined to it.
//! Every one of them confirms or reopens what is resolved.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{ReportId, UserId, VillageId};
use domain::report::reporter::Others;
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{report_reporters, reports};

/// A report, and those that were joined to it.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn all(
    c: &mut PgConnection,
    village: VillageId,
    main: ReportId,
) -> Result<Vec<Uuid>, Error> {
    let mut ids: Vec<Uuid> = reports::table
        .filter(reports::village_id.eq(village.0))
        .filter(reports::joined_to.eq(main.0))
        .select(reports::id)
        .load(c)?;
    ids.push(main.0);
    Ok(ids)
}

/// Lets what was joined to a report follow it to the one that it is joined to now, so that nobody is
/// more than one step away from what is dealt with. Both were locked before.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn repoint_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    (from, to): (ReportId, ReportId),
) -> Result<(), Error> {
    let followers = reports::table
        .filter(reports::village_id.eq(village.0))
        .filter(reports::joined_to.eq(from.0));
    diesel::update(followers).set(reports::joined_to.eq(to.0)).execute(tx)?;
    Ok(())
}

/// What others than somebody, who reported the same, said to its being resolved.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn others(
    c: &mut PgConnection,
    village: VillageId,
    main: ReportId,
    but: UserId,
) -> Result<Others, Error> {
    let ids = all(c, village, main)?;
    let confirmed: Vec<Option<DateTime<Utc>>> = report_reporters::table
        .filter(report_reporters::village_id.eq(village.0))
        .filter(report_reporters::report_id.eq_any(ids))
        .filter(report_reporters::user_id.ne(but.0))
        .select(report_reporters::confirmed_at)
        .load(c)?;
    Ok(match confirmed.as_slice() {
        [] => Others::None,
        all if all.iter().all(Option::is_some) => Others::Confirmed,
        _ => Others::Waiting,
    })
}

/// Whether whoever sent a report confirmed it since it was resolved.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn has_confirmed(
    c: &mut PgConnection,
    village: VillageId,
    id: ReportId,
) -> Result<bool, Error> {
    let at: Option<DateTime<Utc>> = report_reporters::table
        .find((village.0, id.0))
        .select(report_reporters::confirmed_at)
        .first(c)?;
    Ok(at.is_some())
}

/// Keeps that whoever sent a report confirmed it.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn confirm_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: ReportId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(report_reporters::table.find((village.0, id.0)))
        .set(report_reporters::confirmed_at.eq(now))
        .execute(tx)?;
    Ok(())
}

/// Begins anew once a report is reopened: nobody confirmed what will be done next.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn unconfirm_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    main: ReportId,
) -> Result<(), Error> {
    let ids = all(tx, village, main)?;
    let all = report_reporters::table
        .filter(report_reporters::village_id.eq(village.0))
        .filter(report_reporters::report_id.eq_any(ids));
    diesel::update(all)
        .set(report_reporters::confirmed_at.eq(None::<DateTime<Utc>>))
        .execute(tx)?;
    Ok(())
}
