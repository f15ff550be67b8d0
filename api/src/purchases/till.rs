//! Selling, refunding and looking through purchases at the till.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use domain::id::{MerchantId, PurchaseId, QuoteId, ShopId, VillageId};
use domain::points::Fen;
use infra::purchases::{self, Receipt, Refund, Sale};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::ReceiptOut;
use crate::agreements::FEN_MAX;
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, Key, KeyHeader, filled};
use crate::merchants::TradeCategory;
use crate::pagination::{LIMIT_MAX, Page, PageQuery};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// A sale on a quote.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "quote_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f64", "price_fen": 12_850, "category": "food"
}))]
pub struct PurchaseIn {
    /// The village that the quote names.
    village_id: Uuid,
    /// The quote.
    quote_id: Uuid,
    /// The price before the discount.
    #[validate(range(min = 1, max = FEN_MAX))]
    #[schema(minimum = 1, maximum = 100_000_000)]
    price_fen: i64,
    /// What is bought: it says which offer of the quote holds.
    #[serde(default)]
    #[schema(inline)]
    category: TradeCategory,
}

/// Sell on a quote
///
/// Answers the receipt. Nobody sells to their own household. Above the price that the agreement sets, the purchase waits for the
/// household's confirmation and nothing has moved yet.
#[utoipa::path(
    tag = "merchant",
    request_body = PurchaseIn,
    params(("merchant_id" = Uuid, Path, description = "The merchant."), KeyHeader),
    responses((status = 201, description = "The receipt.", body = ReceiptOut), Failures)
)]
#[post("/merchants/{merchant_id}/purchases")]
pub async fn purchase_create(
    acting: Acting,
    state: Data<State>,
    key: Key,
    path: InPath<Uuid>,
    body: Body<PurchaseIn>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let once = key.once(acting.actor.user, &body.hash);
    let sale = Sale {
        merchant: MerchantId(path.0),
        village: VillageId(body.value.village_id),
        quote: QuoteId(body.value.quote_id),
        price: Fen::new(body.value.price_fen),
        category: body.value.category.into(),
    };
    let receipt =
        state.run(move |db| purchases::sell(db, &acting.actor, &sale, &once, now)).await?;
    Ok(HttpResponse::Created().json(ReceiptOut::at_the_till(receipt)))
}

/// Where a purchase is kept.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct VillageQuery {
    /// The village that the receipt names.
    village_id: Uuid,
}

/// A purchase
///
/// Clerks see those of today, the owner those of any day.
#[utoipa::path(
    tag = "merchant",
    params(
        ("merchant_id" = Uuid, Path, description = "The merchant."),
        ("purchase_id" = Uuid, Path, description = "The purchase."),
        VillageQuery,
    ),
    responses((status = 200, description = "As it stands now.", body = ReceiptOut), Failures)
)]
#[get("/merchants/{merchant_id}/purchases/{purchase_id}")]
pub async fn purchase_show(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<VillageQuery>,
) -> Result<Json<ReceiptOut>, Problem> {
    let (merchant, purchase) = (MerchantId(path.0.0), PurchaseId(path.0.1));
    let (village, now) = (VillageId(query.0.village_id), state.clock.now());
    let receipt = state
        .run(move |db| purchases::show(db, &acting.actor, merchant, village, purchase, now))
        .await?;
    Ok(Json(ReceiptOut::at_the_till(receipt)))
}

/// Which day.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DayQuery {
    /// The day; today if none. Clerks see today, the owner any day.
    day: Option<NaiveDate>,
    /// At this shop; at all if none.
    shop_id: Option<Uuid>,
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

const fn twenty() -> i64 {
    20
}

/// Purchases of a day
#[utoipa::path(
    tag = "merchant",
    params(("merchant_id" = Uuid, Path, description = "The merchant."), DayQuery),
    responses((status = 200, description = "The newest first.", body = Page<ReceiptOut>), Failures)
)]
#[get("/merchants/{merchant_id}/purchases")]
pub async fn purchase_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<DayQuery>,
) -> Result<Json<Page<ReceiptOut>>, Problem> {
    let DayQuery { day, shop_id, limit, cursor } = query.0;
    let (merchant, now) = (MerchantId(path.0), state.clock.now());
    let before = PageQuery { limit, cursor }.after()?;
    let rows = state
        .run(move |db| {
            let which = (day, shop_id.map(ShopId));
            purchases::of_merchant(db, &acting.actor, merchant, which, before, limit + 1, now)
        })
        .await?;
    let cursor = |row: &Receipt| row.purchase_id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, ReceiptOut::at_the_till)))
}

/// Why a purchase is taken back.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "reason": "商品有瑕疵"
}))]
pub struct RefundIn {
    /// The village that the receipt names.
    village_id: Uuid,
    /// Why.
    #[validate(length(min = 1, max = 500), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Refund a purchase
///
/// Star credit returns by a reversal. Possible once, within the days that the agreement sets, and not for
/// one's own household.
#[utoipa::path(
    tag = "merchant",
    request_body = RefundIn,
    params(
        ("merchant_id" = Uuid, Path, description = "The merchant."),
        ("purchase_id" = Uuid, Path, description = "The purchase."),
        KeyHeader,
    ),
    responses((status = 201, description = "Taken back.", body = ReceiptOut), Failures)
)]
#[post("/merchants/{merchant_id}/purchases/{purchase_id}/refunds")]
pub async fn purchase_refund(
    acting: Acting,
    state: Data<State>,
    key: Key,
    path: InPath<(Uuid, Uuid)>,
    body: Body<RefundIn>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let once = key.once(acting.actor.user, &body.hash);
    let asked = Refund {
        merchant: MerchantId(path.0.0),
        village: VillageId(body.value.village_id),
        purchase: PurchaseId(path.0.1),
        reason: body.value.reason,
    };
    let receipt =
        state.run(move |db| purchases::refund(db, &acting.actor, &asked, &once, now)).await?;
    Ok(HttpResponse::Created().json(ReceiptOut::at_the_till(receipt)))
}
