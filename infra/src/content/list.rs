//! The queue of those who decide.

use diesel::prelude::*;
use domain::actor::Actor;
use domain::content::{State, SubjectKind};
use domain::id::VillageId;
use domain::policy::{Action, Target};
use uuid::Uuid;

use super::row::CheckRow;
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::content_checks;

/// Which checks.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// Where they stand.
    pub state: State,
    /// What they belong to, any if none is named.
    pub subject: Option<SubjectKind>,
    /// Texts only, or photos only.
    pub texts: Option<bool>,
}

/// The checks of a village, the longest submitted first, `after` an id; one more than `limit`.
///
/// # Errors
/// `not_found`, `forbidden`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    filter: Filter,
    (after, limit): (Option<Uuid>, i64),
    why: &Why,
) -> Result<Vec<CheckRow>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::ContentCheckShow, &target, why)?;
    db.read(|c| {
        let mut query = content_checks::table
            .filter(content_checks::village_id.eq(village.0))
            .filter(content_checks::state.eq(filter.state.as_str()))
            .filter(content_checks::id.gt(after.unwrap_or_default()))
            .order(content_checks::id)
            .limit(limit.saturating_add(1))
            .select(CheckRow::as_select())
            .into_boxed();
        if let Some(kind) = filter.subject {
            query = query.filter(content_checks::subject_kind.eq(kind.as_str()));
        }
        query = match filter.texts {
            None => query,
            Some(true) => query.filter(content_checks::text.is_not_null()),
            Some(false) => query.filter(content_checks::photo_id.is_not_null()),
        };
        Ok(query.load(c)?)
    })
}
