//! Lists of reports.

use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use domain::id::{GridId, VillageId};
use infra::reports::{self, Filter, Listed, Mine};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::{ReportKind, ReportState};
use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{LIMIT_MAX, Page, twenty};
use crate::photos::PhotoOut;
use crate::problem::{Door, Problem};
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// Which reports.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReportQuery {
    /// In this state.
    #[param(inline)]
    state: Option<ReportState>,
    /// Of this kind.
    #[param(inline)]
    kind: Option<ReportKind>,
    /// In this grid.
    grid_id: Option<Uuid>,
    /// Only those on which somebody should have acted by now.
    #[serde(default)]
    overdue: bool,
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

/// Which of one's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MineName {
    /// Those that one sent.
    #[default]
    Sent,
    /// Those about the own household.
    About,
}

/// Which of one's own reports.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReportMineQuery {
    /// `sent` by oneself, or `about` the own household.
    #[serde(default)]
    #[param(inline)]
    which: MineName,
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

fn before(cursor: Option<&str>) -> Result<Option<Uuid>, Problem> {
    let bad = || Problem::field(Door::BadQuery, "cursor", "not a cursor of this list");
    cursor.map(|text| text.parse().map_err(|_| bad())).transpose()
}

/// A report in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "kind": "nuisance",
    "category_name": "乱倒垃圾", "place": "村口小桥边", "text": "桥下倒了一堆建筑垃圾",
    "state": "dispatched", "grid_id": null, "due_at": "2026-10-16T00:00:00+08:00",
    "overdue": false, "submitted_at": "2026-10-12T10:00:00+08:00", "photos": []
}))]
pub struct ReportLineOut {
    /// The report.
    id: Uuid,
    /// Good deed or nuisance.
    kind: ReportKind,
    /// What its category was called.
    #[schema(example = "乱倒垃圾")]
    category_name: String,
    /// Where, in words; none while whoever reads may not see it.
    place: Option<String>,
    /// What was seen; none while whoever reads may not see it.
    text: Option<String>,
    /// Where it stands.
    state: ReportState,
    /// The grid in which triage put it.
    grid_id: Option<Uuid>,
    /// By when somebody should have acted.
    due_at: Option<String>,
    /// Whether that is past.
    overdue: bool,
    /// When it was sent.
    submitted_at: String,
    /// Its photos; none while whoever reads may not see them.
    #[schema(max_items = 9)]
    photos: Vec<PhotoOut>,
}

impl ReportLineOut {
    fn of(state: &State, village: VillageId, listed: Listed, now: DateTime<Utc>) -> Self {
        let Listed { kept, photos, readable } = listed;
        let report = kept.report;
        Self {
            overdue: report.is_overdue(now),
            id: report.id.0,
            kind: report.kind.into(),
            category_name: kept.category_name,
            place: Some(report.place).filter(|_| readable),
            text: Some(report.text).filter(|_| readable),
            state: report.state.into(),
            grid_id: kept.grid.map(|id| id.0),
            due_at: report.due_at.map(shown),
            submitted_at: shown(report.submitted_at),
            photos: photos
                .iter()
                .filter(|_| readable)
                .map(|photo| PhotoOut::of(state, village, photo))
                .collect(),
        }
    }
}

/// List reports
///
/// The newest first. Triage and who supervises see all of the village, a grid worker those that they
/// have or had in hand. Never who sent one.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ReportQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "The reports.", body = Page<ReportLineOut>), Failures)
)]
#[get("/villages/{village_id}/reports")]
pub async fn report_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<ReportQuery>,
) -> Result<Json<Page<ReportLineOut>>, Problem> {
    let (village, now, query) = (VillageId(path.0), state.clock.now(), query.0);
    let (limit, before) = (query.limit, before(query.cursor.as_deref())?);
    let filter = Filter {
        state: query.state.map(Into::into),
        kind: query.kind.map(Into::into),
        grid: query.grid_id.map(GridId),
        overdue: query.overdue,
    };
    let why = reading.at(now);
    let rows = state
        .run(move |db| reports::list(db, &acting.actor, village, filter, (before, limit), &why))
        .await?;
    let cursor = |listed: &Listed| listed.kept.report.id.to_string();
    let out = |listed| ReportLineOut::of(&state, village, listed, now);
    Ok(Json(Page::from_one_more(rows, limit, cursor, out)))
}

/// List one's own reports
///
/// Those that one sent, or those about the own household, the newest first.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), ReportMineQuery),
    responses((status = 200, description = "The reports.", body = Page<ReportLineOut>), Failures)
)]
#[get("/villages/{village_id}/reports/mine")]
pub async fn report_mine_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<ReportMineQuery>,
) -> Result<Json<Page<ReportLineOut>>, Problem> {
    let (village, now, query) = (VillageId(path.0), state.clock.now(), query.0);
    let (limit, before) = (query.limit, before(query.cursor.as_deref())?);
    let which = match query.which {
        MineName::Sent => Mine::Sent,
        MineName::About => Mine::About,
    };
    let rows = state
        .run(move |db| reports::mine(db, &acting.actor, village, which, (before, limit)))
        .await?;
    let cursor = |listed: &Listed| listed.kept.report.id.to_string();
    let out = |listed| ReportLineOut::of(&state, village, listed, now);
    Ok(Json(Page::from_one_more(rows, limit, cursor, out)))
}
