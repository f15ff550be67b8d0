//! What only a demo server has: a clock that can be moved, so that three days of public notice do
//! not take three days. A production server does not know these addresses.

use actix_web::web::{Data, Json};
use actix_web::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::answers::Failures;
use crate::body::Body;
use crate::problem::{Door, Problem};
use crate::state::State;

/// By how much to move the clock.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"seconds": 259_200}))]
pub struct ClockIn {
    /// Seconds forward: a year at most.
    #[validate(range(min = 1, max = 31_622_400))]
    #[schema(minimum = 1, maximum = 31_622_400)]
    seconds: u32,
}

/// The demo's time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"now": "2026-10-15T10:00:00+08:00"}))]
pub struct ClockOut {
    /// What time it is in the demo.
    now: String,
}

fn shown(state: &State) -> Result<Json<ClockOut>, Problem> {
    if state.demo {
        Ok(Json(ClockOut { now: crate::time::shown(state.clock.now()) }))
    } else {
        Err(Problem::door(Door::NoRoute))
    }
}

/// The demo's time
///
/// Only on a demo server; elsewhere 404.
#[utoipa::path(
    tag = "demo",
    responses((status = 200, description = "The time.", body = ClockOut), Failures)
)]
#[get("/demo/clock")]
pub async fn demo_clock_show(state: Data<State>) -> Result<Json<ClockOut>, Problem> {
    shown(&state)
}

/// Move the demo's clock forward
///
/// Only on a demo server; elsewhere 404. The clock never goes back, and is in the present again
/// after a restart.
#[utoipa::path(
    tag = "demo",
    request_body = ClockIn,
    responses((status = 200, description = "The time after it.", body = ClockOut), Failures)
)]
#[post("/demo/clock")]
pub async fn demo_clock_advance(
    state: Data<State>,
    body: Body<ClockIn>,
) -> Result<Json<ClockOut>, Problem> {
    if state.demo {
        state.clock.advance(body.value.seconds);
    }
    shown(&state)
}
