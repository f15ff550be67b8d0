//! What a household holds.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::{HouseholdId, VillageId};
use domain::points::Points;
use infra::accounts::{self, BalanceRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::InPath;
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// The balances and stars of a household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "accounts": [{
        "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "villager_id": null, "points": "12.5",
        "star_credit_fen": 160_000, "stars": 4, "stars_cycle": "2026-Q3", "score_entries": "31.5",
        "version": 17
    }]
}))]
pub struct BalanceOut {
    /// The household.
    household_id: Uuid,
    /// One account, or one for each person, as the rule book says. Empty before a book was adopted.
    #[schema(max_items = 100)]
    accounts: Vec<AccountOut>,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountOut {
    /// The account.
    account_id: Uuid,
    /// The person it is for, where each has one.
    villager_id: Option<Uuid>,
    /// 可用积分: redeemable points. What of them runs out, and when, is in `points_show`.
    #[schema(example = "12.5")]
    points: String,
    /// 诚信金: star credit, in fen.
    #[schema(example = 160_000)]
    star_credit_fen: i64,
    /// The stars that hold now.
    #[schema(minimum = 0, maximum = 5)]
    stars: i16,
    /// The cycle in which they were earned.
    stars_cycle: Option<String>,
    /// The sum of all entries in the score since the beginning; the score of a cycle is in
    /// `score_show`.
    #[schema(example = "31.5")]
    score_entries: String,
    /// How many entries the account has; it grows with every change.
    version: i64,
}

impl From<BalanceRow> for AccountOut {
    fn from(row: BalanceRow) -> Self {
        Self {
            account_id: row.id,
            villager_id: row.villager_id,
            points: Points::from_hundredths(row.points).to_string(),
            star_credit_fen: row.star_credit,
            stars: row.stars,
            stars_cycle: row.stars_cycle,
            score_entries: Points::from_hundredths(row.score).to_string(),
            version: row.version,
        }
    }
}

/// Balance and stars of a household
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The household."),
        ReadingHeader,
    ),
    responses((status = 200, description = "What it holds.", body = BalanceOut), Failures)
)]
#[get("/villages/{village_id}/households/{household_id}/balance")]
pub async fn balance_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<BalanceOut>, Problem> {
    let (village, household) = path.0;
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| {
            let (village, household) = (VillageId(village), HouseholdId(household));
            accounts::balances(db, &acting.actor, village, household, &why)
        })
        .await?;
    let accounts = rows.into_iter().map(AccountOut::from).collect();
    Ok(Json(BalanceOut { household_id: household, accounts }))
}
