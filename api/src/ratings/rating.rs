//! Computing the rating of a cycle, and how ratings stand.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use domain::calendar::Cycle;
use domain::id::VillageId;
use infra::ratings::{self, RatingRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader};
use crate::pagination::{Page, PageQuery};
use crate::problem::{Door, Problem};
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// A cycle to rate.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"cycle": "2026-Q3"}))]
pub struct RatingIn {
    /// `2026`, `2026-H1`, `2026-Q3` or `2026-07`, as long as the rule book's cycle is.
    #[validate(length(min = 4, max = 7))]
    #[schema(min_length = 4, max_length = 7, pattern = "^[0-9]{4}(-(H[12]|Q[1-4]|[01][0-9]))?$")]
    cycle: String,
}

/// A rating.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "cycle": "2026-Q3", "state": "in_review",
    "rule_book_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "as_of": "2026-10-08T09:00:00+08:00",
    "stage": 0, "stage_due_at": "2026-10-16T00:00:00+08:00", "overdue": false, "notice_id": null,
    "effective_at": null, "version": 1
}))]
pub struct RatingOut {
    /// Its id.
    id: Uuid,
    /// The cycle.
    cycle: String,
    /// `in_review`, `on_notice`, `effective` or `rejected`.
    #[schema(example = "in_review")]
    state: String,
    /// The rule book that judges: the one in force on the cycle's last day.
    rule_book_id: Uuid,
    /// When it was computed. What was recorded later does not count.
    as_of: String,
    /// The stage of review, the first being 0.
    stage: i16,
    /// Until when the stage should decide; none after the review.
    stage_due_at: Option<String>,
    /// Whether that time is over.
    overdue: bool,
    /// The public notice it is or was on.
    notice_id: Option<Uuid>,
    /// Since when its stars hold.
    effective_at: Option<String>,
    /// Grows with every change.
    version: i32,
}

impl RatingOut {
    /// A rating as it is shown now.
    pub fn of(row: RatingRow, now: DateTime<Utc>) -> Self {
        Self {
            overdue: row.rating().is_ok_and(|rating| rating.is_overdue(now)),
            id: row.id,
            cycle: row.cycle,
            state: row.state,
            rule_book_id: row.rule_book_id,
            as_of: shown(row.as_of),
            stage: row.stage,
            stage_due_at: row.stage_due_at.map(shown),
            notice_id: row.notice_id,
            effective_at: row.effective_at.map(shown),
            version: row.version,
        }
    }
}

/// Compute the rating of a cycle
///
/// For the whole village in one go, by the rule book in force on the cycle's last day: base score
/// plus the cycle's entries, then the star. Households of which nobody is a resident are left out,
/// with the reason on the line. The review by the book's stages begins. A cycle is rated once; a
/// rating that was rejected can be computed again.
#[utoipa::path(
    tag = "review",
    request_body = RatingIn,
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    responses((status = 201, description = "Computed; under review.", body = RatingOut), Failures)
)]
#[post("/villages/{village_id}/ratings")]
pub async fn rating_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<RatingIn>,
) -> Result<HttpResponse, Problem> {
    let cycle: Cycle = body.value.cycle.parse().map_err(|_| {
        Problem::field(Door::Invalid, "cycle", "a cycle such as 2026, 2026-H1, 2026-Q3 or 2026-07")
    })?;
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let row = state
        .run(move |db| ratings::compute(db, &acting.actor, village, cycle, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(RatingOut::of(row, now)))
}

/// List ratings
#[utoipa::path(
    tag = "review",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery, ReadingHeader),
    responses((status = 200, description = "The ratings, the newest first.", body = Page<RatingOut>), Failures)
)]
#[get("/villages/{village_id}/ratings")]
pub async fn rating_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<RatingOut>>, Problem> {
    let (village, now, limit) = (VillageId(path.0), state.clock.now(), query.0.limit);
    let why = reading.at(now);
    let before = query.0.after()?;
    let rows = state
        .run(move |db| ratings::list(db, &acting.actor, village, before, limit + 1, &why))
        .await?;
    let render = |row| RatingOut::of(row, now);
    Ok(Json(Page::from_one_more(rows, limit, |row| row.id.to_string(), render)))
}
