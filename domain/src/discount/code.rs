//! The rotating code of the mini-program: which minute it is for, and whether that is now.
//!
//! Signing and reading the code is done outside; this module only knows time.

use chrono::{DateTime, Utc};

use crate::refusal::Refusal;

/// How long one code is shown, in seconds.
pub const CODE_SECONDS: i64 = 60;

/// The number of a window of [`CODE_SECONDS`] since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeWindow(pub u32);

impl CodeWindow {
    /// The window of that moment.
    pub fn at(moment: DateTime<Utc>) -> Self {
        let number = moment.timestamp().div_euclid(CODE_SECONDS);
        Self(u32::try_from(number).unwrap_or(u32::MAX))
    }

    /// The first moment after it.
    pub fn ends_at(self) -> DateTime<Utc> {
        let seconds = (i64::from(self.0) + 1) * CODE_SECONDS;
        DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// Whether a code of that window may be used now: its own window, or one either way for clocks
/// that differ.
pub fn window_is_current(window: CodeWindow, now: DateTime<Utc>) -> bool {
    CodeWindow::at(now).0.abs_diff(window.0) <= 1
}

/// Checks that a code of that window may be used now.
///
/// # Errors
/// `code_expired`.
pub fn check_window(window: CodeWindow, now: DateTime<Utc>) -> Result<(), Refusal> {
    if window_is_current(window, now) { Ok(()) } else { Err(Refusal::CodeExpired) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_lives_for_its_minute_and_one_either_way() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let window = CodeWindow::at(at("2026-10-12T02:05:59Z"));
        assert_eq!(window.ends_at(), at("2026-10-12T02:06:00Z"));
        for (moment, current) in [
            ("2026-10-12T02:03:59Z", false),
            ("2026-10-12T02:04:00Z", true),
            ("2026-10-12T02:06:59Z", true),
            ("2026-10-12T02:07:00Z", false),
        ] {
            assert_eq!(window_is_current(window, at(moment)), current, "{moment}");
        }
    }
}
