//! When a village brakes the issuance of points and star credit.

use actix_web::web::{Data, Json};
use actix_web::{get, put};
use chrono::NaiveDate;
use domain::fund::brake::{Brake, BrakePolicy};
use domain::id::VillageId;
use domain::points::BasisPoints;
use infra::funds::brakes;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// When a village brakes, and how hard.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "warn_below_bp": 10_000, "brake_below_bp": 6_000, "issued_bp": 5_000, "notice_days": 7
}))]
pub struct BrakePolicyBody {
    /// Below this coverage those who run the village are warned; not below `brake_below_bp`.
    #[validate(range(max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    warn_below_bp: u32,
    /// Below this coverage a brake is announced; 0 never brakes.
    #[validate(range(max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    brake_below_bp: u32,
    /// The share that is issued while braked, in basis points.
    #[validate(range(max = 9_999))]
    #[schema(minimum = 0, maximum = 9_999)]
    issued_bp: u16,
    /// How many whole days lie between the announcement and the first braked day.
    #[validate(range(min = 3, max = 60))]
    #[schema(minimum = 3, maximum = 60)]
    notice_days: u16,
}

impl From<BrakePolicy> for BrakePolicyBody {
    fn from(policy: BrakePolicy) -> Self {
        Self {
            warn_below_bp: policy.warn_below,
            brake_below_bp: policy.brake_below,
            issued_bp: policy.issued.get(),
            notice_days: policy.notice_days,
        }
    }
}

/// A brake that was announced.
#[derive(Debug, Serialize, ToSchema)]
pub struct BrakeOut {
    /// The first day on which less is issued.
    from: NaiveDate,
    /// The last one, once it is known.
    until: Option<NaiveDate>,
    /// The share that is issued, in basis points.
    issued_bp: u16,
}

impl From<Brake> for BrakeOut {
    fn from(brake: Brake) -> Self {
        Self { from: brake.from, until: brake.until, issued_bp: brake.issued.get() }
    }
}

/// The brake of a village.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "policy": {"warn_below_bp": 10_000, "brake_below_bp": 6_000, "issued_bp": 5_000, "notice_days": 7},
    "brake": {"from": "2026-12-01", "until": null, "issued_bp": 5_000}
}))]
pub struct FundBrakeOut {
    /// When it brakes; none if it never does.
    policy: Option<BrakePolicyBody>,
    /// The brake that holds or is to come; none if everything is issued.
    brake: Option<BrakeOut>,
}

/// When less is issued, and whether it is now
///
/// A deed of a braked day brings its share of redeemable points, whenever it is certified; a deed of the
/// day before brings all of them. Scores, stars and the weight in a dividend are not braked.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 200, description = "As of now.", body = FundBrakeOut), Failures)
)]
#[get("/villages/{village_id}/fund/brake")]
pub async fn fund_brake_show(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<Json<FundBrakeOut>, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let (policy, brake) =
        state.run(move |db| brakes::show(db, &acting.actor, village, now)).await?;
    Ok(Json(FundBrakeOut { policy: policy.map(Into::into), brake: brake.map(Into::into) }))
}

/// Set when less is issued
///
/// The coverage is looked at from now on, and then every day. A brake is announced to everybody, begins
/// `notice_days` whole days later, and is lifted the day after coverage is back; nothing is ever braked
/// for a day that is over.
#[utoipa::path(
    tag = "admin",
    request_body = BrakePolicyBody,
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 200, description = "It holds.", body = BrakePolicyBody), Failures)
)]
#[put("/villages/{village_id}/fund/brake")]
pub async fn fund_brake_update(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<BrakePolicyBody>,
) -> Result<Json<BrakePolicyBody>, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let given = body.value;
    let range = || Problem::field(Door::Invalid, "issued_bp", "0 to 9999");
    let policy = BrakePolicy {
        warn_below: given.warn_below_bp,
        brake_below: given.brake_below_bp,
        issued: BasisPoints::new(given.issued_bp).ok_or_else(range)?,
        notice_days: given.notice_days,
    };
    state.run(move |db| brakes::set_policy(db, &acting.actor, village, &policy, now)).await?;
    Ok(Json(policy.into()))
}
