//! Grids (网格): parts of a village, one inside the other.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post, put};
use domain::id::{GridId, HouseholdId, VillageId};
use infra::grids::{self, GridRow, NewGrid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, filled};
use crate::names::GridLevelName;
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// A grid to draw.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "一组", "level": "small", "parent_id": null}))]
pub struct GridIn {
    /// Its name, the only one of the village.
    #[validate(length(max = 40), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 40)]
    name: String,
    /// Its size.
    level: GridLevelName,
    /// The larger grid it lies in.
    parent_id: Option<Uuid>,
}

/// A grid.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "name": "一组", "level": "small", "parent_id": null
}))]
pub struct GridOut {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// `large`, `medium`, `small` or `micro`.
    level: String,
    /// The larger grid it lies in.
    parent_id: Option<Uuid>,
}

impl From<GridRow> for GridOut {
    fn from(row: GridRow) -> Self {
        Self { id: row.id, name: row.name, level: row.level, parent_id: row.parent_id }
    }
}

/// Draw a grid
///
/// Levels go down: a grid lies in a larger one, or in none.
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village.")),
    request_body = GridIn,
    responses((status = 201, description = "Drawn.", body = GridOut), Failures)
)]
#[post("/villages/{village_id}/grids")]
pub async fn grid_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<GridIn>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let grid = NewGrid {
        name: body.value.name.trim().to_owned(),
        level: body.value.level.into(),
        parent: body.value.parent_id.map(GridId),
    };
    let row = state
        .run(move |db| grids::create(db, &acting.actor, VillageId(path.0), &grid, now))
        .await?;
    Ok(HttpResponse::Created().json(GridOut::from(row)))
}

/// List the grids of a village
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery),
    responses((status = 200, description = "Grids, the first drawn first.", body = Page<GridOut>), Failures)
)]
#[get("/villages/{village_id}/grids")]
pub async fn grid_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<GridOut>>, Problem> {
    let (limit, after) = (query.0.limit, query.0.after::<Uuid>()?);
    let rows = state
        .run(move |db| grids::list(db, &acting.actor, VillageId(path.0), after, limit + 1))
        .await?;
    Ok(Json(Page::from_one_more(rows, limit, |row| row.id.to_string(), GridOut::from)))
}

/// The grid of a household.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"grid_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60"}))]
pub struct HouseholdGridIn {
    /// The grid; null for none.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    grid_id: Option<Uuid>,
}

/// Put a household into a grid
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The household."),
    ),
    request_body = HouseholdGridIn,
    responses((status = 204, description = "Done."), Failures)
)]
#[put("/villages/{village_id}/households/{household_id}/grid")]
pub async fn household_grid_set(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<HouseholdGridIn>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let (village, household) = (VillageId(path.0.0), HouseholdId(path.0.1));
    let grid = body.value.grid_id.map(GridId);
    state
        .run(move |db| grids::set_household(db, &acting.actor, village, household, grid, now))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
