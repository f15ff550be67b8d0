//! Points stores (积分超市): opened, changed and closed by the village.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post, put};
use domain::id::{MerchantId, StoreId, VillageId};
use domain::store::{DAYS_MAX, StorePolicy};
use infra::stores::{self, StoreFacts, StoreRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, filled};
use crate::pagination::Page;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// What a store does about what is not picked up, and about changes of mind. A redemption takes along what
/// held when it was made.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StorePolicy, example = json!({
    "lapse_days": 30, "lapse_returns": true, "cancel_days": null, "refund_days": 7
}))]
pub struct PolicyIo {
    /// After how many days what was not picked up lapses.
    #[validate(range(min = 1, max = DAYS_MAX))]
    #[schema(minimum = 1, maximum = 90)]
    lapse_days: u16,
    /// Whether the points return when it lapses.
    lapse_returns: bool,
    /// For how many days the household may cancel; null: as long as it waits.
    #[validate(range(min = 0, max = DAYS_MAX))]
    #[schema(minimum = 0, maximum = 90)]
    cancel_days: Option<u16>,
    /// For how many days after it was handed over faulty goods are taken back.
    #[validate(range(min = 0, max = DAYS_MAX))]
    #[schema(minimum = 0, maximum = 90)]
    refund_days: u16,
}

impl From<PolicyIo> for StorePolicy {
    fn from(policy: PolicyIo) -> Self {
        let PolicyIo { lapse_days, lapse_returns, cancel_days, refund_days } = policy;
        Self { lapse_days, lapse_returns, cancel_days, refund_days }
    }
}

impl From<StorePolicy> for PolicyIo {
    fn from(policy: StorePolicy) -> Self {
        let StorePolicy { lapse_days, lapse_returns, cancel_days, refund_days } = policy;
        Self { lapse_days, lapse_returns, cancel_days, refund_days }
    }
}

/// What a village says of a store.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "龙窝村积分超市", "address": "村委会一楼", "hours": "每周三、周六 8:30-11:30",
    "phone": "0762-1234567"
}))]
pub struct StoreIn {
    /// Its name; no other open store of the village has it.
    #[validate(length(min = 1, max = 50), custom(function = filled))]
    #[schema(min_length = 1, max_length = 50)]
    name: String,
    /// Where it is.
    #[validate(length(min = 1, max = 100), custom(function = filled))]
    #[schema(min_length = 1, max_length = 100)]
    address: String,
    /// When it is open, in words.
    #[validate(length(min = 1, max = 100), custom(function = filled))]
    #[schema(min_length = 1, max_length = 100)]
    hours: String,
    /// Its phone, as it wants it shown.
    #[validate(length(min = 1, max = 30), custom(function = filled))]
    #[schema(min_length = 1, max_length = 30)]
    phone: String,
    /// Its policy; without one it lapses after 30 days, points return, a household cancels as long as it
    /// waits, and faulty goods are taken back for 7 days.
    #[serde(default)]
    #[validate(nested)]
    policy: Option<PolicyIo>,
}

/// A store to open.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"store": {
    "name": "龙窝村积分超市", "address": "村委会一楼", "hours": "每周三、周六 8:30-11:30",
    "phone": "0762-1234567"
}}))]
pub struct NewStoreIn {
    /// The merchant that runs it, of this village or a division above it; none: the village. It stays so.
    merchant_id: Option<Uuid>,
    /// What is said of it.
    #[validate(nested)]
    store: StoreIn,
}

impl StoreIn {
    fn facts(self) -> StoreFacts {
        StoreFacts {
            name: self.name,
            address: self.address,
            hours: self.hours,
            phone: self.phone,
            policy: self.policy.map_or_else(StorePolicy::default, StorePolicy::from),
        }
    }
}

