//! The check of a village's ledger, and how amounts of its purses are written.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::VillageId;
use domain::ledger::{Purse, PurseTotals};
use domain::points::Points;
use domain::policy::{Action, Target, allows};
use infra::funds;
use infra::ledger::Check;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::InPath;
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// How many differing accounts are listed.
const DIFFERING_MAX: usize = 100;

/// An amount of a purse, in the unit of that purse.
#[derive(Debug, Serialize, ToSchema)]
pub struct AmountOut {
    /// Points, for the purses `score` and `points`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "-2.5")]
    points: Option<String>,
    /// Money in fen, for the purse `star_credit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    fen: Option<i64>,
}

impl AmountOut {
    /// An amount in the smallest unit of the purse: hundredths of a point, or fen.
    pub fn new(purse: Purse, amount: i64) -> Self {
        match purse {
            Purse::Score | Purse::Points => {
                Self { points: Some(Points::from_hundredths(amount).to_string()), fen: None }
            }
            Purse::StarCredit => Self { points: None, fen: Some(amount) },
        }
    }

    /// The sum over a village, which is far inside the range.
    fn sum(purse: Purse, amount: i128) -> Result<Self, Problem> {
        let amount = i64::try_from(amount).map_err(|_| Problem::door(Door::Bug))?;
        Ok(Self::new(purse, amount))
    }
}

/// What a check of a village's ledger found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "conserved": true,
    "purses": [{
        "purse": "points", "balances": {"points": "310"}, "difference": {"points": "0"},
        "counters": [{"counter": "issue", "sum": {"points": "312"}},
            {"counter": "reversal", "sum": {"points": "-2"}}]
    }],
    "differing_accounts": [], "differing_count": 0,
    "fund": {"held_fen": 500_000, "booked_fen": 500_000, "differing_accounts": []}
}))]
pub struct LedgerCheckOut {
    /// Whether every balance is what its entries add up to, of households and of the village fund.
    conserved: bool,
    /// The three purses.
    #[schema(max_items = 3)]
    purses: Vec<PurseOut>,
    /// Accounts whose balance is not what their entries add up to, at most 100.
    #[schema(max_items = 100)]
    differing_accounts: Vec<Uuid>,
    /// How many there are.
    differing_count: usize,
    /// The village fund.
    fund: FundCheckOut,
}

/// What a check of the village fund found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"held_fen": 500_000, "booked_fen": 500_000, "differing_accounts": []}))]
pub struct FundCheckOut {
    /// What its accounts hold.
    held_fen: i64,
    /// What their entries add up to: the same.
    booked_fen: i64,
    /// Accounts of the fund that hold something else than their entries add up to, at most 100.
    #[schema(max_items = 100)]
    differing_accounts: Vec<Uuid>,
}

/// A purse over the whole village.
#[derive(Debug, Serialize, ToSchema)]
pub struct PurseOut {
    /// `score`, `points` or `star_credit`.
    purse: &'static str,
    /// What the accounts say that they hold.
    balances: AmountOut,
    /// What that is more than the entries say: nothing.
    difference: AmountOut,
    /// What the entries add up to, by counter-account.
    #[schema(max_items = 8)]
    counters: Vec<CounterOut>,
}

/// What came from a counter-account, or went to it (below zero).
#[derive(Debug, Serialize, ToSchema)]
pub struct CounterOut {
    /// `issue`, `forfeit`, `merchant`, `redemption`, `expiry`, `reversal`, `opening`, `dividend`.
    counter: &'static str,
    /// The sum.
    sum: AmountOut,
}

fn purse(totals: &PurseTotals) -> Result<PurseOut, Problem> {
    let amount = |sum| AmountOut::sum(totals.purse, sum);
    let counters = totals
        .by_counter
        .iter()
        .map(|(counter, sum)| Ok(CounterOut { counter: counter.as_str(), sum: amount(*sum)? }));
    Ok(PurseOut {
        purse: totals.purse.as_str(),
        balances: amount(totals.balances)?,
        difference: amount(totals.difference())?,
        counters: counters.collect::<Result<_, Problem>>()?,
    })
}

fn rendered(check: &Check, fund: &funds::Check) -> Result<LedgerCheckOut, Problem> {
    let differing = fund.differing.iter().take(DIFFERING_MAX).map(|id| id.0);
    Ok(LedgerCheckOut {
        conserved: check.conserved() && fund.differing.is_empty(),
        purses: check.totals.iter().map(purse).collect::<Result<_, _>>()?,
        differing_accounts: check.differing.iter().take(DIFFERING_MAX).map(|id| id.0).collect(),
        differing_count: check.differing.len(),
        fund: FundCheckOut {
            held_fen: fund.held.get(),
            booked_fen: fund.booked.get(),
            differing_accounts: differing.collect(),
        },
    })
}

/// Check a village's ledger
///
/// Adds up all entries and compares them with the balances: what accounts hold is what was issued
/// less what was spent, expired and reversed. So are the accounts of the village fund.
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 200, description = "What was found.", body = LedgerCheckOut), Failures)
)]
#[get("/villages/{village_id}/ledger/check")]
pub async fn ledger_check(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<Json<LedgerCheckOut>, Problem> {
    let village = VillageId(path.0);
    let (check, fund) = state
        .run(move |db| {
            let target = Target::village(db.place(village)?);
            allows(&acting.actor, Action::LedgerCheck, &target)?;
            Ok((db.check_ledger(village)?, funds::check(db, village)?))
        })
        .await?;
    Ok(Json(rendered(&check, &fund)?))
}
