//! A household's redeemable points: what is left of which year, and what runs out next. Apart from
//! the balance, which stays one query: a queue at a till waits for it.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::expiry::Expiring;
use domain::id::{AccountId, HouseholdId, VillageId};
use infra::expiries::{self, Holding};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// Which account.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PointsQuery {
    /// The account, as in `statement_list`.
    account_id: Option<Uuid>,
}

/// The redeemable points of an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62",
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "points": "12.5",
    "by_year": [{"year": 2026, "points": "9.5"}, {"year": 2027, "points": "3"}],
    "expiring": {"points": "9.5", "last_day": "2027-01-31", "year": 2026}
}))]
pub struct PointsOut {
    /// The household.
    household_id: Uuid,
    /// The account.
    account_id: Uuid,
    /// 可用积分: redeemable points.
    #[schema(example = "12.5")]
    points: String,
    /// What is left of them by the year in which they came into the purse, the oldest first: the
    /// oldest are redeemed first. Null for an account with more than 5,000 entries of points.
    #[schema(max_items = 1_000)]
    by_year: Option<Vec<YearOut>>,
    /// What runs out next, unless it is redeemed before; null if nothing does by the books adopted so
    /// far, and where `by_year` is null.
    expiring: Option<ExpiringOut>,
}

/// What is left of a year.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PointsOfYear)]
pub struct YearOut {
    /// The year in which they came into the purse, which may be the one after the deed's.
    #[schema(example = 2026)]
    year: i32,
    /// How many are left.
    #[schema(example = "9.5")]
    points: String,
}

/// Points that run out.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExpiringOut {
    /// How many, if none is redeemed before.
    #[schema(example = "9.5")]
    points: String,
    /// The last day on which they can be redeemed.
    #[schema(example = "2027-01-31")]
    last_day: String,
    /// The year at whose end they run out: they came in it or before.
    #[schema(example = 2026)]
    year: i32,
}

impl From<Expiring> for ExpiringOut {
    fn from(expiring: Expiring) -> Self {
        Self {
            points: expiring.points.to_string(),
            last_day: expiring.last_day.to_string(),
            year: expiring.year,
        }
    }
}

impl PointsOut {
    fn of(household_id: Uuid, holding: Holding) -> Self {
        let by_year = holding.by_year.map(|years| {
            let year = |(year, points): (i32, domain::points::Points)| YearOut {
                year,
                points: points.to_string(),
            };
            years.into_iter().map(year).collect()
        });
        Self {
            household_id,
            account_id: holding.account.0,
            points: holding.points.to_string(),
            by_year,
            expiring: holding.expiring.map(ExpiringOut::from),
        }
    }
}

/// Show the redeemable points of a household
///
/// What is left of which year, and what of it runs out next and by which day, as the rule book that
/// is in force on 31 December says (`points_policy`).
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The household."),
        PointsQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "The points.", body = PointsOut), Failures)
)]
#[get("/villages/{village_id}/households/{household_id}/points")]
pub async fn points_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<PointsQuery>,
) -> Result<Json<PointsOut>, Problem> {
    let (village, household) = (VillageId(path.0.0), HouseholdId(path.0.1));
    let which = (household, query.0.account_id.map(AccountId));
    let why = reading.at(state.clock.now());
    let holding =
        state.run(move |db| expiries::show(db, &acting.actor, village, which, &why)).await?;
    Ok(Json(PointsOut::of(household.0, holding)))
}
