//! A cadre records a deduction, and closes it when it was put right.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::id::{ClaimId, VillageId, VillagerId};
use infra::claims::{self, Fault};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::ClaimReceiptOut;
use super::deed::{Parts, a_day};
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// A fault that is recorded.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "person_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "item_code": "ENV-9",
    "happened_on": "2026-10-11", "text": "在村口沟边倾倒建筑垃圾",
    "evidence_ids": ["01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61"]
}))]
pub struct DeductionIn {
    /// Whose fault: never of the recorder's own household.
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
    /// Photos from `photo_upload`, uploaded by the recorder and not used before.
    #[serde(default)]
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    evidence_ids: Vec<Uuid>,
    /// For an item that needs two recorders: somebody else who may record deductions, of another
    /// household than the recorder and the person. They are told that they were named.
    second_recorder_id: Option<Uuid>,
    /// Another claim of the same account that is of the same deed: of several only the highest counts.
    same_deed_as: Option<Uuid>,
    /// For an item that asks for a duty post or pledge of the person: which one, where several fit.
    /// Otherwise it is the one that they took on first.
    duty_id: Option<Uuid>,
}

impl DeductionIn {
    fn fault(self) -> Fault {
        let parts = Parts {
            item_code: self.item_code,
            quantity: self.quantity,
            choice: self.choice,
            happened_on: self.happened_on,
            text: self.text,
            evidence_ids: self.evidence_ids,
            second_recorder_id: self.second_recorder_id,
            same_deed_as: self.same_deed_as,
            duty_id: self.duty_id,
            doer_id: None,
        };
        Fault { person: VillagerId(self.person_id), deed: parts.into() }
    }
}

/// Record a deduction
///
/// The person and the head of the household are told at once, with the way to put it right and by
/// when. It goes the whole way of review and notice like any claim.
#[utoipa::path(
    tag = "review",
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    request_body = DeductionIn,
    responses((status = 201, description = "Submitted for review.", body = ClaimReceiptOut), Failures)
)]
#[post("/villages/{village_id}/deductions")]
pub async fn deduction_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<DeductionIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let fault = body.value.fault();
    let receipt =
        state.run(move |db| claims::deduct(db, &acting.actor, village, &fault, &once, now)).await?;
    Ok(HttpResponse::Created().json(ClaimReceiptOut::from(receipt)))
}

/// That a fault was put right.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "10月15日复查,垃圾已清理干净"}))]
pub struct CureIn {
    /// What was seen.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// Close a deduction that was put right
///
/// In time, that is up to and on the day `cure_until` of the deduction: until then it neither hangs on
/// the notice board nor stands in the ledger, and it is withdrawn. Afterwards see `claim_repair`.
/// Nobody does this for their own household or kin.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("claim_id" = Uuid, Path, description = "The deduction."),
        KeyHeader,
    ),
    request_body = CureIn,
    responses((status = 201, description = "Closed.", body = ClaimReceiptOut), Failures)
)]
#[post("/villages/{village_id}/claims/{claim_id}/cures")]
pub async fn claim_cure(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<CureIn>,
) -> Result<HttpResponse, Problem> {
    let (village, claim) = (VillageId(path.0.0), ClaimId(path.0.1));
    let now = state.clock.now();
    let once = key.once(acting.actor.user, &body.hash);
    let reason = body.value.reason;
    let receipt = state
        .run(move |db| claims::cure(db, &acting.actor, village, claim, &reason, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ClaimReceiptOut::from(receipt)))
}

/// Repair what goes on until it is put right (信用修复)
///
/// After it was posted: a deduction that is extended until it is put right gets the day on which it
/// ends, and a direct grade is replaced by the fixed deduction of its item. Before, see `claim_cure`.
/// Nobody does this for their own household or kin.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("claim_id" = Uuid, Path, description = "The deduction or direct grade."),
        KeyHeader,
    ),
    request_body = CureIn,
    responses((status = 201, description = "Repaired.", body = ClaimReceiptOut), Failures)
)]
#[post("/villages/{village_id}/claims/{claim_id}/repairs")]
pub async fn claim_repair(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<CureIn>,
) -> Result<HttpResponse, Problem> {
    let (village, claim) = (VillageId(path.0.0), ClaimId(path.0.1));
    let now = state.clock.now();
    let once = key.once(acting.actor.user, &body.hash);
    let reason = body.value.reason;
    let receipt = state
        .run(move |db| claims::repair(db, &acting.actor, village, claim, &reason, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ClaimReceiptOut::from(receipt)))
}
