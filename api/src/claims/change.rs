//! Those who made a claim answer a question about it, or take it back.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::{ClaimId, PhotoId, VillageId};
use infra::claims;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::ClaimReceiptOut;
use crate::answers::Failures;
use crate::body::{Body, InPath};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// What is new about a returned claim.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "text": "补充:清扫从村口到小学,有照片",
    "evidence_ids": ["01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61"]
}))]
pub struct ResubmissionIn {
    /// Takes the place of the text; without it the text stays.
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    text: Option<String>,
    /// Further files; those there stay. At most 9 in all.
    #[serde(default)]
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    evidence_ids: Vec<Uuid>,
}

/// Resubmit a returned claim
///
/// By whoever made it, and for a villagers' claim by any member of the household. It begins again at
/// the first stage.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("claim_id" = Uuid, Path, description = "The claim."),
    ),
    request_body = ResubmissionIn,
    responses((status = 201, description = "Submitted again.", body = ClaimReceiptOut), Failures)
)]
#[post("/villages/{village_id}/claims/{claim_id}/resubmissions")]
pub async fn claim_resubmit(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<ResubmissionIn>,
) -> Result<HttpResponse, Problem> {
    let (village, claim) = (VillageId(path.0.0), ClaimId(path.0.1));
    let (now, text) = (state.clock.now(), body.value.text);
    let files: Vec<_> = body.value.evidence_ids.into_iter().map(PhotoId).collect();
    let receipt = state
        .run(move |db| {
            claims::resubmit(db, &acting.actor, village, claim, text.as_deref(), &files, now)
        })
        .await?;
    Ok(HttpResponse::Created().json(ClaimReceiptOut::from(receipt)))
}

/// Take a claim back
///
/// By whoever made it, and for a villagers' claim by any member of the household; until it is
/// certified. There is no body.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("claim_id" = Uuid, Path, description = "The claim."),
    ),
    responses((status = 201, description = "Taken back.", body = ClaimReceiptOut), Failures)
)]
#[post("/villages/{village_id}/claims/{claim_id}/withdrawal")]
pub async fn claim_withdraw(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (village, claim) = (VillageId(path.0.0), ClaimId(path.0.1));
    let now = state.clock.now();
    let receipt =
        state.run(move |db| claims::withdraw(db, &acting.actor, village, claim, now)).await?;
    Ok(HttpResponse::Created().json(ClaimReceiptOut::from(receipt)))
}
