//! The QR that a villager shows at the till.

use actix_web::get;
use actix_web::web::{Data, Json};
use infra::codes;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answers::Failures;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// A code to show.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "code": "AQEBky1abAB6O48AGyw9Tl9gCAcGBQQDAgEBuoFAEREREREREREBAgMEBQYHCAkK",
    "valid_until": "2026-10-12T10:01:00+08:00"
}))]
pub struct PaymentCodeOut {
    /// What the QR holds: opaque, without personal data, good for one scan.
    #[schema(min_length = 64, max_length = 64)]
    code: String,
    /// When to show the next one. A scan takes it for a minute longer, since clocks differ.
    valid_until: String,
}

/// A fresh payment code
///
/// For the account of one's household, or one's own where the rule book counts persons. Every call
/// answers another code; all of them are good until they are scanned or out of date.
#[utoipa::path(
    tag = "mini-program",
    responses((status = 200, description = "A code.", body = PaymentCodeOut), Failures)
)]
#[get("/me/payment-code")]
pub async fn payment_code_show(
    acting: Acting,
    state: Data<State>,
) -> Result<Json<PaymentCodeOut>, Problem> {
    let now = state.clock.now();
    let shown = state.run(move |db| codes::show(db, &acting.actor, now)).await?;
    let valid_until = crate::time::shown(shown.valid_until);
    Ok(Json(PaymentCodeOut { code: shown.code, valid_until }))
}
