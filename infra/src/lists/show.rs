//! What hangs on the lists, and the entries that are worked on.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::content::Standing;
use domain::id::VillageId;
use domain::listing::{EntryState, List, RESIDENCES, born_by};
use domain::person::{Residence, masked_name};
use domain::policy::{Action, Target, allows};
use uuid::Uuid;

use super::fact::{list_fact_disputed, list_fact_stands};
use super::person::of_entry;
use super::row::{EntryRow, find};
use crate::db::Db;
use crate::error::Error;
use crate::names;
use crate::reading::Why;
use crate::schema::{list_entries, villagers};

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
    let today = day_of(now);
    let mut query = list_entries::table
        .inner_join(
            villagers::table.on(villagers::village_id
                .eq(list_entries::village_id)
                .and(villagers::id.eq(list_entries::person_id))),
        )
        .filter(list_entries::village_id.eq(village.0))
        .filter(list_entries::list.eq(list.as_str()))
        .filter(list_entries::state.eq(EntryState::Approved.as_str()))
        .filter(list_entries::standing.eq(Standing::Public.as_str()))
        .filter(list_entries::shown_until.ge(today))
        // As domain::listing::may_be_shown.
        .filter(villagers::born_on.le(born_by(today)))
        .filter(villagers::residence.eq_any(RESIDENCES.map(Residence::as_str)))
        .filter(list_fact_stands(
            list_entries::village_id,
            list_entries::list,
            list_entries::fact,
            list_entries::fact_id,
            list_entries::account_id,
            list_entries::stars,
            list_entries::person_id,
        ))
        .filter(diesel::dsl::not(list_fact_disputed(
            list_entries::village_id,
            list_entries::fact_id,
            list_entries::account_id,
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
    db.allows_reading(actor, Action::ListEntryListShow, &target, why)?;
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

/// One entry, for those who work on it and for the household in which the person lives.
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
    let (row, person) = db.read(|c| {
        let row = find(c, village, id)?;
        let person = of_entry(c, &row)?;
        Ok((row, person))
    })?;
    let target = Target::household(place, person.household);
    db.allows_reading(actor, Action::ListEntryShow, &target, &why.about(id))?;
    let known = db.read(|c| names::of_villagers(c, village, [row.person_id]))?;
    let name = known.get(&row.person_id).cloned().unwrap_or_default();
    Ok(Honored { row, name })
}
