//! Rule books (积分细则): presets, drafts, adoption, and what is in force.

mod amount;
mod book;
mod examples;
mod file;
mod item;
mod out;
mod presets;
pub mod simulation;
mod tracks;

pub use file::*;
pub use presets::*;

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use chrono::NaiveDate;
use domain::calendar::day_of;
use domain::id::{RuleBookId, VillageId};
use domain::rule_book::{Resolution, RuleBook};
use infra::rule_books::{self, RuleBookRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader};
use crate::pagination::{Page, PageQuery};
use crate::problem::{Door, Language, Problem};
use crate::session::Acting;
use crate::state::State;
use book::Book;
use out::{RuleBookLineOut, RuleBookOut};

/// What a draft begins with: a preset or a book, one of the two.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"preset": "shuicheng"}))]
pub struct RuleBookIn {
    /// The name of a preset.
    #[validate(length(max = 40))]
    #[schema(max_length = 40)]
    preset: Option<String>,
    /// A whole book.
    #[validate(nested)]
    book: Option<Book>,
}

impl RuleBookIn {
    fn read(self) -> Result<RuleBook, Problem> {
        let wrong = |field, why| Problem::field(Door::Invalid, field, why);
        match (self.preset, self.book) {
            (Some(name), None) => {
                let preset = infra::presets::load(&name)?;
                preset.map(|p| p.book).ok_or_else(|| wrong("preset", "no such preset"))
            }
            (None, Some(book)) => book.read(),
            _ => Err(wrong("", "either `preset` or `book`")),
        }
    }
}

/// A new text for a draft.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!(examples::text()))]
pub struct RuleBookTextIn {
    /// The whole book.
    #[validate(nested)]
    book: Book,
}

/// What the villager assembly resolved.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "held_on": "2026-09-20", "present": 42, "votes_for": 40, "votes_against": 1,
    "in_force_from": "2026-10-01"
}))]
pub struct AdoptionIn {
    /// The day of the assembly.
    held_on: NaiveDate,
    /// How many were present.
    #[validate(range(max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    present: u32,
    /// How many voted for it: more than half of those present.
    #[validate(range(max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    votes_for: u32,
    /// How many voted against it.
    #[validate(range(max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    votes_against: u32,
    /// Its first day: not before the assembly, and after the first day of the book before it.
    in_force_from: NaiveDate,
}

/// What the villager assembly resolved.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResolutionOut {
    /// The day of the assembly.
    held_on: NaiveDate,
    /// How many were present.
    present: u32,
    /// How many voted for it.
    votes_for: u32,
    /// How many voted against it.
    votes_against: u32,
}

fn answer(row: RuleBookRow, request: &HttpRequest) -> Result<RuleBookOut, Problem> {
    RuleBookOut::of(row, Language::of(request.headers()))
}

/// Write a draft
///
/// From a preset, or from a whole book. A draft may have faults; they are listed.
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    request_body = RuleBookIn,
    responses((status = 201, description = "The draft with its faults.", body = RuleBookOut), Failures)
)]
#[post("/villages/{village_id}/rule-books")]
pub async fn rule_book_create(
    acting: Acting,
    state: Data<State>,
    request: HttpRequest,
    path: InPath<Uuid>,
    key: Key,
    body: Body<RuleBookIn>,
) -> Result<HttpResponse, Problem> {
    let (now, once) = (state.clock.now(), key.once(acting.actor.user, &body.hash));
    let book = body.value.read()?;
    let row = state
        .run(move |db| rule_books::draft(db, &acting.actor, VillageId(path.0), &book, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(answer(row, &request)?))
}

/// Replace the text of a draft
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("rule_book_id" = Uuid, Path, description = "The draft."),
    ),
    request_body = RuleBookTextIn,
    responses((status = 200, description = "The draft with its faults.", body = RuleBookOut), Failures)
)]
#[put("/villages/{village_id}/rule-books/{rule_book_id}")]
pub async fn rule_book_update(
    acting: Acting,
    state: Data<State>,
    request: HttpRequest,
    path: InPath<(Uuid, Uuid)>,
    body: Body<RuleBookTextIn>,
) -> Result<Json<RuleBookOut>, Problem> {
    let now = state.clock.now();
    let (village, id) = (VillageId(path.0.0), RuleBookId(path.0.1));
    let book = body.value.book.read()?;
    let row = state
        .run(move |db| rule_books::rewrite(db, &acting.actor, village, id, &book, now))
        .await?;
    Ok(Json(answer(row, &request)?))
}

