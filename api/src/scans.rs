//! At the till: a code or a card becomes a quote.

use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::{MerchantId, ShopId};
use infra::scans::{self, At, Offered, Quoted};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::agreements::BearerName;
use crate::answers::Failures;
use crate::body::{Body, InPath, OptionalKey, OptionalKeyHeader};
use crate::merchants::TradeCategory;
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// What the buyer shows: either the code of the mini-program, or a card with its PIN.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "AQEBky1abAB6O48AGyw9Tl9gCAcGBQQDAgEBuoFAEREREREREREBAgMEBQYHCAkK"
}))]
pub struct ScanIn {
    /// What the QR holds.
    #[validate(length(min = 1, max = 128))]
    #[schema(min_length = 1, max_length = 128)]
    code: Option<String>,
    /// The sixteen digits of a card.
    #[validate(length(min = 16, max = 16))]
    #[schema(min_length = 16, max_length = 16, pattern = "^[0-9]{16}$")]
    card_number: Option<String>,
    /// The six digits that its holder types.
    #[validate(length(min = 6, max = 6))]
    #[schema(min_length = 6, max_length = 6, pattern = "^[0-9]{6}$")]
    pin: Option<String>,
    /// At which shop. Who is assigned to one, or whose merchant has one only, need not say.
    shop_id: Option<Uuid>,
}

enum Presented {
    Code(String),
    Card { number: String, pin: String },
}

impl ScanIn {
    fn presented(self) -> Result<Presented, Problem> {
        match (self.code, self.card_number, self.pin) {
            (Some(code), None, None) => Ok(Presented::Code(code)),
            (None, Some(number), Some(pin)) => Ok(Presented::Card { number, pin }),
            _ => {
                let message = "either code, or card_number and pin";
                Err(Problem::field(Door::Invalid, "code", message))
            }
        }
    }
}

/// What comes off some goods.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "categories": ["food", "daily_goods"], "discount_bp": 800, "bearer": "credit_offset",
    "price_ceiling_fen": 200_000
}))]
pub struct OfferOut {
    /// What is bought; one of them goes into the purchase.
    #[schema(min_items = 1, max_items = 10)]
    categories: Vec<TradeCategory>,
    /// The share of the price that comes off, in basis points.
    #[schema(minimum = 1, maximum = 10_000)]
    discount_bp: u16,
    /// Who bears it.
    bearer: BearerName,
    /// The highest price of one purchase.
    price_ceiling_fen: i64,
}

/// A quote.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "quote_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f64",
    "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "shop_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f66", "masked_name": "王*英", "stars": 4,
    "offers": [
        {"categories": ["farm_supplies"], "discount_bp": 1_500, "bearer": "merchant_funded",
            "price_ceiling_fen": 500_000},
        {"categories": ["food", "daily_goods"], "discount_bp": 800, "bearer": "credit_offset",
            "price_ceiling_fen": 200_000}
    ],
    "valid_until": "2026-10-12T10:02:00+08:00"
}))]
pub struct QuoteOut {
    /// Goes into the purchase.
    quote_id: Uuid,
    /// The village of the buyer; goes into the purchase.
    village_id: Uuid,
    /// At which shop it was asked for.
    shop_id: Uuid,
    /// The head of the household, masked, so that the clerk can ask.
    masked_name: Option<String>,
    /// The stars that hold now.
    #[schema(minimum = 1, maximum = 5)]
    stars: u8,
    /// What they take off here, by what is bought. Each category stands once; what stands in none has no
    /// discount now.
    #[schema(min_items = 1, max_items = 10)]
    offers: Vec<OfferOut>,
    /// Until when it can be sold on: two minutes.
    valid_until: String,
}

impl From<Quoted> for QuoteOut {
    fn from(quoted: Quoted) -> Self {
        Self {
            quote_id: quoted.quote_id,
            village_id: quoted.village_id,
            shop_id: quoted.shop_id,
            masked_name: quoted.masked_name,
            stars: quoted.stars,
            offers: quoted.offers.into_iter().map(OfferOut::from).collect(),
            valid_until: crate::time::shown(quoted.valid_until),
        }
    }
}

impl From<Offered> for OfferOut {
    fn from(offered: Offered) -> Self {
        Self {
            categories: offered.categories.into_iter().map(TradeCategory::from).collect(),
            discount_bp: offered.discount.get(),
            bearer: offered.bearer.into(),
            price_ceiling_fen: offered.price_ceiling.get(),
        }
    }
}

/// Scan a code or take a card
///
/// Answers a quote for this shop, good for two minutes and one purchase, with what comes off which goods. A code is used up by
/// it. A wrong PIN costs one of five tries, and the answer says how many are left; the fifth blocks
/// the card. Nobody scans for their own household. Sent again with its `Idempotency-Key`, a scan gets the
/// first answer: the same quote, also when the code is out of date, and a wrong PIN costs one try. Limits:
/// 60 scans a minute for each user, 20 of them with cards.
#[utoipa::path(
    tag = "merchant",
    request_body = ScanIn,
    params(("merchant_id" = Uuid, Path, description = "The merchant."), OptionalKeyHeader),
    responses((status = 201, description = "The quote.", body = QuoteOut), Failures)
)]
#[post("/merchants/{merchant_id}/scans")]
pub async fn scan_create(
    acting: Acting,
    state: Data<State>,
    key: OptionalKey,
    path: InPath<Uuid>,
    body: Body<ScanIn>,
) -> Result<HttpResponse, Problem> {
    let (user, merchant, now) = (acting.actor.user, MerchantId(path.0), state.clock.now());
    state.limits.scan(user.0)?;
    let once = key.0.map(|key| key.once(user, &body.hash));
    let at = At { merchant, shop: body.value.shop_id.map(ShopId) };
    let presented = body.value.presented()?;
    if matches!(presented, Presented::Card { .. }) {
        state.limits.card(user.0)?;
    }
    let quoted = state
        .run(move |db| match presented {
            Presented::Code(code) => {
                scans::by_code(db, &acting.actor, at, &code, once.as_ref(), now)
            }
            Presented::Card { number, pin } => {
                let card = (number.as_str(), pin.as_str());
                scans::by_card(db, &acting.actor, at, card, once.as_ref(), now)
            }
        })
        .await?;
    Ok(HttpResponse::Created().json(QuoteOut::from(quoted)))
}
