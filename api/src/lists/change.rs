//! The way of an entry: proposed, decided, agreed to, asked to be taken down, answered, taken down.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, post};
use domain::claim::Decision;
use domain::id::{AccountId, ClaimId, RatingId, ReportId, VillageId};
use domain::listing::{Fact, Outcome};
use infra::lists::{self, Answer, Choice, Consent, Proposal, Removal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::entry::{ListEntryStateOut, ListName};
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// An entry to propose: a claim, a rating with the account, or a report.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "list": "honor", "claim_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "text": "冒雨抢修水渠。"
}))]
pub struct ListEntryIn {
    /// For which list.
    list: ListName,
    /// A posted claim, whose person is shown: an award for praise, a deduction for a warning.
    claim_id: Option<Uuid>,
    /// A rating that took effect, for praise.
    rating_id: Option<Uuid>,
    /// With a rating: the account whose line it is. Its person is shown, or the head of its household.
    account_id: Option<Uuid>,
    /// A report of a good deed that was taken on, for praise: the person praised is shown.
    report_id: Option<Uuid>,
    /// What is said in praise; nothing for a warning. Content security looks at it.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    text: String,
}

impl ListEntryIn {
    fn proposal(self) -> Result<Proposal, Problem> {
        let fact = match (self.claim_id, self.rating_id, self.account_id, self.report_id) {
            (Some(claim), None, None, None) => Fact::Claim(ClaimId(claim)),
            (None, Some(rating), Some(account), None) => {
                Fact::Rating(RatingId(rating), AccountId(account))
            }
            (None, None, None, Some(report)) => Fact::Report(ReportId(report)),
            _ => {
                let text = "either claim_id, or rating_id with account_id, or report_id";
                return Err(Problem::field(Door::Invalid, "claim_id", text));
            }
        };
        Ok(Proposal { list: self.list.into(), fact, words: self.text })
    }
}

/// Propose an entry for a list
///
/// For praise a posted award, the stars of an account, or a good deed that somebody reported; for a
/// warning a posted deduction that could be cured and was not in time. Nobody under 18 is shown. The
/// person is told at once, of a warning the household too; the panel decides, without who proposed it.
#[utoipa::path(
    tag = "review",
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    request_body = ListEntryIn,
    responses((status = 201, description = "Proposed to the panel.", body = ListEntryStateOut), Failures)
)]
#[post("/villages/{village_id}/list-entries")]
pub async fn list_entry_propose(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<ListEntryIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let proposal = body.value.proposal()?;
    let row = state
        .run(move |db| lists::propose(db, &acting.actor, village, &proposal, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ListEntryStateOut::from(row)))
}

/// What a panel member says of an entry.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListVote {
    /// For it.
    Approve,
    /// Against it, with the reason.
    Reject,
}

/// A panel member's vote on an entry.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision": "approve"}))]
pub struct ListEntryDecisionIn {
    /// For or against.
    decision: ListVote,
    /// Why; needed against it.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    reason: String,
}

/// Decide on an entry
///
/// A vote of a panel member: quorum and majority are those of the panel's stage for claims in the rule
/// book in force. Nobody votes twice, on their own household or kin, or on their own proposal.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("list_entry_id" = Uuid, Path, description = "The entry."), KeyHeader,
    ),
    request_body = ListEntryDecisionIn,
    responses((status = 201, description = "Counted.", body = ListEntryStateOut), Failures)
)]
#[post("/villages/{village_id}/list-entries/{list_entry_id}/decisions")]
pub async fn list_entry_decide(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<ListEntryDecisionIn>,
) -> Result<HttpResponse, Problem> {
    let (village, id, now) = (VillageId(path.0.0), path.0.1, state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let decision = match body.value.decision {
        ListVote::Approve => Decision::Approve,
        ListVote::Reject => Decision::Reject,
    };
    let choice = Choice { decision, reason: body.value.reason };
    let row = state
        .run(move |db| lists::decide(db, &acting.actor, village, id, &choice, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ListEntryStateOut::from(row)))
}

/// Whether the person agrees to be praised.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"agreed": true}))]
pub struct ListConsentIn {
    /// Whether they agree.
    agreed: bool,
    /// How they said so, where a cadre writes it down.
    #[validate(length(min = 2, max = 200))]
    #[schema(min_length = 2, max_length = 200)]
    how: Option<String>,
}

/// Agree or not to be praised
///
/// By who is praised, by the household of who has no account, or by a cadre who writes down how they
/// said so and neither proposed it nor voted on it. Without it nobody is shown; a no ends the entry, and
/// nobody is told.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("list_entry_id" = Uuid, Path, description = "The entry."),
    ),
    request_body = ListConsentIn,
    responses((status = 200, description = "Recorded.", body = ListEntryStateOut), Failures)
)]
#[post("/villages/{village_id}/list-entries/{list_entry_id}/consent")]
pub async fn list_entry_consent(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<ListConsentIn>,
) -> Result<Json<ListEntryStateOut>, Problem> {
    let (village, id, now) = (VillageId(path.0.0), path.0.1, state.clock.now());
    let said = Consent { agreed: body.value.agreed, how: body.value.how };
    let row =
        state.run(move |db| lists::consent(db, &acting.actor, village, id, &said, now)).await?;
    Ok(Json(row.into()))
}

