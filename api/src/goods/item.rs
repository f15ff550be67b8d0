//! Goods and services: put into a store, changed, withdrawn, shown.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post, put};
use chrono::NaiveDate;
use domain::id::{GoodsId, PhotoId, StoreId, VillageId};
use domain::points::{Fen, Points};
use domain::store::{Category, GoodsKind, HouseholdLimit, LimitPeriod, Terms};
use infra::goods::{self, GoodsFacts, Shown};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::agreements::FEN_MAX;
use crate::answers::Failures;
use crate::body::{Body, InPath, Key, KeyHeader, filled};
use crate::names::names;
use crate::photos::PhotoOut;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

names! {
    /// What kind of thing it is.
    GoodsCategory = Category {
        /// 日用品.
        DailyGoods,
        /// 粮油食品.
        Food,
        /// 农用物资.
        FarmInputs,
        /// 文化用品.
        School,
        /// 家用电器.
        Appliances,
        /// 服务.
        Service,
        /// 其他.
        Other,
    }
    /// How it is kept.
    GoodsKindName = GoodsKind {
        /// It lies on the shelf.
        Stock,
        /// It is had in a slot.
        Service,
    }
    /// For how long a household's limit is counted.
    LimitPeriodName = LimitPeriod {
        /// A calendar month.
        Month,
        /// A calendar quarter.
        Quarter,
        /// A calendar year.
        Year,
        /// As long as the goods are there.
        Always,
    }
}

/// So many for one household in a period. Counted for all accounts of the household together; a limit that
/// is set later counts what was redeemed before in the same period.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HouseholdLimit, example = json!({"count": 2, "period": "month"}))]
pub struct LimitIo {
    /// How many.
    #[validate(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10_000)]
    count: u32,
    /// In which period.
    period: LimitPeriodName,
}

/// What is said of goods.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "菜籽油", "unit": "瓶", "text": "5升", "category": "food", "label": "过年专享",
    "price": "120", "top_up_fen": 500, "market_price_fen": 6_800,
    "limit": {"count": 1, "period": "quarter"}, "on_sale_from": "2026-10-12",
    "photo_ids": ["01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61"]
}))]
pub struct GoodsIn {
    /// What it is.
    #[validate(length(min = 1, max = 50), custom(function = filled))]
    #[schema(min_length = 1, max_length = 50)]
    name: String,
    /// What one of it is: bottle, bag, hour.
    #[validate(length(min = 1, max = 10), custom(function = filled))]
    #[schema(min_length = 1, max_length = 10)]
    unit: String,
    /// More about it.
    #[serde(default)]
    #[validate(length(max = 500))]
    #[schema(max_length = 500)]
    text: String,
    /// What kind of thing it is.
    category: GoodsCategory,
    /// The village's own word beside that.
    #[validate(length(min = 1, max = 20), custom(function = filled))]
    #[schema(min_length = 1, max_length = 20)]
    label: Option<String>,
    /// For one: points, above zero.
    #[schema(value_type = String, pattern = r"^\d{1,10}(\.\d{1,2})?$", max_length = 13)]
    price: Points,
    /// For one: cash besides, paid when it is picked up.
    #[serde(default)]
    #[validate(range(min = 0, max = FEN_MAX))]
    #[schema(minimum = 0, maximum = 100_000_000)]
    top_up_fen: i64,
    /// For one: what it costs at the market. What the points are worth by the rule book in force, and the
    /// cash, are no more than this.
    #[validate(range(min = 1, max = FEN_MAX))]
    #[schema(minimum = 1, maximum = 100_000_000)]
    market_price_fen: i64,
    /// How many for one household.
    #[validate(nested)]
    limit: Option<LimitIo>,
    /// The first day on which it can be redeemed.
    on_sale_from: NaiveDate,
    /// The last.
    on_sale_until: Option<NaiveDate>,
    /// All its pictures: those that it has and keeps, and new ones from `photo_upload`, uploaded by who says
    /// this. Those that are left out go.
    #[serde(default)]
    #[validate(length(max = 9))]
    #[schema(max_items = 9)]
    photo_ids: Vec<Uuid>,
}

