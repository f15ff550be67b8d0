//! The manual queue: texts and photos that WeChat did not pass, and people who decide about them.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::VillageId;
use infra::content::{self, Decision, Filter, Shown};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, filled};
use crate::names::{ContentStateName, ContentSubjectName, ContentVerdictName, HeldForName};
use crate::pagination::{LIMIT_MAX, Page, PageQuery, twenty};
use crate::photos::PhotoOut;
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// A text or photo that others would see.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "subject_kind": "report",
    "subject_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "text": "沟边又倒垃圾了", "photo": null,
    "state": "held", "held_for": "review", "label": 20012,
    "submitted_at": "2026-10-12T10:00:00+08:00", "decided_at": null, "reason": null
}))]
pub struct ContentCheckOut {
    /// Its id.
    id: Uuid,
    /// What it belongs to.
    subject_kind: ContentSubjectName,
    /// Which one.
    subject_id: Uuid,
    /// The text, if it is one; null again 90 days after it was submitted, once it is settled.
    text: Option<String>,
    /// The photo, if it is one and still there.
    photo: Option<PhotoOut>,
    /// Where it stands.
    state: ContentStateName,
    /// Why a person has to look, or had to.
    held_for: Option<HeldForName>,
    /// WeChat's label: 100 normal, 10001 advertising, 20001 politics, 20002 pornography, 20003 abuse,
    /// 20006 crime, 20008 fraud, 20012 vulgarity, 20013 copyright, 21000 other.
    #[schema(example = 20012)]
    label: Option<i32>,
    /// When it was submitted.
    submitted_at: String,
    /// When a person decided.
    decided_at: Option<String>,
    /// Why they decided so.
    reason: Option<String>,
}

impl ContentCheckOut {
    fn of(state: &State, shown: Shown) -> Result<Self, Problem> {
        let Shown { row, photo } = shown;
        let (check, subject) = (row.check()?, row.subject()?);
        let village = VillageId(row.village_id);
        Ok(Self {
            id: row.id,
            subject_kind: subject.kind.into(),
            subject_id: subject.id,
            text: row.text,
            photo: photo.map(|photo| PhotoOut::of(state, village, &photo)),
            state: check.state.into(),
            held_for: check.held_for.map(Into::into),
            label: row.label,
            submitted_at: crate::time::shown(row.submitted_at),
            decided_at: row.decided_at.map(crate::time::shown),
            reason: row.reason,
        })
    }
}

/// A text, or a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ContentPieceName {
    /// A text.
    Text,
    /// A photo.
    Photo,
}

/// Which texts and photos.
#[derive(Debug, Clone, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ContentChecksQuery {
    /// Where they stand; those that wait for a person unless told.
    #[serde(default)]
    #[param(inline, default = "held")]
    state: ContentStateName,
    /// What they belong to; anything unless told.
    #[param(inline)]
    subject_kind: Option<ContentSubjectName>,
    /// Texts or photos; both unless told.
    #[param(inline)]
    piece: Option<ContentPieceName>,
    /// How many items, 1 to 100.
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = LIMIT_MAX))]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: i64,
    /// `next_cursor` of the page before; none for the first page.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// List texts and photos that wait for a person
///
/// What WeChat did not pass, could not look at or did not answer about in time, the longest waiting
/// first. Who made them is not shown: nobody needs it to decide, and a reporter's name is kept apart.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."), ContentChecksQuery, ReadingHeader,
    ),
    responses(
        (status = 200, description = "Texts and photos.", body = Page<ContentCheckOut>), Failures
    )
)]
#[get("/villages/{village_id}/content-checks")]
pub async fn content_check_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<ContentChecksQuery>,
) -> Result<Json<Page<ContentCheckOut>>, Problem> {
    let (village, query) = (VillageId(path.0), query.0);
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let after = page.after()?;
    let filter = Filter {
        state: query.state.into(),
        subject: query.subject_kind.map(Into::into),
        texts: query.piece.map(|piece| piece == ContentPieceName::Text),
    };
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| content::list(db, &acting.actor, village, filter, (after, page.limit), &why))
        .await?;
    let cursor = |shown: &Shown| shown.row.id.to_string();
    let Page { items, next_cursor } = whole(&state, rows, page.limit, cursor)?;
    Ok(Json(Page { items, next_cursor }))
}

fn whole(
    state: &State,
    mut rows: Vec<Shown>,
    limit: i64,
    cursor: impl Fn(&Shown) -> String,
) -> Result<Page<ContentCheckOut>, Problem> {
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = rows.last().filter(|_| more).map(cursor);
    let items = rows.into_iter().map(|shown| ContentCheckOut::of(state, shown));
    Ok(Page { items: items.collect::<Result<_, _>>()?, next_cursor })
}

/// What somebody decided.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"verdict": "refuse", "reason": "照片里能看清孩子的脸,请重新拍摄。"}))]
pub struct ContentDecisionIn {
    /// Whether others may see it.
    verdict: ContentVerdictName,
    /// Why. The author reads it.
    #[validate(length(min = 2, max = 200), custom(function = "filled"))]
    #[schema(min_length = 2, max_length = 200)]
    reason: String,
}

/// Decide about a text or photo
///
/// Once, and only while it waits for a person; not about one's own, the own household's or kin's. The
/// author gets a message with the reason.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("content_check_id" = Uuid, Path, description = "The text or photo in the queue."),
    ),
    request_body = ContentDecisionIn,
    responses((status = 201, description = "Decided.", body = ContentCheckOut), Failures)
)]
#[post("/villages/{village_id}/content-checks/{content_check_id}/decisions")]
pub async fn content_check_decide(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<ContentDecisionIn>,
) -> Result<HttpResponse, Problem> {
    let ((village, id), now) = (path.0, state.clock.now());
    let ContentDecisionIn { verdict, reason } = body.value;
    let decision = Decision { verdict: verdict.into(), reason };
    let shown = state
        .run(move |db| content::decide(db, &acting.actor, VillageId(village), id, &decision, now))
        .await?;
    Ok(HttpResponse::Created().json(ContentCheckOut::of(&state, shown)?))
}