/// Why an entry should be taken down.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "不想被公开表扬。"}))]
pub struct ListRemovalIn {
    /// In the household's words; needed for a warning.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    text: String,
    /// How they said so, where a cadre writes it down.
    #[validate(length(min = 2, max = 200))]
    #[schema(min_length = 2, max_length = 200)]
    how: Option<String>,
}

/// Ask for an entry to be taken down
///
/// Praise goes at the person's wish within 3 working days, at their end by itself. For a warning it is
/// an objection: answered within 7 working days by people who did not decide, and not shown meanwhile.
/// Of praise only the person speaks, or the household of who has no account; of a warning any member of
/// the household, once. A cadre who neither proposed it nor voted on it may write down how they said so:
/// those concerned are told, and keep the objection of their own.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("list_entry_id" = Uuid, Path, description = "The entry."), KeyHeader,
    ),
    request_body = ListRemovalIn,
    responses((status = 201, description = "Asked, with the day of the answer.", body = ListEntryStateOut), Failures)
)]
#[post("/villages/{village_id}/list-entries/{list_entry_id}/removal-requests")]
pub async fn list_entry_ask_removal(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<ListRemovalIn>,
) -> Result<HttpResponse, Problem> {
    let (village, id, now) = (VillageId(path.0.0), path.0.1, state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let said = Removal { text: body.value.text, how: body.value.how };
    let row = state
        .run(move |db| lists::ask_removal(db, &acting.actor, village, id, &said, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ListEntryStateOut::from(row)))
}

/// What became of a wish or objection.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListRemovalOutcome {
    /// It is taken down.
    Removed,
    /// It stays: for warnings alone.
    Kept,
}

/// An answer to a wish or objection.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"outcome": "removed", "text": "已按本人意愿撤下。"}))]
pub struct ListRemovalAnswerIn {
    /// What became of it.
    outcome: ListRemovalOutcome,
    /// What the person is told.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    text: String,
}

/// Answer a wish or objection about an entry
///
/// In writing. A warning is answered by people who neither proposed it nor decided on it nor wrote the
/// objection down, and are not of the household or its kin. A wish about praise cannot be refused.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("list_entry_id" = Uuid, Path, description = "The entry."), KeyHeader,
    ),
    request_body = ListRemovalAnswerIn,
    responses((status = 201, description = "Answered.", body = ListEntryStateOut), Failures)
)]
#[post("/villages/{village_id}/list-entries/{list_entry_id}/answers")]
pub async fn list_entry_answer(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<ListRemovalAnswerIn>,
) -> Result<HttpResponse, Problem> {
    let (village, id, now) = (VillageId(path.0.0), path.0.1, state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let outcome = match body.value.outcome {
        ListRemovalOutcome::Removed => Outcome::Removed,
        ListRemovalOutcome::Kept => Outcome::Kept,
    };
    let said = Answer { outcome, text: body.value.text };
    let row = state
        .run(move |db| lists::answer(db, &acting.actor, village, id, &said, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ListEntryStateOut::from(row)))
}

/// Why the village takes an entry down.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "登记有误。"}))]
pub struct ListTakeDownIn {
    /// Why; the person is told.
    #[validate(length(min = 2, max = 200))]
    #[schema(min_length = 2, max_length = 200)]
    reason: String,
}

/// Take an entry down
///
/// Of the village's own accord, at any time.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("list_entry_id" = Uuid, Path, description = "The entry."),
    ),
    request_body = ListTakeDownIn,
    responses((status = 200, description = "It is on no list any more.", body = ListEntryStateOut), Failures)
)]
#[post("/villages/{village_id}/list-entries/{list_entry_id}/end")]
pub async fn list_entry_take_down(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<ListTakeDownIn>,
) -> Result<Json<ListEntryStateOut>, Problem> {
    let (village, id, now) = (VillageId(path.0.0), path.0.1, state.clock.now());
    let reason = body.value.reason;
    let row =
        state.run(move |db| lists::take_down(db, &acting.actor, village, id, &reason, now)).await?;
    Ok(Json(row.into()))
}
