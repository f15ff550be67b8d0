//! Registering a merchant and looking at one.

use actix_web::web::{Data, Json};
use actix_web::{HttpResponse, get, post};
use chrono::NaiveDate;
use domain::alliance::{MerchantFacts, PausedBy};
use domain::id::{DivisionId, MerchantId};
use infra::merchants::shops::NewShop;
use infra::merchants::{self, MerchantRow, NewMerchant};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::{MapPoint, MerchantKind, ShopOut, TradeCategory};
use crate::answers::Failures;
use crate::body::{Body, InPath, filled};
use crate::clerks::ClerkInvitationOut;
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// What is known of a merchant.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "division_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "name": "亿家人诚信超市",
    "address": "龙场乡街上12号", "phone": "0858-1234567", "category": "daily_goods",
    "hours": "每天8:00—20:00", "spot": {"latitude_e6": 26_541_234, "longitude_e6": 104_712_345}
}))]
pub struct MerchantIn {
    /// The village, town or county that registers it: it serves all villages of that.
    division_id: Uuid,
    /// Its name, unlike all others of the division.
    #[validate(length(min = 1, max = 60), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Whether it has a shop or is on the net.
    #[serde(default)]
    #[schema(inline)]
    kind: MerchantKind,
    /// What it sells most of.
    #[serde(default)]
    #[schema(inline)]
    category: TradeCategory,
    /// Where it is; one on the net may have none.
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    address: String,
    /// Its phone, as it wants it shown.
    #[validate(length(min = 1, max = 30), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 30)]
    phone: String,
    /// When it is open, in words.
    #[serde(default)]
    #[validate(length(max = 100))]
    #[schema(max_length = 100)]
    hours: String,
    /// Where one on the net is found: an address of the web, or the name of its mini-program.
    #[validate(length(min = 1, max = 200), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 200)]
    link: Option<String>,
    /// Where its first shop is on the map.
    #[validate(nested)]
    spot: Option<MapPoint>,
}

impl MerchantIn {
    /// The merchant, with its first shop of the same name.
    ///
    /// # Errors
    /// `invalid` for a point outside of China.
    pub(super) fn new_merchant(self) -> Result<NewMerchant, Problem> {
        Ok(NewMerchant {
            division: DivisionId(self.division_id),
            shop: NewShop {
                name: self.name.clone(),
                address: self.address.clone(),
                phone: self.phone.clone(),
                hours: self.hours,
                spot: self.spot.map(MapPoint::spot).transpose()?,
            },
            facts: MerchantFacts {
                name: self.name,
                kind: self.kind.into(),
                category: self.category.into(),
                address: self.address,
                phone: self.phone,
                link: self.link,
            },
        })
    }
}

/// Who paused a merchant.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PausedByName {
    /// The merchant itself.
    Merchant,
    /// The division that registered it; the merchant cannot end that.
    Division,
}

/// A pause.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "from": "2026-10-20", "until": "2026-10-27", "by": "merchant", "reason": "店面装修"
}))]
pub struct PauseOut {
    /// The first day.
    from: NaiveDate,
    /// The last day; until somebody ends it if none.
    until: Option<NaiveDate>,
    /// Who said so.
    #[schema(inline)]
    by: PausedByName,
    /// Why.
    reason: Option<String>,
}

/// A merchant.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "division_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "name": "亿家人诚信超市",
    "kind": "offline", "category": "daily_goods", "address": "龙场乡街上12号",
    "phone": "0858-1234567", "link": null, "registered_at": "2026-10-12T10:00:00+08:00",
    "pause": null, "closed_at": null
}))]
pub struct MerchantOut {
    /// Its id.
    pub(super) merchant_id: Uuid,
    /// The division that registered it.
    division_id: Uuid,
    /// Its name.
    name: String,
    /// Whether it has a shop or is on the net.
    #[schema(inline)]
    kind: MerchantKind,
    /// What it sells most of.
    #[schema(inline)]
    category: TradeCategory,
    /// Where it is.
    address: String,
    /// Its phone.
    phone: String,
    /// Where one on the net is found.
    link: Option<String>,
    /// When it was registered.
    registered_at: String,
    /// The pause that holds, is to come, or was the last.
    pause: Option<PauseOut>,
    /// When it was closed.
    closed_at: Option<String>,
}

