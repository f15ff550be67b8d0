//! The good deeds that everybody in the village may see.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::VillageId;
use infra::reports::{self, FeedCursor, GoodDeed};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{Page, PageQuery};
use crate::photos::PhotoOut;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// A good deed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "category_name": "助人为乐",
    "place": "村口小桥", "text": "雨后和邻居一起把桥面的泥清走", "praised_name": "王秀英",
    "submitted_at": "2026-10-12T10:00:00+08:00", "shown_at": "2026-10-13T09:00:00+08:00",
    "photos": []
}))]
pub struct GoodDeedOut {
    /// The report.
    id: Uuid,
    /// What it is: 助人为乐.
    #[schema(example = "助人为乐")]
    category_name: String,
    /// Where, in words.
    #[schema(max_length = 100, example = "村口小桥")]
    place: String,
    /// What was seen.
    #[schema(max_length = 1000, example = "雨后和邻居一起把桥面的泥清走")]
    text: String,
    /// The person praised; none where nobody is named.
    #[schema(example = "王秀英")]
    praised_name: Option<String>,
    /// When it was seen.
    submitted_at: String,
    /// Since when it is shown.
    shown_at: String,
    /// Its photos.
    #[schema(max_items = 9)]
    photos: Vec<PhotoOut>,
}

impl GoodDeedOut {
    fn of(state: &State, village: VillageId, deed: GoodDeed) -> Self {
        Self {
            id: deed.id,
            category_name: deed.category_name,
            place: deed.place,
            text: deed.text,
            praised_name: deed.praised,
            submitted_at: shown(deed.submitted_at),
            shown_at: shown(deed.shown_at),
            photos: deed.photos.iter().map(|photo| PhotoOut::of(state, village, photo)).collect(),
        }
    }
}

/// List good deeds (好人好事)
///
/// The newest first: what triage took on, passed the check, and whose people all agreed to be shown,
/// or shows nobody. Who reported it is not told, and nobody under 18 or of unknown age is named.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery),
    responses((status = 200, description = "Good deeds.", body = Page<GoodDeedOut>), Failures)
)]
#[get("/villages/{village_id}/good-deeds")]
pub async fn good_deed_feed(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    page: InQuery<PageQuery>,
) -> Result<Json<Page<GoodDeedOut>>, Problem> {
    let village = VillageId(path.0);
    let (limit, after) = (page.0.limit, page.0.after::<FeedCursor>()?);
    let now = state.clock.now();
    let rows =
        state.run(move |db| reports::feed(db, &acting.actor, village, after, limit, now)).await?;
    let cursor = |deed: &GoodDeed| FeedCursor::of(deed).to_string();
    let out = |deed| GoodDeedOut::of(&state, village, deed);
    Ok(Json(Page::from_one_more(rows, limit, cursor, out)))
}
