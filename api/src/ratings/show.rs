//! One rating with what its lines come to.

use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use domain::actor::Role;
use domain::id::{RatingId, VillageId};
use domain::rating::RatingState;
use infra::ratings::{self, Given, Overview};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::rating::RatingOut;
use crate::answers::Failures;
use crate::body::InPath;
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// A rating with what its lines come to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "rating": {
        "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "cycle": "2026-Q3", "state": "in_review",
        "rule_book_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "as_of": "2026-10-08T09:00:00+08:00",
        "stage": 0, "stage_due_at": "2026-10-16T00:00:00+08:00", "overdue": false, "notice_id": null,
        "effective_at": null, "version": 2
    },
    "now_at": {"name": "民主评议", "role": "panel_member", "quorum": 3},
    "stars": [{"stars": 5, "accounts": 12}, {"stars": 4, "accounts": 40}], "excluded": 3,
    "decisions": [{"stage": 0, "role": "panel_member", "decision": "approve", "reason": "", "at": "2026-10-09T19:30:00+08:00"}]
}))]
pub struct RatingDetailOut {
    /// The rating.
    rating: RatingOut,
    /// The stage that decides next; none after the review.
    now_at: Option<StageOut>,
    /// How many accounts have how many stars, the most stars first; stars that nobody has are left
    /// out.
    #[schema(max_items = 6)]
    stars: Vec<StarCountOut>,
    /// How many accounts are left out of the rating.
    excluded: i64,
    /// What reviewers decided, the first 200, the oldest first.
    #[schema(max_items = 200)]
    decisions: Vec<GivenOut>,
}

/// A stage of review.
#[derive(Debug, Serialize, ToSchema)]
pub struct StageOut {
    /// What people call it.
    #[schema(example = "民主评议")]
    name: String,
    /// Who reviews.
    #[schema(example = "panel_member")]
    role: &'static str,
    /// How many must have voted.
    quorum: u8,
}

/// How many accounts have so many stars.
#[derive(Debug, Serialize, ToSchema)]
pub struct StarCountOut {
    /// How many stars.
    #[schema(minimum = 0, maximum = 5)]
    stars: i16,
    /// How many accounts.
    accounts: i64,
}

/// A decision on a rating. Who gave it is in the audit log.
#[derive(Debug, Serialize, ToSchema)]
pub struct GivenOut {
    /// At which stage, the first being 0.
    stage: i16,
    /// In which role.
    #[schema(example = "panel_member")]
    role: String,
    /// `approve`, `reject` or `return`.
    #[schema(example = "approve")]
    decision: String,
    /// Why.
    reason: String,
    /// When.
    at: String,
}

impl From<Given> for GivenOut {
    fn from(given: Given) -> Self {
        let Given { stage, role, decision, reason, at } = given;
        Self { stage, role, decision, reason, at: shown(at) }
    }
}

impl RatingDetailOut {
    fn of(overview: Overview, now: DateTime<Utc>) -> Self {
        let reviewed = overview
            .row
            .rating()
            .ok()
            .filter(|rating| rating.state == RatingState::InReview)
            .and_then(|rating| overview.book.rating_way.stage(rating.stage));
        let stars = overview.stars.into_iter();
        Self {
            now_at: reviewed.map(|stage| StageOut {
                name: stage.name.clone(),
                role: Role::from(stage.role).as_str(),
                quorum: stage.quorum,
            }),
            stars: stars
                .map(|count| StarCountOut { stars: count.stars, accounts: count.accounts })
                .collect(),
            excluded: overview.excluded,
            decisions: overview.decisions.into_iter().map(GivenOut::from).collect(),
            rating: RatingOut::of(overview.row, now),
        }
    }
}

/// Show a rating
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("rating_id" = Uuid, Path, description = "The rating."),
        ReadingHeader,
    ),
    responses((status = 200, description = "The rating.", body = RatingDetailOut), Failures)
)]
#[get("/villages/{village_id}/ratings/{rating_id}")]
pub async fn rating_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<RatingDetailOut>, Problem> {
    let (village, rating) = (VillageId(path.0.0), RatingId(path.0.1));
    let now = state.clock.now();
    let why = reading.at(now);
    let overview =
        state.run(move |db| ratings::show(db, &acting.actor, village, rating, &why)).await?;
    Ok(Json(RatingDetailOut::of(overview, now)))
}
