//! A cadre declares a collective activity for all who took part.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::id::{VillageId, VillagerId};
use infra::claims::{self, Activity, ActivityReceipt};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::deed::{Parts, a_day};
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// A collective activity: one deed, many people.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "国庆前村道大清扫",
    "person_ids": ["01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62"],
    "item_code": "ENV-1", "quantity": 2, "happened_on": "2026-09-30",
    "evidence_ids": ["01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61"]
}))]
pub struct ActivityClaimIn {
    /// What people call it.
    #[validate(length(min = 1, max = 100))]
    #[schema(min_length = 1, max_length = 100)]
    title: String,
    /// Who took part, each once.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_items = 1, max_items = 500)]
    person_ids: Vec<Uuid>,
    /// The item of the rule book that was in force on that day; cadres may claim it.
    #[validate(length(min = 1, max = 32))]
    #[schema(min_length = 1, max_length = 32)]
    item_code: String,
    /// How many units each of them, for an item that counts them.
    #[validate(range(min = 1, max = 10_000_000))]
    #[schema(minimum = 1, maximum = 10_000_000)]
    quantity: Option<u32>,
    /// Which option, for an item that has a choice.
    #[validate(length(min = 1, max = 32))]
    #[schema(min_length = 1, max_length = 32)]
    choice: Option<String>,
    /// The day of the activity, 2000 to 2999.
    #[validate(custom(function = "a_day"))]
    happened_on: NaiveDate,
    /// What there is to say about it.
    #[serde(default)]
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    text: String,
    /// Photos from `photo_upload`; all claims of the activity share them.
    #[serde(default)]
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    evidence_ids: Vec<Uuid>,
    /// For an item that needs two recorders: somebody else who may record deductions.
    second_recorder_id: Option<Uuid>,
}

impl ActivityClaimIn {
    fn activity(self) -> Activity {
        let parts = Parts {
            item_code: self.item_code,
            quantity: self.quantity,
            choice: self.choice,
            happened_on: self.happened_on,
            text: self.text,
            evidence_ids: self.evidence_ids,
            same_deed_as: None,
            duty_id: None,
            doer_id: None,
            second_recorder_id: self.second_recorder_id,
        };
        Activity {
            title: self.title,
            people: self.person_ids.into_iter().map(VillagerId).collect(),
            deed: parts.into(),
        }
    }
}

/// An activity that was declared.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "activity_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f63",
    "claims": [{
        "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f64",
        "person_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60"
    }],
    "asked_points": "2", "stage_name": "民主评议", "due_at": "2026-10-20T00:00:00+08:00"
}))]
pub struct ActivityClaimOut {
    /// The activity.
    activity_id: Uuid,
    /// The claims, in the order of `person_ids`.
    #[schema(max_items = 500)]
    claims: Vec<ActivityLineOut>,
    /// The points for each of them, before caps.
    asked_points: String,
    /// The stage that looks at them.
    stage_name: Option<String>,
    /// Until when that stage should decide.
    due_at: Option<String>,
}

/// The claim of one who took part.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActivityLineOut {
    /// The claim.
    id: Uuid,
    /// Who took part.
    person_id: Uuid,
}

impl From<ActivityReceipt> for ActivityClaimOut {
    fn from(receipt: ActivityReceipt) -> Self {
        let line = |(claim, person): &(domain::id::ClaimId, VillagerId)| ActivityLineOut {
            id: claim.0,
            person_id: person.0,
        };
        Self {
            activity_id: receipt.activity.0,
            claims: receipt.claims.iter().map(line).collect(),
            asked_points: receipt.asked.to_string(),
            stage_name: receipt.stage_name,
            due_at: receipt.due_at.map(shown),
        }
    }
}

/// Declare a collective activity
///
/// Makes one claim for each of up to 500 people, or none: who stands in the way is named in
/// `errors` (code `person_refused`). Each goes its own way from here on.
#[utoipa::path(
    tag = "review",
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    request_body = ActivityClaimIn,
    responses((status = 201, description = "Submitted for review.", body = ActivityClaimOut), Failures)
)]
#[post("/villages/{village_id}/activity-claims")]
pub async fn activity_claim_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<ActivityClaimIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let activity = body.value.activity();
    let receipt = state
        .run(move |db| claims::create_activity(db, &acting.actor, village, &activity, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ActivityClaimOut::from(receipt)))
}
