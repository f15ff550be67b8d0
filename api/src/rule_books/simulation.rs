//! A draft run over a past cycle.

use std::collections::BTreeMap;

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::calendar::Cycle;
use domain::id::{RuleBookId, VillageId};
use domain::points::Fen;
use domain::rating::Line;
use domain::rule_book::Grade;
use domain::simulation::Issued;
use infra::rule_books::simulate::{self, Simulated};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// Which cycle, and which page of its accounts.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SimulationQuery {
    /// A cycle that is over, of the kind by which both books rate: `2026-Q3`.
    #[validate(length(max = 7))]
    #[param(max_length = 7, example = "2026-Q3")]
    cycle: String,
    /// How many accounts, 1 to 1,000.
    #[serde(default = "hundred")]
    #[validate(range(min = 1, max = 1_000))]
    #[param(minimum = 1, maximum = 1_000, default = 100, example = 100)]
    limit: usize,
    /// After so many accounts.
    #[serde(default)]
    #[validate(range(max = 1_000_000))]
    #[param(minimum = 0, maximum = 1_000_000, default = 0, example = 0)]
    after: usize,
}

const fn hundred() -> usize {
    100
}

/// What a book issues in the cycle.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulationIssued, example = json!({
    "awarded_points": "312.5", "deducted_points": "18", "star_credit_fen": 1_840_000,
    "redeemable_points": "300", "redeemable_worth_fen": 9_600
}))]
pub struct SimulationIssuedOut {
    /// By awards.
    awarded_points: String,
    /// Taken by deductions, above zero.
    deducted_points: String,
    /// Star credit for the stars.
    star_credit_fen: i64,
    /// Of what awards gave, what can be redeemed.
    redeemable_points: String,
    /// What that is worth; null where the book gives points no exchange value.
    redeemable_worth_fen: Option<i64>,
}

/// The result of an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulationResult, example = json!({"score": "91.5", "stars": 4, "grade": null}))]
pub struct SimulationResultOut {
    /// The score.
    score: String,
    /// The star.
    #[schema(minimum = 0, maximum = 5)]
    stars: u8,
    /// The grade, on a track that has grades.
    grade: Option<&'static str>,
}

/// An account by both books.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SimulationOutcome)]
pub struct SimulationOutcomeOut {
    /// The account.
    account_id: Uuid,
    /// The household.
    household_id: Uuid,
    /// The number of the household.
    household_number: Option<String>,
    /// By the book of the cycle.
    before: SimulationResultOut,
    /// By the draft.
    after: SimulationResultOut,
}

/// What a simulation came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Simulation, example = json!({
    "cycle": "2026-Q3", "accounts": 212, "changed": 9,
    "before": {
        "awarded_points": "312.5", "deducted_points": "18", "star_credit_fen": 1_840_000,
        "redeemable_points": "300", "redeemable_worth_fen": 9_600
    },
    "after": {
        "awarded_points": "280", "deducted_points": "18", "star_credit_fen": 1_600_000,
        "redeemable_points": "267.5", "redeemable_worth_fen": 8_560
    },
    "unused_items": ["ENV-3"], "dropped_claims": {"NEI-2": 4},
    "outcomes": [{
        "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
        "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "household_number": "017",
        "before": {"score": "91.5", "stars": 4, "grade": null},
        "after": {"score": "88", "stars": 3, "grade": null}
    }]
}))]
pub struct SimulationOut {
    /// The cycle.
    cycle: String,
    /// How many accounts.
    accounts: usize,
    /// How many of them have another star or grade.
    changed: usize,
    /// What the book of the cycle issues.
    before: SimulationIssuedOut,
    /// What the draft issues.
    after: SimulationIssuedOut,
    /// Items of the draft that nobody used in the cycle.
    #[schema(max_items = 1_000)]
    unused_items: Vec<String>,
    /// How many claims of the cycle the draft has no room for, by item.
    #[schema(value_type = std::collections::HashMap<String, u64>)]
    dropped_claims: BTreeMap<String, usize>,
    /// The accounts of this page, in the order of their ids.
    #[schema(max_items = 1_000)]
    outcomes: Vec<SimulationOutcomeOut>,
}

impl From<Issued> for SimulationIssuedOut {
    fn from(issued: Issued) -> Self {
        Self {
            awarded_points: issued.awarded.to_string(),
            deducted_points: issued.deducted.to_string(),
            star_credit_fen: issued.star_credit.get(),
            redeemable_points: issued.redeemable.to_string(),
            redeemable_worth_fen: issued.redeemable_worth.map(Fen::get),
        }
    }
}

impl From<Line> for SimulationResultOut {
    fn from(line: Line) -> Self {
        Self {
            score: line.score.to_string(),
            stars: line.star.get(),
            grade: line.grade.map(Grade::as_str),
        }
    }
}

/// Simulate a draft
///
/// The posted deeds of a cycle that is over, reckoned anew by the draft and rated: stars before and
/// after by household, items that nobody used, points issued and what the stars cost in star credit.
/// Nothing is changed.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("rule_book_id" = Uuid, Path, description = "The draft, or an adopted book."),
        SimulationQuery,
    ),
    responses((status = 200, description = "What came of it.", body = SimulationOut), Failures)
)]
#[get("/villages/{village_id}/rule-books/{rule_book_id}/simulation")]
pub async fn rule_book_simulate(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<SimulationQuery>,
) -> Result<Json<SimulationOut>, Problem> {
    let (village, draft, now) = (VillageId(path.0.0), RuleBookId(path.0.1), state.clock.now());
    let SimulationQuery { cycle, limit, after } = query.0;
    let wrong = |_| Problem::field(Door::BadQuery, "cycle", "not a cycle: 2026-Q3");
    let cycle: Cycle = cycle.parse().map_err(wrong)?;
    let Simulated { simulation, numbers } =
        state.run(move |db| simulate::run(db, &acting.actor, village, draft, cycle, now)).await?;
    let changed = simulation
        .outcomes
        .iter()
        .filter(|one| (one.before.star, one.before.grade) != (one.after.star, one.after.grade));
    Ok(Json(SimulationOut {
        cycle: cycle.to_string(),
        accounts: simulation.outcomes.len(),
        changed: changed.count(),
        before: simulation.before.into(),
        after: simulation.after.into(),
        unused_items: simulation.unused,
        dropped_claims: simulation.dropped,
        outcomes: simulation
            .outcomes
            .into_iter()
            .skip(after)
            .take(limit)
            .map(|one| SimulationOutcomeOut {
                account_id: one.before.account.0,
                household_id: one.before.household.0,
                household_number: numbers.get(&one.before.household.0).cloned(),
                before: one.before.into(),
                after: one.after.into(),
            })
            .collect(),
    }))
}
