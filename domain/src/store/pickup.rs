//! At the counter: how often a wrong pickup code may be tried, and what a card may take in a day.

use chrono::{DateTime, Duration, Utc};

use crate::points::Fen;
use crate::refusal::Refusal;

/// So many wrong pickup codes are taken at a store in [`TRIES_MINUTES`]. A code has eight digits: whoever
/// guesses at this pace needs years for one that is open.
pub const TRIES_MAX: u16 = 10;
/// For how long wrong codes are counted, and the store's counter waits after the last.
pub const TRIES_MINUTES: i64 = 10;

/// Wrong pickup codes at a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tries {
    /// How many since then.
    pub wrong: u16,
    /// The first of them.
    pub since: Option<DateTime<Utc>>,
}

impl Tries {
    fn until(&self) -> Option<DateTime<Utc>> {
        self.since.map(|since| since + Duration::minutes(TRIES_MINUTES))
    }

    /// Whether a code may be tried now.
    ///
    /// # Errors
    /// `pickup_tries_over` with the moment from which on it may.
    pub fn may_try(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.until() {
            Some(until) if self.wrong >= TRIES_MAX && now < until => {
                Err(Refusal::PickupTriesOver { until })
            }
            _ => Ok(()),
        }
    }

    /// After one more wrong code.
    pub fn after_wrong(self, now: DateTime<Utc>) -> Self {
        match self.until() {
            Some(until) if now < until => Self { wrong: self.wrong.saturating_add(1), ..self },
            _ => Self { wrong: 1, since: Some(now) },
        }
    }
}

/// Checks that what a card takes today stays within its ceiling, counted by what the points are worth.
///
/// # Errors
/// `card_ceiling` with what is left today.
pub fn fits_card_ceiling(ceiling: Fen, taken_today: Fen, worth: Fen) -> Result<(), Refusal> {
    let left = taken_today.left_of(ceiling);
    if worth > left { Err(Refusal::CardCeiling { left }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_ten_wrong_codes_the_counter_waits_ten_minutes_from_the_first() {
        let start: DateTime<Utc> = "2026-10-20T02:00:00Z".parse().unwrap();
        let mut tries = Tries::default();
        for n in 0..TRIES_MAX {
            let now = start + Duration::seconds(i64::from(n));
            assert_eq!(tries.may_try(now), Ok(()));
            tries = tries.after_wrong(now);
        }
        let until = start + Duration::minutes(TRIES_MINUTES);
        let refused = tries.may_try(until - Duration::seconds(1));
        assert_eq!(refused, Err(Refusal::PickupTriesOver { until }));
        assert_eq!(tries.may_try(until), Ok(()));
        assert_eq!(tries.after_wrong(until), Tries { wrong: 1, since: Some(until) });
    }

    #[test]
    fn a_card_takes_no_more_in_a_day_than_its_ceiling() {
        let check =
            |taken, worth| fits_card_ceiling(Fen::yuan(50), Fen::yuan(taken), Fen::yuan(worth));
        assert_eq!(check(0, 50), Ok(()));
        assert_eq!(check(30, 21), Err(Refusal::CardCeiling { left: Fen::yuan(20) }));
    }
}
