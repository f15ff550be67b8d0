//! A redemption as it is stored, as the domain knows it, and as it is told.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{AccountId, GoodsId, HouseholdId, RedemptionId, VillageId};
use domain::points::{Fen, Points};
use domain::store::{GoodsKind, Redemption, RedemptionState, Slot, Times};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::qr;
use crate::error::Error;
use crate::schema::redemptions;
use crate::secrets::Secrets;

/// A redemption as it is stored. `redemption_append` takes it as one value with these names.
#[derive(Clone, Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = redemptions)]
pub(super) struct RedemptionRow {
    pub(super) village_id: Uuid,
    pub(super) id: Uuid,
    pub(super) store_id: Uuid,
    pub(super) goods_id: Uuid,
    pub(super) slot_id: Option<Uuid>,
    pub(super) account_id: Uuid,
    pub(super) household_id: Uuid,
    pub(super) goods_name: String,
    pub(super) unit: String,
    pub(super) quantity: i32,
    pub(super) points: i64,
    pub(super) top_up: i64,
    pub(super) worth: i64,
    pub(super) state: String,
    pub(super) code: Option<String>,
    pub(super) counted_in: Option<String>,
    pub(super) card_id: Option<Uuid>,
    pub(super) card_worth: Option<i64>,
    pub(super) lapse_returns: bool,
    pub(super) refund_days: i16,
    pub(super) lapses_at: DateTime<Utc>,
    pub(super) tell_at: DateTime<Utc>,
    pub(super) cancel_until: DateTime<Utc>,
    pub(super) redeemed_by: Uuid,
    pub(super) redeemed_at: DateTime<Utc>,
    pub(super) handed_over_by: Option<Uuid>,
    pub(super) handed_over_at: Option<DateTime<Utc>>,
    pub(super) cash_taken: Option<i64>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) end_reason: Option<String>,
}

/// When and where a service is had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotTimes {
    /// The slot.
    pub slot_id: Uuid,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Where.
    pub place: String,
}

impl From<Slot> for SlotTimes {
    fn from(slot: Slot) -> Self {
        let plan = slot.plan;
        Self {
            slot_id: slot.id.0,
            starts_at: plan.starts_at,
            ends_at: plan.ends_at,
            place: plan.place,
        }
    }
}

/// What people are told of a redemption. It is also the answer that a repeat of the request gets again, so
/// it is stored as it was told, but for code and QR, which are added anew when it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The redemption.
    pub redemption_id: Uuid,
    /// The store.
    pub store_id: Uuid,
    /// What that is called.
    pub store_name: String,
    /// The household, which is not told at the counter.
    #[serde(default)]
    pub household_id: Option<Uuid>,
    /// Whose account it is, masked; at the counter only.
    pub masked_name: Option<String>,
    /// The goods.
    pub goods_id: Uuid,
    /// As they were called then.
    pub goods_name: String,
    /// What one of them is.
    pub unit: String,
    /// When and where, for a service.
    pub slot: Option<SlotTimes>,
    /// How many.
    pub quantity: i32,
    /// What was taken.
    pub points: Points,
    /// The cash besides, paid when it is picked up.
    pub top_up: Fen,
    /// Where it stands.
    pub state: RedemptionState,
    /// The code to say at the counter; to the household only, while it waits.
    pub code: Option<String>,
    /// The same as a QR.
    pub qr: Option<String>,
    /// When it was redeemed.
    pub redeemed_at: DateTime<Utc>,
    /// Until when the household may cancel, while it waits.
    pub cancel_until: Option<DateTime<Utc>>,
    /// When it lapses, while it waits.
    pub lapses_at: Option<DateTime<Utc>>,
    /// Whether the points return then.
    pub lapse_returns: bool,
    /// When it was handed over.
    pub handed_over_at: Option<DateTime<Utc>>,
    /// When it was cancelled, lapsed or taken back.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why.
    pub end_reason: Option<String>,
}

fn unreadable() -> Error {
    Error::Bug("a stored redemption cannot be read".into())
}

impl RedemptionRow {
    /// Where it stands.
    pub(super) fn state(&self) -> Result<RedemptionState, Error> {
        RedemptionState::from_name(&self.state).ok_or_else(unreadable)
    }

    /// The redemption as the domain knows it.
    pub(super) fn redemption(&self) -> Result<Redemption, Error> {
        Ok(Redemption {
            id: RedemptionId(self.id),
            account: AccountId(self.account_id),
            household: HouseholdId(self.household_id),
            goods: GoodsId(self.goods_id),
            // What has a slot is a service, and nothing else has one.
            kind: if self.slot_id.is_some() { GoodsKind::Service } else { GoodsKind::Stock },
            quantity: u32::try_from(self.quantity).map_err(|_| unreadable())?,
            points: Points::from_hundredths(self.points),
            top_up: Fen::new(self.top_up),
            worth: Fen::new(self.worth),
            state: self.state()?,
            counted_in: self.counted_in.clone(),
            lapse_returns: self.lapse_returns,
            refund_days: u16::try_from(self.refund_days).map_err(|_| unreadable())?,
            // Taking it back asks for it (settle::refund).
            slot_ends_at: None,
            times: Times {
                cancel_until: self.cancel_until,
                tell_at: self.tell_at,
                lapses_at: self.lapses_at,
            },
            handed_over_at: self.handed_over_at,
        })
    }

    /// What is told of it, as it stands, without its code.
    pub(super) fn receipt(
        &self,
        store_name: &str,
        slot: Option<SlotTimes>,
    ) -> Result<Receipt, Error> {
        let state = self.state()?;
        let waits = state == RedemptionState::Waiting;
        Ok(Receipt {
            redemption_id: self.id,
            store_id: self.store_id,
            store_name: store_name.to_owned(),
            household_id: Some(self.household_id),
            masked_name: None,
            goods_id: self.goods_id,
            goods_name: self.goods_name.clone(),
            unit: self.unit.clone(),
            slot,
            quantity: self.quantity,
            points: Points::from_hundredths(self.points),
            top_up: Fen::new(self.top_up),
            state,
            code: None,
            qr: None,
            redeemed_at: self.redeemed_at,
            cancel_until: waits.then_some(self.cancel_until),
            lapses_at: waits.then_some(self.lapses_at),
            lapse_returns: self.lapse_returns,
            handed_over_at: self.handed_over_at,
            ended_at: self.ended_at,
            end_reason: self.end_reason.clone(),
        })
    }

    /// The same for the household, which picks it up with code or QR while it waits. Answers that are kept
    /// for a repeat are without them.
    pub(super) fn with_code(&self, secrets: &Secrets, receipt: Receipt) -> Receipt {
        // What a repeat is answered may have waited then and wait no more.
        if receipt.state != RedemptionState::Waiting || self.code.is_none() {
            return receipt;
        }
        let qr = qr::write(secrets, VillageId(self.village_id), RedemptionId(self.id));
        Receipt { code: self.code.clone(), qr: Some(qr), ..receipt }
    }
}
