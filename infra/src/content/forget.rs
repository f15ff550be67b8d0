//! What is forgotten of checks: who made the piece, and its second copy.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::content::{FORGOTTEN_AFTER_DAYS, State};
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::schema::content_checks;

/// Checks forgotten in one round, at most.
const FORGOTTEN_MAX: i64 = 2_000;

/// Forgets author and text of checks that are settled and [`FORGOTTEN_AFTER_DAYS`] old: a reporter's
/// name would stand in a second place for good, and a text that its author took back would stay. What
/// came of the check stays. Several processes may do it at once. Answers how many.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn forget_settled(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let until = now - Duration::days(FORGOTTEN_AFTER_DAYS);
    let settled = State::ALL.iter().filter(|state| state.is_settled()).map(|state| state.as_str());
    let settled: Vec<_> = settled.collect();
    db.write(|tx| {
        let old: Vec<(Uuid, Uuid)> = content_checks::table
            .filter(content_checks::author_id.is_not_null())
            .filter(content_checks::submitted_at.lt(until))
            .filter(content_checks::state.eq_any(&settled))
            .order(content_checks::submitted_at)
            .limit(FORGOTTEN_MAX)
            .select((content_checks::village_id, content_checks::id))
            .for_update()
            .skip_locked()
            .load(tx)?;
        let (villages, ids): (Vec<_>, Vec<_>) = old.into_iter().unzip();
        let these = content_checks::table
            .filter(content_checks::village_id.eq_any(villages))
            .filter(content_checks::id.eq_any(ids));
        let nothing =
            (content_checks::author_id.eq(None::<Uuid>), content_checks::text.eq(None::<String>));
        Ok(diesel::update(these).set(nothing).execute(tx)?)
    })
}
