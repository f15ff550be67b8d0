//! Grids of a village, and which household lies in which.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{GridId, HouseholdId, VillageId};
use domain::place::GridLevel;
use domain::policy::{Action, Target, allows};
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::schema::{grids, households};

/// A grid as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = grids)]
pub struct GridRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// `large`, `medium`, `small` or `micro`.
    pub level: String,
    /// Its name, the only one of the village.
    pub name: String,
    /// The grid it lies in.
    pub parent_id: Option<Uuid>,
    /// When it was drawn.
    pub recorded_at: DateTime<Utc>,
}

/// A grid to draw.
#[derive(Clone, Debug)]
pub struct NewGrid {
    /// Its name.
    pub name: String,
    /// Its level.
    pub level: GridLevel,
    /// The grid it lies in.
    pub parent: Option<GridId>,
}

/// Draws a grid.
///
/// # Errors
/// `grid_not_smaller`, `already_exists` for a name that is taken, `forbidden`, `not_found`.
pub fn create(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    grid: &NewGrid,
    now: DateTime<Utc>,
) -> Result<GridRow, Error> {
    let permit = allows(actor, Action::GridManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        if let Some(parent) = grid.parent {
            let above = find(tx, village, parent)?;
            let level = GridLevel::from_name(&above.level)
                .ok_or_else(|| Error::Bug(format!("unknown level {}", above.level)))?;
            grid.level.may_lie_in(level)?;
        }
        let row = GridRow {
            village_id: village.0,
            id: id::new(),
            level: grid.level.as_str().to_owned(),
            name: grid.name.clone(),
            parent_id: grid.parent.map(|parent| parent.0),
            recorded_at: now,
        };
        diesel::insert_into(grids::table).values(&row).execute(tx)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "grid_create",
                subject: Some(row.id),
                reason: None,
                detail: None,
            },
        )?;
        Ok(row)
    })
}

fn find(c: &mut PgConnection, village: VillageId, grid: GridId) -> Result<GridRow, Error> {
    Ok(grids::table.find((village.0, grid.0)).select(GridRow::as_select()).first(c)?)
}

/// The grids of a village in the order in which they were drawn, `after` one.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<GridRow>, Error> {
    allows(actor, Action::GridShow, &Target::village(db.place(village)?))?;
    db.read(|c| {
        Ok(grids::table
            .filter(grids::village_id.eq(village.0))
            .filter(grids::id.gt(after.unwrap_or_default()))
            .order(grids::id)
            .limit(limit)
            .select(GridRow::as_select())
            .load(c)?)
    })
}

/// Puts a household into a grid, or out of any.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn set_household(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    household: HouseholdId,
    grid: Option<GridId>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let permit = allows(actor, Action::GridManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        if let Some(grid) = grid {
            find(tx, village, grid)?;
        }
        let changed = diesel::update(households::table.find((village.0, household.0)))
            .set(households::grid_id.eq(grid.map(|grid| grid.0)))
            .execute(tx)?;
        if changed == 0 {
            return Err(diesel::NotFound.into());
        }
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "household_grid_set",
                subject: Some(household.0),
                reason: None,
                detail: Some(serde_json::json!({"grid_id": grid})),
            },
        )
    })
}
