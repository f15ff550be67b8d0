//! A party says that its statement is right, or wrong, and the village answers.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::VillageId;
use infra::settlements::{self, Act};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::SettlementReceiptOut;
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader, filled};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// What is wrong with a statement.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "10月12日有一笔128.50元没有算进去。"}))]
pub struct SettlementDisputeIn {
    /// In words.
    #[validate(length(min = 1, max = 1000), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
}

/// Dispute a statement
///
/// The owner of the merchant, within 15 days after it was made and before it is paid: an approval falls. It
/// is not approved before the village has answered.
#[utoipa::path(
    tag = "merchant",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("settlement_id" = Uuid, Path, description = "The statement."), KeyHeader,
    ),
    request_body = SettlementDisputeIn,
    responses((status = 201, description = "Disputed.", body = SettlementReceiptOut), Failures)
)]
#[post("/villages/{village_id}/settlements/{settlement_id}/disputes")]
pub async fn settlement_dispute(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<SettlementDisputeIn>,
) -> Result<HttpResponse, Problem> {
    let once = key.once(acting.actor.user, &body.hash);
    let act = Act::Dispute(body.value.text);
    let (at, now) = ((VillageId(path.0.0), path.0.1), state.clock.now());
    let row =
        state.run(move |db| settlements::decide(db, &acting.actor, at, &act, &once, now)).await?;
    Ok(HttpResponse::Created().json(SettlementReceiptOut::try_from(row)?))
}

/// Agree to a statement
///
/// The owner of the merchant says that it is right. It can be paid then, without waiting until the time to
/// dispute it is over. If something else becomes due, that counts for nothing.
#[utoipa::path(
    tag = "merchant",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("settlement_id" = Uuid, Path, description = "The statement."), KeyHeader,
    ),
    responses((status = 201, description = "Agreed.", body = SettlementReceiptOut), Failures)
)]
#[post("/villages/{village_id}/settlements/{settlement_id}/agreement")]
pub async fn settlement_agree(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
) -> Result<HttpResponse, Problem> {
    let once = key.once(acting.actor.user, &[]);
    let (at, now) = ((VillageId(path.0.0), path.0.1), state.clock.now());
    let row = state
        .run(move |db| settlements::decide(db, &acting.actor, at, &Act::Agree, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(SettlementReceiptOut::try_from(row)?))
}

/// The answer to a dispute.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "该笔在10月13日退货,已在退款中列出。"}))]
pub struct SettlementAnswerIn {
    /// In words.
    #[validate(length(min = 1, max = 1000), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
}

/// Answer a dispute
///
/// Afterwards the statement can be approved.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("settlement_id" = Uuid, Path, description = "The statement."), KeyHeader,
    ),
    request_body = SettlementAnswerIn,
    responses((status = 201, description = "Answered.", body = SettlementReceiptOut), Failures)
)]
#[post("/villages/{village_id}/settlements/{settlement_id}/answers")]
pub async fn settlement_answer(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<SettlementAnswerIn>,
) -> Result<HttpResponse, Problem> {
    let once = key.once(acting.actor.user, &body.hash);
    let act = Act::Answer(body.value.text);
    let (at, now) = ((VillageId(path.0.0), path.0.1), state.clock.now());
    let row =
        state.run(move |db| settlements::decide(db, &acting.actor, at, &act, &once, now)).await?;
    Ok(HttpResponse::Created().json(SettlementReceiptOut::try_from(row)?))
}
