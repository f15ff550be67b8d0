//! Purchases as the household sees them: its list, and what waits for its confirmation.

use actix_web::web::{Data, Json};
use actix_web::{get, post};
use domain::id::{HouseholdId, PurchaseId, VillageId};
use infra::purchases::{self, Listed};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::ReceiptOut;
use crate::answers::Failures;
use crate::body::{InPath, InQuery, Key, KeyHeader};
use crate::pagination::{Page, PageQuery};
use crate::problem::Problem;
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;

/// A purchase of the household.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "merchant_name": "亿家人诚信超市",
    "receipt": {
        "purchase_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f65",
        "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
        "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
        "shop_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f66", "category": "food", "price_fen": 12_850,
        "discount_fen": 1_028, "to_pay_fen": 11_822, "credit_left_fen": 158_972,
        "limited_by": null, "bearer": "credit_offset", "stars": 4, "discount_bp": 800,
        "state": "completed", "made_at": "2026-10-12T10:00:30+08:00", "confirm_until": null,
        "refunded_at": null
    }
}))]
pub struct HouseholdPurchaseOut {
    /// Where it was.
    #[schema(example = "亿家人诚信超市")]
    merchant_name: String,
    /// What it was.
    receipt: ReceiptOut,
}

impl From<Listed> for HouseholdPurchaseOut {
    fn from(listed: Listed) -> Self {
        Self { merchant_name: listed.merchant_name, receipt: ReceiptOut::at_home(listed.receipt) }
    }
}

/// Purchases of a household
///
/// Those that wait for confirmation included.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("household_id" = Uuid, Path, description = "The household."),
        PageQuery,
        ReadingHeader,
    ),
    responses((status = 200, description = "The newest first.", body = Page<HouseholdPurchaseOut>), Failures)
)]
#[get("/villages/{village_id}/households/{household_id}/purchases")]
pub async fn household_purchase_list(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<PageQuery>,
) -> Result<Json<Page<HouseholdPurchaseOut>>, Problem> {
    let (village, household) = (VillageId(path.0.0), HouseholdId(path.0.1));
    let (limit, before) = (query.0.limit, query.0.after()?);
    let why = reading.at(state.clock.now());
    let rows = state
        .run(move |db| {
            purchases::of_household(db, &acting.actor, village, household, before, limit + 1, &why)
        })
        .await?;
    let cursor = |row: &Listed| row.receipt.purchase_id.to_string();
    Ok(Json(Page::from_one_more(rows, limit, cursor, HouseholdPurchaseOut::from)))
}

/// Confirm a purchase
///
/// For purchases above the price that the agreement sets, within ten minutes. The discount is
/// reckoned anew: it is less if star credit was spent in the meantime. A merchant that was paused or
/// closed since, or a shop, sells nothing any more, and whoever sold does not confirm.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("purchase_id" = Uuid, Path, description = "The purchase."),
        KeyHeader,
    ),
    responses((status = 200, description = "The receipt.", body = ReceiptOut), Failures)
)]
#[post("/villages/{village_id}/purchases/{purchase_id}/confirmation")]
pub async fn purchase_confirm(
    acting: Acting,
    state: Data<State>,
    key: Key,
    path: InPath<(Uuid, Uuid)>,
) -> Result<Json<ReceiptOut>, Problem> {
    let now = state.clock.now();
    let (village, purchase) = (VillageId(path.0.0), PurchaseId(path.0.1));
    let once = key.once(acting.actor.user, &[]);
    let receipt = state
        .run(move |db| purchases::confirm(db, &acting.actor, village, purchase, &once, now))
        .await?;
    Ok(Json(ReceiptOut::at_home(receipt)))
}
