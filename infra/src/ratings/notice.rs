//! The notice that a rating hangs on once its review let it pass.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{NoticeId, UserId};
use domain::rating::{Rating, notice_closes_at};

use crate::error::Error;
use crate::id;
use crate::schema::notices;

/// Opens the notice of a rating. It closes by itself; without days, at the worker's next look.
///
/// # Errors
/// [`Error::LostRace`] when another notice took the number.
pub(super) fn open_in_tx(
    tx: &mut PgConnection,
    rating: &Rating,
    days: u16,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<NoticeId, Error> {
    let newest: Option<i32> = notices::table
        .filter(notices::village_id.eq(rating.village.0))
        .select(diesel::dsl::max(notices::number))
        .first(tx)?;
    let id: NoticeId = id::new();
    diesel::insert_into(notices::table)
        .values((
            notices::village_id.eq(rating.village.0),
            notices::id.eq(id.0),
            notices::kind.eq("rating"),
            notices::number.eq(newest.unwrap_or(0) + 1),
            notices::rating_id.eq(rating.id.0),
            notices::opens_at.eq(now),
            notices::closes_at.eq(notice_closes_at(now, days)),
            notices::closed_at.eq(None::<DateTime<Utc>>),
            notices::opened_by.eq(by.map(|user| user.0)),
        ))
        .execute(tx)?;
    Ok(id)
}
