//! Telling the owner of a thing that its standing changed, so that lists which show what is public can
//! keep it in a column. In the transaction of the change.

use chrono::{DateTime, Utc};
use diesel::PgConnection;
use domain::content::{Standing, Subject, SubjectKind};
use domain::id::VillageId;

use crate::error::Error;
use crate::lists;

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
        SubjectKind::Praise => lists::content_settled_in_tx(tx, village, subject.id, after, now),
        // They keep no column and ask `standing_in`.
        SubjectKind::Report | SubjectKind::Comment => {
            let (kind, standing) = (subject.kind.as_str(), after.as_str());
            tracing::debug!(%village, kind, subject = %subject.id, standing, "content settled");
            Ok(())
        }
    }
}
