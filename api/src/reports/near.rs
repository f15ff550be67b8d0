//! What was reported nearby.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::VillageId;
use infra::reports::{self, Near};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::names::{DatumName, spot};
use super::{ReportKind, ReportState};
use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::Page;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// Where somebody is about to report something.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NearQuery {
    /// Good deed or nuisance.
    #[param(inline)]
    kind: ReportKind,
    /// The code of a category.
    #[validate(length(min = 1, max = 32))]
    #[param(min_length = 1, max_length = 32, example = "garbage")]
    category: String,
    /// Millionths of a degree to the north.
    #[validate(range(min = 3_000_000, max = 54_000_000))]
    #[param(minimum = 3_000_000, maximum = 54_000_000, example = 26_541_234)]
    latitude_e6: i32,
    /// Millionths of a degree to the east.
    #[validate(range(min = 73_000_000, max = 136_000_000))]
    #[param(minimum = 73_000_000, maximum = 136_000_000, example = 104_712_345)]
    longitude_e6: i32,
    /// The system of the coordinates: `gcj02` unless said otherwise.
    #[serde(default)]
    #[param(inline)]
    datum: DatumName,
}

/// A report that may be of the same thing. Nothing of what others wrote or photographed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "metres": 12, "category_name": "乱倒垃圾", "state": "dispatched",
    "submitted_at": "2026-10-10T09:20:00+08:00"
}))]
pub struct NearOut {
    /// How far away, in whole metres: 50 at most.
    #[schema(maximum = 50)]
    metres: u64,
    /// What its category was called.
    category_name: String,
    /// Where it stands.
    state: ReportState,
    /// When it was sent: within the last 14 days.
    submitted_at: String,
}

impl From<Near> for NearOut {
    fn from(near: Near) -> Self {
        Self {
            metres: near.metres,
            category_name: near.category_name,
            state: near.state.into(),
            submitted_at: shown(near.submitted_at),
        }
    }
}

/// What was reported nearby lately
///
/// Reports of the same category within 50 m and 14 days, the nearest first, ten at most: to be shown
/// before somebody reports the same again. Not those that were refused, closed or taken back.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), NearQuery),
    responses((status = 200, description = "What was reported.", body = Page<NearOut>), Failures)
)]
#[get("/villages/{village_id}/reports/nearby")]
pub async fn report_nearby(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<NearQuery>,
) -> Result<Json<Page<NearOut>>, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let NearQuery { kind, category, latitude_e6, longitude_e6, datum } = query.0;
    let here = spot(datum, latitude_e6, longitude_e6)?;
    let found = state
        .run(move |db| {
            reports::near(db, &acting.actor, village, (kind.into(), &category, here), now)
        })
        .await?;
    Ok(Json(Page::whole(found.into_iter().map(NearOut::from).collect())))
}
