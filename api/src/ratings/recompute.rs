//! The proof that a rating comes out the same.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::{RatingId, VillageId};
use domain::rating::Line;
use infra::ratings::{self, Check, Differing};
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

/// Whether a rating comes out the same when it is computed once more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"same": true, "lines": 214, "differing_count": 0, "differing": []}))]
pub struct RecomputationOut {
    /// Whether every line comes out as it is stored.
    same: bool,
    /// How many lines were computed again.
    lines: usize,
    /// How many differ.
    differing_count: usize,
    /// The first 100 of them.
    #[schema(max_items = 100)]
    differing: Vec<DifferingOut>,
}

/// A line that does not come out the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct DifferingOut {
    /// The account.
    account_id: Uuid,
    /// The household.
    household_id: Uuid,
    /// The score as it is stored.
    stored_score: String,
    /// The score as it comes out.
    computed_score: String,
    /// The stars as they are stored.
    #[schema(minimum = 0, maximum = 5)]
    stored_stars: u8,
    /// The stars as they come out.
    #[schema(minimum = 0, maximum = 5)]
    computed_stars: u8,
}

impl From<&Differing> for DifferingOut {
    fn from(differing: &Differing) -> Self {
        let Differing { stored, computed } = differing;
        let score = |line: &Line| line.score.to_string();
        Self {
            account_id: stored.account.0,
            household_id: stored.household.0,
            stored_score: score(stored),
            computed_score: score(computed),
            stored_stars: stored.star.get(),
            computed_stars: computed.star.get(),
        }
    }
}

impl From<Check> for RecomputationOut {
    fn from(check: Check) -> Self {
        let listed = check.differing.iter().take(LISTED_MAX);
        Self {
            same: check.differing.is_empty(),
            lines: check.lines,
            differing_count: check.differing.len(),
            differing: listed.map(DifferingOut::from).collect(),
        }
    }
}

/// Compute a rating once more
///
/// From the ledger, as of the moment at which each line was computed. Changes nothing. Lines that
/// an objection struck are left out, and so is who lived in the village then: the ledger does not
/// know it.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("rating_id" = Uuid, Path, description = "The rating."),
        ReadingHeader,
    ),
    responses((status = 200, description = "Whether it is the same.", body = RecomputationOut), Failures)
)]
#[get("/villages/{village_id}/ratings/{rating_id}/recomputation")]
pub async fn rating_recompute_check(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<RecomputationOut>, Problem> {
    let (village, rating) = (VillageId(path.0.0), RatingId(path.0.1));
    let why = reading.at(state.clock.now());
    let check =
        state.run(move |db| ratings::check(db, &acting.actor, village, rating, &why)).await?;
    Ok(Json(check.into()))
}
