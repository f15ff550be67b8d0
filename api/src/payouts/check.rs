//! The proof that a dividend or awards come out the same.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::{PayoutId, VillageId};
use infra::payouts::{self, Check, Differing};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::InPath;
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// The most differing lines that are listed.
const LISTED_MAX: usize = 100;

/// Whether a payout comes out the same when it is reckoned once more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"same": true, "lines": 214, "differing_count": 0, "differing": []}))]
pub struct PayoutRecomputationOut {
    /// Whether every line comes out as it is stored.
    same: bool,
    /// How many lines were reckoned again.
    lines: usize,
    /// How many differ.
    differing_count: usize,
    /// The first 100 of them.
    #[schema(max_items = 100)]
    differing: Vec<DifferingPartOut>,
}

/// A line that does not come out the same.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "stored_points": "10",
    "computed_points": "12", "stored_fen": 1000, "computed_fen": 1200
}))]
pub struct DifferingPartOut {
    /// The account.
    account_id: Uuid,
    /// The points as they are stored.
    stored_points: String,
    /// The points as they come out.
    computed_points: String,
    /// The part as it is stored, in fen.
    #[schema(minimum = 0)]
    stored_fen: i64,
    /// The part as it comes out, in fen.
    #[schema(minimum = 0)]
    computed_fen: i64,
}

impl From<&Differing> for DifferingPartOut {
    fn from(differing: &Differing) -> Self {
        let Differing { stored, computed } = differing;
        Self {
            account_id: stored.of.account.0,
            stored_points: stored.of.points.to_string(),
            computed_points: computed.of.points.to_string(),
            stored_fen: stored.fen.get(),
            computed_fen: computed.fen.get(),
        }
    }
}

impl From<Check> for PayoutRecomputationOut {
    fn from(check: Check) -> Self {
        Self {
            same: check.differing.is_empty(),
            lines: check.lines,
            differing_count: check.differing.len(),
            differing: check.differing.iter().take(LISTED_MAX).map(Into::into).collect(),
        }
    }
}

/// Reckon a dividend or awards once more
///
/// From the ledger, as of the moment at which they were reckoned. Changes nothing. Who was left out stays
/// so: the ledger does not know who lived in the village then.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("payout_id" = Uuid, Path, description = "The dividend or awards."),
        ReadingHeader,
    ),
    responses((status = 200, description = "Whether it is the same.", body = PayoutRecomputationOut), Failures)
)]
#[get("/villages/{village_id}/payouts/{payout_id}/recomputation")]
pub async fn payout_recompute_check(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<PayoutRecomputationOut>, Problem> {
    let (village, id) = (VillageId(path.0.0), PayoutId(path.0.1));
    let why = reading.at(state.clock.now());
    let check = state.run(move |db| payouts::check(db, &acting.actor, village, id, &why)).await?;
    Ok(Json(check.into()))
}
