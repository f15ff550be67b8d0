//! What a household does: redeem, look, cancel.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::{GoodsId, HouseholdId, RedemptionId, SlotId, VillageId};
use domain::store::QUANTITY_MAX;
use infra::redemptions::{self, Order, Receipt};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::{RedemptionOut, RedemptionStateName};
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader, filled};
use crate::pagination::{LIMIT_MAX, Page, PageQuery, twenty};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// What somebody wants.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "goods_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f72", "quantity": 1
}))]
pub struct RedemptionIn {
    /// The goods.
    pub(super) goods_id: Uuid,
    /// When, for a service.
    pub(super) slot_id: Option<Uuid>,
    /// How many.
    #[validate(range(min = 1, max = QUANTITY_MAX))]
    #[schema(minimum = 1, maximum = 100)]
    pub(super) quantity: u32,
}

impl From<RedemptionIn> for Order {
    fn from(order: RedemptionIn) -> Self {
        let RedemptionIn { goods_id, slot_id, quantity } = order;
        Self { goods: GoodsId(goods_id), slot: slot_id.map(SlotId), quantity }
    }
}

/// Redeem points
///
/// In one step the points are taken and the goods, or a place in the slot, are kept. The points are those
/// of the household, or of who asks, as the rule book says; the answer has the code and the QR with which
/// any member of the household picks it up.
#[utoipa::path(
    tag = "mini-program",
    request_body = RedemptionIn,
    params(("village_id" = Uuid, Path, description = "The village."), KeyHeader),
    responses((status = 201, description = "Redeemed.", body = RedemptionOut), Failures)
)]
#[post("/villages/{village_id}/redemptions")]
pub async fn redemption_create(
    acting: Acting,
    state: Data<State>,
    key: Key,
    path: InPath<Uuid>,
    body: Body<RedemptionIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let order = Order::from(body.value);
    let receipt = state
        .run(move |db| redemptions::redeem(db, &acting.actor, village, order, &once, now))
        .await?;
    Ok(HttpResponse::Created().json(RedemptionOut::from(receipt)))
}

/// Which redemptions.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RedemptionQuery {
    /// Those that stand so.
    #[param(inline)]
    pub(super) state: Option<RedemptionStateName>,
    /// How many items, 1 to 100.
    #[serde(default = "twenty")]
    #[validate(range(min = 1, max = LIMIT_MAX))]
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    pub(super) limit: i64,
    /// `next_cursor` of the page before; none for the first page.
    #[validate(length(max = 64))]
    #[param(max_length = 64)]
    pub(super) cursor: Option<String>,
}

/// What a household redeemed
///
/// The newest first, with the codes of what waits if it is one's own household.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The household."),
        RedemptionQuery, ReadingHeader,
    ),
    responses((status = 200, description = "The redemptions.", body = Page<RedemptionOut>), Failures)
)]
#[get("/villages/{village_id}/households/{household_id}/redemptions")]
pub async fn household_redemption_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<RedemptionQuery>,
) -> Result<Json<Page<RedemptionOut>>, Problem> {
    let at = (VillageId(path.0.0), HouseholdId(path.0.1));
    let RedemptionQuery { state: stands, limit, cursor } = query.0;
    let page = (PageQuery { limit, cursor }.after()?, limit + 1);
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| {
            redemptions::of_household(db, &acting.actor, at, stands.map(Into::into), page, &why)
        })
        .await?;
    let cursor = |row: &Receipt| row.redemption_id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, RedemptionOut::from)))
}

/// A redemption
///
/// Its code and QR are shown to the own household only, while it waits.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("redemption_id" = Uuid, Path, description = "The redemption."),
        ReadingHeader,
    ),
    responses((status = 200, description = "As it stands.", body = RedemptionOut), Failures)
)]
#[get("/villages/{village_id}/redemptions/{redemption_id}")]
pub async fn redemption_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<RedemptionOut>, Problem> {
    let which = (VillageId(path.0.0), RedemptionId(path.0.1));
    let why = reading.at(state.clock.now());
    let receipt = state.run(move |db| redemptions::show(db, &acting.actor, which, &why)).await?;
    Ok(Json(receipt.into()))
}

/// Why something is called off.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "到货破损,无法交付"}))]
pub struct RedemptionCancelIn {
    /// Why; the household reads it. Needed from the store.
    #[validate(length(min = 1, max = 200), custom(function = filled))]
    #[schema(min_length = 1, max_length = 200)]
    reason: Option<String>,
}

/// Call a redemption off
///
/// While it waits: the household until the store's time for that is over, and before the slot of a service;
/// the store whenever, with a reason. Points, stock and places return at once.
#[utoipa::path(
    tag = "mini-program",
    request_body = RedemptionCancelIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("redemption_id" = Uuid, Path, description = "The redemption."),
        KeyHeader,
    ),
    responses((status = 200, description = "Cancelled.", body = RedemptionOut), Failures)
)]
#[post("/villages/{village_id}/redemptions/{redemption_id}/cancellation")]
pub async fn redemption_cancel(
    acting: Acting,
    state: Data<State>,
    key: Key,
    path: InPath<(Uuid, Uuid)>,
    body: Body<RedemptionCancelIn>,
) -> Result<Json<RedemptionOut>, Problem> {
    let (which, now) = ((VillageId(path.0.0), RedemptionId(path.0.1)), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let reason = body.value.reason;
    let receipt = state
        .run(move |db| redemptions::cancel(db, &acting.actor, which, reason.as_deref(), &once, now))
        .await?;
    Ok(Json(receipt.into()))
}
