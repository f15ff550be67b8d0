//! When a service can be had (农机时段, 照护时段): from a moment to a moment, at a place, by so many.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::id::{GoodsId, SlotId};
use crate::refusal::Refusal;

/// A slot as somebody plans it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotPlan {
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// How many of it can be redeemed.
    pub capacity: u32,
    /// Where.
    pub place: String,
}

impl SlotPlan {
    /// The longest that a slot may last, in days.
    pub const DAYS_MAX: i64 = 31;
    /// How far ahead a slot may begin, in days.
    pub const AHEAD_DAYS_MAX: i64 = 366;

    /// Checks a plan.
    ///
    /// # Errors
    /// `slot_invalid` unless it begins in the future, ends after that and within a month.
    pub fn check(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        let ahead = self.starts_at - now;
        let lasts = self.ends_at - self.starts_at;
        let fits = ahead > Duration::zero()
            && ahead <= Duration::days(Self::AHEAD_DAYS_MAX)
            && lasts > Duration::zero()
            && lasts <= Duration::days(Self::DAYS_MAX)
            && self.capacity > 0;
        if fits { Ok(()) } else { Err(Refusal::SlotInvalid { days_max: Self::DAYS_MAX }) }
    }
}

/// A slot of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Its id.
    pub id: SlotId,
    /// Of which service.
    pub goods: GoodsId,
    /// When, where and how many.
    pub plan: SlotPlan,
    /// How many of it were redeemed.
    pub taken: u32,
    /// Whether it was closed, so that nobody else takes a place.
    pub closed: bool,
}

impl Slot {
    /// Checks that so many can still be taken.
    ///
    /// # Errors
    /// `slot_over` once it began or was closed, `slot_full` with what is left.
    pub fn takes(&self, quantity: u32, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.closed || now >= self.plan.starts_at {
            return Err(Refusal::SlotOver);
        }
        let left = self.plan.capacity.saturating_sub(self.taken);
        if quantity > left { Err(Refusal::SlotFull { left }) } else { Ok(()) }
    }
}
