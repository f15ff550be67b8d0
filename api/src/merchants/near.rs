//! What a villager finds: the shops where the stars of the village count.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, delete, get, post};
use domain::alliance::{Mark, Nearby};
use domain::discount::Agreement;
use domain::id::{PhotoId, ShopId, VillageId};
use domain::points::BasisPoints;
use domain::rule_book::Star;
use infra::merchants::nearby::{self, Found, Search};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::{MapPoint, MerchantKind, TradeCategory};
use crate::agreements::{AgreementHours, BearerName, categories_out, hours_out, weekdays_out};
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery};
use crate::pagination::{LIMIT_MAX, Page, twenty};
use crate::photos::PhotoOut;
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;

/// What a villager looks for.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ShopQuery {
    /// Where they are, in millionths of a degree to the north (gcj02); with `longitude_e6`.
    #[validate(range(min = 3_000_000, max = 54_000_000))]
    #[param(minimum = 3_000_000, maximum = 54_000_000, example = 26_541_234)]
    latitude_e6: Option<i32>,
    /// In millionths of a degree to the east.
    #[validate(range(min = 73_000_000, max = 136_000_000))]
    #[param(minimum = 73_000_000, maximum = 136_000_000, example = 104_712_345)]
    longitude_e6: Option<i32>,
    /// How far away a shop may be, in metres.
    #[serde(default = "within")]
    #[validate(range(min = 1, max = 50_000))]
    #[param(minimum = 1, maximum = 50_000, default = 20_000)]
    within_m: u32,
    /// Goods for which something is off.
    #[param(inline)]
    category: Option<TradeCategory>,
    /// Only shops to go to, or only those on the net.
    #[param(inline)]
    kind: Option<MerchantKind>,
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

const fn within() -> u32 {
    20_000
}

impl ShopQuery {
    fn search(&self) -> Result<Search, Problem> {
        let here = match (self.latitude_e6, self.longitude_e6) {
            (Some(latitude_e6), Some(longitude_e6)) => {
                Some((MapPoint { latitude_e6, longitude_e6 }.spot()?, self.within_m))
            }
            (None, None) => None,
            _ => {
                let message = "latitude_e6 and longitude_e6 belong together";
                return Err(Problem::field(Door::BadQuery, "latitude_e6", message));
            }
        };
        let (category, kind) = (self.category.map(Into::into), self.kind.map(Into::into));
        Ok(Search { here, category, kind })
    }
}

/// What is off at a shop by one agreement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "categories": ["farm_supplies"], "weekdays": [6, 7], "hours": null,
    "bearer": "merchant_funded", "discount_by_star_bp": [200, 400, 600, 800, 1000],
    "my_discount_bp": 800
}))]
pub struct ShopDiscountOut {
    /// For which goods; all if none.
    #[schema(min_items = 1, max_items = 10)]
    categories: Option<Vec<TradeCategory>>,
    /// On which days of the week, Monday is 1; all if none.
    #[schema(min_items = 1, max_items = 7)]
    weekdays: Option<Vec<u8>>,
    /// At which hours; all day if none.
    hours: Option<AgreementHours>,
    /// Who bears it.
    bearer: BearerName,
    /// What one to five stars take off, in basis points.
    #[schema(min_items = 5, max_items = 5)]
    discount_by_star_bp: Vec<u16>,
    /// What the stars of whoever looks take off; none for who has no account in the village.
    my_discount_bp: Option<u16>,
}

impl ShopDiscountOut {
    fn of(agreement: &Agreement, star: Option<Star>) -> Self {
        let terms = &agreement.terms;
        Self {
            categories: categories_out(terms.categories),
            weekdays: weekdays_out(terms.times),
            hours: hours_out(terms.times),
            bearer: terms.bearer.into(),
            discount_by_star_bp: terms.discount_by_star.map(BasisPoints::get).to_vec(),
            my_discount_bp: star.map(|star| terms.discount_for(star).get()),
        }
    }
}

/// A shop where the stars of the village count.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "shop_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f66", "name": "云岭村分店",
    "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "merchant_name": "亿家人诚信超市",
    "kind": "offline", "category": "daily_goods", "address": "云岭村口", "phone": "0858-1234568",
    "hours": "每天9:00—18:00", "link": null,
    "spot": {"latitude_e6": 26_551_234, "longitude_e6": 104_722_345}, "metres": 1480,
    "discounts": [{
        "categories": null, "weekdays": null, "hours": null, "bearer": "credit_offset",
        "discount_by_star_bp": [200, 400, 600, 800, 1000], "my_discount_bp": 800
    }],
    "photos": []
}))]
pub struct NearShopOut {
    /// The shop.
    shop_id: Uuid,
    /// Its name.
    name: String,
    /// Whose it is.
    merchant_id: Uuid,
    /// The name of the merchant.
    merchant_name: String,
    /// Whether one goes there.
    #[schema(inline)]
    kind: MerchantKind,
    /// What the merchant sells most of.
    #[schema(inline)]
    category: TradeCategory,
    /// Where it is.
    address: String,
    /// Its phone.
    phone: String,
    /// When it is open, in words.
    hours: String,
    /// Where one on the net is found.
    link: Option<String>,
    /// Where it is on the map.
    spot: Option<MapPoint>,
    /// How far away, in metres; none without a place of either.
    metres: Option<u32>,
    /// What is off, the most specific first: it goes before those after it.
    #[schema(max_items = 50)]
    discounts: Vec<ShopDiscountOut>,
    /// What it looks like, as the village photographed it.
    #[schema(max_items = 9)]
    photos: Vec<PhotoOut>,
}

