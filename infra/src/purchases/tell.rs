//! What the household is told of its purchases: every member who has signed in.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::discount::PurchaseState;
use domain::id::{HouseholdId, VillageId, VillagerId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Receipt;
use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::schema::{users, villagers};

/// The most members of one household who are told.
pub(super) const MESSAGES_MAX: usize = 20;

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
        "price_fen": receipt.price,
        "discount_fen": receipt.discount,
        "to_pay_fen": receipt.to_pay,
        "credit_left_fen": receipt.credit_left,
    })
}

/// What is told of a sale: that it was made, or that it waits to be confirmed.
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

/// Tells a household.
pub(super) fn household_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    household: HouseholdId,
    words: &Words,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let members: Vec<Uuid> = villagers::table
        .inner_join(
            users::table.on(users::village_id
                .eq(villagers::village_id.nullable())
                .and(users::villager_id.eq(villagers::id.nullable()))),
        )
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::household_id.eq(household.0))
        .order(villagers::id)
        .limit(i64::try_from(MESSAGES_MAX).unwrap_or(i64::MAX))
        .select(villagers::id)
        .load(tx)?;
    let list: Vec<_> = members
        .into_iter()
        .map(|id| Message { to: VillagerId(id), kind: words.kind, data: words.data.clone() })
        .collect();
    messages::leave_in_tx(tx, village, &list, now)
}
