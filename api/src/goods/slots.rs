//! When a service can be had.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, Utc};
use domain::id::{GoodsId, SlotId, VillageId};
use domain::store::{Slot, SlotPlan};
use infra::goods;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader, filled};
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// A slot to open.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "starts_at": "2026-10-20T08:00:00+08:00", "ends_at": "2026-10-20T09:00:00+08:00",
    "capacity": 1, "place": "二组水田"
}))]
pub struct SlotIn {
    /// When it begins: in the future, within a year.
    starts_at: DateTime<Utc>,
    /// When it ends: at most 31 days later.
    ends_at: DateTime<Utc>,
    /// How many of it can be redeemed.
    #[validate(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10_000)]
    capacity: u32,
    /// Where.
    #[validate(length(min = 1, max = 100), custom(function = filled))]
    #[schema(min_length = 1, max_length = 100)]
    place: String,
}

/// A slot of a service.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "slot_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f73", "starts_at": "2026-10-20T08:00:00+08:00",
    "ends_at": "2026-10-20T09:00:00+08:00", "place": "二组水田", "capacity": 1, "left": 1,
    "closed": false
}))]
pub struct SlotOut {
    /// Its id.
    slot_id: Uuid,
    /// When it begins.
    starts_at: String,
    /// When it ends.
    ends_at: String,
    /// Where.
    place: String,
    /// How many of it can be redeemed in all.
    capacity: u32,
    /// How many are left.
    left: u32,
    /// Whether it was closed, so that nobody else takes a place.
    closed: bool,
}

impl From<Slot> for SlotOut {
    fn from(slot: Slot) -> Self {
        Self {
            slot_id: slot.id.0,
            starts_at: shown(slot.plan.starts_at),
            ends_at: shown(slot.plan.ends_at),
            place: slot.plan.place,
            capacity: slot.plan.capacity,
            left: slot.plan.capacity.saturating_sub(slot.taken),
            closed: slot.closed,
        }
    }
}

/// Open a slot of a service
#[utoipa::path(
    tag = "admin",
    request_body = SlotIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("goods_id" = Uuid, Path, description = "The service."),
        KeyHeader,
    ),
    responses((status = 201, description = "Opened.", body = SlotOut), Failures)
)]
#[post("/villages/{village_id}/goods/{goods_id}/slots")]
pub async fn slot_create(
    acting: Acting,
    state: Data<State>,
    key: Key,
    path: InPath<(Uuid, Uuid)>,
    body: Body<SlotIn>,
) -> Result<HttpResponse, Problem> {
    let (at, now) = ((VillageId(path.0.0), GoodsId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let SlotIn { starts_at, ends_at, capacity, place } = body.value;
    let plan = SlotPlan { starts_at, ends_at, capacity, place };
    let slot =
        state.run(move |db| goods::open_slot(db, &acting.actor, at, &plan, &once, now)).await?;
    Ok(HttpResponse::Created().json(SlotOut::from(slot)))
}

/// The slots of a service
///
/// Those that have not ended, in their order.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("goods_id" = Uuid, Path, description = "The service."),
        PageQuery,
    ),
    responses((status = 200, description = "The slots.", body = Page<SlotOut>), Failures)
)]
#[get("/villages/{village_id}/goods/{goods_id}/slots")]
pub async fn slot_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<SlotOut>>, Problem> {
    let (at, now) = ((VillageId(path.0.0), GoodsId(path.0.1)), state.clock.now());
    let (after, limit) = (query.0.after()?, query.0.limit);
    let rows =
        state.run(move |db| goods::slots(db, &acting.actor, at, after, limit + 1, now)).await?;
    let cursor = |row: &Slot| row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, SlotOut::from)))
}

/// Close a slot
///
/// Nobody else takes a place. What waits for a slot that is not over is called off: its points return and its
/// households are told. Closing it again changes nothing.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("goods_id" = Uuid, Path, description = "The service."),
        ("slot_id" = Uuid, Path, description = "The slot."),
    ),
    responses((status = 200, description = "Closed.", body = SlotOut), Failures)
)]
#[post("/villages/{village_id}/goods/{goods_id}/slots/{slot_id}/closing")]
pub async fn slot_close(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid, Uuid)>,
) -> Result<Json<SlotOut>, Problem> {
    let at = (VillageId(path.0.0), GoodsId(path.0.1), SlotId(path.0.2));
    let now = state.clock.now();
    let slot = state.run(move |db| goods::close_slot(db, &acting.actor, at, now)).await?;
    Ok(Json(slot.into()))
}
