//! From a report to points.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::id::{ReportId, VillageId, VillagerId};
use infra::reports::{self, DeductionPlan, Proposal};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader};
use crate::claims::declare::ProxyIn;
use crate::claims::{ClaimReceiptOut, Parts, a_day};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// A claim for the person whom a good deed praises.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "item_code": "NEI-1", "happened_on": "2026-10-11", "text": "主动清理桥面淤泥",
    "proxy": {"consented_by": "王秀英", "consented_how": "电话同意", "consented_on": "2026-10-12"}
}))]
pub struct ReportClaimIn {
    /// The item of the rule book that was in force on that day.
    #[validate(length(min = 1, max = 32))]
    #[schema(min_length = 1, max_length = 32)]
    item_code: String,
    /// How many units, for an item that counts them.
    #[validate(range(min = 1, max = 10_000_000))]
    #[schema(minimum = 1, maximum = 10_000_000)]
    quantity: Option<u32>,
    /// Which option, for an item that has a choice.
    #[validate(length(min = 1, max = 32))]
    #[schema(min_length = 1, max_length = 32)]
    choice: Option<String>,
    /// The day of the deed, 2000 to 2999.
    #[validate(custom(function = "a_day"))]
    happened_on: NaiveDate,
    /// What there is to say about it. The text of the report does not go with it: whoever wrote that
    /// may be known by it.
    #[serde(default)]
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    text: String,
    /// Own photos as evidence, 9 at most with those of the report.
    #[serde(default)]
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    evidence_ids: Vec<Uuid>,
    /// Another claim of the same account that is of the same deed: of several only the highest counts.
    same_deed_as: Option<Uuid>,
    /// That the person agreed to the claim.
    #[validate(nested)]
    proxy: ProxyIn,
}

/// A deduction that is proposed for a nuisance.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "person_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "item_code": "ENV-9",
    "happened_on": "2026-10-11", "text": "桥下倾倒建筑垃圾"
}))]
pub struct ReportDeductionIn {
    /// Whose fault: never of the recorder's own household or kin.
    person_id: Uuid,
    /// The item of the rule book that was in force on that day; a deduction.
    #[validate(length(min = 1, max = 32))]
    #[schema(min_length = 1, max_length = 32)]
    item_code: String,
    /// How many units, for an item that counts them.
    #[validate(range(min = 1, max = 10_000_000))]
    #[schema(minimum = 1, maximum = 10_000_000)]
    quantity: Option<u32>,
    /// Which option, for an item that has a choice.
    #[validate(length(min = 1, max = 32))]
    #[schema(min_length = 1, max_length = 32)]
    choice: Option<String>,
    /// The day of the fault, 2000 to 2999.
    #[validate(custom(function = "a_day"))]
    happened_on: NaiveDate,
    /// What was seen: facts only. The person reads it.
    #[serde(default)]
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    text: String,
    /// Own photos as evidence, 9 at most with those of the report.
    #[serde(default)]
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    evidence_ids: Vec<Uuid>,
    /// For an item that needs two recorders: somebody else who may record deductions, of another
    /// household than the recorder and the person.
    second_recorder_id: Option<Uuid>,
    /// Another claim of the same account that is of the same deed.
    same_deed_as: Option<Uuid>,
}

/// Make a claim of a good deed
///
/// For the person praised, by proxy: they agreed. The photos of the report are its evidence once they
/// passed the check; before, or if they were refused, an item that asks for evidence needs own photos
/// (`evidence_missing`). It goes the whole way of review and notice, like any claim, and happens once
/// for a report. Nothing shows who reported it.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        KeyHeader,
    ),
    request_body = ReportClaimIn,
    responses((status = 201, description = "Submitted for review.", body = ClaimReceiptOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/claim")]
pub async fn report_claim_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<ReportClaimIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let said = body.value;
    let parts = Parts {
        item_code: said.item_code,
        quantity: said.quantity,
        choice: said.choice,
        happened_on: said.happened_on,
        text: said.text,
        evidence_ids: said.evidence_ids,
        second_recorder_id: None,
        same_deed_as: said.same_deed_as,
        doer_id: None,
        duty_id: None,
    };
    let plan = Proposal { deed: parts.into(), consent: said.proxy.into() };
    let receipt =
        state.run(move |db| reports::claim(db, &acting.actor, at, &plan, &once, now)).await?;
    Ok(HttpResponse::Created().json(ClaimReceiptOut::from(receipt)))
}

/// Propose a deduction for a nuisance
///
/// By triage, or by the grid worker who has it in hand, while it is open. The person is told at once,
/// with the way to put it right and by when; then it goes the whole way of review and notice. The photos
/// of the report are its evidence once they passed the check; before, or if they were refused, an item
/// that asks for evidence needs photos taken by whoever proposes it (`evidence_missing`). Put right
/// in time it ends there, and the report with it: `claim_cure`, or `report_resolve` with `cured`. It
/// happens once for a report.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        KeyHeader,
    ),
    request_body = ReportDeductionIn,
    responses((status = 201, description = "Submitted for review.", body = ClaimReceiptOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/deduction")]
pub async fn report_deduction_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<ReportDeductionIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let said = body.value;
    let parts = Parts {
        item_code: said.item_code,
        quantity: said.quantity,
        choice: said.choice,
        happened_on: said.happened_on,
        text: said.text,
        evidence_ids: said.evidence_ids,
        second_recorder_id: said.second_recorder_id,
        same_deed_as: said.same_deed_as,
        doer_id: None,
        duty_id: None,
    };
    let plan = DeductionPlan { person: VillagerId(said.person_id), deed: parts.into() };
    let receipt =
        state.run(move |db| reports::deduct(db, &acting.actor, at, &plan, &once, now)).await?;
    Ok(HttpResponse::Created().json(ClaimReceiptOut::from(receipt)))
}
