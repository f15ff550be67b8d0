//! Who sent a report.

use actix_web::post;
use actix_web::web::{Data, Json};
use domain::id::{ReportId, VillageId};
use infra::reports::{self, Sender};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::desk::ReportReasonIn;
use crate::answers::Failures;
use crate::body::{Body, InPath};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// Who sent a report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "villager_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "name": "李大山", "phone_masked": "139****0003"
}))]
pub struct ReporterOut {
    /// The villager.
    villager_id: Uuid,
    /// Their household when they sent it.
    household_id: Uuid,
    /// The whole name.
    name: String,
    /// First three and last four digits.
    phone_masked: Option<String>,
}

impl From<Sender> for ReporterOut {
    fn from(sender: Sender) -> Self {
        Self {
            villager_id: sender.villager.0,
            household_id: sender.household.0,
            name: sender.name,
            phone_masked: sender.phone_masked,
        }
    }
}

/// Ask who sent a report
///
/// Triage alone, with a reason, and not before the report was taken on or ended (`report_state`): until
/// then nobody knows whose household it is about. Every look is recorded in the audit log, and whoever sent the report
/// sees in its timeline that it was asked and why.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
    ),
    request_body = ReportReasonIn,
    responses((status = 200, description = "Who sent it.", body = ReporterOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/reporter")]
pub async fn report_reporter_show(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<ReportReasonIn>,
) -> Result<Json<ReporterOut>, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let reason = body.value.reason;
    let sender = state.run(move |db| reports::look(db, &acting.actor, at, &reason, now)).await?;
    Ok(Json(ReporterOut::from(sender)))
}
