//! The shops of a merchant.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::{MerchantId, ShopId};
use infra::merchants::shops::{self, NewShop, ShopRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::{MapPoint, ReasonIn};
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery, filled};
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// What is known of a shop.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "云岭村分店", "address": "云岭村口", "phone": "0858-1234568", "hours": "每天9:00—18:00",
    "spot": {"latitude_e6": 26_551_234, "longitude_e6": 104_722_345}
}))]
pub struct ShopIn {
    /// Its name, unlike all others of the merchant.
    #[validate(length(min = 1, max = 60), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Where it is; one on the net may have none.
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    address: String,
    /// Its phone.
    #[validate(length(min = 1, max = 30), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 30)]
    phone: String,
    /// When it is open, in words.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    hours: String,
    /// Where it is on the map.
    #[validate(nested)]
    spot: Option<MapPoint>,
}

impl ShopIn {
    fn new_shop(self) -> Result<NewShop, Problem> {
        let spot = self.spot.map(MapPoint::spot).transpose()?;
        let Self { name, address, phone, hours, .. } = self;
        Ok(NewShop { name, address, phone, hours, spot })
    }
}

/// A shop.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "shop_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f66", "name": "云岭村分店", "address": "云岭村口",
    "phone": "0858-1234568", "hours": "每天9:00—18:00",
    "spot": {"latitude_e6": 26_551_234, "longitude_e6": 104_722_345},
    "opened_at": "2026-10-12T10:00:00+08:00", "closed_at": null
}))]
pub struct ShopOut {
    /// Its id; goes into a scan.
    shop_id: Uuid,
    /// Its name.
    name: String,
    /// Where it is.
    address: String,
    /// Its phone.
    phone: String,
    /// When it is open, in words.
    hours: String,
    /// Where it is on the map.
    spot: Option<MapPoint>,
    /// Since when it sells.
    opened_at: String,
    /// When it was closed.
    closed_at: Option<String>,
}

impl From<ShopRow> for ShopOut {
    fn from(row: ShopRow) -> Self {
        Self {
            shop_id: row.id,
            spot: row.spot().map(MapPoint::from),
            name: row.name,
            address: row.address,
            phone: row.phone,
            hours: row.hours,
            opened_at: crate::time::shown(row.opened_at),
            closed_at: row.closed_at.map(crate::time::shown),
        }
    }
}

/// Add a shop
///
/// By those who run the division that registered the merchant, since villagers read what is written
/// here. At most 100 shops of a merchant are open.
#[utoipa::path(
    tag = "admin",
    request_body = ShopIn,
    params(("merchant_id" = Uuid, Path, description = "The merchant.")),
    responses((status = 201, description = "Added.", body = ShopOut), Failures)
)]
#[post("/merchants/{merchant_id}/shops")]
pub async fn shop_create(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<ShopIn>,
) -> Result<HttpResponse, Problem> {
    let (merchant, now) = (MerchantId(path.0), state.clock.now());
    let new = body.value.new_shop()?;
    let row = state.run(move |db| shops::create(db, &acting.actor, merchant, &new, now)).await?;
    Ok(HttpResponse::Created().json(ShopOut::from(row)))
}

/// Shops of a merchant
#[utoipa::path(
    tag = "merchant",
    params(("merchant_id" = Uuid, Path, description = "The merchant."), PageQuery),
    responses((status = 200, description = "The oldest first, closed ones too.", body = Page<ShopOut>), Failures)
)]
#[get("/merchants/{merchant_id}/shops")]
pub async fn shop_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<ShopOut>>, Problem> {
    let (merchant, limit, after) = (MerchantId(path.0), query.0.limit, query.0.after()?);
    let rows =
        state.run(move |db| shops::list(db, &acting.actor, merchant, after, limit + 1)).await?;
    let cursor = |row: &ShopRow| row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, ShopOut::from)))
}

/// Change a shop
///
/// All that is known of it is sent anew.
#[utoipa::path(
    tag = "admin",
    request_body = ShopIn,
    params(
        ("merchant_id" = Uuid, Path, description = "The merchant."),
        ("shop_id" = Uuid, Path, description = "The shop."),
    ),
    responses((status = 200, description = "Changed.", body = ShopOut), Failures)
)]
#[post("/merchants/{merchant_id}/shops/{shop_id}")]
pub async fn shop_update(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<ShopIn>,
) -> Result<Json<ShopOut>, Problem> {
    let (merchant, shop, now) = (MerchantId(path.0.0), ShopId(path.0.1), state.clock.now());
    let new = body.value.new_shop()?;
    let row =
        state.run(move |db| shops::update(db, &acting.actor, merchant, shop, &new, now)).await?;
    Ok(Json(row.into()))
}

/// Close a shop
///
/// Its clerks sell nowhere until the owner assigns them to another. The last open shop is not closed:
/// then the merchant is.
#[utoipa::path(
    tag = "admin",
    request_body = ReasonIn,
    params(
        ("merchant_id" = Uuid, Path, description = "The merchant."),
        ("shop_id" = Uuid, Path, description = "The shop."),
    ),
    responses((status = 200, description = "Closed.", body = ShopOut), Failures)
)]
#[post("/merchants/{merchant_id}/shops/{shop_id}/closing")]
pub async fn shop_close(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    body: Body<ReasonIn>,
) -> Result<Json<ShopOut>, Problem> {
    let (merchant, shop, now) = (MerchantId(path.0.0), ShopId(path.0.1), state.clock.now());
    let reason = body.value.reason;
    let row =
        state.run(move |db| shops::close(db, &acting.actor, merchant, shop, &reason, now)).await?;
    Ok(Json(row.into()))
}
