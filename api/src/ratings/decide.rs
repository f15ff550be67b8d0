//! A reviewer's vote on a rating.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::claim::Decision;
use domain::id::{RatingId, VillageId};
use infra::ratings::{self, Choice};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::rating::RatingOut;
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// What a reviewer says of a rating.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RatingDecision {
    /// For it.
    Approve,
    /// Against it; needs a reason.
    Reject,
    /// Back to be computed again: ends this rating at once; needs a reason.
    Return,
}

impl From<RatingDecision> for Decision {
    fn from(decision: RatingDecision) -> Self {
        match decision {
            RatingDecision::Approve => Self::Approve,
            RatingDecision::Reject => Self::Reject,
            RatingDecision::Return => Self::Return,
        }
    }
}

/// A vote on a rating.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision": "approve", "reason": "已逐户核对"}))]
pub struct RatingDecisionIn {
    /// For, against or back.
    decision: RatingDecision,
    /// Why; needed unless it is for.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    reason: String,
}

/// Decide on a rating
///
/// Which role decides at which stage, and how many must have voted, is the rule book's matter. The
/// vote is on the list as a whole; an objection to one line is raised on the notice board. The last
/// vote that lets the rating pass puts it on a public notice.
#[utoipa::path(
    tag = "review",
    request_body = RatingDecisionIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("rating_id" = Uuid, Path, description = "The rating."),
        KeyHeader,
    ),
    responses((status = 201, description = "Counted; the rating as it stands now.", body = RatingOut), Failures)
)]
#[post("/villages/{village_id}/ratings/{rating_id}/decisions")]
pub async fn rating_decide(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<RatingDecisionIn>,
) -> Result<HttpResponse, Problem> {
    let (village, rating) = (VillageId(path.0.0), RatingId(path.0.1));
    let (now, once) = (state.clock.now(), key.once(acting.actor.user, &body.hash));
    let RatingDecisionIn { decision, reason } = body.value;
    let choice = Choice { decision: decision.into(), reason };
    let row = state
        .run(move |db| ratings::decide(db, &acting.actor, village, rating, &choice, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(RatingOut::of(row, now)))
}
