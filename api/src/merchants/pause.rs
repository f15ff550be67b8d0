//! Pausing a merchant, resuming, and closing it for good.

use actix_web::post;
use actix_web::web::{Data, Json};
use chrono::NaiveDate;
use domain::id::MerchantId;
use infra::merchants::{self, PauseAsk};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::{MerchantOut, ReasonIn};
use crate::answers::Failures;
use crate::body::{Body, InPath, filled};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// A pause.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from": "2026-10-20", "until": "2026-10-27", "reason": "店面装修"}))]
pub struct PauseIn {
    /// The first day; today, and at once, if none.
    from: Option<NaiveDate>,
    /// The last day; until somebody ends it if none.
    until: Option<NaiveDate>,
    /// Why.
    #[validate(length(min = 1, max = 500), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Pause a merchant
///
/// By its owner, or by those who run the division that registered it. On these days it neither scans nor
/// sells and is not on the list; refunds go on. A new pause takes the place of the one before. What the
/// division said the merchant does not change.
#[utoipa::path(
    tag = "merchant",
    request_body = PauseIn,
    params(("merchant_id" = Uuid, Path, description = "The merchant.")),
    responses((status = 200, description = "With its pause.", body = MerchantOut), Failures)
)]
#[post("/merchants/{merchant_id}/pause")]
pub async fn merchant_pause(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<PauseIn>,
) -> Result<Json<MerchantOut>, Problem> {
    let (merchant, now) = (MerchantId(path.0), state.clock.now());
    let PauseIn { from, until, reason } = body.value;
    let ask = PauseAsk { from, until, reason };
    let row = state.run(move |db| merchants::pause(db, &acting.actor, merchant, &ask, now)).await?;
    Ok(Json(MerchantOut::of(&row)?))
}

/// End a pause
///
/// From this moment the merchant trades again. Whoever may pause it; a pause by the division is ended by
/// the division.
#[utoipa::path(
    tag = "merchant",
    request_body = ReasonIn,
    params(("merchant_id" = Uuid, Path, description = "The merchant.")),
    responses((status = 200, description = "It trades.", body = MerchantOut), Failures)
)]
#[post("/merchants/{merchant_id}/resumption")]
pub async fn merchant_resume(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<ReasonIn>,
) -> Result<Json<MerchantOut>, Problem> {
    let (merchant, now) = (MerchantId(path.0), state.clock.now());
    let row = state
        .run(move |db| merchants::resume(db, &acting.actor, merchant, &body.value.reason, now))
        .await?;
    Ok(Json(MerchantOut::of(&row)?))
}

/// Close a merchant
///
/// From this moment it neither scans nor sells. Refunds go on.
#[utoipa::path(
    tag = "admin",
    request_body = ReasonIn,
    params(("merchant_id" = Uuid, Path, description = "The merchant.")),
    responses((status = 200, description = "Closed.", body = MerchantOut), Failures)
)]
#[post("/merchants/{merchant_id}/closing")]
pub async fn merchant_close(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<ReasonIn>,
) -> Result<Json<MerchantOut>, Problem> {
    let (merchant, now) = (MerchantId(path.0), state.clock.now());
    let row = state
        .run(move |db| merchants::close(db, &acting.actor, merchant, &body.value.reason, now))
        .await?;
    Ok(Json(MerchantOut::of(&row)?))
}