impl From<GoodsIn> for GoodsFacts {
    fn from(goods: GoodsIn) -> Self {
        let limit = goods
            .limit
            .map(|limit| HouseholdLimit { count: limit.count, period: limit.period.into() });
        Self {
            name: goods.name,
            unit: goods.unit,
            text: goods.text,
            category: goods.category.into(),
            label: goods.label,
            terms: Terms {
                price: goods.price,
                top_up: Fen::new(goods.top_up_fen),
                market_price: Fen::new(goods.market_price_fen),
                limit,
                from: goods.on_sale_from,
                until: goods.on_sale_until,
            },
            photos: goods.photo_ids.into_iter().map(PhotoId).collect(),
        }
    }
}

/// Goods to put into a store.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "stock", "goods": {
    "name": "菜籽油", "unit": "瓶", "category": "food", "price": "120", "market_price_fen": 6_800,
    "on_sale_from": "2026-10-12"
}}))]
pub struct NewGoodsIn {
    /// On the shelf, or in slots. It stays so.
    kind: GoodsKindName,
    /// What is said of it.
    #[validate(nested)]
    goods: GoodsIn,
}

/// Goods.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "goods_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f72",
    "store_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f71", "store_name": "龙窝村积分超市",
    "kind": "stock", "name": "菜籽油", "unit": "瓶", "text": "5升", "category": "food",
    "label": "过年专享", "price": "120", "top_up_fen": 500, "market_price_fen": 6_800,
    "limit": {"count": 1, "period": "quarter"}, "on_sale_from": "2026-10-12",
    "on_sale_until": null, "on_sale": true, "stock": 18, "reserved": 2, "photos": []
}))]
pub struct GoodsOut {
    /// The id.
    goods_id: Uuid,
    /// Where it is.
    store_id: Uuid,
    /// What that is called.
    store_name: String,
    /// On the shelf, or in slots.
    kind: GoodsKindName,
    /// What it is.
    name: String,
    /// What one of it is.
    unit: String,
    /// More about it.
    text: String,
    /// What kind of thing it is.
    category: GoodsCategory,
    /// The village's own word beside that.
    label: Option<String>,
    /// For one: points.
    #[schema(example = "120")]
    price: String,
    /// For one: cash besides.
    top_up_fen: i64,
    /// For one: what it costs at the market.
    market_price_fen: i64,
    /// How many for one household.
    limit: Option<LimitIo>,
    /// The first day on which it can be redeemed.
    on_sale_from: String,
    /// The last.
    on_sale_until: Option<String>,
    /// Whether it can be redeemed today, as far as it is in stock.
    on_sale: bool,
    /// How many can be redeemed; 0 for a service, whose slots say it.
    stock: u32,
    /// How many wait to be picked up.
    reserved: u32,
    /// Pictures.
    #[schema(max_items = 9)]
    photos: Vec<PhotoOut>,
}

impl GoodsOut {
    pub(super) fn of(state: &State, village: VillageId, goods: Shown) -> Self {
        let terms = goods.terms;
        let limit =
            terms.limit.map(|limit| LimitIo { count: limit.count, period: limit.period.into() });
        Self {
            goods_id: goods.id.0,
            store_id: goods.store.0,
            store_name: goods.store_name,
            kind: goods.kind.into(),
            name: goods.name,
            unit: goods.unit,
            text: goods.text,
            category: goods.category.into(),
            label: goods.label,
            price: terms.price.to_string(),
            top_up_fen: terms.top_up.get(),
            market_price_fen: terms.market_price.get(),
            limit,
            on_sale_from: terms.from.to_string(),
            on_sale_until: terms.until.map(|day| day.to_string()),
            on_sale: goods.on_sale,
            stock: goods.stock.available,
            reserved: goods.stock.reserved,
            photos: goods.photos.iter().map(|photo| PhotoOut::of(state, village, photo)).collect(),
        }
    }
}

