//! At the counter: how often a wrong pickup code may be tried, and what a card may take in a day.

use chrono::{DateTime, Duration, Utc};

use crate::points::Fen;
use crate::refusal::Refusal;

/// So many wrong pickup codes of one person are taken at a store in [`TRIES_MINUTES`].
pub const TRIES_MAX: u16 = 10;
/// So many of all who stand at its counter together. A code has eight digits: whoever guesses at this pace
/// needs years for one that is open.
pub const STORE_TRIES_MAX: u16 = 30;
/// For how long wrong codes are counted, and the counter waits after too many.
pub const TRIES_MINUTES: i64 = 10;

/// Wrong pickup codes at a store, of one person or of all.
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

    /// Whether a code may be tried now that so many wrong ones are too many.
    ///
    /// # Errors
    /// `pickup_tries_over` with the moment from which on it may.
    pub fn may_try(&self, tries_max: u16, now: DateTime<Utc>) -> Result<(), Refusal> {
        match self.until() {
            Some(until) if self.wrong >= tries_max && now < until => {
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

/// Wrong pickup codes as they count for somebody at the counter of a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CounterTries {
    /// Their own.
    pub own: Tries,
    /// Those of all who stand there.
    pub all: Tries,
}

impl CounterTries {
    /// Whether they may try a code now: one clerk's mistakes stop that clerk, and the others only when
    /// there are many of them.
    ///
    /// # Errors
    /// `pickup_tries_over` with the moment from which on they may.
    pub fn may_try(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.own.may_try(TRIES_MAX, now)?;
        self.all.may_try(STORE_TRIES_MAX, now)
    }

    /// After one more wrong code of theirs.
    pub fn after_wrong(self, now: DateTime<Utc>) -> Self {
        Self { own: self.own.after_wrong(now), all: self.all.after_wrong(now) }
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
            assert_eq!(tries.may_try(TRIES_MAX, now), Ok(()));
            tries = tries.after_wrong(now);
        }
        let until = start + Duration::minutes(TRIES_MINUTES);
        let refused = tries.may_try(TRIES_MAX, until - Duration::seconds(1));
        assert_eq!(refused, Err(Refusal::PickupTriesOver { until }));
        assert_eq!(tries.may_try(TRIES_MAX, until), Ok(()));
        // They stop this person, and not the whole store.
        assert_eq!(tries.may_try(STORE_TRIES_MAX, until - Duration::seconds(1)), Ok(()));
        assert_eq!(tries.after_wrong(until), Tries { wrong: 1, since: Some(until) });
    }

    #[test]
    fn one_clerk_s_mistakes_stop_that_clerk_and_many_of_them_the_counter() {
        let now: DateTime<Utc> = "2026-10-20T02:00:00Z".parse().unwrap();
        let mut all = Tries::default();
        for clerk in 0..3 {
            let mut tries = CounterTries { own: Tries::default(), all };
            for _ in 0..TRIES_MAX {
                assert_eq!(tries.may_try(now), Ok(()), "{clerk}");
                tries = tries.after_wrong(now);
            }
            let until = now + Duration::minutes(TRIES_MINUTES);
            assert_eq!(tries.may_try(now), Err(Refusal::PickupTriesOver { until }));
            all = tries.all;
        }
        assert_eq!(all.wrong, STORE_TRIES_MAX);
        assert!(CounterTries { own: Tries::default(), all }.may_try(now).is_err());
    }

    #[test]
    fn a_card_takes_no_more_in_a_day_than_its_ceiling() {
        let check =
            |taken, worth| fits_card_ceiling(Fen::yuan(50), Fen::yuan(taken), Fen::yuan(worth));
        assert_eq!(check(0, 50), Ok(()));
        assert_eq!(check(30, 21), Err(Refusal::CardCeiling { left: Fen::yuan(20) }));
    }
}
