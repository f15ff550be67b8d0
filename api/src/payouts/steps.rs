//! What becomes of a dividend or awards: the vote, the notice, the payment, or nothing.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use chrono::NaiveDate;
use domain::id::{FundAccountId, PayoutId, VillageId};
use domain::rule_book::Resolution;
use infra::payouts::{self, Paying};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::out::PayoutOut;
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader, filled};
use crate::claims::a_day;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// What the assembly resolved.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "held_on": "2027-01-05", "present": 42, "votes_for": 40, "votes_against": 1
}))]
pub struct PayoutVoteIn {
    /// The day of the assembly.
    #[validate(custom(function = "a_day"))]
    held_on: NaiveDate,
    /// How many were present.
    #[validate(range(max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    present: u32,
    /// How many voted for it: more than half of those present.
    #[validate(range(max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    votes_for: u32,
    /// How many voted against it.
    #[validate(range(max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    votes_against: u32,
}

/// For how long it hangs.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"days": 7}))]
pub struct PayoutNoticeIn {
    /// Full days.
    #[validate(range(min = 1, max = 60))]
    #[schema(minimum = 1, maximum = 60)]
    days: u16,
}

/// Why it is taken back.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "村集体收入有变,重新核定总额"}))]
pub struct PayoutWithdrawalIn {
    /// Why.
    #[validate(length(max = 200), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 200)]
    reason: String,
}

/// Out of which account it is paid, by which document.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "fund_account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "document": "支2027-003"
}))]
pub struct PayoutPaymentIn {
    /// The account of the fund; left out only where nothing but goods is given.
    fund_account_id: Option<Uuid>,
    /// The number of the document.
    #[validate(length(max = 60), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 60)]
    document: String,
}

/// Record the vote of the assembly on a dividend or awards
///
/// Carried by more than half of those present, as a rule book is adopted; nothing is recorded of a vote
/// that was not.
#[utoipa::path(
    tag = "admin",
    request_body = PayoutVoteIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("payout_id" = Uuid, Path, description = "The dividend or awards."),
        KeyHeader,
    ),
    responses((status = 201, description = "Voted for.", body = PayoutOut), Failures)
)]
#[post("/villages/{village_id}/payouts/{payout_id}/votes")]
pub async fn payout_vote(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<PayoutVoteIn>,
) -> Result<HttpResponse, Problem> {
    let (village, id, now) = (VillageId(path.0.0), PayoutId(path.0.1), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let PayoutVoteIn { held_on, present, votes_for, votes_against } = body.value;
    let resolution = Resolution { held_on, present, votes_for, votes_against };
    let row = state
        .run(move |db| payouts::vote(db, &acting.actor, village, (id, resolution), &once, now))
        .await?;
    Ok(HttpResponse::Created().json(PayoutOut::of(row)?))
}

/// Hang a dividend or awards on the notice board
///
/// After the vote, and reckoned once more at that moment: the assembly voted for a pool or for prizes, and
/// what was posted since counts too (`changed_since_vote`). If more comes out than it voted for, which equal
/// ranks can bring about, it does not hang and is a draft again. When the notice is over it takes effect if no objection is open: since parts depend
/// on each other, one that is disputed holds all of them. After an answer by which it was reckoned anew
/// it hangs once more for as many days; the notice before goes on showing what hung on it. The household
/// whose part it is may object until it is paid.
#[utoipa::path(
    tag = "admin",
    request_body = PayoutNoticeIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("payout_id" = Uuid, Path, description = "The dividend or awards."),
        KeyHeader,
    ),
    responses((status = 201, description = "Hangs.", body = PayoutOut), Failures)
)]
#[post("/villages/{village_id}/payouts/{payout_id}/notices")]
pub async fn payout_publish(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<PayoutNoticeIn>,
) -> Result<HttpResponse, Problem> {
    let (village, id, now) = (VillageId(path.0.0), PayoutId(path.0.1), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let days = body.value.days;
    let row = state
        .run(move |db| payouts::publish(db, &acting.actor, village, (id, days), &once, now))
        .await?;
    Ok(HttpResponse::Created().json(PayoutOut::of(row)?))
}

/// Take a dividend or awards back
///
/// Before they are paid; a new draft can be prepared. Since they were hung this takes somebody else than who
/// hung them; the notice is taken down, everybody who had a part is told why, and objections are answered
/// by it. No points were taken: that happens with the payment.
#[utoipa::path(
    tag = "admin",
    request_body = PayoutWithdrawalIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("payout_id" = Uuid, Path, description = "The dividend or awards."),
        KeyHeader,
    ),
    responses((status = 201, description = "Taken back.", body = PayoutOut), Failures)
)]
#[post("/villages/{village_id}/payouts/{payout_id}/withdrawals")]
pub async fn payout_withdraw(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<PayoutWithdrawalIn>,
) -> Result<HttpResponse, Problem> {
    let (village, id, now) = (VillageId(path.0.0), PayoutId(path.0.1), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let reason = body.value.reason;
    let row = state
        .run(move |db| payouts::withdraw(db, &acting.actor, village, (id, &reason), &once, now))
        .await?;
    Ok(HttpResponse::Created().json(PayoutOut::of(row)?))
}

/// Pay a dividend or awards out of the fund
///
/// Once, in effect, by somebody who neither prepared them nor answered an objection to them. The total leaves
/// the account of the fund as one voucher, and with it the points that it is paid for are used up, if the
/// terms say so: those of the period as far as they are still there. From then on parts are handed out.
#[utoipa::path(
    tag = "admin",
    request_body = PayoutPaymentIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("payout_id" = Uuid, Path, description = "The dividend or awards."),
        KeyHeader,
    ),
    responses((status = 201, description = "Paid.", body = PayoutOut), Failures)
)]
#[post("/villages/{village_id}/payouts/{payout_id}/payments")]
pub async fn payout_pay(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<PayoutPaymentIn>,
) -> Result<HttpResponse, Problem> {
    let (village, id, now) = (VillageId(path.0.0), PayoutId(path.0.1), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let PayoutPaymentIn { fund_account_id, document } = body.value;
    let paying = Paying { fund_account: fund_account_id.map(FundAccountId), document };
    let row = state
        .run(move |db| payouts::pay(db, &acting.actor, village, (id, &paying), &once, now))
        .await?;
    Ok(HttpResponse::Created().json(PayoutOut::of(row)?))
}
