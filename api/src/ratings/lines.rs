//! The lines of a rating, for those who work on it.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::{RatingId, VillageId};
use domain::points::Points;
use infra::ratings::{self, ShownLine};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// The result for one account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "rank": 3, "account_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "household_number": "017",
    "villager_id": null, "name": "王秀英", "score": "91.5", "stars": 4, "track": null,
    "grade": null, "direct_grade_claim_id": null, "excluded": null,
    "state": "pending", "corrected_as_of": null
}))]
pub struct RatingLineOut {
    /// The rank within the village and the track; equal scores share one; none for who is left out.
    rank: Option<usize>,
    /// The account.
    account_id: Uuid,
    /// The household.
    household_id: Uuid,
    /// The number of the household.
    household_number: String,
    /// The person, where each person has an account.
    villager_id: Option<Uuid>,
    /// The person's name, or that of the head of the household.
    name: Option<String>,
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
    /// `pending` until the notice closes; then `effective`, `disputed` or `struck`.
    state: String,
    /// When it was computed anew after an objection.
    corrected_as_of: Option<String>,
}

impl From<ShownLine> for RatingLineOut {
    fn from(shown_line: ShownLine) -> Self {
        let ShownLine { rank, row, household_number, villager, name, .. } = shown_line;
        Self {
            rank,
            account_id: row.account_id,
            household_id: row.household_id,
            household_number,
            villager_id: villager,
            name,
            score: Points::from_hundredths(row.score).to_string(),
            stars: row.stars,
            track: row.track,
            grade: row.grade,
            direct_grade_claim_id: row.direct_grade_id,
            excluded: row.excluded,
            state: row.state,
            corrected_as_of: row.corrected_as_of.map(shown),
        }
    }
}

/// List the lines of a rating
///
/// In the order of their score within the village; who is left out comes last.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("rating_id" = Uuid, Path, description = "The rating."),
        PageQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "The lines.", body = Page<RatingLineOut>), Failures)
)]
#[get("/villages/{village_id}/ratings/{rating_id}/lines")]
pub async fn rating_line_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<RatingLineOut>>, Problem> {
    let (village, rating) = (VillageId(path.0.0), RatingId(path.0.1));
    let (limit, from) = (query.0.limit, query.0.after::<usize>()?.unwrap_or(0));
    let one_more = usize::try_from(limit).unwrap_or(0) + 1;
    let why = reading.at(state.clock.now());
    let lines = state
        .run(move |db| ratings::lines(db, &acting.actor, village, rating, from, one_more, &why))
        .await?;
    let cursor = |line: &ShownLine| (line.index + 1).to_string();
    Ok(Json(Page::from_one_more(lines, limit, cursor, RatingLineOut::from)))
}