/// Record the adoption of a draft
///
/// By resolution of the villager assembly. From then on the book is never edited; a deed is judged
/// by the book in force on its day.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("rule_book_id" = Uuid, Path, description = "The draft."),
        KeyHeader,
    ),
    request_body = AdoptionIn,
    responses((status = 201, description = "The adopted book.", body = RuleBookOut), Failures)
)]
#[post("/villages/{village_id}/rule-books/{rule_book_id}/adoptions")]
pub async fn rule_book_adopt(
    acting: Acting,
    state: Data<State>,
    request: HttpRequest,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<AdoptionIn>,
) -> Result<HttpResponse, Problem> {
    let (now, once) = (state.clock.now(), key.once(acting.actor.user, &body.hash));
    let (village, id) = (VillageId(path.0.0), RuleBookId(path.0.1));
    let AdoptionIn { held_on, present, votes_for, votes_against, in_force_from } = body.value;
    let resolution = Resolution { held_on, present, votes_for, votes_against };
    let row = state
        .run(move |db| {
            let actor = &acting.actor;
            rule_books::record_adoption(
                db,
                actor,
                village,
                id,
                &resolution,
                in_force_from,
                &once,
                now,
            )
        })
        .await?;
    Ok(HttpResponse::Created().json(answer(row, &request)?))
}

/// List the rule books of a village
///
/// The newest first. Drafts are shown to those who may write them.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery),
    responses((status = 200, description = "Rule books.", body = Page<RuleBookLineOut>), Failures)
)]
#[get("/villages/{village_id}/rule-books")]
pub async fn rule_book_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<RuleBookLineOut>>, Problem> {
    let (limit, before) = (query.0.limit, query.0.after::<i32>()?);
    let rows = state
        .run(move |db| rule_books::list(db, &acting.actor, VillageId(path.0), before, limit + 1))
        .await?;
    Ok(Json(Page::from_one_more(rows, limit, |row| row.number.to_string(), RuleBookLineOut::from)))
}

/// A rule book
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("rule_book_id" = Uuid, Path, description = "The rule book."),
    ),
    responses((status = 200, description = "The rule book.", body = RuleBookOut), Failures)
)]
#[get("/villages/{village_id}/rule-books/{rule_book_id}")]
pub async fn rule_book_show(
    acting: Acting,
    state: Data<State>,
    request: HttpRequest,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<RuleBookOut>, Problem> {
    let (village, id) = (VillageId(path.0.0), RuleBookId(path.0.1));
    let row = state.run(move |db| rule_books::show(db, &acting.actor, village, id)).await?;
    Ok(Json(answer(row, &request)?))
}

/// On which day.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OnQuery {
    /// The day; today if none is given.
    #[param(example = "2026-10-01")]
    on: Option<NaiveDate>,
}

/// The rule book in force on a day
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), OnQuery),
    responses((status = 200, description = "The rule book.", body = RuleBookOut), Failures)
)]
#[get("/villages/{village_id}/rule-book")]
pub async fn rule_book_in_force(
    acting: Acting,
    state: Data<State>,
    request: HttpRequest,
    path: InPath<Uuid>,
    query: InQuery<OnQuery>,
) -> Result<Json<RuleBookOut>, Problem> {
    let day = query.0.on.unwrap_or_else(|| day_of(state.clock.now()));
    let row = state
        .run(move |db| rule_books::in_force(db, &acting.actor, VillageId(path.0), day))
        .await?;
    Ok(Json(answer(row, &request)?))
}
