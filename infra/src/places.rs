//! Divisions and grids. Where a village lies hardly ever changes and is asked for by every request,
//! so it is remembered for a minute.

use std::collections::{HashMap, HashSet};
use std::sync::RwLock;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{DivisionId, VillageId};
use domain::place::{DivisionLevel, DivisionPath, Place};
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::schema::divisions;

const REMEMBERED_FOR: Duration = Duration::from_secs(60);

/// Villages that were looked up lately.
#[derive(Default)]
pub struct PlaceCache(RwLock<HashMap<VillageId, (Place, Instant)>>);

/// A division as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = divisions)]
pub struct DivisionRow {
    /// Its id; codes change, ids do not.
    pub id: Uuid,
    /// GB/T 2260 style code of 6, 9 or 12 digits.
    pub code: String,
    /// `county`, `town` or `village`.
    pub level: String,
    /// Its name.
    pub name: String,
    /// The county above it, or itself.
    pub county_id: Uuid,
    /// The town above it, or itself.
    pub town_id: Option<Uuid>,
    /// When it was imported.
    pub recorded_at: DateTime<Utc>,
}

impl DivisionRow {
    /// The division with those above it.
    pub fn path(&self) -> DivisionPath {
        let village = (self.level == "village").then_some(DivisionId(self.id));
        DivisionPath {
            county: DivisionId(self.county_id),
            town: self.town_id.map(DivisionId),
            village,
        }
    }

    /// The place, if it is a village.
    pub fn place(&self) -> Option<Place> {
        let path = self.path();
        Some(Place { county: path.county, town: path.town?, village: VillageId(path.village?.0) })
    }
}

/// A division.
///
/// # Errors
/// `not_found`.
pub fn division_in_tx(tx: &mut PgConnection, id: DivisionId) -> Result<DivisionRow, Error> {
    Ok(divisions::table.find(id.0).select(DivisionRow::as_select()).first(tx)?)
}

/// Keeps others who change the village as a whole waiting until the transaction ends.
///
/// # Errors
/// `not_found`.
pub fn lock_in_tx(tx: &mut PgConnection, village: VillageId) -> Result<(), Error> {
    let _: Uuid =
        divisions::table.find(village.0).select(divisions::id).for_no_key_update().first(tx)?;
    Ok(())
}

impl Db {
    /// The village and the divisions it lies in.
    ///
    /// # Errors
    /// `not_found` if there is no village with that id.
    pub fn place(&self, village: VillageId) -> Result<Place, Error> {
        if let Some(place) = self.place_cache().recall(village) {
            return Ok(place);
        }
        let row = self.read(|c| division_in_tx(c, village.into()))?;
        let place = row.place().ok_or(Refusal::NotFound)?;
        self.place_cache().remember(place);
        Ok(place)
    }

    /// A division with those above it.
    ///
    /// # Errors
    /// `not_found`.
    pub fn division(&self, id: DivisionId) -> Result<DivisionRow, Error> {
        self.read(|c| division_in_tx(c, id))
    }
}

impl PlaceCache {
    fn recall(&self, village: VillageId) -> Option<Place> {
        let known = self.0.read().ok()?;
        let (place, since) = known.get(&village)?;
        (since.elapsed() < REMEMBERED_FOR).then_some(*place)
    }

    fn remember(&self, place: Place) {
        if let Ok(mut known) = self.0.write() {
            known.insert(place.village, (place, Instant::now()));
        }
    }
}

/// A division to import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDivision {
    /// GB/T 2260 style code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Why a line of an import is bad.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadDivision {
    /// The number of the line, the first being 1.
    pub line: usize,
    /// `code`, `name`, `parent`, or `twice` for a code that stands in an earlier line too.
    pub field: &'static str,
}

/// Imports divisions, higher ones first; a code that is known gets the new name. Nothing is written
/// if any line is bad.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn import_in_tx(
    tx: &mut PgConnection,
    lines: &[NewDivision],
    now: DateTime<Utc>,
) -> Result<Result<usize, Vec<BadDivision>>, Error> {
    let mut known: HashMap<String, DivisionRow> = divisions::table
        .select(DivisionRow::as_select())
        .load(tx)?
        .into_iter()
        .map(|row| (row.code.clone(), row))
        .collect();
    let mut order: Vec<_> = lines.iter().enumerate().collect();
    order.sort_by_key(|(_, line)| line.code.len());
    let (mut rows, mut bad) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for (number, line) in order {
        let mut fault = |field| bad.push(BadDivision { line: number + 1, field });
        if !seen.insert(line.code.as_str()) {
            fault("twice");
            continue;
        }
        let Some(level) = DivisionLevel::of_code(&line.code) else {
            fault("code");
            continue;
        };
        if line.name.trim().is_empty() || line.name.chars().count() > 60 {
            fault("name");
            continue;
        }
        let parent = level.parent_digits().and_then(|digits| line.code.get(..digits));
        let above = match parent.map(|code| known.get(code)) {
            None => None,
            Some(Some(above)) => Some(above),
            Some(None) => {
                fault("parent");
                continue;
            }
        };
        let id = known.get(&line.code).map_or_else(crate::id::new, |row| row.id);
        let row = DivisionRow {
            id,
            code: line.code.clone(),
            level: match level {
                DivisionLevel::County => "county",
                DivisionLevel::Town => "town",
                DivisionLevel::Village => "village",
            }
            .to_owned(),
            name: line.name.trim().to_owned(),
            county_id: above.map_or(id, |above| above.county_id),
            town_id: match level {
                DivisionLevel::County => None,
                DivisionLevel::Town => Some(id),
                DivisionLevel::Village => above.map(|above| above.id),
            },
            recorded_at: now,
        };
        known.insert(row.code.clone(), row.clone());
        rows.push(row);
    }
    if !bad.is_empty() {
        bad.sort_by_key(|fault| fault.line);
        return Ok(Err(bad));
    }
    // A statement takes at most 65,535 parameters; a row has seven.
    for batch in rows.chunks(5_000) {
        diesel::insert_into(divisions::table)
            .values(batch)
            .on_conflict(divisions::code)
            .do_update()
            .set(divisions::name.eq(diesel::upsert::excluded(divisions::name)))
            .execute(tx)?;
    }
    Ok(Ok(rows.len()))
}
