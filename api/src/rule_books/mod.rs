//! Rule books (积分细则): presets, drafts, adoption, and what is in force.

mod amount;
mod book;
mod examples;
mod file;
mod item;
mod layer;
mod out;
mod presets;
pub mod simulation;
mod tracks;

pub(crate) use examples::{layer as example_of_a_layer, layer_text as example_of_a_layer_text};
pub use file::*;
pub use layer::LayerBody;
pub(crate) use out::{ContradictionOut, FaultOut};
pub use presets::*;

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use chrono::NaiveDate;
use domain::calendar::day_of;
use domain::id::{RuleBookId, VillageId};
use domain::rule_book::Resolution;
use infra::rule_books::{self, Adopting, Shown, Text, VersionLine};
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
use out::RuleBookOut;
pub use out::RuleVersionLineOut;

/// What a draft begins with: a preset, a book or a layer, one of the three.
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
    /// What the village adds to the frame of its county and the manual of its town.
    #[validate(nested)]
    layer: Option<LayerBody>,
}

impl RuleBookIn {
    fn read(self) -> Result<Text, Problem> {
        match self.preset {
            Some(name) if self.book.is_none() && self.layer.is_none() => {
                let preset = infra::presets::load(&name)?;
                let wrong = || Problem::field(Door::Invalid, "preset", "no such preset");
                Ok(Text::Whole(Box::new(preset.ok_or_else(wrong)?.book)))
            }
            None => RuleBookTextIn { book: self.book, layer: self.layer }.read(),
            Some(_) => Err(Problem::field(Door::Invalid, "", ONE_OF)),
        }
    }
}

/// What a body without exactly one text is told.
const ONE_OF: &str = "one of `preset`, `book` and `layer`";

/// A new text for a draft: a book or a layer, one of the two.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!(examples::text()))]
pub struct RuleBookTextIn {
    /// The whole book.
    #[validate(nested)]
    book: Option<Book>,
    /// What the village adds to the frame of its county and the manual of its town.
    #[validate(nested)]
    layer: Option<LayerBody>,
}

impl RuleBookTextIn {
    fn read(&self) -> Result<Text, Problem> {
        match (&self.book, &self.layer) {
            (Some(book), None) => Ok(Text::Whole(Box::new(book.read()?))),
            (None, Some(layer)) => Ok(Text::Layer(Box::new(layer.read()?))),
            _ => Err(Problem::field(Door::Invalid, "", ONE_OF)),
        }
    }
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
    /// Its first day: not before the assembly, and after the first day of the book before it; from the
    /// second book on tomorrow at the earliest, so that no day has two.
    in_force_from: NaiveDate,
    /// How many households signed the pledge; needed where a layer asks for a share of them.
    #[validate(range(max = 1_000_000))]
    #[schema(minimum = 0, maximum = 1_000_000)]
    households_signed: Option<u32>,
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

fn answer(shown: Shown, request: &HttpRequest) -> Result<RuleBookOut, Problem> {
    RuleBookOut::of(shown, Language::of(request.headers()))
}

/// Write a draft
///
/// From a preset, a whole book, or a layer: what the village adds to the frame of its county and the
/// manual of its town. A draft may have faults and contradict layers above; both are listed.
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
    let text = body.value.read()?;
    let shown = state
        .run(move |db| {
            let village = VillageId(path.0);
            let row = rule_books::draft(db, &acting.actor, village, &text, &once, now)?;
            rule_books::written(db, row, day_of(now))
        })
        .await?;
    Ok(HttpResponse::Created().json(answer(shown, &request)?))
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
    let text = body.value.read()?;
    let shown = state
        .run(move |db| {
            let row = rule_books::rewrite(db, &acting.actor, village, id, &text, now)?;
            rule_books::written(db, row, day_of(now))
        })
        .await?;
    Ok(Json(answer(shown, &request)?))
}

/// Record the adoption of a draft
///
/// By resolution of the villager assembly, and where a layer asks for it with the pledges of households.
/// From then on the book is never edited; a deed is judged by the book in force on its day. What
/// contradicts the frame or the manual is refused with `rule_book_contradicts`, each place in `errors`.
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
    let AdoptionIn { held_on, present, votes_for, votes_against, in_force_from, households_signed } =
        body.value;
    let resolution = Resolution { held_on, present, votes_for, votes_against };
    let adopting = Adopting { resolution, households_signed, in_force_from };
    let shown = state
        .run(move |db| {
            let actor = &acting.actor;
            let row = rule_books::record_adoption(db, actor, village, id, adopting, &once, now)?;
            rule_books::written(db, row, day_of(now))
        })
        .await?;
    Ok(HttpResponse::Created().json(answer(shown, &request)?))
}

/// List the rule books of a village
///
/// The newest first. Drafts are shown to those who may write them.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery),
    responses((status = 200, description = "Rule books.", body = Page<RuleVersionLineOut>), Failures)
)]
#[get("/villages/{village_id}/rule-books")]
pub async fn rule_book_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<RuleVersionLineOut>>, Problem> {
    let (limit, before) = (query.0.limit, query.0.after::<i32>()?);
    let today = day_of(state.clock.now());
    let village = VillageId(path.0);
    let rows = state
        .run(move |db| rule_books::list(db, &acting.actor, village, before, limit + 1, today))
        .await?;
    let cursor = |(row, _): &(VersionLine, _)| row.number.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, RuleVersionLineOut::from)))
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
    let today = day_of(state.clock.now());
    let shown =
        state.run(move |db| rule_books::show(db, &acting.actor, village, id, today)).await?;
    Ok(Json(answer(shown, &request)?))
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
    let today = day_of(state.clock.now());
    let (village, day) = (VillageId(path.0), query.0.on.unwrap_or(today));
    let shown =
        state.run(move |db| rule_books::in_force(db, &acting.actor, village, day, today)).await?;
    Ok(Json(answer(shown, &request)?))
}
