//! What was reported nearby lately, before somebody reports the same again.
//!
//! Nine cells of a fixed grid hold everything within 50 m ([`domain::report::Spot::cells_around`]);
//! the index leads with village, kind and category and then goes to each cell. Nothing of what others
//! wrote or photographed is told: it is not public.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::VillageId;
use domain::policy::{Action, Target, allows};
use domain::report::draft::near_since;
use domain::report::{Kind, NEAR_METRES, Spot, State};

use super::row::spot;
use crate::db::Db;
use crate::error::Error;
use crate::schema::reports;

/// The most reports that are looked at, the newest: there is no place with more in two weeks.
const CANDIDATES_MAX: i64 = 200;
/// The most that are told, the nearest.
const TOLD_MAX: usize = 10;

/// A report that may be of the same thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    /// How far away, in whole metres.
    pub metres: u64,
    /// What its category was called.
    pub category_name: String,
    /// Where it stands.
    pub state: State,
    /// When it was sent.
    pub submitted_at: DateTime<Utc>,
}

type Columns = (
    reports::datum,
    reports::latitude_e6,
    reports::longitude_e6,
    reports::category_name,
    reports::state,
    reports::submitted_at,
);
type Row = (String, i32, i32, String, String, DateTime<Utc>);

const COLUMNS: Columns = (
    reports::datum,
    reports::latitude_e6,
    reports::longitude_e6,
    reports::category_name,
    reports::state,
    reports::submitted_at,
);

/// The reports of one category near a point of the last 14 days, the nearest first. Not those that
/// were taken back, refused, closed, or joined to another.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn near(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (kind, category, here): (Kind, &str, Spot),
    now: DateTime<Utc>,
) -> Result<Vec<Near>, Error> {
    allows(actor, Action::ReportCreate, &Target::village(db.place(village)?))?;
    let rows: Vec<Row> = db.read(|c| {
        Ok(reports::table
            .filter(reports::village_id.eq(village.0))
            .filter(reports::kind.eq(kind.as_str()))
            .filter(reports::category.eq(category))
            .filter(reports::cell.eq_any(here.cells_around()))
            .filter(reports::submitted_at.ge(near_since(now)))
            .order(reports::submitted_at.desc())
            .limit(CANDIDATES_MAX)
            .select(COLUMNS)
            .load(c)?)
    })?;
    let mut found = Vec::new();
    for (datum, latitude_e6, longitude_e6, category_name, state, submitted_at) in rows {
        let there = spot(&datum, latitude_e6, longitude_e6)?;
        let state = State::from_name(&state)
            .ok_or_else(|| Error::Bug(format!("unknown state of a report {state}")))?;
        let near = here.millimetres_to(there).filter(|apart| *apart <= NEAR_METRES * 1_000);
        if let Some(apart) = near.filter(|_| !state.is_void()) {
            found.push((apart, Near { metres: apart / 1_000, category_name, state, submitted_at }));
        }
    }
    found.sort_by_key(|(apart, _)| *apart);
    found.truncate(TOLD_MAX);
    Ok(found.into_iter().map(|(_, near)| near).collect())
}
