//! What the household is told of its purchases: every member who has signed in.

use domain::discount::PurchaseState;
use serde_json::{Value, json};

use super::Receipt;
use crate::messages::Kind;

/// A message without its receivers.
pub(super) struct Words {
    /// What it is about.
    pub(super) kind: Kind,
    /// What the words need.
    pub(super) data: Value,
}

fn data(receipt: &Receipt, merchant_name: &str) -> Value {
    json!({
        "purchase_id": receipt.purchase_id,
        "merchant_id": receipt.merchant_id,
        "merchant_name": merchant_name,
        "category": receipt.category,
        "discount_bp": receipt.discount_bp,
        "price_fen": receipt.price,
        "discount_fen": receipt.discount,
        "to_pay_fen": receipt.to_pay,
        "credit_left_fen": receipt.credit_left,
    })
}

/// What is told of a sale: that it was made, waits to be confirmed, or was refunded.
pub(super) fn of_sale(receipt: &Receipt, merchant_name: &str) -> Words {
    let kind = match receipt.state {
        PurchaseState::AwaitingConfirmation => Kind::PurchaseWaits,
        PurchaseState::Completed => Kind::PurchaseMade,
        PurchaseState::Refunded => Kind::PurchaseRefunded,
    };
    let mut data = data(receipt, merchant_name);
    if let (Some(until), Some(data)) = (receipt.confirm_until, data.as_object_mut()) {
        data.insert("confirm_until".to_owned(), json!(until));
    }
    Words { kind, data }
}
