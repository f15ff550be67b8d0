//! What the check of texts and photos comes to for a report or a comment.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::content::Standing;
use domain::id::{ReportId, VillageId};
use uuid::Uuid;

use super::{case, consent, row};
use crate::error::Error;
use crate::schema::report_comments;

/// Keeps the standing of a report. Once it passed, those who are shown are asked.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn content_settled_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    report: Uuid,
    standing: Standing,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let id = ReportId(report);
    // What is not there any more has nobody to tell.
    let Some(mut kept) = row::lock_if_there_in_tx(tx, village, id)? else { return Ok(()) };
    let parties = case::parties(tx, village, id, now)?;
    kept.standing = standing;
    row::save_in_tx(tx, &mut kept, &parties, now)?;
    if kept.is_checked() && kept.report.state.is_taken_on() {
        consent::ask_in_tx(tx, &kept, &parties, now)?;
    }
    Ok(())
}

/// Keeps the standing of a comment.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn comment_settled_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    comment: Uuid,
    standing: Standing,
) -> Result<(), Error> {
    diesel::update(report_comments::table.find((village.0, comment)))
        .set(report_comments::standing.eq(standing.as_str()))
        .execute(tx)?;
    Ok(())
}
