//! Calls counted by the minute, as WeChat's limits are.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

/// How many different callers are counted in a minute. Past it the minute's counts start anew, so
/// that memory stays bounded.
const CALLERS_MAX: usize = 10_000;

/// Counts of the present minute of the clock, by caller.
#[derive(Default)]
pub(crate) struct PerMinute {
    minute: i64,
    counts: HashMap<String, u32>,
}

impl PerMinute {
    /// Counts one call; false where it is one too many.
    pub(crate) fn admits(&mut self, caller: &str, calls_max: u32, now: DateTime<Utc>) -> bool {
        let minute = now.timestamp().div_euclid(60);
        let full = self.counts.len() >= CALLERS_MAX && !self.counts.contains_key(caller);
        if minute != self.minute || full {
            self.minute = minute;
            self.counts.clear();
        }
        let count = self.counts.entry(caller.to_owned()).or_insert(0);
        if *count >= calls_max {
            return false;
        }
        *count += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_callers_are_counted_than_memory_is_meant_for() {
        let mut minute = PerMinute::default();
        for caller in 0..=CALLERS_MAX {
            assert!(minute.admits(&caller.to_string(), 1, DateTime::UNIX_EPOCH));
        }
        assert_eq!(minute.counts.len(), 1);
    }
}
