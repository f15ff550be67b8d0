//! What hangs on the lists, and the entries that are worked on.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::VillageId;
use infra::lists::{self, Honored, Warned};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::entry::{ListEntryFilter, ListEntryOut};
use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{Page, PageQuery, twenty};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// Praise.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "list_entry_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "name": "王秀英",
    "title": "主动打扫公共区域", "happened_on": "2026-10-08", "text": "冒雨抢修水渠。",
    "shown_until": "2027-10-14"
}))]
pub struct HonorEntryOut {
    /// Its id.
    list_entry_id: Uuid,
    /// Who is praised, with their consent.
    name: String,
    /// For what: the item's name, cycle and stars, or the category of a reported good deed.
    title: String,
    /// When.
    happened_on: chrono::NaiveDate,
    /// What is said; may be empty.
    text: String,
    /// The last day on which it hangs.
    shown_until: Option<chrono::NaiveDate>,
}

impl From<Honored> for HonorEntryOut {
    fn from(Honored { row, name }: Honored) -> Self {
        Self {
            list_entry_id: row.id,
            name,
            title: row.title,
            happened_on: row.happened_on,
            text: row.words,
            shown_until: row.shown_until,
        }
    }
}

/// A warning.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "list_entry_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "masked_name": "王*英",
    "title": "乱倒垃圾、污水", "happened_on": "2026-09-08", "shown_until": "2026-12-11"
}))]
pub struct WarningEntryOut {
    /// Its id.
    list_entry_id: Uuid,
    /// Who, masked.
    masked_name: String,
    /// Of what: the item's name.
    title: String,
    /// When.
    happened_on: chrono::NaiveDate,
    /// The last day on which it hangs; gone earlier when it is put right.
    shown_until: Option<chrono::NaiveDate>,
}

impl From<Warned> for WarningEntryOut {
    fn from(Warned { row, masked_name }: Warned) -> Self {
        Self {
            list_entry_id: row.id,
            masked_name,
            title: row.title,
            happened_on: row.happened_on,
            shown_until: row.shown_until,
        }
    }
}

/// Read the honor list
///
/// What the panel decided on and the person agreed to, the newest first. Each entry points to something
/// in the books, and is gone when that falls.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery),
    responses((status = 200, description = "A page of it.", body = Page<HonorEntryOut>), Failures)
)]
#[get("/villages/{village_id}/honor-list")]
pub async fn honor_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<HonorEntryOut>>, Problem> {
    let (village, limit, before) = (VillageId(path.0), query.0.limit, query.0.after()?);
    let now = state.clock.now();
    let rows = state
        .run(move |db| lists::honor_list(db, &acting.actor, village, before, limit, now))
        .await?;
    let cursor = |entry: &Honored| entry.row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, HonorEntryOut::from)))
}

/// Read the warning list
///
/// Masked, in the village only, the newest first; town officers and supervisors say why they read it. An entry is gone when the fault is put right, while an
/// objection waits for its answer, and after 60 days.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."), PageQuery, ReadingHeader,
    ),
    responses((status = 200, description = "A page of it.", body = Page<WarningEntryOut>), Failures)
)]
#[get("/villages/{village_id}/warning-list")]
pub async fn warning_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<WarningEntryOut>>, Problem> {
    let (village, limit, before) = (VillageId(path.0), query.0.limit, query.0.after()?);
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| lists::warning_list(db, &acting.actor, village, before, limit, &why))
        .await?;
    let cursor = |entry: &Warned| entry.row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, WarningEntryOut::from)))
}

/// Which entries.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListEntryQuery {
    /// In which state.
    #[serde(default)]
    #[param(inline, default = "proposed")]
    state: ListEntryFilter,
    /// How many, at most.
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = 100))]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: i64,
    /// `next_cursor` of the page before; none for the first page.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    cursor: Option<String>,
}

/// List entries that are worked on
///
/// By their state, or those whose removal is asked for, the newest first. What is overdue says so.
#[utoipa::path(
    tag = "review",
    params(
        ("village_id" = Uuid, Path, description = "The village."), ListEntryQuery, ReadingHeader,
    ),
    responses((status = 200, description = "A page of them.", body = Page<ListEntryOut>), Failures)
)]
#[get("/villages/{village_id}/list-entries")]
pub async fn list_entry_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<ListEntryQuery>,
) -> Result<Json<Page<ListEntryOut>>, Problem> {
    let village = VillageId(path.0);
    let ListEntryQuery { state: filter, limit, cursor } = query.0;
    let before = PageQuery { limit, cursor }.after()?;
    let now = state.clock.now();
    let why = reading.at(now);
    let rows = state
        .run(move |db| {
            let page = (before, limit);
            lists::entries(db, &acting.actor, village, filter.state(), page, &why)
        })
        .await?;
    let cursor = |entry: &Honored| entry.row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, |entry| ListEntryOut::new(entry, now))))
}

/// Show an entry
///
/// To those who work on it, and to the household concerned, who learns its id from the message.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("list_entry_id" = Uuid, Path, description = "The entry."), ReadingHeader,
    ),
    responses((status = 200, description = "The entry.", body = ListEntryOut), Failures)
)]
#[get("/villages/{village_id}/list-entries/{list_entry_id}")]
pub async fn list_entry_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<ListEntryOut>, Problem> {
    let (village, id, now) = (VillageId(path.0.0), path.0.1, state.clock.now());
    let why = reading.at(now);
    let entry = state.run(move |db| lists::entry(db, &acting.actor, village, id, &why)).await?;
    Ok(Json(ListEntryOut::new(entry, now)))
}