impl MerchantOut {
    /// A merchant as it is shown.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(super) fn of(row: &MerchantRow) -> Result<Self, infra::error::Error> {
        let (facts, standing) = (row.facts()?, row.standing()?);
        Ok(Self {
            merchant_id: row.id,
            division_id: row.division_id,
            name: facts.name,
            kind: facts.kind.into(),
            category: facts.category.into(),
            address: facts.address,
            phone: facts.phone,
            link: facts.link,
            registered_at: crate::time::shown(row.registered_at),
            pause: standing.pause.map(|pause| PauseOut {
                from: pause.from,
                until: pause.until,
                by: match pause.by {
                    PausedBy::Merchant => PausedByName::Merchant,
                    PausedBy::Division => PausedByName::Division,
                },
                reason: row.paused_why.clone(),
            }),
            closed_at: row.closed_at.map(crate::time::shown),
        })
    }
}

/// A merchant that was just registered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "merchant": {
        "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
        "division_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "name": "亿家人诚信超市",
        "kind": "offline", "category": "daily_goods", "address": "龙场乡街上12号",
        "phone": "0858-1234567", "link": null, "registered_at": "2026-10-12T10:00:00+08:00",
        "pause": null, "closed_at": null
    },
    "shop": {
        "shop_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f66", "name": "亿家人诚信超市",
        "address": "龙场乡街上12号", "phone": "0858-1234567", "hours": "每天8:00—20:00",
        "spot": {"latitude_e6": 26_541_234, "longitude_e6": 104_712_345},
        "opened_at": "2026-10-12T10:00:00+08:00", "closed_at": null
    },
    "owner_invitation": {
        "code": "7KXM4GRT9W", "role": "merchant_owner", "expires_at": "2026-11-11T10:00:00+08:00"
    }
}))]
pub struct RegisteredOut {
    /// The merchant.
    merchant: MerchantOut,
    /// Its first shop.
    shop: ShopOut,
    /// With this the owner signs up. The code is told only here.
    owner_invitation: ClerkInvitationOut,
}

/// Register a merchant
///
/// It comes with its first shop, of the same name and address. The answer holds an invitation for its
/// first owner, who invites everybody else. One that a village registers serves that village, a town's
/// all its villages, a county's all of the county.
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
    let new = body.value.new_merchant()?;
    let made = state.run(move |db| merchants::create(db, &acting.actor, &new, now)).await?;
    let out = RegisteredOut {
        merchant: MerchantOut::of(&made.merchant)?,
        shop: made.shop.into(),
        owner_invitation: made.invited.into(),
    };
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
    Ok(Json(MerchantOut::of(&row)?))
}

/// What is known of a merchant, all of it anew.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "亿家人诚信超市", "address": "龙场乡街上12号", "phone": "0858-1234567",
    "category": "daily_goods"
}))]
pub struct MerchantFactsIn {
    /// Its name, unlike all others of the division.
    #[validate(length(min = 1, max = 60), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 60)]
    name: String,
    /// Whether it has a shop or is on the net.
    #[serde(default)]
    #[schema(inline)]
    kind: MerchantKind,
    /// What it sells most of.
    #[serde(default)]
    #[schema(inline)]
    category: TradeCategory,
    /// Where it is; one on the net may have none.
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    address: String,
    /// Its phone, as it wants it shown.
    #[validate(length(min = 1, max = 30), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 30)]
    phone: String,
    /// Where one on the net is found: an address of the web, or the name of its mini-program.
    #[validate(length(min = 1, max = 200), custom(function = "filled"))]
    #[schema(min_length = 1, max_length = 200)]
    link: Option<String>,
}

impl From<MerchantFactsIn> for MerchantFacts {
    fn from(facts: MerchantFactsIn) -> Self {
        let MerchantFactsIn { name, kind, category, address, phone, link } = facts;
        Self { name, kind: kind.into(), category: category.into(), address, phone, link }
    }
}

/// Change a merchant
///
/// By those who run the division that registered it. All that is known of it is sent anew; before and after
/// are kept in the audit log. Its shops are changed by themselves.
#[utoipa::path(
    tag = "admin",
    request_body = MerchantFactsIn,
    params(("merchant_id" = Uuid, Path, description = "The merchant.")),
    responses((status = 200, description = "Changed.", body = MerchantOut), Failures)
)]
#[post("/merchants/{merchant_id}")]
pub async fn merchant_update(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    body: Body<MerchantFactsIn>,
) -> Result<Json<MerchantOut>, Problem> {
    let (merchant, now) = (MerchantId(path.0), state.clock.now());
    let facts = body.value.into();
    let row =
        state.run(move |db| merchants::update(db, &acting.actor, merchant, &facts, now)).await?;
    Ok(Json(MerchantOut::of(&row)?))
}