async fn shown(
    acting: Acting,
    state: &Data<State>,
    (village, goods): (VillageId, GoodsId),
) -> Result<GoodsOut, Problem> {
    let now = state.clock.now();
    let found = state.run(move |db| goods::show(db, &acting.actor, (village, goods), now)).await?;
    Ok(GoodsOut::of(state, village, found))
}

/// Put goods or a service into a store
///
/// With no stock: deliveries are written down by `stock_entry_create`, slots are opened by `slot_create`.
/// Points and cash together are worth no more than the market price.
#[utoipa::path(
    tag = "admin",
    request_body = NewGoodsIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("store_id" = Uuid, Path, description = "The store."),
        KeyHeader,
    ),
    responses((status = 201, description = "The goods.", body = GoodsOut), Failures)
)]
#[post("/villages/{village_id}/stores/{store_id}/goods")]
pub async fn goods_create(
    acting: Acting,
    state: Data<State>,
    key: Key,
    path: InPath<(Uuid, Uuid)>,
    body: Body<NewGoodsIn>,
) -> Result<HttpResponse, Problem> {
    let (village, store, now) = (VillageId(path.0.0), StoreId(path.0.1), state.clock.now());
    let once = key.once(acting.actor.user, &body.hash);
    let (kind, facts) = (GoodsKind::from(body.value.kind), GoodsFacts::from(body.value.goods));
    let made = state
        .run(move |db| {
            goods::create(db, &acting.actor, (village, store), (kind, &facts), &once, now)
        })
        .await?;
    Ok(HttpResponse::Created().json(GoodsOut::of(&state, village, made)))
}

/// Change what is said of goods
///
/// All of it is replaced, its pictures too. Redemptions that were made keep their price.
#[utoipa::path(
    tag = "admin",
    request_body = GoodsIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("goods_id" = Uuid, Path, description = "The goods."),
    ),
    responses((status = 200, description = "As they are now.", body = GoodsOut), Failures)
)]
#[put("/villages/{village_id}/goods/{goods_id}")]
pub async fn goods_update(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<GoodsIn>,
) -> Result<Json<GoodsOut>, Problem> {
    let (at, now) = ((VillageId(path.0.0), GoodsId(path.0.1)), state.clock.now());
    let (facts, actor) = (GoodsFacts::from(body.value), acting.actor.clone());
    state.run(move |db| goods::change(db, &actor, at, &facts, now)).await?;
    Ok(Json(shown(acting, &state, at).await?))
}

/// Withdraw goods
///
/// Nobody redeems them any more; what waits is handed over. Withdrawn goods stay so.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("goods_id" = Uuid, Path, description = "The goods."),
    ),
    responses((status = 200, description = "As they are now.", body = GoodsOut), Failures)
)]
#[post("/villages/{village_id}/goods/{goods_id}/withdrawal")]
pub async fn goods_withdraw(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<GoodsOut>, Problem> {
    let (at, now) = ((VillageId(path.0.0), GoodsId(path.0.1)), state.clock.now());
    let actor = acting.actor.clone();
    state.run(move |db| goods::withdraw(db, &actor, at, now)).await?;
    Ok(Json(shown(acting, &state, at).await?))
}

/// Goods
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("goods_id" = Uuid, Path, description = "The goods."),
    ),
    responses((status = 200, description = "The goods.", body = GoodsOut), Failures)
)]
#[get("/villages/{village_id}/goods/{goods_id}")]
pub async fn goods_show(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<GoodsOut>, Problem> {
    let at = (VillageId(path.0.0), GoodsId(path.0.1));
    Ok(Json(shown(acting, &state, at).await?))
}