impl NearShopOut {
    fn of(
        near: Nearby<Found>,
        star: Option<Star>,
        photo: impl Fn(&infra::photos::Photo) -> PhotoOut,
    ) -> Result<Self, infra::error::Error> {
        let Nearby { shop: Found { merchant, shop, agreements, photos }, metres } = near;
        let facts = merchant.facts()?;
        Ok(Self {
            shop_id: shop.id,
            spot: shop.spot().map(MapPoint::from),
            name: shop.name,
            merchant_id: merchant.id,
            merchant_name: facts.name,
            kind: facts.kind.into(),
            category: facts.category.into(),
            address: shop.address,
            phone: shop.phone,
            hours: shop.hours,
            link: facts.link,
            metres,
            discounts: agreements.iter().map(|a| ShopDiscountOut::of(a, star)).collect(),
            photos: photos.iter().map(photo).collect(),
        })
    }
}

/// Shops near me
///
/// Those of merchants that trade and have an agreement with the village in force today, the nearest
/// first; what has no place on the map, shops on the net above all, comes last. Without a place of one's
/// own all come by age. With what each star takes off there, and what one's own stars do. Where more than
/// 20,000 shops lie within the distance, a shorter one is asked for.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), ShopQuery),
    responses((status = 200, description = "The shops.", body = Page<NearShopOut>), Failures)
)]
#[get("/villages/{village_id}/shops")]
pub async fn shop_near_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<ShopQuery>,
) -> Result<Json<Page<NearShopOut>>, Problem> {
    let (village, now, limit) = (VillageId(path.0), state.clock.now(), query.0.limit);
    let search = query.0.search()?;
    let not_ours = || Problem::field(Door::BadQuery, "cursor", "not a cursor of this list");
    let after: Option<Mark> =
        query.0.cursor.as_deref().map(|text| text.parse().map_err(|()| not_ours())).transpose()?;
    let count = usize::try_from(limit + 1).unwrap_or(0);
    let page = state
        .run(move |db| nearby::find(db, &acting.actor, village, search, (after, count), now))
        .await?;
    let photo = |photo: &infra::photos::Photo| PhotoOut::of(&state, village, photo);
    let items = page
        .shops
        .into_iter()
        .map(|near| NearShopOut::of(near, page.star, photo))
        .collect::<Result<Vec<_>, _>>()?;
    let cursor = |shop: &NearShopOut| Mark::of(shop.metres, ShopId(shop.shop_id)).to_string();
    Ok(Json(Page::from_one_more(items, limit, cursor, |shop| shop)))
}

/// Photos of a shop.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"photo_ids": ["01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60"]}))]
pub struct ShopPhotosIn {
    /// Photos that one has uploaded oneself and that belong to nothing yet.
    #[validate(length(min = 1, max = 9))]
    #[schema(min_items = 1, max_items = 9)]
    photo_ids: Vec<Uuid>,
}

/// All photos of a shop.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({"photos": [{
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "width": 1920, "height": 2560,
    "url": "https://api.example.cn/v1/photos/01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61/6743a5c0-Yk3x/9f86d0.jpg",
    "thumbnail_url": "https://api.example.cn/v1/photos/01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61/6743a5c0-Zq8w/2c26b4.jpg",
    "expires_at": "2026-10-12T12:00:00+08:00"
}]}))]
pub struct ShopPhotosOut {
    /// The photos, in the order in which they were uploaded.
    #[schema(min_items = 1, max_items = 9)]
    photos: Vec<PhotoOut>,
}

/// Add photos of a shop
///
/// By those who make the village's agreements. Whoever looks for a shop in the village sees them, nine
/// at most.
#[utoipa::path(
    tag = "admin",
    request_body = ShopPhotosIn,
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("shop_id" = Uuid, Path, description = "The shop."),
    ),
    responses((status = 201, description = "All photos of the shop.", body = ShopPhotosOut), Failures)
)]
#[post("/villages/{village_id}/shops/{shop_id}/photos")]
pub async fn shop_photo_add(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<ShopPhotosIn>,
) -> Result<HttpResponse, Problem> {
    let (village, shop, now) = (VillageId(path.0.0), ShopId(path.0.1), state.clock.now());
    let list: Vec<PhotoId> = body.value.photo_ids.into_iter().map(PhotoId).collect();
    let photos = state
        .run(move |db| nearby::add_photos(db, &acting.actor, village, shop, &list, now))
        .await?;
    let photos = photos.iter().map(|photo| PhotoOut::of(&state, village, photo)).collect();
    Ok(HttpResponse::Created().json(ShopPhotosOut { photos }))
}

/// Remove a photo of a shop
///
/// By the owner of the shop, or by those who make the village's agreements. Nobody sees it from now on; an
/// address at which it was shown answers until it ends.
#[utoipa::path(
    tag = "merchant",
    params(
        ("village_id" = Uuid, Path, description = "The village that shows it."),
        ("shop_id" = Uuid, Path, description = "The shop."),
        ("photo_id" = Uuid, Path, description = "The photo."),
    ),
    responses((status = 204, description = "Removed."), Failures)
)]
#[delete("/villages/{village_id}/shops/{shop_id}/photos/{photo_id}")]
pub async fn shop_photo_remove(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0.0), state.clock.now());
    let which = (ShopId(path.0.1), PhotoId(path.0.2));
    state.run(move |db| nearby::remove_photo(db, &acting.actor, village, which, now)).await?;
    Ok(HttpResponse::NoContent().finish())
}
