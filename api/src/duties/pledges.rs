//! Pledges under the five colours.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::duty::Pledge;
use domain::id::{DutyId, VillageId, VillagerId};
use infra::duties;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::{ConsentIn, DutyReceiptOut};
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader, filled};
use crate::names::{ColourName, PledgeOutcomeName};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// A pledge to give.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "person_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "colour": "red", "period": "2026",
    "text": "带头清理房前屋后,每月参加一次村道清扫"
}))]
pub struct PledgeIn {
    /// Oneself; with `consent` any villager.
    person_id: Uuid,
    /// Under which colour: that of a track of the person, or blue.
    colour: ColourName,
    /// For which period: `2026`, `2026-H1`, `2026-Q3` or `2026-07`.
    #[validate(length(min = 4, max = 7))]
    #[schema(min_length = 4, max_length = 7, pattern = "^[0-9]{4}(-(H[12]|Q[1-4]|[01][0-9]))?$")]
    period: String,
    /// What is promised.
    #[validate(length(max = 1000), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
    /// Given by a cadre who records what someone signed on paper.
    #[validate(nested)]
    consent: Option<ConsentIn>,
}

impl PledgeIn {
    fn pledge(self) -> Result<Pledge, Problem> {
        let period = self.period.parse().map_err(|_| {
            Problem::field(Door::Invalid, "period", "a year, half-year, quarter or month")
        })?;
        Ok(Pledge {
            colour: self.colour.into(),
            period,
            text: self.text.trim().to_owned(),
            consent: self.consent.map(Into::into),
        })
    }
}

/// Give a pledge (五色契约)
///
/// For oneself; not even a member of the household pledges for another. A cadre records with `consent`
/// what somebody signed, and they are told. It holds from the day on which it was given to the last day
/// of its period, can be withdrawn any day with `duty_end`, and gives no points by itself.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    request_body = PledgeIn,
    responses((status = 201, description = "Given.", body = DutyReceiptOut), Failures)
)]
#[post("/villages/{village_id}/pledges")]
pub async fn pledge_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<PledgeIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let who = VillagerId(body.value.person_id);
    let pledge = body.value.pledge()?;
    let receipt = state
        .run(move |db| duties::pledge(db, &acting.actor, village, who, &pledge, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(DutyReceiptOut::from(receipt)))
}

/// What became of a pledge.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"outcome": "partly_kept", "reason": "全年参加清扫八次"}))]
pub struct PledgeOutcomeIn {
    /// Whether it was kept.
    outcome: PledgeOutcomeName,
    /// Why; needed unless it was kept. Whoever pledged reads it.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    reason: String,
}

/// Confirm what became of a pledge
///
/// Once, from the last day of its period on, by somebody of another household who is no kin and did not
/// record it. It is shown with the claims made under the pledge and moves no points itself.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("pledge_id" = Uuid, Path, description = "The pledge."),
        KeyHeader,
    ),
    request_body = PledgeOutcomeIn,
    responses((status = 201, description = "Confirmed.", body = DutyReceiptOut), Failures)
)]
#[post("/villages/{village_id}/pledges/{pledge_id}/outcome")]
pub async fn pledge_confirm(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<PledgeOutcomeIn>,
) -> Result<HttpResponse, Problem> {
    let (village, pledge) = (VillageId(path.0.0), DutyId(path.0.1));
    let now = state.clock.now();
    let once = key.once(acting.actor.user, &body.hash);
    let PledgeOutcomeIn { outcome, reason } = body.value;
    let said = outcome.into();
    let receipt = state
        .run(move |db| {
            duties::confirm(db, &acting.actor, village, pledge, (said, &reason), &once, now)
        })
        .await?;
    Ok(HttpResponse::Created().json(DutyReceiptOut::from(receipt)))
}
