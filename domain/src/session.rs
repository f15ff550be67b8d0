//! Sign-ins: how long they last, and what a refresh token that comes twice means.

use chrono::{DateTime, Duration, Utc};

use crate::refusal::Refusal;

/// How long an access token is good, in seconds.
pub const ACCESS_SECONDS: i64 = 15 * 60;
/// How long a sign-in can go without being refreshed, in days.
pub const IDLE_DAYS: i64 = 30;
/// How long a sign-in lasts at most, in days.
pub const TOTAL_DAYS: i64 = 180;
/// How many sign-ins one user has at most; the oldest ends when another begins.
pub const SESSIONS_MAX: usize = 10;

/// A sign-in: the family of all refresh tokens that followed from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When its newest refresh token was given out.
    pub refreshed_at: DateTime<Utc>,
    /// Whether it was ended: by sign-out, by the user from elsewhere, or by a token used twice.
    pub revoked: bool,
}

/// What to do with a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// Give out a new pair.
    Rotate,
    /// The token was used before: somebody holds a copy. End the whole family (RFC 9700, 4.14.2).
    RevokeFamily,
}

impl Session {
    /// Whether it still holds.
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        !self.revoked
            && now < self.refreshed_at + Duration::days(IDLE_DAYS)
            && now < self.began_at + Duration::days(TOTAL_DAYS)
    }

    /// Judges a refresh token of this family. `newest` says whether it is the newest one.
    ///
    /// # Errors
    /// `session_over`.
    pub fn refresh(&self, newest: bool, now: DateTime<Utc>) -> Result<Refresh, Refusal> {
        if !self.holds(now) {
            return Err(Refusal::SessionOver);
        }
        Ok(if newest { Refresh::Rotate } else { Refresh::RevokeFamily })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_token_ends_the_family_and_an_idle_sign_in_ends_by_itself() {
        let now: DateTime<Utc> = "2026-10-20T02:00:00Z".parse().unwrap();
        let session = Session { began_at: now, refreshed_at: now, revoked: false };
        assert_eq!(session.refresh(true, now), Ok(Refresh::Rotate));
        assert_eq!(session.refresh(false, now), Ok(Refresh::RevokeFamily));
        let idle = now + Duration::days(IDLE_DAYS);
        assert_eq!(session.refresh(true, idle), Err(Refusal::SessionOver));
        let kept = Session { refreshed_at: now + Duration::days(TOTAL_DAYS - 1), ..session };
        let last = now + Duration::days(TOTAL_DAYS);
        assert_eq!(kept.refresh(true, last), Err(Refusal::SessionOver));
    }
}
