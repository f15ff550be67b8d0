//! Comments by the people concerned.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::{CommentId, ReportId, VillageId};
use infra::reports::comments::{self, Comment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader};
use crate::pagination::{Page, PageQuery};
use crate::photos::PhotoOut;
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// A comment.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"text": "垃圾车周五才来,已先集中堆放"}))]
pub struct ReportCommentIn {
    /// What it says.
    #[validate(length(min = 1, max = 1000))]
    #[schema(min_length = 1, max_length = 1000)]
    text: String,
}

/// A comment that was written.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60"}))]
pub struct ReportCommentReceiptOut {
    /// Its id.
    id: Uuid,
}

impl From<CommentId> for ReportCommentReceiptOut {
    fn from(id: CommentId) -> Self {
        Self { id: id.0 }
    }
}

/// A comment, or the words with which a report was resolved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "by": "grid_worker", "text": "已清理干净",
    "of_resolution": true, "standing": "public", "at": "2026-10-14T16:00:00+08:00", "photos": []
}))]
pub struct ReportCommentOut {
    /// Its id.
    id: Uuid,
    /// In which part it was written: `reporter`, `shown`, `concerned`, or a role. Never a name.
    #[schema(example = "grid_worker")]
    by: String,
    /// What it says.
    #[schema(max_length = 1000, example = "已清理干净")]
    text: String,
    /// Whether it says how the report was resolved.
    of_resolution: bool,
    /// `waiting` for the check, `public`, or `refused`: those concerned see what is public.
    #[schema(example = "public")]
    standing: &'static str,
    /// When.
    at: String,
    /// Its photos.
    #[schema(max_items = 9)]
    photos: Vec<PhotoOut>,
}

impl ReportCommentOut {
    fn of(state: &State, village: VillageId, comment: Comment) -> Self {
        Self {
            id: comment.id,
            by: comment.by,
            text: comment.text,
            of_resolution: comment.of_resolution,
            standing: comment.standing.as_str(),
            at: shown(comment.at),
            photos: comment.photos.iter().map(|one| PhotoOut::of(state, village, one)).collect(),
        }
    }
}

/// Comment on a report
///
/// By whoever sent it, the people praised or shown, the household concerned, the grid worker and
/// triage: 20 a day for each side. Others see it once it passed the check, and in which part it was
/// written, not by whom.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        KeyHeader,
    ),
    request_body = ReportCommentIn,
    responses((status = 201, description = "Written.", body = ReportCommentReceiptOut), Failures)
)]
#[post("/villages/{village_id}/reports/{report_id}/comments")]
pub async fn report_comment_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<ReportCommentIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), ReportId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let text = body.value.text;
    let id =
        state.run(move |db| comments::create(db, &acting.actor, at, &text, &once, now)).await?;
    Ok(HttpResponse::Created().json(ReportCommentReceiptOut::from(id)))
}

/// List the comments on a report
///
/// In their order, with the words and photos of resolutions. For those who may see the report.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("report_id" = Uuid, Path, description = "The report."),
        PageQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "The comments.", body = Page<ReportCommentOut>), Failures)
)]
#[get("/villages/{village_id}/reports/{report_id}/comments")]
pub async fn report_comment_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    page: InQuery<PageQuery>,
) -> Result<Json<Page<ReportCommentOut>>, Problem> {
    let (village, id) = (VillageId(path.0.0), ReportId(path.0.1));
    let (limit, after) = (page.0.limit, page.0.after()?);
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| comments::list(db, &acting.actor, (village, id), (after, limit), &why))
        .await?;
    let cursor = |comment: &Comment| comment.id.to_string();
    let out = |comment| ReportCommentOut::of(&state, village, comment);
    Ok(Json(Page::from_one_more(rows, limit, cursor, out)))
}
