//! What a store has decided about what is not picked up, and about changes of mind.

use chrono::{DateTime, Days, Duration, Utc};

use super::Slot;
use crate::calendar::{day_of, end_of};

/// The most days that a store may set for anything.
pub const DAYS_MAX: u16 = 90;
/// So many days before it lapses a household is told.
pub const TELL_DAYS: i64 = 3;

/// The policy of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StorePolicy {
    /// After how many days what was not picked up lapses, 1 to 90; 30 by section 10.
    pub lapse_days: u16,
    /// Whether the points return when it lapses.
    pub lapse_returns: bool,
    /// For how many days the household may cancel; none: as long as it waits.
    pub cancel_days: Option<u16>,
    /// For how many days after it was handed over faulty goods are taken back.
    pub refund_days: u16,
}

impl Default for StorePolicy {
    /// The 30 days and the return of section 10; taking back for a week is our default.
    fn default() -> Self {
        Self { lapse_days: 30, lapse_returns: true, cancel_days: None, refund_days: 7 }
    }
}

/// Until when what can be done with a redemption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// The household may cancel before this moment.
    pub cancel_until: DateTime<Utc>,
    /// The household is told that it will lapse.
    pub tell_at: DateTime<Utc>,
    /// It lapses.
    pub lapses_at: DateTime<Utc>,
}

impl StorePolicy {
    /// The times of something redeemed now, each at the end of a day. A service lapses so many days after
    /// its slot, and is cancelled before that begins. Who has few days is told when half of them are over.
    pub fn times(&self, slot: Option<&Slot>, now: DateTime<Utc>) -> Times {
        let days_after = |from: DateTime<Utc>, days: u16| {
            let day = day_of(from);
            end_of(day.checked_add_days(Days::new(u64::from(days))).unwrap_or(day))
        };
        let lapses_at = days_after(slot.map_or(now, |slot| slot.plan.ends_at), self.lapse_days);
        let cancel_until = self.cancel_days.map_or(lapses_at, |days| days_after(now, days));
        let before = Duration::days(TELL_DAYS).min((lapses_at - now) / 2);
        Times {
            cancel_until: slot.map_or(cancel_until, |slot| cancel_until.min(slot.plan.starts_at)),
            tell_at: lapses_at - before,
            lapses_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_not_picked_up_lapses_after_thirty_days_and_is_told_of_three_days_before() {
        let times = StorePolicy::default().times(None, at("2026-10-20T09:00:00+08:00"));
        assert_eq!(times.lapses_at, at("2026-11-20T00:00:00+08:00"));
        assert_eq!(times.tell_at, at("2026-11-17T00:00:00+08:00"));
        assert_eq!(times.cancel_until, times.lapses_at);
    }

    #[test]
    fn where_it_lapses_after_a_day_the_household_is_told_when_half_of_it_is_over() {
        let policy = StorePolicy { lapse_days: 1, cancel_days: Some(0), ..StorePolicy::default() };
        let times = policy.times(None, at("2026-10-20T12:00:00+08:00"));
        assert_eq!(times.lapses_at, at("2026-10-22T00:00:00+08:00"));
        assert_eq!(times.tell_at, at("2026-10-21T06:00:00+08:00"));
        assert_eq!(times.cancel_until, at("2026-10-21T00:00:00+08:00"));
    }
}
