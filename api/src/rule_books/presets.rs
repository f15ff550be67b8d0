//! The preset rule books that come with the software.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::refusal::Refusal;
use infra::presets;
use serde::Serialize;
use utoipa::ToSchema;

use super::book::Book;
use super::out::PresetOut;
use crate::answers::Failures;
use crate::body::InPath;
use crate::pagination::Page;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// A preset in the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"name": "shuicheng", "title": "龙场乡诚信积分管理办法"}))]
pub struct PresetLineOut {
    /// Its name.
    name: String,
    /// The name of its book.
    title: String,
}

/// List the preset rule books
#[utoipa::path(
    tag = "admin",
    responses((status = 200, description = "All presets.", body = Page<PresetLineOut>), Failures)
)]
#[get("/rule-book-presets")]
pub async fn rule_book_preset_list(
    _acting: Acting,
    state: Data<State>,
) -> Result<Json<Page<PresetLineOut>>, Problem> {
    let found = state
        .run(|_| {
            presets::names()
                .map(|name| Ok((name, presets::load(name)?)))
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let line = |(name, preset): (&str, Option<presets::Preset>)| {
        Some(PresetLineOut { name: name.to_owned(), title: preset?.book.name })
    };
    Ok(Json(Page::whole(found.into_iter().filter_map(line).collect())))
}

/// A preset rule book
///
/// The whole book, and which of its figures the place published.
#[utoipa::path(
    tag = "admin",
    params((
        "name" = String, Path, description = "The name of the preset.", max_length = 40,
        example = "shuicheng"
    )),
    responses((status = 200, description = "The preset.", body = PresetOut), Failures)
)]
#[get("/rule-book-presets/{name}")]
pub async fn rule_book_preset_show(
    _acting: Acting,
    state: Data<State>,
    path: InPath<String>,
) -> Result<Json<PresetOut>, Problem> {
    let name = path.0;
    let asked = name.clone();
    let preset = state.run(move |_| presets::load(&asked)).await?.ok_or(Refusal::NotFound)?;
    let book = Book::of(&preset.book)?;
    Ok(Json(PresetOut { name, provenance: preset.provenance.into(), book }))
}
