//! The grid worker says that it is done.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::{ReportId, VillageId};
use infra::reports::{self, Resolution};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::ReportReceiptOut;
use super::send::photos;
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// How a report was resolved.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "text": "已清理干净", "photo_ids": ["01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61"], "cured": false
}))]
pub struct ResolutionIn {
    /// What was done.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
    /// What it looks like now: photos from `photo_upload`, uploaded by the worker, each once.
    #[validate(length(max = 9))]
    #[schema(min_items = 1, max_items = 9)]
    photo_ids: Vec<Uuid>,
    /// That the person to whom a deduction was proposed put it right, in time: the deduction ends with
    /// it.
    #[serde(default)]
    cured: bool,
}

/// Resolve a report (办结)
///
/// By the grid worker who has it in hand, with words and one photo at least, which are checked like a
/// comment. Not by one whose own household or kin became concerned meanwhile. Once they passed the check or were refused, whoever sent the report is told, and has five
/// working days from then to confirm or reopen it; then it counts as confirmed.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        KeyHeader,
    ),
    request_body = ResolutionIn,
    responses((status = 201, description = "Resolved.", body = ReportReceiptOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/resolutions")]
pub async fn report_resolve(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<ResolutionIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let ResolutionIn { text, photo_ids, cured } = body.value;
    let resolution = Resolution { text, photos: photos(photo_ids)?, cured };
    let receipt = state
        .run(move |db| reports::resolve(db, &acting.actor, at, &resolution, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ReportReceiptOut::from(receipt)))
}
