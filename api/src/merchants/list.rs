//! The merchants of a village: those where its stars count, those with which it can agree.

use actix_web::get;
use actix_web::web::{Data, Json};
use domain::id::VillageId;
use infra::merchants::{self, Partner};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{MerchantOut, TradeCategory};
use crate::agreements::{AgreementHours, BearerName, categories_out, hours_out, weekdays_out};
use crate::answers::Failures;
use crate::body::{InPath, InQuery};
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::session::Acting;
use crate::state::State;

/// A merchant where the village's stars count, by an agreement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61", "name": "亿家人诚信超市",
    "address": "龙场乡街上12号", "phone": "0858-1234567", "bearer": "credit_offset",
    "categories": ["food", "daily_goods"], "weekdays": null, "hours": null,
    "discount_by_star_bp": [200, 400, 600, 800, 1000], "until": null
}))]
pub struct PartnerOut {
    /// The merchant.
    merchant_id: Uuid,
    /// Its name.
    name: String,
    /// Where it is.
    address: String,
    /// Its phone.
    phone: String,
    /// For which goods; all if none.
    #[schema(min_items = 1, max_items = 10)]
    categories: Option<Vec<TradeCategory>>,
    /// On which days of the week, Monday is 1; all if none.
    #[schema(min_items = 1, max_items = 7)]
    weekdays: Option<Vec<u8>>,
    /// At which hours; all day if none.
    hours: Option<AgreementHours>,
    /// Who bears the discount.
    bearer: BearerName,
    /// What one to five stars take off, in basis points.
    #[schema(min_items = 5, max_items = 5)]
    discount_by_star_bp: Vec<u16>,
    /// The last day of the agreement, if it has one.
    until: Option<chrono::NaiveDate>,
}

impl From<Partner> for PartnerOut {
    fn from(partner: Partner) -> Self {
        let (merchant, terms) = (partner.merchant, partner.agreement.terms);
        Self {
            merchant_id: merchant.id,
            name: merchant.name,
            address: merchant.address,
            phone: merchant.phone,
            categories: categories_out(terms.categories),
            weekdays: weekdays_out(terms.times),
            hours: hours_out(terms.times),
            bearer: terms.bearer.into(),
            discount_by_star_bp: terms.discount_by_star.map(|bp| bp.get()).to_vec(),
            until: terms.until,
        }
    }
}

/// Merchants where the village's stars count
///
/// Those with an agreement in force today that are neither closed nor paused, with what each star gives:
/// a line for each agreement. Their shops, by distance, are the operation `shop_near_list`.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village."), PageQuery),
    responses((status = 200, description = "The merchants.", body = Page<PartnerOut>), Failures)
)]
#[get("/villages/{village_id}/merchants")]
pub async fn merchant_list(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<PartnerOut>>, Problem> {
    let (village, now, limit) = (VillageId(path.0), state.clock.now(), query.0.limit);
    let after = query.0.after()?;
    let rows = state
        .run(move |db| merchants::of_village(db, &acting.actor, village, after, limit + 1, now))
        .await?;
    let cursor = |partner: &Partner| partner.agreement.id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, PartnerOut::from)))
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
    let rows = rows.iter().map(MerchantOut::of).collect::<Result<Vec<_>, _>>()?;
    let cursor = |merchant: &MerchantOut| merchant.merchant_id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, |merchant| merchant)))
}
