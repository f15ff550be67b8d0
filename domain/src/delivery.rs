//! When what was not delivered is tried again, and when it is given up.
//!
//! The waits double from a minute to six hours. Twelve attempts last for most of a day: longer than
//! WeChat is ever out of order, and short enough that what arrives still says something.

use chrono::{DateTime, Duration, Utc};

/// How often something is tried before it is dead.
pub const ATTEMPTS_MAX: u16 = 12;
/// The first wait.
const FIRST: Duration = Duration::minutes(1);
/// The longest wait.
const LONGEST: Duration = Duration::hours(6);

/// What becomes of something that could not be delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is tried again then.
    Again(DateTime<Utc>),
    /// It is not tried again unless a person asks for it.
    Dead,
}

/// What becomes of something whose attempt number `attempts`, counted from one, has failed.
///
/// `spread` is any number that differs from one thing to the next: the waits are lengthened by up to
/// a quarter by it, so that what failed together does not come back together.
pub fn after_failure(attempts: u16, spread: u16, now: DateTime<Utc>) -> Next {
    if attempts >= ATTEMPTS_MAX {
        return Next::Dead;
    }
    let doubled = FIRST * 2_i32.pow(u32::from(attempts.saturating_sub(1)));
    let wait = doubled.min(LONGEST);
    let longer = wait * i32::from(spread) / (4 * i32::from(u16::MAX));
    Next::Again(now + wait + longer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(attempts: u16, spread: u16) -> Option<Duration> {
        let now = DateTime::UNIX_EPOCH;
        match after_failure(attempts, spread, now) {
            Next::Again(due) => Some(due - now),
            Next::Dead => None,
        }
    }

    #[test]
    fn the_waits_double_from_a_minute_to_six_hours_and_end() {
        let minutes = |attempts| wait(attempts, 0).map(|wait| wait.num_minutes());
        let all: Vec<_> = (1..=ATTEMPTS_MAX).map(minutes).collect();
        let expected = [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360].map(Some);
        assert_eq!(all[..11], expected);
        assert_eq!(all[11], None);
        assert_eq!(minutes(u16::MAX), None);
    }

    #[test]
    fn the_spread_adds_at_most_a_quarter() {
        for attempts in 1..ATTEMPTS_MAX {
            let (least, most) = (wait(attempts, 0).unwrap(), wait(attempts, u16::MAX).unwrap());
            assert_eq!(most, least + least / 4);
        }
    }
}
