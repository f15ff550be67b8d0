//! A purchase as it is stored, as the domain knows it, and as it is told at the till.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::discount::{Bearer, Category, Discount, Limit, Purchase, PurchaseState};
use domain::id::{AccountId, PurchaseId};
use domain::points::Fen;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::purchases;

/// A purchase as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = purchases)]
pub(crate) struct PurchaseRow {
    pub(crate) village_id: Uuid,
    pub(crate) id: Uuid,
    pub(crate) merchant_id: Uuid,
    pub(crate) shop_id: Uuid,
    pub(crate) agreement_id: Uuid,
    pub(crate) category: String,
    pub(crate) account_id: Uuid,
    pub(crate) stars: i16,
    pub(crate) discount_bp: i16,
    pub(crate) account_daily_ceiling: i64,
    pub(crate) price: i64,
    pub(crate) discount: i64,
    pub(crate) limited_by: Option<String>,
    pub(crate) bearer: String,
    pub(crate) credit_left: i64,
    pub(crate) state: String,
    pub(crate) sold_by: Uuid,
    pub(crate) made_at: DateTime<Utc>,
    pub(crate) completed_at: Option<DateTime<Utc>>,
    pub(crate) refunded_at: Option<DateTime<Utc>>,
}

/// What both sides are told about a purchase. It is the answer that a repeat of the request gets
/// again, so it is stored as it was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The purchase.
    pub purchase_id: Uuid,
    /// The village of the buyer.
    pub village_id: Uuid,
    /// The merchant.
    pub merchant_id: Uuid,
    /// At which shop.
    pub shop_id: Uuid,
    /// What was bought.
    pub category: Category,
    /// The price.
    pub price: Fen,
    /// What comes off.
    pub discount: Fen,
    /// What the buyer pays.
    pub to_pay: Fen,
    /// The star credit that is left.
    pub credit_left: Fen,
    /// What limited the discount.
    pub limited_by: Option<Limit>,
    /// Who bears it.
    pub bearer: Bearer,
    /// The stars of the buyer.
    pub stars: i16,
    /// The share of the price that the stars take off, in basis points.
    pub discount_bp: i16,
    /// Where the purchase stands.
    pub state: PurchaseState,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Until when it can be confirmed, if it waits for that.
    pub confirm_until: Option<DateTime<Utc>>,
    /// When it was taken back.
    pub refunded_at: Option<DateTime<Utc>>,
}

fn unreadable(what: &str) -> Error {
    Error::Bug(format!("a stored purchase has a {what} that cannot be read"))
}

impl PurchaseRow {
    /// The purchase as the domain knows it.
    pub(crate) fn purchase(&self) -> Result<Purchase, Error> {
        let limit = |name: &String| Limit::from_name(name).ok_or_else(|| unreadable("limit"));
        Ok(Purchase {
            id: PurchaseId(self.id),
            account: AccountId(self.account_id),
            price: Fen::new(self.price),
            discount: Discount {
                amount: Fen::new(self.discount),
                limited_by: self.limited_by.as_ref().map(limit).transpose()?,
            },
            bearer: Bearer::from_name(&self.bearer).ok_or_else(|| unreadable("bearer"))?,
            state: PurchaseState::from_name(&self.state).ok_or_else(|| unreadable("state"))?,
            made_at: self.made_at,
        })
    }

    /// What is told of it, as it stands.
    pub(crate) fn receipt(&self) -> Result<Receipt, Error> {
        self.receipt_of(&self.purchase()?, Fen::new(self.credit_left))
    }

    /// What is told of it after it changed.
    pub(crate) fn receipt_of(
        &self,
        purchase: &Purchase,
        credit_left: Fen,
    ) -> Result<Receipt, Error> {
        Ok(Receipt {
            purchase_id: self.id,
            village_id: self.village_id,
            merchant_id: self.merchant_id,
            shop_id: self.shop_id,
            category: Category::from_name(&self.category).ok_or_else(|| unreadable("category"))?,
            price: purchase.price,
            discount: purchase.discount.amount,
            to_pay: purchase.to_pay(),
            credit_left,
            limited_by: purchase.discount.limited_by,
            bearer: purchase.bearer,
            stars: self.stars,
            discount_bp: self.discount_bp,
            state: purchase.state,
            made_at: purchase.made_at,
            confirm_until: purchase.confirm_until(),
            refunded_at: self.refunded_at,
        })
    }
}
