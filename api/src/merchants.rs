//! Merchants: registering and closing them, and the shops that a village has.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use domain::id::{DivisionId, MerchantId, VillageId};
use infra::merchants::{self, MerchantRow, NewMerchant, Shop};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::agreements::BearerName;
use crate::answers::Failures;
use crate::body::{Body, InPath, InQuery};
use crate::clerks::ClerkInvitationOut;
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// A merchant to register.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "division_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "name": "亿家人诚信超市",
    "address": "龙场乡街上12号", "phone": "0858-1234567"
}))]
pub struct MerchantIn {
    /// The village, town or county that registers it.
    division_id: Uuid,
    /// Its name, unlike all others of the division.
    #[validate(length(min = 1, max = 60))]
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Where it is.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    address: String,
    /// Its phone, as it wants it shown.
    #[validate(length(min = 1, max = 30))]
    #[schema(min_length = 1, max_length = 30)]
    phone: String,
}

/// A merchant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "division_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "name": "亿家人诚信超市",
    "address": "龙场乡街上12号", "phone": "0858-1234567",
    "registered_at": "2026-10-12T10:00:00+08:00", "closed_at": null
}))]
pub struct MerchantOut {
    /// Its id.
    merchant_id: Uuid,
    /// The division that registered it.
    division_id: Uuid,
    /// Its name.
    name: String,
    /// Where it is.
    address: String,
    /// Its phone.
    phone: String,
    /// When it was registered.
    registered_at: String,
    /// When it was closed.
    closed_at: Option<String>,
}

impl From<MerchantRow> for MerchantOut {
    fn from(row: MerchantRow) -> Self {
        Self {
            merchant_id: row.id,
            division_id: row.division_id,
            name: row.name,
            address: row.address,
            phone: row.phone,
            registered_at: crate::time::shown(row.registered_at),
            closed_at: row.closed_at.map(crate::time::shown),
        }
    }
}

/// A merchant that was just registered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "merchant": {
        "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
        "division_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "name": "亿家人诚信超市",
        "address": "龙场乡街上12号", "phone": "0858-1234567",
        "registered_at": "2026-10-12T10:00:00+08:00", "closed_at": null
    },
    "owner_invitation": {
        "code": "7KXM4GRT9W", "role": "merchant_owner", "expires_at": "2026-11-11T10:00:00+08:00"
    }
}))]
pub struct RegisteredOut {
    /// The merchant.
    merchant: MerchantOut,
    /// With this the owner signs up. The code is told only here.
    owner_invitation: ClerkInvitationOut,
}

/// Register a merchant
///
/// The answer holds an invitation for its first owner, who invites everybody else.
#[utoipa::path(
    tag = "admin",
    request_body = MerchantIn,
    responses((status = 201, description = "Registered.", body = RegisteredOut), Failures)
)]
#[post("/merchants")]
pub async fn merchant_create(
    acting: Acting,
    state: Data<State>,
    body: Body<MerchantIn>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let MerchantIn { division_id, name, address, phone } = body.value;
    let new = NewMerchant { division: DivisionId(division_id), name, address, phone };
    let (row, invited) =
        state.run(move |db| merchants::create(db, &acting.actor, &new, now)).await?;
    let out = RegisteredOut { merchant: row.into(), owner_invitation: invited.into() };
    Ok(HttpResponse::Created().json(out))
}

/// A merchant
#[utoipa::path(
    tag = "merchant",
    params(("merchant_id" = Uuid, Path, description = "The merchant.")),
    responses((status = 200, description = "The merchant.", body = MerchantOut), Failures)
)]
#[get("/merchants/{merchant_id}")]
pub async fn merchant_show(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
) -> Result<Json<MerchantOut>, Problem> {
    let merchant = MerchantId(path.0);
    let row = state.run(move |db| merchants::show(db, &acting.actor, merchant)).await?;
    Ok(Json(row.into()))
}

/// Why something is ended.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "商家停业"}))]
pub struct ReasonIn {
    /// Why; kept in the audit log.
    #[validate(length(min = 1, max = 500))]
    #[schema(min_length = 1, max_length = 500)]
    pub(crate) reason: String,
}

/// Close a merchant
///
/// From this moment it neither scans nor sells. Refunds go on.
#[utoipa::path(
    tag = "admin",
    request_body = ReasonIn,
    params(("merchant_id" = Uuid, Path, description = "The merchant.")),
    responses((status = 200, description = "Closed.", body = MerchantOut), Failures)
)]
#[post("/merchants/{merchant_id}/closing")]
pub async fn merchant_close(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<ReasonIn>,
) -> Result<Json<MerchantOut>, Problem> {
    let (merchant, now) = (MerchantId(path.0), state.clock.now());
    let row = state
        .run(move |db| merchants::close(db, &acting.actor, merchant, &body.value.reason, now))
        .await?;
    Ok(Json(row.into()))
}

/// A shop where the village's stars count.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "name": "亿家人诚信超市",
    "address": "龙场乡街上12号", "phone": "0858-1234567", "bearer": "credit_offset",
    "discount_by_star_bp": [200, 400, 600, 800, 1000], "until": null
}))]
pub struct ShopOut {
    /// The merchant.
    merchant_id: Uuid,
    /// Its name.
    name: String,
    /// Where it is.
    address: String,
    /// Its phone.
    phone: String,
    /// Who bears the discount.
    bearer: BearerName,
    /// What one to five stars take off, in basis points.
    #[schema(min_items = 5, max_items = 5)]
    discount_by_star_bp: Vec<u16>,
    /// The last day of the agreement, if it has one.
    until: Option<chrono::NaiveDate>,
}

impl From<Shop> for ShopOut {
    fn from(shop: Shop) -> Self {
        let (merchant, terms) = (shop.merchant, shop.agreement.terms);
        Self {
            merchant_id: merchant.id,
            name: merchant.name,
            address: merchant.address,
            phone: merchant.phone,
            bearer: terms.bearer.into(),
            discount_by_star_bp: terms.discount_by_star.map(|bp| bp.get()).to_vec(),
            until: terms.until,
        }
    }
}

/// Shops where the village's stars count
///
/// Those with an agreement in force today, and what each star gives there.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery),
    responses((status = 200, description = "The shops.", body = Page<ShopOut>), Failures)
)]
#[get("/villages/{village_id}/merchants")]
pub async fn merchant_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<ShopOut>>, Problem> {
    let (village, now, limit) = (VillageId(path.0), state.clock.now(), query.0.limit);
    let after = query.0.after()?;
    let rows = state
        .run(move |db| merchants::of_village(db, &acting.actor, village, after, limit + 1, now))
        .await?;
    let cursor = |shop: &Shop| shop.agreement.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, ShopOut::from)))
}

/// Merchants to make an agreement with
///
/// Those that the village, its town or its county registered and that are open, the oldest first.
#[utoipa::path(
    tag = "admin",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery),
    responses((status = 200, description = "The merchants.", body = Page<MerchantOut>), Failures)
)]
#[get("/villages/{village_id}/merchant-candidates")]
pub async fn merchant_candidate_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<MerchantOut>>, Problem> {
    let (village, limit, after) = (VillageId(path.0), query.0.limit, query.0.after()?);
    let rows = state
        .run(move |db| merchants::candidates(db, &acting.actor, village, after, limit + 1))
        .await?;
    let cursor = |row: &MerchantRow| row.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, MerchantOut::from)))
}
