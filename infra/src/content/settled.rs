//! Telling the owner of a thing that its standing changed, so that lists which show what is public can
//! keep it in a column. In the transaction of the change.

use chrono::{DateTime, Utc};
use diesel::PgConnection;
use domain::content::{Standing, Subject, SubjectKind};
use domain::id::VillageId;

use crate::error::Error;
use crate::{lists, reports};

/// Tells the owner, if there is something to tell.
pub(super) fn tell_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    subject: Subject,
    (before, after): (Standing, Standing),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    if before == after {
        return Ok(());
    }
    match subject.kind {
        SubjectKind::Report => reports::content_settled_in_tx(tx, village, subject.id, after, now),
        SubjectKind::Comment => reports::comment_settled_in_tx(tx, village, subject.id, after),
        SubjectKind::Praise => lists::content_settled_in_tx(tx, village, subject.id, after, now),
    }
}
