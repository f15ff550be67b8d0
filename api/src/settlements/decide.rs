//! Closing a month, approving, paying and closing statements.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::{FundAccountId, VillageId};
use infra::settlements::{self, Act, Payment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::SettlementReceiptOut;
use super::out::month;
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader, filled};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// A month to close.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"month": "2026-10"}))]
pub struct MonthClosingIn {
    /// The month; those before it that are open are closed too.
    #[validate(length(equal = 7))]
    #[schema(min_length = 7, max_length = 7)]
    month: String,
}

/// What closing came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"months": 1, "statements": 3, "differing": 0}))]
pub struct MonthClosingOut {
    /// So many months were closed; none if the worker was faster.
    months: usize,
    /// So many statements were made.
    statements: usize,
    /// Of these, so many differ from the ledger.
    differing: usize,
}

/// Close a month
///
/// The program closes every month by itself an hour after it is over; this is for a village that cannot
/// wait for it. Who had it closed does not approve its statements. A month is closed once.
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    request_body = MonthClosingIn,
    responses((status = 201, description = "Closed.", body = MonthClosingOut), Failures)
)]
#[post("/villages/{village_id}/settlements/closings")]
pub async fn settlement_close_month(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<MonthClosingIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now, demo) = (VillageId(path.0), state.clock.now(), state.demo);
    let once = key.once(acting.actor.user, &body.hash);
    let month = month(&body.value.month)?;
    let closed = state
        .run(move |db| {
            // The demo's clock runs ahead of the database's.
            let now = if demo { now } else { db.earlier(now)? };
            settlements::close_month(db, &acting.actor, village, month, &once, now)
        })
        .await?;
    let settlements::Closed { months, statements, differing } = closed;
    Ok(HttpResponse::Created().json(MonthClosingOut { months, statements, differing }))
}

/// What is done with a statement.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SettlementDecisionName {
    /// Approves it.
    Approve,
    /// Takes the approval back, with the reason.
    TakeBack,
}

/// A decision on a statement.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"decision": "approve"}))]
pub struct SettlementDecisionIn {
    /// What.
    #[schema(inline)]
    decision: SettlementDecisionName,
    /// Why; to take an approval back, and only then.
    #[validate(length(min = 1, max = 500), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 500)]
    reason: Option<String>,
}

impl SettlementDecisionIn {
    fn act(self) -> Result<Act, Problem> {
        match (self.decision, self.reason) {
            (SettlementDecisionName::Approve, None) => Ok(Act::Approve),
            (SettlementDecisionName::TakeBack, Some(reason)) => Ok(Act::TakeBack(reason)),
            (SettlementDecisionName::Approve, Some(_)) => {
                Err(Problem::field(Door::Invalid, "reason", "does not go with an approval"))
            }
            (SettlementDecisionName::TakeBack, None) => {
                Err(Problem::field(Door::Invalid, "reason", "needed to take it back"))
            }
        }
    }
}

/// Approve a statement, or take that back
///
/// Not one that differs from the ledger or that the party disputes, and not by who had the month closed or
/// who owns or works for the merchant. Till and ledger are compared once more: if the month is not what it
/// was, this is refused with `settlement_differs`, and the statement differs. An approval can be taken back
/// until it is paid.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("settlement_id" = Uuid, Path, description = "The statement."), KeyHeader,
    ),
    request_body = SettlementDecisionIn,
    responses((status = 201, description = "Decided.", body = SettlementReceiptOut), Failures)
)]
#[post("/villages/{village_id}/settlements/{settlement_id}/decisions")]
pub async fn settlement_decide(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<SettlementDecisionIn>,
) -> Result<HttpResponse, Problem> {
    let once = key.once(acting.actor.user, &body.hash);
    let act = body.value.act()?;
    let (at, now) = ((VillageId(path.0.0), path.0.1), state.clock.now());
    let row =
        state.run(move |db| settlements::decide(db, &acting.actor, at, &act, &once, now)).await?;
    Ok(HttpResponse::Created().json(SettlementReceiptOut::try_from(row)?))
}

/// The payment of a statement.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "fund_account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f63", "document": "付字〔2026〕18号",
    "paid_on": "2026-11-05"
}))]
pub struct SettlementPaymentIn {
    /// The account of the fund that pays; for a store of the village, the one that gets its cash.
    fund_account_id: Uuid,
    /// The number of the document.
    #[validate(length(min = 1, max = 100), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 100)]
    document: String,
    /// The day on the document.
    paid_on: chrono::NaiveDate,
}

/// Pay a statement
///
/// All that is due, out of the fund, by another person than who approved it, and nobody of the merchant;
/// not before the merchant agreed or its time to dispute is over. A points store of the village
/// hands its cash in: that goes into the fund. It is a voucher of the fund, with both people.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("settlement_id" = Uuid, Path, description = "The statement."), KeyHeader,
    ),
    request_body = SettlementPaymentIn,
    responses((status = 201, description = "Paid.", body = SettlementReceiptOut), Failures)
)]
#[post("/villages/{village_id}/settlements/{settlement_id}/payments")]
pub async fn settlement_pay(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<SettlementPaymentIn>,
) -> Result<HttpResponse, Problem> {
    let once = key.once(acting.actor.user, &body.hash);
    let SettlementPaymentIn { fund_account_id, document, paid_on } = body.value;
    let payment = Payment { account: FundAccountId(fund_account_id), document, on: paid_on };
    let act = Act::Pay(payment);
    let (at, now) = ((VillageId(path.0.0), path.0.1), state.clock.now());
    let row =
        state.run(move |db| settlements::decide(db, &acting.actor, at, &act, &once, now)).await?;
    Ok(HttpResponse::Created().json(SettlementReceiptOut::try_from(row)?))
}

/// Close a statement
///
/// The owner of the merchant, or the village, says that the money has arrived; not who paid it. One that is
/// approved and has nothing due is closed without a payment: by the village once the merchant agreed or its
/// time to dispute is over.
#[utoipa::path(
    tag = "merchant",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("settlement_id" = Uuid, Path, description = "The statement."), KeyHeader,
    ),
    responses((status = 201, description = "Closed.", body = SettlementReceiptOut), Failures)
)]
#[post("/villages/{village_id}/settlements/{settlement_id}/closing")]
pub async fn settlement_close(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
) -> Result<HttpResponse, Problem> {
    let once = key.once(acting.actor.user, &[]);
    let (at, now) = ((VillageId(path.0.0), path.0.1), state.clock.now());
    let row = state
        .run(move |db| settlements::decide(db, &acting.actor, at, &Act::Close, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(SettlementReceiptOut::try_from(row)?))
}
