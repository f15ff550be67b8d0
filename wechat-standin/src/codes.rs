//! Codes that live five minutes and work once.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// How long a code works, in minutes, for `wx.login` as for `getPhoneNumber`.
const LIFETIME_MINUTES: i64 = 5;
/// How many codes of a kind are remembered, used ones included; the oldest is dropped.
const REMEMBERED_MAX: usize = 10_000;

/// Why a code was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rejected {
    /// Never issued, dropped as too old, or past its five minutes.
    Unknown,
    /// Already given once.
    Used,
}

struct Issued<T> {
    stands_for: T,
    expires_at: DateTime<Utc>,
    used: bool,
}

/// The codes of one kind. Each kind has its own, so that they cannot be taken for each other.
pub(crate) struct Codes<T> {
    by_code: HashMap<String, Issued<T>>,
    oldest_first: VecDeque<String>,
}

impl<T: Clone> Codes<T> {
    pub(crate) fn new() -> Self {
        Self { by_code: HashMap::new(), oldest_first: VecDeque::new() }
    }

    /// A new code, 32 characters long as WeChat's are.
    pub(crate) fn issue(&mut self, stands_for: T, now: DateTime<Utc>) -> String {
        if self.oldest_first.len() >= REMEMBERED_MAX
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.by_code.remove(&oldest);
        }
        let code = Uuid::now_v7().simple().to_string();
        let expires_at = now + TimeDelta::minutes(LIFETIME_MINUTES);
        self.by_code.insert(code.clone(), Issued { stands_for, expires_at, used: false });
        self.oldest_first.push_back(code.clone());
        code
    }

    /// What the code stands for, if it would be accepted now. Does not use it up.
    pub(crate) fn look_up(&self, code: &str, now: DateTime<Utc>) -> Result<T, Rejected> {
        let issued = self.by_code.get(code).ok_or(Rejected::Unknown)?;
        if issued.used {
            return Err(Rejected::Used);
        }
        if now >= issued.expires_at {
            return Err(Rejected::Unknown);
        }
        Ok(issued.stands_for.clone())
    }

    /// Uses the code up.
    pub(crate) fn use_up(&mut self, code: &str) {
        if let Some(issued) = self.by_code.get_mut(code) {
            issued.used = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_oldest_code_is_forgotten_when_there_are_too_many() {
        let mut codes = Codes::new();
        let now = DateTime::UNIX_EPOCH;
        let issued: Vec<String> = (0..=REMEMBERED_MAX).map(|n| codes.issue(n, now)).collect();
        assert_eq!(codes.look_up(&issued[0], now), Err(Rejected::Unknown));
        assert_eq!(codes.look_up(&issued[1], now), Ok(1));
        assert_eq!(codes.by_code.len(), REMEMBERED_MAX);
        assert_eq!(codes.oldest_first.len(), REMEMBERED_MAX);
    }
}
