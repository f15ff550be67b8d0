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
use crate::photos::{self, Photo};
use crate::reading::Why;
use crate::schema::content_checks;
use crate::villagers;

/// A check with its photo.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The check.
    pub row: CheckRow,
    /// The photo, if it is of one that is still there.
    pub photo: Option<Photo>,
}

/// Adds their photos: each belongs to the subject of its check.
pub(super) fn with_photos(
    c: &mut PgConnection,
    village: VillageId,
    rows: Vec<CheckRow>,
) -> Result<Vec<Shown>, Error> {
    let owners: Vec<Uuid> =
        rows.iter().filter(|row| row.photo_id.is_some()).map(|row| row.subject_id).collect();
    let photos = photos::of_in(c, village, &owners)?;
    let photo = |row: &CheckRow| {
        let theirs = photos.get(&row.subject_id)?;
        theirs.iter().find(|photo| Some(photo.id.0) == row.photo_id).cloned()
    };
    Ok(rows.into_iter().map(|row| Shown { photo: photo(&row), row }).collect())
}

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

/// The checks of a village, the longest submitted first, `after` an id; one more than `limit`. Without
/// those about which [`domain::content::may_decide`] refuses because of who made them: their absence
/// tells less than their presence would.
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
) -> Result<Vec<Shown>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::ContentCheckShow, &target, why)?;
    db.read(|c| {
        let apart = bound_authors(c, village, actor)?;
        let mut query = content_checks::table
            .filter(content_checks::village_id.eq(village.0))
            .filter(content_checks::state.eq(filter.state.as_str()))
            .filter(content_checks::id.gt(after.unwrap_or_default()))
            .filter(content_checks::author_id.is_null().or(content_checks::author_id.ne_all(apart)))
            .order(content_checks::id)
            .limit(limit.saturating_add(1))
            .select(CheckRow::as_select())
            .into_boxed();
        if let Some(kind) = filter.subject {
            query = query.filter(content_checks::subject_kind.eq(kind.as_str()));
        }
        query = match filter.texts {
            None => query,
            Some(true) => query.filter(content_checks::scene.is_not_null()),
            Some(false) => query.filter(content_checks::photo_id.is_not_null()),
        };
        let rows = query.load(c)?;
        with_photos(c, village, rows)
    })
}

/// The others of an actor's household, and everybody in households of their declared kin: as whom they
/// sign in.
fn bound_authors(
    c: &mut PgConnection,
    village: VillageId,
    actor: &Actor,
) -> Result<Vec<Uuid>, Error> {
    let Some(me) = actor.membership.filter(|me| me.place.village == village) else {
        return Ok(Vec::new());
    };
    let mut homes = villagers::kin_households(c, village, me.villager)?;
    homes.push(me.household);
    let users = villagers::users_of_households(c, village, &homes)?;
    Ok(users.into_iter().filter(|user| *user != actor.user).map(|user| user.0).collect())
}
