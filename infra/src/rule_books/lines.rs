//! The list of a village's books.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::VillageId;
use domain::policy::{Action, Target, allows};
use domain::rule_book::{Version, VersionState, Versions};
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::schema::rule_books;

/// A version of a rule book or of a layer, without its text.
#[derive(Clone, Debug, Queryable)]
pub struct VersionLine {
    /// Its id.
    pub id: Uuid,
    /// The first of the village or division is 1.
    pub number: i32,
    /// Its name.
    pub name: String,
    /// `draft` or `adopted`.
    pub state: String,
    /// The first day, once it is adopted.
    pub in_force_from: Option<NaiveDate>,
    /// When it was written last.
    pub written_at: DateTime<Utc>,
    /// When its adoption, or the order, was recorded.
    pub adopted_at: Option<DateTime<Utc>>,
}

/// The books of a village, the newest first, `before` a number. Drafts are shown to those who may
/// read them.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    before: Option<i32>,
    limit: i64,
    today: NaiveDate,
) -> Result<Vec<(VersionLine, VersionState)>, Error> {
    let target = Target::village(db.place(village)?);
    allows(actor, Action::RuleBookShow, &target)?;
    let sees_drafts = allows(actor, Action::RuleBookDraftShow, &target).is_ok();
    db.read(|c| {
        let mut query = rule_books::table
            .filter(rule_books::village_id.eq(village.0))
            .order(rule_books::number.desc())
            .limit(limit)
            .select((
                rule_books::id,
                rule_books::number,
                rule_books::name,
                rule_books::state,
                rule_books::in_force_from,
                rule_books::written_at,
                rule_books::adopted_at,
            ))
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(rule_books::number.lt(before));
        }
        if !sees_drafts {
            query = query.filter(rule_books::state.eq("adopted"));
        }
        let lines = query.load(c)?;
        Ok(with_states(lines, &states_on(c, village, today)?))
    })
}

/// Where each adopted book of a village stands on a day, by its number.
pub(super) fn states_on(
    c: &mut PgConnection,
    village: VillageId,
    day: NaiveDate,
) -> Result<HashMap<i32, VersionState>, Error> {
    let adopted: Vec<(Option<NaiveDate>, i32)> = rule_books::table
        .filter(rule_books::village_id.eq(village.0))
        .filter(rule_books::state.eq("adopted"))
        .order(rule_books::number)
        .select((rule_books::in_force_from, rule_books::number))
        .load(c)?;
    Ok(states(adopted, day))
}

/// Versions with where each stands; what is not among the adopted ones is a draft.
pub(crate) fn with_states(
    lines: Vec<VersionLine>,
    states: &HashMap<i32, VersionState>,
) -> Vec<(VersionLine, VersionState)> {
    let stands = |number| states.get(&number).copied().unwrap_or(VersionState::Draft);
    let stood = |line: VersionLine| {
        let state = stands(line.number);
        (line, state)
    };
    lines.into_iter().map(stood).collect()
}

/// Where versions stand on a day, by their numbers: of several that begin on one day the last holds.
pub(crate) fn states(
    versions: Vec<(Option<NaiveDate>, i32)>,
    day: NaiveDate,
) -> HashMap<i32, VersionState> {
    let version = |(in_force_from, layer)| Version { in_force_from, layer };
    let versions: Versions<i32> = versions.into_iter().map(version).collect::<Vec<_>>().into();
    versions.states_on(day).map(|(version, state)| (version.layer, state)).collect()
}
