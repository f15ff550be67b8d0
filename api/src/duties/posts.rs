//! Duty posts, and who holds them.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use domain::calendar::day_of;
use domain::duty::PostPlan;
use domain::id::{DutyPostId, VillageId, VillagerId};
use infra::duties::{self, Assignment, Holder, PostListed, PostReceipt};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationError};

use super::{ConsentIn, DutyReceiptOut};
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader, filled};
use crate::claims::a_day;
use crate::names::TrackName;
use crate::pagination::{LIMIT_MAX, Page, PageQuery, twenty};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// A duty post to set up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "环境卫生岗", "description": "每周巡查包片路段,劝导垃圾入桶",
    "tracks": ["party_member", "representative"], "item_codes": ["P-POST"],
    "opened_on": "2026-10-01"
}))]
pub struct DutyPostIn {
    /// What it is called; the only open one of that name.
    #[validate(length(max = 40), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 40)]
    name: String,
    /// What its holder does.
    #[validate(length(max = 1000), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 1000)]
    description: String,
    /// Whom it is for; everybody if it names no track.
    #[serde(default)]
    #[validate(length(max = 4))]
    #[schema(max_items = 4)]
    tracks: Vec<TrackName>,
    /// The items by which it is scored: such as the book in force has with the `duty_source` duty_post.
    #[validate(length(max = 20), custom(function = "codes"))]
    #[schema(max_items = 20)]
    item_codes: Vec<ItemCode>,
    /// The first day on which it can be held, today if none is said. It may lie in the past, where
    /// people held it before.
    #[validate(custom(function = "a_day"))]
    opened_on: Option<NaiveDate>,
}

/// The code of an item of the rule book.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(min_length = 1, max_length = 32)]
pub struct ItemCode(String);

fn codes(list: &[ItemCode]) -> Result<(), ValidationError> {
    let fits = |code: &ItemCode| (1..=32).contains(&code.0.chars().count());
    if list.iter().all(fits) { Ok(()) } else { Err(ValidationError::new("length")) }
}

/// A duty post after a change.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "opened_on": "2026-10-01", "closed_on": null
}))]
pub struct DutyPostReceiptOut {
    /// Its id.
    id: Uuid,
    /// The first day.
    opened_on: NaiveDate,
    /// The last day, once it is closed.
    closed_on: Option<NaiveDate>,
}

impl From<PostReceipt> for DutyPostReceiptOut {
    fn from(receipt: PostReceipt) -> Self {
        let PostReceipt { post, opened_on, closed_on } = receipt;
        Self { id: post.0, opened_on, closed_on }
    }
}

/// Set up a duty post (设岗定责)
///
/// Whoever holds it can claim its items, and nobody else. Holding it gives no points by itself.
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    request_body = DutyPostIn,
    responses((status = 201, description = "Set up.", body = DutyPostReceiptOut), Failures)
)]
#[post("/villages/{village_id}/duty-posts")]
pub async fn duty_post_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    key: Key,
    body: Body<DutyPostIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let DutyPostIn { name, description, tracks, item_codes, opened_on } = body.value;
    let plan = PostPlan {
        name: name.trim().to_owned(),
        description: description.trim().to_owned(),
        tracks: tracks.into_iter().map(Into::into).collect(),
        items: item_codes.into_iter().map(|code| code.0).collect(),
        opened_on: opened_on.unwrap_or_else(|| day_of(now)),
    };
    let receipt = state
        .run(move |db| duties::create_post(db, &acting.actor, village, &plan, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(DutyPostReceiptOut::from(receipt)))
}

/// Which duty posts.
#[derive(Clone, Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DutyPostQuery {
    /// Closed ones too.
    #[serde(default)]
    #[param(default = false)]
    with_closed: bool,
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

/// A duty post.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "name": "环境卫生岗",
    "description": "每周巡查包片路段,劝导垃圾入桶", "tracks": ["party_member"],
    "item_codes": ["P-POST"], "opened_on": "2026-10-01", "closed_on": null,
    "holders": [{
        "duty_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
        "person_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "name": "王秀英",
        "from": "2026-10-12", "until": null
    }]
}))]
pub struct DutyPostOut {
    /// Its id.
    id: Uuid,
    /// What it is called.
    name: String,
    /// What its holder does.
    description: String,
    /// Whom it is for; everybody if it names no track.
    #[schema(max_items = 4)]
    tracks: Vec<TrackName>,
    /// The items by which it is scored.
    #[schema(max_items = 20)]
    item_codes: Vec<String>,
    /// The first day on which it can be held.
    opened_on: NaiveDate,
    /// The last day, once it is closed.
    closed_on: Option<NaiveDate>,
    /// Who holds it today or will.
    holders: Vec<HolderOut>,
}

