//! What both sides see of a redemption.

use domain::store::RedemptionState;
use infra::redemptions::{Receipt, SlotTimes};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::names::names;
use crate::time::shown;

names! {
    /// Where a redemption stands.
    RedemptionStateName = RedemptionState {
        /// It waits to be picked up.
        Waiting,
        /// It was.
        HandedOver,
        /// The household or the store called it off.
        Cancelled,
        /// Nobody picked it up in time.
        Lapsed,
        /// It was taken back after it was handed over.
        Refunded,
    }
}

/// When and where a service is had.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RedemptionSlot, example = json!({
    "slot_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f73", "starts_at": "2026-10-20T08:00:00+08:00",
    "ends_at": "2026-10-20T09:00:00+08:00", "place": "二组水田"
}))]
pub struct SlotTimesOut {
    /// The slot.
    slot_id: Uuid,
    /// When it begins.
    starts_at: String,
    /// When it ends.
    ends_at: String,
    /// Where.
    place: String,
}

impl From<SlotTimes> for SlotTimesOut {
    fn from(slot: SlotTimes) -> Self {
        let SlotTimes { slot_id, starts_at, ends_at, place } = slot;
        Self { slot_id, starts_at: shown(starts_at), ends_at: shown(ends_at), place }
    }
}

/// A redemption.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "redemption_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f75",
    "store_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f71", "store_name": "龙窝村积分超市",
    "household_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "masked_name": null,
    "goods_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f72", "goods_name": "菜籽油", "unit": "瓶",
    "slot": null, "quantity": 1, "points": "120", "top_up_fen": 500, "state": "waiting",
    "code": "40718355",
    "qr": "AgEBky1abAB6O48AGyw9Tl9gAZMtWmwAejuPABssPU5fdYq3n2c1d4e5f6A",
    "redeemed_at": "2026-10-12T10:00:00+08:00", "cancel_until": "2026-11-12T00:00:00+08:00",
    "lapses_at": "2026-11-12T00:00:00+08:00", "lapse_returns": true, "handed_over_at": null,
    "ended_at": null, "end_reason": null
}))]
pub struct RedemptionOut {
    /// Its id.
    redemption_id: Uuid,
    /// The store.
    store_id: Uuid,
    /// What that is called.
    store_name: String,
    /// The household; not told at the counter, by whoever keeps a store.
    household_id: Option<Uuid>,
    /// At the counter: whose account it is, masked.
    masked_name: Option<String>,
    /// The goods.
    goods_id: Uuid,
    /// As they were called then.
    goods_name: String,
    /// What one of them is.
    unit: String,
    /// When and where, for a service.
    slot: Option<SlotTimesOut>,
    /// How many.
    quantity: i32,
    /// For all of it: points.
    #[schema(example = "120")]
    points: String,
    /// For all of it: cash besides, paid when it is picked up.
    top_up_fen: i64,
    /// Where it stands.
    state: RedemptionStateName,
    /// To the household only, while it waits: eight digits to say at the counter.
    code: Option<String>,
    /// To the household only, while it waits: what the QR holds.
    qr: Option<String>,
    /// When it was redeemed.
    redeemed_at: String,
    /// Until when the household may cancel, while it waits.
    cancel_until: Option<String>,
    /// When it lapses, while it waits.
    lapses_at: Option<String>,
    /// Whether the points return when it lapses.
    lapse_returns: bool,
    /// When it was handed over.
    handed_over_at: Option<String>,
    /// When it was cancelled, lapsed or taken back.
    ended_at: Option<String>,
    /// Why.
    end_reason: Option<String>,
}

impl From<Receipt> for RedemptionOut {
    fn from(receipt: Receipt) -> Self {
        Self {
            redemption_id: receipt.redemption_id,
            store_id: receipt.store_id,
            store_name: receipt.store_name,
            household_id: receipt.household_id,
            masked_name: receipt.masked_name,
            goods_id: receipt.goods_id,
            goods_name: receipt.goods_name,
            unit: receipt.unit,
            slot: receipt.slot.map(SlotTimesOut::from),
            quantity: receipt.quantity,
            points: receipt.points.to_string(),
            top_up_fen: receipt.top_up.get(),
            state: receipt.state.into(),
            code: receipt.code,
            qr: receipt.qr,
            redeemed_at: shown(receipt.redeemed_at),
            cancel_until: receipt.cancel_until.map(shown),
            lapses_at: receipt.lapses_at.map(shown),
            lapse_returns: receipt.lapse_returns,
            handed_over_at: receipt.handed_over_at.map(shown),
            ended_at: receipt.ended_at.map(shown),
            end_reason: receipt.end_reason,
        }
    }
}
