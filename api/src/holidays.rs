//! The holiday table, from which working days are counted.

use std::collections::BTreeSet;

use actix_web::web::Data;
use actix_web::{HttpResponse, put};
use chrono::NaiveDate;
use infra::calendar;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::answers::Failures;
use crate::body::Body;
use crate::names::DayKindName;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// Days that are not what their weekday says.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"days": [
    {"day": "2026-10-01", "kind": "holiday"}, {"day": "2026-10-10", "kind": "workday"}
]}))]
pub struct HolidaysIn {
    /// The days, each once.
    #[validate(length(min = 1, max = 400), custom(function = "each_once"))]
    #[schema(min_items = 1, max_items = 400)]
    days: Vec<HolidayIn>,
}

/// A day.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidayIn {
    /// The day.
    day: NaiveDate,
    /// What it is.
    kind: DayKindName,
}

fn each_once(days: &[HolidayIn]) -> Result<(), ValidationError> {
    let different: BTreeSet<NaiveDate> = days.iter().map(|line| line.day).collect();
    if different.len() == days.len() { Ok(()) } else { Err(ValidationError::new("day_twice")) }
}

/// Import holidays
///
/// Says of some days whether they are worked; other days stay as they are.
#[utoipa::path(
    tag = "admin",
    request_body = HolidaysIn,
    responses((status = 204, description = "Recorded."), Failures)
)]
#[put("/holidays")]
pub async fn holiday_import(
    acting: Acting,
    state: Data<State>,
    body: Body<HolidaysIn>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let days: Vec<_> =
        body.value.days.into_iter().map(|line| (line.day, line.kind.into())).collect();
    state.run(move |db| calendar::import(db, &acting.actor, &days, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
