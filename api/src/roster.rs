//! Importing the roster from a clerk's table.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, post};
use domain::id::VillageId;
use domain::import::BadLine;
use infra::roster::{self, FILE_BYTES_MAX, Mode, Outcome};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::problem::{Language, Problem, flaw};
use crate::session::Acting;
use crate::state::State;
use crate::upload::{FileIn, OneFile};

/// Whether it is only tried.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// True: nothing is changed, and the answer says what would be.
    dry_run: bool,
}

/// What an import did, or would do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "dry_run": true, "lines": 1204, "ignored_columns": ["性别"],
    "bad_lines": [{"line": 17, "field": "id_number", "reason": "id_number_check_digit", "message": "身份证号校验位不对,请核对"}],
    "households_added": 0, "households_changed": 0, "villagers_added": 0, "villagers_changed": 0,
    "villagers_unchanged": 0
}))]
pub struct RosterImportOut {
    /// Whether it was only tried.
    dry_run: bool,
    /// How many filled lines the file has below its header.
    #[schema(minimum = 0, maximum = 20_000)]
    lines: usize,
    /// Titles of columns that a roster does not have; they were not read.
    #[schema(max_items = 64)]
    ignored_columns: Vec<String>,
    /// Every bad line. As long as there is one, nothing is imported and all counts are 0.
    #[schema(max_items = 20_000)]
    bad_lines: Vec<BadLineOut>,
    /// Households that are new.
    households_added: usize,
    /// Households whose head or grid changes.
    households_changed: usize,
    /// People who are new.
    villagers_added: usize,
    /// People of whom something changes.
    villagers_changed: usize,
    /// People who are on the roster exactly so.
    villagers_unchanged: usize,
}

/// What is wrong with a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct BadLineOut {
    /// The number of the line or row in the file; the first is 1.
    line: u32,
    /// The field: `household_number`, `name`, `relation`, `id_number`, `phone`, `grid`,
    /// `party_member`, `representative`, `volunteer`, `elder` or `residence`.
    field: &'static str,
    /// The stable code of what is wrong.
    #[schema(example = "id_number_check_digit")]
    reason: &'static str,
    /// What to tell the clerk.
    message: String,
}

impl BadLineOut {
    fn of(bad: BadLine, language: Language) -> Self {
        Self {
            line: bad.line,
            field: bad.field,
            reason: bad.flaw.code(),
            message: flaw(bad.flaw, language),
        }
    }
}

impl RosterImportOut {
    fn of(outcome: Outcome, dry_run: bool, language: Language) -> Self {
        let bad = outcome.bad_lines.into_iter().map(|bad| BadLineOut::of(bad, language));
        Self {
            dry_run,
            lines: outcome.lines,
            ignored_columns: outcome.ignored_columns,
            bad_lines: bad.collect(),
            households_added: outcome.households_added,
            households_changed: outcome.households_changed,
            villagers_added: outcome.villagers_added,
            villagers_changed: outcome.villagers_changed,
            villagers_unchanged: outcome.villagers_unchanged,
        }
    }
}

/// Import the roster
///
/// A CSV (UTF-8, UTF-16 or GB 18030) or XLSX file (first visible sheet) of up to 10 MB and 20,000
/// lines. The header stands in one of the first ten filled rows, its columns in any order: 户号*,
/// 姓名*, 与户主关系* (户主 once in each household), 身份证号, 手机号, 网格, 党员, 村民代表, 志愿者,
/// 五老 (是 or 否), 状态 (居住, 在外求学, 迁出, 去世, 涉案未结). Other columns are not read.
///
/// A person is found again by identity number, else by household number and name. An empty cell
/// leaves what is known; whoever is not in the file is left alone; the same file again changes
/// nothing.
///
/// A dry run answers every bad line and what would change. A real import with a bad line is
/// refused with `import_invalid`, `errors` naming each as `lines[17].id_number`, and changes
/// nothing.
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village."), ImportQuery),
    request_body(content = FileIn, content_type = "multipart/form-data"),
    responses((status = 200, description = "What it did, or would do.", body = RosterImportOut), Failures)
)]
#[post("/villages/{village_id}/roster-imports")]
pub async fn roster_import(
    acting: Acting,
    state: Data<State>,
    request: HttpRequest,
    path: InPath<Uuid>,
    query: InQuery<ImportQuery>,
    file: OneFile<FILE_BYTES_MAX>,
) -> Result<Json<RosterImportOut>, Problem> {
    let now = state.clock.now();
    let dry_run = query.0.dry_run;
    let mode = if dry_run { Mode::DryRun } else { Mode::Real };
    let outcome = state
        .run(move |db| roster::import(db, &acting.actor, VillageId(path.0), &file.bytes, mode, now))
        .await?;
    if !dry_run {
        // Somebody signed in may live in another household now.
        state.sessions.forget_all();
    }
    Ok(Json(RosterImportOut::of(outcome, dry_run, Language::of(request.headers()))))
}
