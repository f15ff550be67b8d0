//! What one person proposes and another decides, where a statement cannot go on by itself.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::VillageId;
use domain::settlement::Cure;
use infra::settlements;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::SettlementReceiptOut;
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader, filled};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// What is proposed.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettlementCureName {
    /// It differs: what the ledger says is due, and both figures are kept.
    ByLedger,
    /// It was paid and the money never arrived: a voucher takes the payment back, and it is paid anew.
    Returned,
}

/// A proposal.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"cure": "returned", "reason": "账号有误,银行已退汇"}))]
pub struct SettlementProposalIn {
    /// What.
    #[schema(inline)]
    cure: SettlementCureName,
    /// Why. The merchant reads it.
    #[validate(length(min = 1, max = 200), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Propose how a statement goes on
///
/// Where till and ledger differ, that what the ledger says is due; where a payment never arrived, that it
/// goes back into the fund. Somebody else decides. Not for who owns or works for the merchant.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("settlement_id" = Uuid, Path, description = "The statement."), KeyHeader,
    ),
    request_body = SettlementProposalIn,
    responses((status = 201, description = "Proposed.", body = SettlementReceiptOut), Failures)
)]
#[post("/villages/{village_id}/settlements/{settlement_id}/proposals")]
pub async fn settlement_propose(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<SettlementProposalIn>,
) -> Result<HttpResponse, Problem> {
    let once = key.once(acting.actor.user, &body.hash);
    let SettlementProposalIn { cure, reason } = body.value;
    let cure = match cure {
        SettlementCureName::ByLedger => Cure::ByLedger,
        SettlementCureName::Returned => Cure::Returned,
    };
    let (at, now) = ((VillageId(path.0.0), path.0.1), state.clock.now());
    let row = state
        .run(move |db| settlements::propose(db, &acting.actor, at, (cure, &reason), &once, now))
        .await?;
    Ok(HttpResponse::Created().json(SettlementReceiptOut::try_from(row)?))
}

/// What is said to a proposal.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettlementProposalVerdictName {
    /// Agrees to it.
    Approve,
    /// Says no, with the reason.
    Refuse,
}

/// The decision on a proposal.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision": "approve"}))]
pub struct SettlementProposalDecisionIn {
    /// What.
    #[schema(inline)]
    decision: SettlementProposalVerdictName,
    /// Why not; to refuse it, and only then.
    #[validate(length(min = 1, max = 200), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 200)]
    reason: Option<String>,
}

impl SettlementProposalDecisionIn {
    /// Why it is refused, if it is.
    fn refused(self) -> Result<Option<String>, Problem> {
        match (self.decision, self.reason) {
            (SettlementProposalVerdictName::Approve, None) => Ok(None),
            (SettlementProposalVerdictName::Refuse, Some(reason)) => Ok(Some(reason)),
            (SettlementProposalVerdictName::Approve, Some(_)) => {
                Err(Problem::field(Door::Invalid, "reason", "does not go with an approval"))
            }
            (SettlementProposalVerdictName::Refuse, None) => {
                Err(Problem::field(Door::Invalid, "reason", "needed to refuse it"))
            }
        }
    }
}

/// Decide how a statement goes on
///
/// Another person than who proposed it, and nobody of the merchant. A statement that is settled by the
/// ledger waits to be approved and paid as any other; one whose payment came back waits to be paid again.
/// The merchant is told, with the reason.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("settlement_id" = Uuid, Path, description = "The statement."), KeyHeader,
    ),
    request_body = SettlementProposalDecisionIn,
    responses((status = 201, description = "Decided.", body = SettlementReceiptOut), Failures)
)]
#[post("/villages/{village_id}/settlements/{settlement_id}/proposals/decisions")]
pub async fn settlement_proposal_decide(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<SettlementProposalDecisionIn>,
) -> Result<HttpResponse, Problem> {
    let once = key.once(acting.actor.user, &body.hash);
    let refused = body.value.refused()?;
    let (at, now) = ((VillageId(path.0.0), path.0.1), state.clock.now());
    let row = state
        .run(move |db| {
            settlements::decide_proposal(db, &acting.actor, at, refused.as_deref(), &once, now)
        })
        .await?;
    Ok(HttpResponse::Created().json(SettlementReceiptOut::try_from(row)?))
}
