//! What whoever sent a report does with it.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::{ReportId, VillageId};
use infra::reports::{self, Own};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::ReportReceiptOut;
use super::desk::ReportReasonIn;
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// Nothing.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub struct NothingIn {}

/// Confirm that one's report is done
///
/// By whoever sent it. Without that it counts as confirmed after five working days. Nobody confirms
/// their own work. Where one's report was joined to another, that one is confirmed; where several
/// people reported the same, it stays resolved until all of them confirmed it or the time is over.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        KeyHeader,
    ),
    request_body = NothingIn,
    responses((status = 201, description = "Confirmed.", body = ReportReceiptOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/confirmations")]
pub async fn report_confirm(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<NothingIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let receipt = state
        .run(move |db| reports::change(db, &acting.actor, at, Own::Confirm, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ReportReceiptOut::from(receipt)))
}

/// Reopen one's report
///
/// By whoever sent it, within five working days after it was resolved, with a reason, unless they
/// confirmed it. It waits to be dispatched again. Where one's report was joined to another, that one
/// is reopened; others who reported the same do not read the reason.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        KeyHeader,
    ),
    request_body = ReportReasonIn,
    responses((status = 201, description = "Reopened.", body = ReportReceiptOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/reopenings")]
pub async fn report_reopen(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<ReportReasonIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let reason = body.value.reason;
    let receipt = state
        .run(move |db| {
            reports::change(db, &acting.actor, at, Own::Reopen { reason: &reason }, &once, now)
        })
        .await?;
    Ok(HttpResponse::Created().json(ReportReceiptOut::from(receipt)))
}

/// Urge what is overdue (催办)
///
/// By whoever sent the report, or by those at the desk and above, once a day and only when somebody
/// should have acted. The grid worker who has it in hand is told, or the desk. The program urges once
/// by itself, and again after something else is due. Where the report was joined to another, that one
/// is urged.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        KeyHeader,
    ),
    request_body = NothingIn,
    responses((status = 201, description = "Urged.", body = ReportReceiptOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/urges")]
pub async fn report_urge(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<NothingIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let receipt = state.run(move |db| reports::urge(db, &acting.actor, at, &once, now)).await?;
    Ok(HttpResponse::Created().json(ReportReceiptOut::from(receipt)))
}

/// Take one's report back
///
/// By whoever sent it, until it is resolved, or until a claim or deduction came of it. Not while
/// reports of others are joined to it (`report_shared`): they wait for what becomes of it.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        KeyHeader,
    ),
    request_body = NothingIn,
    responses((status = 201, description = "Taken back.", body = ReportReceiptOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/withdrawals")]
pub async fn report_withdraw(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<NothingIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let receipt = state
        .run(move |db| reports::change(db, &acting.actor, at, Own::Withdraw, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(ReportReceiptOut::from(receipt)))
}
