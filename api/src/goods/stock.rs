//! The store's own ledger: deliveries, counts, what is spoilt, and all that follows from redemptions.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::{GoodsId, StoreId, VillageId};
use domain::store::StockKind;
use infra::goods::{self, Entry, Task};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader, filled};
use crate::names::names;
use crate::pagination::{Page, PageQuery};
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;
use crate::time::shown;

/// What is written down.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StockTask {
    /// 进货: so many came.
    Delivery,
    /// 盘点: so many lie in the store, with those that wait to be picked up.
    Count,
    /// 报损: so many are spoilt.
    WriteOff,
}

/// A line for the store's ledger.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"task": "delivery", "quantity": 20, "reason": "镇供销社 第12号送货单"}))]
pub struct StockEntryIn {
    /// What it is.
    task: StockTask,
    /// How many: above zero, but for a count.
    #[validate(range(min = 0, max = 100_000))]
    #[schema(minimum = 0, maximum = 100_000)]
    quantity: u32,
    /// Why, or a note; needed for a count and for what is spoilt.
    #[validate(length(min = 1, max = 200), custom(function = filled))]
    #[schema(min_length = 1, max_length = 200)]
    reason: Option<String>,
}

impl TryFrom<StockEntryIn> for Task {
    type Error = Problem;

    fn try_from(entry: StockEntryIn) -> Result<Self, Problem> {
        let StockEntryIn { task, quantity, reason } = entry;
        let missing = || Problem::field(Door::Invalid, "reason", "needed for this task");
        if quantity == 0 && !matches!(task, StockTask::Count) {
            return Err(Problem::field(Door::Invalid, "quantity", "must be above zero"));
        }
        Ok(match task {
            StockTask::Delivery => Self::Delivery { quantity, note: reason },
            StockTask::Count => {
                Self::Count { counted: quantity, reason: reason.ok_or_else(missing)? }
            }
            StockTask::WriteOff => Self::WriteOff { quantity, reason: reason.ok_or_else(missing)? },
        })
    }
}

names! {
    /// Why stock moved.
    StockEntryKind = StockKind {
        /// 进货: it was delivered.
        Delivery,
        /// It is kept for whoever redeemed it.
        Reserved,
        /// It is back on the shelf: cancelled, lapsed or taken back.
        Returned,
        /// 核销: it left the store.
        HandedOver,
        /// 盘点: there was more or less of it than the ledger said.
        Difference,
        /// 报损: it is spoilt.
        WriteOff,
    }
}

/// An entry of the store's ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "entry_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f74", "kind": "delivery", "stock": 20,
    "reserved": 0, "stock_after": 20, "reserved_after": 0, "redemption_id": null,
    "reason": "镇供销社 第12号送货单", "at": "2026-10-12T10:00:00+08:00", "by": "王五"
}))]
pub struct StockEntryOut {
    /// Its id.
    entry_id: Uuid,
    /// Why stock moved.
    kind: StockEntryKind,
    /// What it added to what can be redeemed.
    stock: i32,
    /// What it added to what waits to be picked up.
    reserved: i32,
    /// What could be redeemed after it.
    stock_after: i32,
    /// What waited after it.
    reserved_after: i32,
    /// The redemption that it follows from.
    redemption_id: Option<Uuid>,
    /// Why, in words.
    reason: Option<String>,
    /// When.
    at: String,
    /// Who at the counter wrote it, if they are on a roster; not told of what follows from redeeming.
    by: Option<String>,
}

impl From<Entry> for StockEntryOut {
    fn from(entry: Entry) -> Self {
        Self {
            entry_id: entry.id,
            kind: entry.kind.into(),
            stock: entry.stock,
            reserved: entry.reserved,
            stock_after: entry.stock_after,
            reserved_after: entry.reserved_after,
            redemption_id: entry.redemption.map(|id| id.0),
            reason: entry.reason,
            at: shown(entry.at),
            by: entry.by,
        }
    }
}

/// Write down a delivery, a count or what is spoilt
///
/// A count is of all that lies in the store; what it finds more or less becomes an entry, and if it finds
/// what the ledger says there is none. Less than waits to be picked up is refused: cancel some of that
/// first. Answers the entries, the newest first, at most 20.
#[utoipa::path(
    tag = "merchant",
    request_body = StockEntryIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("store_id" = Uuid, Path, description = "The store."),
        ("goods_id" = Uuid, Path, description = "The goods."),
        KeyHeader,
    ),
    responses((status = 201, description = "Written.", body = Page<StockEntryOut>), Failures)
)]
#[post("/villages/{village_id}/stores/{store_id}/goods/{goods_id}/stock-entries")]
pub async fn stock_entry_create(
    acting: Acting,
    state: Data<State>,
    key: Key,
    path: InPath<(Uuid, Uuid, Uuid)>,
    body: Body<StockEntryIn>,
) -> Result<HttpResponse, Problem> {
    const SHOWN: i64 = 20;
    let at = (VillageId(path.0.0), StoreId(path.0.1), GoodsId(path.0.2));
    let (now, once) = (state.clock.now(), key.once(acting.actor.user, &body.hash));
    let task = Task::try_from(body.value)?;
    let rows = state
        .run(move |db| goods::keep(db, &acting.actor, at, (&task, SHOWN + 1), &once, now))
        .await?;
    let cursor = |row: &Entry| row.version.to_string();
    Ok(HttpResponse::Created().json(Page::from_one_more(rows, SHOWN, cursor, StockEntryOut::from)))
}

/// The store's ledger of some goods
///
/// The newest first. Whoever sums it up gets what is there.
#[utoipa::path(
    tag = "merchant",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("store_id" = Uuid, Path, description = "The store."),
        ("goods_id" = Uuid, Path, description = "The goods."),
        PageQuery,
    ),
    responses((status = 200, description = "The entries.", body = Page<StockEntryOut>), Failures)
)]
#[get("/villages/{village_id}/stores/{store_id}/goods/{goods_id}/stock-entries")]
pub async fn stock_entry_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<StockEntryOut>>, Problem> {
    let at = (VillageId(path.0.0), StoreId(path.0.1), GoodsId(path.0.2));
    let (before, limit) = (query.0.after()?, query.0.limit);
    let rows =
        state.run(move |db| goods::entries(db, &acting.actor, at, before, limit + 1)).await?;
    let cursor = |row: &Entry| row.version.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, StockEntryOut::from)))
}
