//! Frames of counties and manuals of towns (区县框架, 镇街手册), which lie above the rule books of villages.

mod out;

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use chrono::NaiveDate;
use domain::calendar::day_of;
use domain::id::{DivisionId, RuleLayerId};
use domain::rule_book::Order;
use infra::rule_books::VersionLine;
use infra::rule_layers::{self, Issuing};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader};
use crate::pagination::{Page, PageQuery};
use crate::problem::{Language, Problem};
use crate::rule_books::{LayerBody, RuleVersionLineOut};
use crate::session::Acting;
use crate::state::State;
use out::{RuleLayerIssuedOut, RuleLayerOut};

/// The text of a layer.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!(crate::rule_books::example_of_a_layer_text()))]
pub struct RuleLayerIn {
    /// What it says.
    #[validate(nested)]
    layer: LayerBody,
}

/// The order by which a layer is issued.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "number": "区委发〔2026〕12号", "issued_on": "2026-11-20", "in_force_from": "2027-01-01"
}))]
pub struct IssueIn {
    /// Its number (文号), 1 to 60 characters.
    #[validate(length(min = 1, max = 60))]
    #[schema(min_length = 1, max_length = 60)]
    number: String,
    /// The day on which it was issued; not in the future.
    issued_on: NaiveDate,
    /// The first day of the layer: tomorrow at the earliest, and after the first day of the one before it.
    in_force_from: NaiveDate,
}

/// Whether it is only tried.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct IssueQuery {
    /// True: nothing is changed, and the answer says what would be. The key is left unused.
    #[serde(default)]
    #[param(default = false)]
    dry_run: bool,
}

/// Write a frame or manual
///
/// A draft of the layer of a county or town: whatever it leaves out is for those below to say. It may
/// have faults; they are listed.
#[utoipa::path(
    tag = "admin",
    params(("division_id" = Uuid, Path, description = "The county or town."), KeyHeader),
    request_body = RuleLayerIn,
    responses((status = 201, description = "The draft with its faults.", body = RuleLayerOut), Failures)
)]
#[post("/divisions/{division_id}/rule-layers")]
pub async fn rule_layer_create(
    acting: Acting,
    state: Data<State>,
    request: HttpRequest,
    path: InPath<Uuid>,
    key: Key,
    body: Body<RuleLayerIn>,
) -> Result<HttpResponse, Problem> {
    let (now, once) = (state.clock.now(), key.once(acting.actor.user, &body.hash));
    let layer = body.value.layer.read()?;
    let shown = state
        .run(move |db| {
            let division = DivisionId(path.0);
            let row = rule_layers::draft(db, &acting.actor, division, &layer, &once, now)?;
            rule_layers::written(db, &row, day_of(now))
        })
        .await?;
    let language = Language::of(request.headers());
    Ok(HttpResponse::Created().json(RuleLayerOut::of(shown, language)?))
}

/// Replace the text of a draft of a frame or manual
#[utoipa::path(
    tag = "admin",
    params(
        ("division_id" = Uuid, Path, description = "The county or town."),
        ("rule_layer_id" = Uuid, Path, description = "The draft."),
    ),
    request_body = RuleLayerIn,
    responses((status = 200, description = "The draft with its faults.", body = RuleLayerOut), Failures)
)]
#[put("/divisions/{division_id}/rule-layers/{rule_layer_id}")]
pub async fn rule_layer_update(
    acting: Acting,
    state: Data<State>,
    request: HttpRequest,
    path: InPath<(Uuid, Uuid)>,
    body: Body<RuleLayerIn>,
) -> Result<Json<RuleLayerOut>, Problem> {
    let now = state.clock.now();
    let (division, id) = (DivisionId(path.0.0), RuleLayerId(path.0.1));
    let layer = body.value.layer.read()?;
    let shown = state
        .run(move |db| {
            let row = rule_layers::rewrite(db, &acting.actor, division, id, &layer, now)?;
            rule_layers::written(db, &row, day_of(now))
        })
        .await?;
    Ok(Json(RuleLayerOut::of(shown, Language::of(request.headers()))?))
}

