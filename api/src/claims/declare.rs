//! A villager declares a deed, or a cadre by proxy.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::id::{VillageId, VillagerId};
use infra::claims::{self, Consent, Declaration};
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

/// A deed that is declared for one person.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "person_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "item_code": "ENV-1", "quantity": 4,
    "happened_on": "2026-10-11", "text": "和邻居清扫村口公路四小时",
    "evidence_ids": ["01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61"]
}))]
pub struct ClaimIn {
    /// Who did it: oneself or a member of the own household; with `proxy` any villager.
    person_id: Uuid,
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
    /// What there is to say about it.
    #[serde(default)]
    #[validate(length(max = 1000))]
    #[schema(max_length = 1000)]
    text: String,
    /// Photos from `photo_upload`, uploaded by whoever declares and not used before.
    #[serde(default)]
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    evidence_ids: Vec<Uuid>,
    /// For an item that needs two recorders: somebody else who may record deductions, of another
    /// household than the claimant and the person.
    second_recorder_id: Option<Uuid>,
    /// Another claim of the same account that is of the same deed: of several only the highest counts.
    same_deed_as: Option<Uuid>,
    /// For an item that asks for a duty post or pledge of the person: which one, where several fit.
    /// Otherwise it is the one that they took on first.
    duty_id: Option<Uuid>,
    /// For an item that credits a relative: who did it, such as one who died. The person is the
    /// relative then, and the tie is one that was declared.
    doer_id: Option<Uuid>,
    /// Given by a cadre who declares for someone without a phone.
    #[validate(nested)]
    proxy: Option<ProxyIn>,
}

/// That somebody agreed to a claim by proxy (代申报).
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "consented_by": "陈桂芳", "consented_how": "当面口头同意", "consented_on": "2026-10-12"
}))]
pub struct ProxyIn {
    /// Who agreed: the person, or a member of the household.
    #[validate(length(min = 1, max = 50))]
    #[schema(min_length = 1, max_length = 50)]
    consented_by: String,
    /// How: spoken, signed, by telephone.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    consented_how: String,
    /// When; not before the deed.
    #[validate(custom(function = "a_day"))]
    consented_on: NaiveDate,
}

impl From<ProxyIn> for Consent {
    fn from(proxy: ProxyIn) -> Self {
        Self { by: proxy.consented_by, how: proxy.consented_how, on: proxy.consented_on }
    }
}

impl ClaimIn {
    fn declaration(self) -> Declaration {
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
            doer_id: self.doer_id,
        };
        Declaration {
            person: VillagerId(self.person_id),
            deed: parts.into(),
            proxy: self.proxy.map(Consent::from),
        }
    }
}

/// Declare a deed
///
/// For oneself or a member of the own household; a cadre declares for anybody else with `proxy`,
/// which says who agreed, how and when, and the person is told. The book of the day of the deed
/// judges it. Nobody reviews a claim that they made.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    request_body = ClaimIn,
    responses((status = 201, description = "Submitted for review.", body = ClaimReceiptOut), Failures)
)]
#[post("/villages/{village_id}/claims")]
pub async fn claim_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<ClaimIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let declaration = body.value.declaration();
    let receipt = state
        .run(move |db| claims::create(db, &acting.actor, village, &declaration, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ClaimReceiptOut::from(receipt)))
}
