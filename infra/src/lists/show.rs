//! What hangs on the lists, and the entries that are worked on.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Nullable, SmallInt, Text, Uuid as SqlUuid};
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::content::Standing;
use domain::id::{HouseholdId, VillageId};
use domain::listing::{EntryState, List};
use domain::person::masked_name;
use domain::policy::{Action, Target, allows};
use uuid::Uuid;

use super::row::{EntryRow, find};
use crate::db::Db;
use crate::error::Error;
use crate::names;
use crate::reading::Why;
use crate::schema::list_entries;

diesel::define_sql_function! {
    /// See the migration of the lists.
    fn list_fact_stands(
        village: SqlUuid, list: Text, fact: Text, fact_id: SqlUuid, household: SqlUuid,
        stars: Nullable<SmallInt>
    ) -> Bool;
}
diesel::define_sql_function! {
    /// See the migration of the lists.
    fn list_fact_disputed(village: SqlUuid, fact_id: SqlUuid) -> Bool;
}

/// Praise as the village sees it.
#[derive(Clone, Debug)]
pub struct Honored {
    /// The entry.
    pub row: EntryRow,
    /// The whole name: the person agreed.
    pub name: String,
}

/// A warning as the village sees it.
#[derive(Clone, Debug)]
pub struct Warned {
    /// The entry.
    pub row: EntryRow,
    /// The masked name.
    pub masked_name: String,
}

/// What hangs on the honor list of a village, the newest first, `before` an id; one more than `limit`.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn honor_list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    before: Option<Uuid>,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<Honored>, Error> {
    allows(actor, Action::HonorListShow, &Target::village(db.place(village)?))?;
    db.read(|c| {
        let rows = shown(c, village, List::Honor, before, limit, now)?;
        let known = names::of_villagers(c, village, rows.iter().map(|row| row.person_id))?;
        let honored = |row: EntryRow| {
            let name = known.get(&row.person_id).cloned().unwrap_or_default();
            Honored { row, name }
        };
        Ok(rows.into_iter().map(honored).collect())
    })
}

/// What hangs on the warning list of a village, the newest first, `before` an id; one more than
/// `limit`. Nobody's whole name leaves here.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn warning_list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    before: Option<Uuid>,
    limit: i64,
    why: &Why,
) -> Result<Vec<Warned>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::WarningListShow, &target, why)?;
    db.read(|c| {
        let rows = shown(c, village, List::Warning, before, limit, why.at)?;
        let known = names::of_villagers(c, village, rows.iter().map(|row| row.person_id))?;
        let warned = |row: EntryRow| {
            let name = known.get(&row.person_id).map(|name| masked_name(name));
            Warned { row, masked_name: name.unwrap_or_default() }
        };
        Ok(rows.into_iter().map(warned).collect())
    })
}

fn shown(
    c: &mut PgConnection,
    village: VillageId,
    list: List,
    before: Option<Uuid>,
    limit: i64,
    now: DateTime<Utc>,
) -> Result<Vec<EntryRow>, Error> {
    let mut query = list_entries::table
        .filter(list_entries::village_id.eq(village.0))
        .filter(list_entries::list.eq(list.as_str()))
        .filter(list_entries::state.eq(EntryState::Approved.as_str()))
        .filter(list_entries::standing.eq(Standing::Public.as_str()))
        .filter(list_entries::shown_until.ge(day_of(now)))
        .filter(list_fact_stands(
            list_entries::village_id,
            list_entries::list,
            list_entries::fact,
            list_entries::fact_id,
            list_entries::household_id,
            list_entries::stars,
        ))
        .filter(diesel::dsl::not(list_fact_disputed(
            list_entries::village_id,
            list_entries::fact_id,
        )))
        .order(list_entries::id.desc())
        .limit(limit.saturating_add(1))
        .select(EntryRow::as_select())
        .into_boxed();
    query = match list {
        List::Honor => query.filter(list_entries::consented_at.is_not_null()),
        // While an objection waits for its answer nobody is shown.
        List::Warning => query.filter(
            list_entries::removal_asked_at
                .is_null()
                .or(list_entries::removal_answered_at.is_not_null()),
        ),
    };
    if let Some(before) = before {
        query = query.filter(list_entries::id.lt(before));
    }
    Ok(query.load(c)?)
}

/// Entries of a village in a state, or those whose removal waits for an answer, the newest first,
/// `before` an id; one more than `limit`.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn entries(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    state: Option<EntryState>,
    (before, limit): (Option<Uuid>, i64),
    why: &Why,
) -> Result<Vec<Honored>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::ListEntryShow, &target, why)?;
    db.read(|c| {
        let mut query = list_entries::table
            .filter(list_entries::village_id.eq(village.0))
            .order(list_entries::id.desc())
            .limit(limit.saturating_add(1))
            .select(EntryRow::as_select())
            .into_boxed();
        query = match state {
            Some(state) => query.filter(list_entries::state.eq(state.as_str())),
            None => query
                .filter(list_entries::state.eq_any(["proposed", "approved"]))
                .filter(list_entries::removal_asked_at.is_not_null())
                .filter(list_entries::removal_answered_at.is_null()),
        };
        if let Some(before) = before {
            query = query.filter(list_entries::id.lt(before));
        }
        let rows: Vec<EntryRow> = query.load(c)?;
        let known = names::of_villagers(c, village, rows.iter().map(|row| row.person_id))?;
        let named = |row: EntryRow| {
            let name = known.get(&row.person_id).cloned().unwrap_or_default();
            Honored { row, name }
        };
        Ok(rows.into_iter().map(named).collect())
    })
}

/// One entry, for those who work on it and for the household concerned.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn entry(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: Uuid,
    why: &Why,
) -> Result<Honored, Error> {
    let place = db.place(village)?;
    let row = db.read(|c| find(c, village, id))?;
    let target = Target::household(place, HouseholdId(row.household_id));
    db.allows_reading(actor, Action::ListEntryShow, &target, &why.about(id))?;
    let known = db.read(|c| names::of_villagers(c, village, [row.person_id]))?;
    let name = known.get(&row.person_id).cloned().unwrap_or_default();
    Ok(Honored { row, name })
}