/// A store.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "store_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f71", "name": "龙窝村积分超市",
    "address": "村委会一楼", "hours": "每周三、周六 8:30-11:30", "phone": "0762-1234567",
    "merchant_id": null,
    "policy": {"lapse_days": 30, "lapse_returns": true, "cancel_days": null, "refund_days": 7},
    "opened_at": "2026-10-12T10:00:00+08:00", "closed_at": null
}))]
pub struct StoreOut {
    /// Its id.
    store_id: Uuid,
    /// Its name.
    name: String,
    /// Where it is.
    address: String,
    /// When it is open, in words.
    hours: String,
    /// Its phone.
    phone: String,
    /// The merchant that runs it; null: the village.
    merchant_id: Option<Uuid>,
    /// Its policy.
    policy: PolicyIo,
    /// When it was opened.
    opened_at: String,
    /// When it was closed.
    closed_at: Option<String>,
}

impl From<StoreRow> for StoreOut {
    fn from(row: StoreRow) -> Self {
        Self {
            store_id: row.id,
            policy: row.policy().into(),
            name: row.name,
            address: row.address,
            hours: row.hours,
            phone: row.phone,
            merchant_id: row.merchant_id,
            opened_at: shown(row.opened_at),
            closed_at: row.closed_at.map(shown),
        }
    }
}

/// Open a points store
///
/// Run by the village, whose store keepers stand at its counter, or by a merchant, whose own people do.
#[utoipa::path(
    tag = "admin",
    request_body = NewStoreIn,
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 201, description = "Opened.", body = StoreOut), Failures)
)]
#[post("/villages/{village_id}/stores")]
pub async fn store_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<NewStoreIn>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let merchant = body.value.merchant_id.map(MerchantId);
    let facts = body.value.store.facts();
    let row = state
        .run(move |db| stores::open(db, &acting.actor, village, (&facts, merchant), now))
        .await?;
    Ok(HttpResponse::Created().json(StoreOut::from(row)))
}

/// The points stores of a village
///
/// The open ones first, at most 100. A merchant's people see those that the merchant runs.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village.")),
    responses((status = 200, description = "The stores.", body = Page<StoreOut>), Failures)
)]
#[get("/villages/{village_id}/stores")]
pub async fn store_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<Json<Page<StoreOut>>, Problem> {
    let village = VillageId(path.0);
    let rows = state.run(move |db| stores::list(db, &acting.actor, village)).await?;
    Ok(Json(Page::whole(rows.into_iter().map(StoreOut::from).collect())))
}

/// A points store
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("store_id" = Uuid, Path, description = "The store."),
    ),
    responses((status = 200, description = "The store.", body = StoreOut), Failures)
)]
#[get("/villages/{village_id}/stores/{store_id}")]
pub async fn store_show(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<StoreOut>, Problem> {
    let (village, store) = (VillageId(path.0.0), StoreId(path.0.1));
    let row = state.run(move |db| stores::show(db, &acting.actor, village, store)).await?;
    Ok(Json(row.into()))
}

/// Change what is said of a store
///
/// All of it is replaced, but not who runs it. A new policy is for redemptions that are made after it.
#[utoipa::path(
    tag = "admin",
    request_body = StoreIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("store_id" = Uuid, Path, description = "The store."),
    ),
    responses((status = 200, description = "Changed.", body = StoreOut), Failures)
)]
#[put("/villages/{village_id}/stores/{store_id}")]
pub async fn store_update(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<StoreIn>,
) -> Result<Json<StoreOut>, Problem> {
    let (at, now) = ((VillageId(path.0.0), StoreId(path.0.1)), state.clock.now());
    let facts = body.value.facts();
    let row = state.run(move |db| stores::change(db, &acting.actor, at, &facts, now)).await?;
    Ok(Json(row.into()))
}

/// Close a store
///
/// Nothing more is redeemed there. What waits can still be picked up, cancelled and taken back, and returns
/// its points if nobody picks it up; its households are told. Closing it again changes nothing.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("store_id" = Uuid, Path, description = "The store."),
    ),
    responses((status = 200, description = "Closed.", body = StoreOut), Failures)
)]
#[post("/villages/{village_id}/stores/{store_id}/closing")]
pub async fn store_close(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<StoreOut>, Problem> {
    let (at, now) = ((VillageId(path.0.0), StoreId(path.0.1)), state.clock.now());
    let row = state.run(move |db| stores::close(db, &acting.actor, at, now)).await?;
    Ok(Json(row.into()))
}
