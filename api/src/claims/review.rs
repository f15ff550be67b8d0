//! A reviewer votes, or steps aside.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::claim::Decision;
use domain::id::{ClaimId, VillageId};
use domain::points::Points;
use infra::claims::{self, Said};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::ClaimReceiptOut;
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// What a reviewer says.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionName {
    /// For it.
    Approve,
    /// Against it; needs a reason.
    Reject,
    /// Back to the claimant, who is asked for more; needs a reason.
    Return,
}

impl From<DecisionName> for Decision {
    fn from(name: DecisionName) -> Self {
        match name {
            DecisionName::Approve => Self::Approve,
            DecisionName::Reject => Self::Reject,
            DecisionName::Return => Self::Return,
        }
    }
}

/// A vote.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimDecisionIn, example = json!({"decision": "approve", "reason": "情况属实"}))]
pub struct DecisionIn {
    /// For, against, or back.
    decision: DecisionName,
    /// Why; the claimant reads it. Needed unless it is for.
    #[serde(default)]
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    reason: String,
    /// For an item with a range: the points that the reviewer fills in. What the last stage fills in
    /// counts: the middle of those who approve, and of two middle ones the lower.
    #[schema(value_type = Option<String>, pattern = r"^\d{1,10}(\.\d{1,2})?$", max_length = 13)]
    points: Option<Points>,
}

/// Vote on a claim
///
/// Which role decides at which stage, with which quorum, is in the rule book. Nobody votes on their
/// own household or declared kin, on a claim that they made, or twice. The vote that passes the last
/// stage applies the caps and certifies the claim; where the book knows no public notice it is
/// posted at once.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("claim_id" = Uuid, Path, description = "The claim."),
        KeyHeader,
    ),
    request_body = DecisionIn,
    responses((status = 201, description = "The vote counts.", body = ClaimReceiptOut), Failures)
)]
#[post("/villages/{village_id}/claims/{claim_id}/decisions")]
pub async fn claim_decide(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<DecisionIn>,
) -> Result<HttpResponse, Problem> {
    let (village, claim) = (VillageId(path.0.0), ClaimId(path.0.1));
    let now = state.clock.now();
    let once = key.once(acting.actor.user, &body.hash);
    let said = Said {
        decision: body.value.decision.into(),
        reason: body.value.reason,
        points: body.value.points,
    };
    let receipt = state
        .run(move |db| claims::decide(db, &acting.actor, village, claim, &said, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ClaimReceiptOut::from(receipt)))
}

/// Why a reviewer steps aside.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClaimRecusalIn, example = json!({"reason": "与当事户有土地纠纷"}))]
pub struct RecusalIn {
    /// Why; shown to officers only.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// Step aside from a claim (回避)
///
/// For reasons that the roster does not know. Before voting, and for good.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("claim_id" = Uuid, Path, description = "The claim."),
    ),
    request_body = RecusalIn,
    responses((status = 204, description = "Stepped aside."), Failures)
)]
#[post("/villages/{village_id}/claims/{claim_id}/recusals")]
pub async fn claim_recuse(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<RecusalIn>,
) -> Result<HttpResponse, Problem> {
    let (village, claim) = (VillageId(path.0.0), ClaimId(path.0.1));
    let (now, reason) = (state.clock.now(), body.value.reason);
    state.run(move |db| claims::recuse(db, &acting.actor, village, claim, &reason, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
