//! Counties, towns and villages.

use actix_web::web::{Data, Json};
use actix_web::{get, post};
use domain::id::DivisionId;
use infra::divisions::{self, FILE_BYTES_MAX};
use infra::places::DivisionRow;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::InQuery;
use crate::pagination::{LIMIT_MAX, Page, twenty};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;
use crate::upload::{FileIn, OneFile};

/// Which divisions.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DivisionQuery {
    /// The division right above; none for the counties.
    parent_id: Option<Uuid>,
    /// How many items, 1 to 100.
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = LIMIT_MAX))]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: i64,
    /// `next_cursor` of the page before; none for the first page.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// A county, town or village.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "code": "520204105201", "level": "village",
    "name": "云岭村"
}))]
pub struct DivisionOut {
    /// Its id; it stays when codes change.
    id: Uuid,
    /// GB/T 2260 style code of 6, 9 or 12 digits.
    #[schema(pattern = r"^\d{6}(\d{3}){0,2}$")]
    code: String,
    /// `county`, `town` or `village`.
    level: String,
    /// Its name.
    name: String,
}

impl From<DivisionRow> for DivisionOut {
    fn from(row: DivisionRow) -> Self {
        Self { id: row.id, code: row.code, level: row.level, name: row.name }
    }
}

/// List divisions
///
/// The counties, or the towns of a county, or the villages of a town, by code.
#[utoipa::path(
    tag = "mini-program",
    params(DivisionQuery),
    responses((status = 200, description = "Divisions by code.", body = Page<DivisionOut>), Failures)
)]
#[get("/divisions")]
pub async fn division_list(
    _acting: Acting,
    state: Data<State>,
    query: InQuery<DivisionQuery>,
) -> Result<Json<Page<DivisionOut>>, Problem> {
    let DivisionQuery { parent_id, limit, cursor } = query.0;
    let rows = state
        .run(move |db| divisions::list(db, parent_id.map(DivisionId), cursor.as_deref(), limit + 1))
        .await?;
    Ok(Json(Page::from_one_more(rows, limit, |row| row.code.clone(), DivisionOut::from)))
}

/// What an import of divisions did.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"lines": 97}))]
pub struct DivisionImportOut {
    /// How many divisions the file names.
    #[schema(minimum = 0, maximum = 30_000)]
    lines: usize,
}

/// Import divisions
///
/// A CSV file (UTF-8 or GB 18030) with the columns `code` (代码) and `name` (名称), up to 1 MB and
/// 30,000 lines. Higher divisions may stand in the same file. A code that is known gets the new
/// name. If a line is bad nothing is written, and `errors` names all of them. A county's operator
/// imports inside the own county.
#[utoipa::path(
    tag = "admin",
    request_body(content = FileIn, content_type = "multipart/form-data"),
    responses((status = 200, description = "Imported.", body = DivisionImportOut), Failures)
)]
#[post("/divisions/imports")]
pub async fn division_import(
    acting: Acting,
    state: Data<State>,
    file: OneFile<FILE_BYTES_MAX>,
) -> Result<Json<DivisionImportOut>, Problem> {
    let now = state.clock.now();
    let lines = state.run(move |db| divisions::import(db, &acting.actor, &file.bytes, now)).await?;
    Ok(Json(DivisionImportOut { lines }))
}