/// Somebody on a duty post.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DutyPostHolder)]
pub struct HolderOut {
    /// Their duty, see `duty_end`.
    duty_id: Uuid,
    /// Who.
    person_id: Uuid,
    /// 姓名.
    name: String,
    /// From which day on.
    from: NaiveDate,
    /// The last day, if somebody set one.
    until: Option<NaiveDate>,
}

impl From<Holder> for HolderOut {
    fn from(holder: Holder) -> Self {
        let Holder { duty, person, name, from, until } = holder;
        Self { duty_id: duty.0, person_id: person.0, name, from, until }
    }
}

impl From<PostListed> for DutyPostOut {
    fn from(listed: PostListed) -> Self {
        let post = listed.post;
        Self {
            id: post.id.0,
            name: listed.name,
            description: listed.description,
            tracks: post.tracks.into_iter().map(Into::into).collect(),
            item_codes: post.items.into_iter().collect(),
            opened_on: post.opened_on,
            closed_on: post.closed_on,
            holders: listed.holders.into_iter().map(Into::into).collect(),
        }
    }
}

/// List the duty posts of a village
///
/// With the names of those who hold them, for everybody in the village.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), DutyPostQuery, ReadingHeader),
    responses((status = 200, description = "Posts, the first set up first.", body = Page<DutyPostOut>), Failures)
)]
#[get("/villages/{village_id}/duty-posts")]
pub async fn duty_post_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<Uuid>,
    query: InQuery<DutyPostQuery>,
) -> Result<Json<Page<DutyPostOut>>, Problem> {
    let (village, query) = (VillageId(path.0), query.0);
    let why = reading.at(state.clock.now());
    let page = PageQuery { limit: query.limit, cursor: query.cursor };
    let (after, limit) = (page.after::<Uuid>()?, page.limit);
    let with_closed = query.with_closed;
    let rows = state
        .run(move |db| {
            duties::list_posts(db, &acting.actor, village, with_closed, (after, limit + 1), &why)
        })
        .await?;
    Ok(Json(Page::from_one_more(rows, limit, |row| row.post.id.to_string(), DutyPostOut::from)))
}

/// Why a duty post is closed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "保洁改由专人负责"}))]
pub struct DutyPostClosingIn {
    /// Who holds it reads it.
    #[validate(length(max = 500), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Close a duty post
///
/// Today is its last day, also for those who hold it: they are told, and what they did up to today can
/// be claimed afterwards.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("duty_post_id" = Uuid, Path, description = "The post."),
        KeyHeader,
    ),
    request_body = DutyPostClosingIn,
    responses((status = 201, description = "Closed.", body = DutyPostReceiptOut), Failures)
)]
#[post("/villages/{village_id}/duty-posts/{duty_post_id}/closing")]
pub async fn duty_post_close(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<DutyPostClosingIn>,
) -> Result<HttpResponse, Problem> {
    let (village, post) = (VillageId(path.0.0), DutyPostId(path.0.1));
    let now = state.clock.now();
    let once = key.once(acting.actor.user, &body.hash);
    let reason = body.value.reason;
    let receipt = state
        .run(move |db| duties::close_post(db, &acting.actor, village, post, &reason, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(DutyPostReceiptOut::from(receipt)))
}

/// Somebody who is to hold a duty post.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "person_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "from": "2026-10-12",
    "consent": {
        "consented_by": "王秀英", "consented_how": "党员大会上签字认岗",
        "consented_on": "2026-10-10"
    }
}))]
pub struct DutyAssignmentIn {
    /// Who.
    person_id: Uuid,
    /// From which day on, today if none is said; not before the post was opened.
    #[validate(custom(function = "a_day"))]
    from: Option<NaiveDate>,
    /// That they agreed: nobody is put on a post against their will.
    #[validate(nested)]
    consent: ConsentIn,
}

/// Put somebody on a duty post (认岗)
///
/// They are told, and can step back any day with `duty_end`.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("duty_post_id" = Uuid, Path, description = "The post."),
        KeyHeader,
    ),
    request_body = DutyAssignmentIn,
    responses((status = 201, description = "They hold it.", body = DutyReceiptOut), Failures)
)]
#[post("/villages/{village_id}/duty-posts/{duty_post_id}/holders")]
pub async fn duty_assign(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    key: Key,
    body: Body<DutyAssignmentIn>,
) -> Result<HttpResponse, Problem> {
    let (village, post) = (VillageId(path.0.0), DutyPostId(path.0.1));
    let now = state.clock.now();
    let once = key.once(acting.actor.user, &body.hash);
    let DutyAssignmentIn { person_id, from, consent } = body.value;
    let assignment = Assignment {
        person: VillagerId(person_id),
        from: from.unwrap_or_else(|| day_of(now)),
        consent: consent.into(),
    };
    let receipt = state
        .run(move |db| duties::assign(db, &acting.actor, village, post, &assignment, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(DutyReceiptOut::from(receipt)))
}