/// Record the order that issues a frame or manual
///
/// From then on it is never edited. The books of all villages below that adopted one are merged with it
/// from its first day on; where a village's own layer contradicts it the higher one holds, and `books`
/// names what does not hold any more. If a village's book would have faults (`rule_books_broken`), or
/// the layer has some (`rule_book_invalid`, `rule_book_contradicts`), nothing is changed and `errors`
/// names the places. A dry run answers the same and changes nothing.
#[utoipa::path(
    tag = "admin",
    params(
        ("division_id" = Uuid, Path, description = "The county or town."),
        ("rule_layer_id" = Uuid, Path, description = "The draft."),
        IssueQuery,
        KeyHeader,
    ),
    request_body = IssueIn,
    responses(
        (status = 201, description = "Issued.", body = RuleLayerIssuedOut),
        (status = 200, description = "A dry run: what would be.", body = RuleLayerIssuedOut),
        Failures
    )
)]
#[post("/divisions/{division_id}/rule-layers/{rule_layer_id}/orders")]
pub async fn rule_layer_issue(
    acting: Acting,
    state: Data<State>,
    request: HttpRequest,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<IssueQuery>,
    key: Key,
    body: Body<IssueIn>,
) -> Result<HttpResponse, Problem> {
    let (now, once) = (state.clock.now(), key.once(acting.actor.user, &body.hash));
    let (division, id) = (DivisionId(path.0.0), RuleLayerId(path.0.1));
    let IssueIn { number, issued_on, in_force_from } = body.value;
    let issuing = Issuing { order: Order { number, issued_on }, in_force_from };
    let dry_run = query.0.dry_run;
    let issued = state
        .run(move |db| {
            let actor = &acting.actor;
            if dry_run {
                rule_layers::try_issue(db, actor, division, id, &issuing, now)
            } else {
                rule_layers::issue(db, actor, division, id, &issuing, &once, now)
            }
        })
        .await?;
    let answer = RuleLayerIssuedOut::of(issued, Language::of(request.headers()));
    let mut response = if dry_run { HttpResponse::Ok() } else { HttpResponse::Created() };
    Ok(response.json(answer))
}

/// List the frames of a county or the manuals of a town
///
/// The newest first. What was issued is public; drafts are listed for those who may read them.
#[utoipa::path(
    tag = "mini-program",
    params(("division_id" = Uuid, Path, description = "The county or town."), PageQuery),
    responses((status = 200, description = "Layers.", body = Page<RuleVersionLineOut>), Failures)
)]
#[get("/divisions/{division_id}/rule-layers")]
pub async fn rule_layer_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<RuleVersionLineOut>>, Problem> {
    let (limit, before) = (query.0.limit, query.0.after::<i32>()?);
    let today = day_of(state.clock.now());
    let division = DivisionId(path.0);
    let rows = state
        .run(move |db| rule_layers::list(db, &acting.actor, division, before, limit + 1, today))
        .await?;
    let cursor = |(row, _): &(VersionLine, _)| row.number.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, RuleVersionLineOut::from)))
}

/// A frame or manual
///
/// What was issued is public; a draft is shown to those who may read drafts.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("division_id" = Uuid, Path, description = "The county or town."),
        ("rule_layer_id" = Uuid, Path, description = "The layer."),
    ),
    responses((status = 200, description = "The layer.", body = RuleLayerOut), Failures)
)]
#[get("/divisions/{division_id}/rule-layers/{rule_layer_id}")]
pub async fn rule_layer_show(
    acting: Acting,
    state: Data<State>,
    request: HttpRequest,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<RuleLayerOut>, Problem> {
    let (division, id) = (DivisionId(path.0.0), RuleLayerId(path.0.1));
    let today = day_of(state.clock.now());
    let shown =
        state.run(move |db| rule_layers::show(db, &acting.actor, division, id, today)).await?;
    Ok(Json(RuleLayerOut::of(shown, Language::of(request.headers()))?))
}
