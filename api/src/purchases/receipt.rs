//! A receipt as both sides get it.

use domain::discount::{Limit, PurchaseState};
use infra::purchases::Receipt;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::agreements::BearerName;
use crate::merchants::TradeCategory;

/// Where a purchase stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateName {
    /// Waits for the villager's confirmation; nothing has moved.
    AwaitingConfirmation,
    /// Done.
    Completed,
    /// Taken back.
    Refunded,
}

impl From<PurchaseState> for StateName {
    fn from(state: PurchaseState) -> Self {
        match state {
            PurchaseState::AwaitingConfirmation => Self::AwaitingConfirmation,
            PurchaseState::Completed => Self::Completed,
            PurchaseState::Refunded => Self::Refunded,
        }
    }
}

/// What kept a discount below the share of the price.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LimitName {
    /// The star credit left.
    StarCredit,
    /// The account's daily ceiling.
    AccountDailyCeiling,
    /// The merchant's daily ceiling.
    MerchantDailyCeiling,
}

impl From<Limit> for LimitName {
    fn from(limit: Limit) -> Self {
        match limit {
            Limit::StarCredit => Self::StarCredit,
            Limit::AccountDailyCeiling => Self::AccountDailyCeiling,
            Limit::MerchantDailyCeiling => Self::MerchantDailyCeiling,
        }
    }
}

/// A receipt.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "purchase_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f65",
    "village_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60",
    "merchant_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "shop_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f66", "category": "food", "price_fen": 12_850,
    "discount_fen": 1_028, "to_pay_fen": 11_822, "credit_left_fen": null, "limited_by": null,
    "bearer": "credit_offset", "stars": 4, "discount_bp": 800, "state": "completed",
    "made_at": "2026-10-12T10:00:30+08:00", "confirm_until": null, "refunded_at": null
}))]
pub struct ReceiptOut {
    /// The purchase.
    purchase_id: Uuid,
    /// The village of the buyer.
    village_id: Uuid,
    /// The merchant.
    merchant_id: Uuid,
    /// At which shop.
    shop_id: Uuid,
    /// What was bought.
    #[schema(inline)]
    category: TradeCategory,
    /// The price.
    price_fen: i64,
    /// What comes off.
    discount_fen: i64,
    /// What the buyer pays at the till.
    to_pay_fen: i64,
    /// The star credit that is left. Told to the household only: at the till `limited_by` says enough.
    credit_left_fen: Option<i64>,
    /// What limited the discount, if anything did.
    limited_by: Option<LimitName>,
    /// Who bears the discount.
    bearer: BearerName,
    /// The stars of the buyer.
    stars: i16,
    /// The share of the price that the stars take off, in basis points.
    discount_bp: i16,
    /// Where the purchase stands.
    state: StateName,
    /// When it was made.
    made_at: String,
    /// Until when the household can confirm it, if it waits for that.
    confirm_until: Option<String>,
    /// When it was taken back.
    refunded_at: Option<String>,
}

impl ReceiptOut {
    /// As its household sees it.
    pub(super) fn at_home(receipt: Receipt) -> Self {
        let credit_left = receipt.credit_left.get();
        Self { credit_left_fen: Some(credit_left), ..Self::at_the_till(receipt) }
    }

    /// As the merchant sees it: without what the household has left.
    pub(super) fn at_the_till(receipt: Receipt) -> Self {
        Self {
            purchase_id: receipt.purchase_id,
            village_id: receipt.village_id,
            merchant_id: receipt.merchant_id,
            shop_id: receipt.shop_id,
            category: receipt.category.into(),
            price_fen: receipt.price.get(),
            discount_fen: receipt.discount.get(),
            to_pay_fen: receipt.to_pay.get(),
            credit_left_fen: None,
            limited_by: receipt.limited_by.map(LimitName::from),
            bearer: receipt.bearer.into(),
            stars: receipt.stars,
            discount_bp: receipt.discount_bp,
            state: receipt.state.into(),
            made_at: crate::time::shown(receipt.made_at),
            confirm_until: receipt.confirm_until.map(crate::time::shown),
            refunded_at: receipt.refunded_at.map(crate::time::shown),
        }
    }
}
