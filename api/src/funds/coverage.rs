//! What the village owes, and how far the fund covers it.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::fund::Coverage;
use domain::id::VillageId;
use infra::funds::coverage;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::InPath;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// What the fund holds and the village owes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "held_fen": 5_000_000, "points": "12500", "points_worth_fen": 400_000,
    "star_credit_fen": 2_400_000, "merchants_unpaid_fen": 150_000, "goods_reserved_fen": 32_000,
    "dividends_unpaid_fen": 0, "owed_fen": 2_982_000, "coverage_bp": 16_767
}))]
pub struct FundCoverageOut {
    /// What all accounts of the fund hold.
    held_fen: i64,
    /// 可用积分 that people hold.
    points: String,
    /// What they are worth by the rule book in force: 0 where points buy nothing.
    points_worth_fen: i64,
    /// 诚信金 that people hold.
    star_credit_fen: i64,
    /// What merchants have to get and were not paid.
    merchants_unpaid_fen: i64,
    /// The worth of goods that were redeemed and not fetched.
    goods_reserved_fen: i64,
    /// Parts of dividends that took effect and were not paid out.
    dividends_unpaid_fen: i64,
    /// The sum of what is owed.
    owed_fen: i64,
    /// What is held of what is owed, in basis points, rounded down: 10,000 covers all. None where
    /// nothing is owed.
    coverage_bp: Option<u64>,
}

impl FundCoverageOut {
    fn of(coverage: &Coverage) -> Result<Self, Problem> {
        let owed = &coverage.liability;
        Ok(Self {
            held_fen: coverage.held.get(),
            points: owed.points.to_string(),
            points_worth_fen: owed.points_worth.get(),
            star_credit_fen: owed.star_credit.get(),
            merchants_unpaid_fen: owed.merchants_unpaid.get(),
            goods_reserved_fen: owed.goods_reserved.get(),
            dividends_unpaid_fen: owed.dividends_unpaid.get(),
            owed_fen: owed.total()?.get(),
            coverage_bp: coverage.basis_points()?,
        })
    }
}

/// What the village owes, and how far the fund covers it
///
/// For everybody in the village: sums only, nothing of anybody.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 200, description = "As of now.", body = FundCoverageOut), Failures)
)]
#[get("/villages/{village_id}/fund/coverage")]
pub async fn fund_coverage_show(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<Json<FundCoverageOut>, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let found = state.run(move |db| coverage::show(db, &acting.actor, village, now)).await?;
    Ok(Json(FundCoverageOut::of(&found)?))
}
