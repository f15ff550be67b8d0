//! A household's own ratings.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::{HouseholdId, VillageId};
use domain::points::Points;
use domain::rating::Exclusion;
use infra::ratings::{self, HouseholdRating, LineRow};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::explanations::excluded;
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// How a household was rated in a cycle.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "rating_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "cycle": "2026-Q3", "state": "effective",
    "notice_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "as_of": "2026-10-08T09:00:00+08:00",
    "effective_at": "2026-10-16T00:00:00+08:00",
    "accounts": [{
        "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "villager_id": null, "score": "91.5",
        "stars": 4, "track": null, "grade": null, "direct_grade_claim_id": null, "excluded": null,
        "excluded_words": null, "state": "effective", "corrected_as_of": null
    }]
}))]
pub struct HouseholdRatingOut {
    /// The rating.
    rating_id: Uuid,
    /// The cycle.
    cycle: String,
    /// `on_notice` or `effective`.
    #[schema(example = "effective")]
    state: String,
    /// The public notice, where an objection or appeal can be raised.
    notice_id: Option<Uuid>,
    /// When it was computed.
    as_of: String,
    /// Since when the stars hold.
    effective_at: Option<String>,
    /// One line, or one for each person, as the rule book says.
    #[schema(max_items = 100)]
    accounts: Vec<OwnLineOut>,
}

/// The result for an account of the household.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnLineOut {
    /// The account.
    account_id: Uuid,
    /// The person, where each person has an account.
    villager_id: Option<Uuid>,
    /// Base score and entries.
    #[schema(example = "91.5")]
    score: String,
    /// The stars.
    #[schema(minimum = 0, maximum = 5)]
    stars: i16,
    /// The track on which it is rated: `party_member`, `representative`, or none.
    track: Option<String>,
    /// The grade, on a track that has grades: `excellent`, `qualified`, `basically_qualified`,
    /// `unqualified`.
    grade: Option<String>,
    /// The claim of the direct grade that stands and decides.
    direct_grade_claim_id: Option<Uuid>,
    /// Why it is left out: `no_resident` for a household; `student`, `moved_away`, `deceased` or
    /// `open_legal_case` for a person; or none.
    excluded: Option<String>,
    /// The same in words, in Chinese.
    excluded_words: Option<&'static str>,
    /// `pending` until the notice closes; then `effective`, `disputed` or `struck`.
    #[schema(example = "effective")]
    state: String,
    /// When it was computed anew after an objection.
    corrected_as_of: Option<String>,
}

impl OwnLineOut {
    fn of((row, villager_id): (LineRow, Option<Uuid>)) -> Self {
        let reason = row.excluded.as_deref().and_then(Exclusion::from_name);
        Self {
            account_id: row.account_id,
            villager_id,
            score: Points::from_hundredths(row.score).to_string(),
            stars: row.stars,
            track: row.track,
            grade: row.grade,
            direct_grade_claim_id: row.direct_grade_id,
            excluded: row.excluded,
            excluded_words: reason.map(excluded),
            state: row.state,
            corrected_as_of: row.corrected_as_of.map(shown),
        }
    }
}

impl From<HouseholdRating> for HouseholdRatingOut {
    fn from(rating: HouseholdRating) -> Self {
        let HouseholdRating { row, lines } = rating;
        Self {
            rating_id: row.id,
            cycle: row.cycle,
            state: row.state,
            notice_id: row.notice_id,
            as_of: shown(row.as_of),
            effective_at: row.effective_at.map(shown),
            accounts: lines.into_iter().map(OwnLineOut::of).collect(),
        }
    }
}

/// List the ratings of a household
///
/// Those that hang or hung on the notice board; what is still reviewed is not shown yet.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The household."),
        PageQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "The ratings, the newest first.", body = Page<HouseholdRatingOut>), Failures)
)]
#[get("/villages/{village_id}/households/{household_id}/ratings")]
pub async fn household_rating_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<HouseholdRatingOut>>, Problem> {
    let (village, household) = (VillageId(path.0.0), HouseholdId(path.0.1));
    let (limit, before) = (query.0.limit, query.0.after()?);
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| {
            ratings::of_household(db, &acting.actor, village, household, before, limit + 1, &why)
        })
        .await?;
    let cursor = |rating: &HouseholdRating| rating.row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, HouseholdRatingOut::from)))
}
