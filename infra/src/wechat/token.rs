//! The access token: the key to all calls but the login.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::error::Trouble;

/// The longest token that WeChat announces, in characters.
const TOKEN_CHARS_MAX: usize = 512;
/// The longest life of a token that is believed, in seconds; WeChat gives 7,200.
const LIFETIME_SECONDS_MAX: i64 = 86_400;
/// How long before its end a token is renewed, in seconds: WeChat issues the next one 300 seconds
/// before, and practice leaves at least 200 for trouble.
const RENEWAL_SECONDS: i64 = 240;
/// The least time between two renewals, in seconds, whatever lifetimes WeChat announces.
const RENEWALS_APART_SECONDS: i64 = 30;

/// An access token and its times. Its `Debug` does not show the token.
#[derive(Clone)]
pub struct AccessToken {
    value: String,
    expires_at: DateTime<Utc>,
    renew_at: DateTime<Utc>,
}

impl AccessToken {
    /// A token as a [`TokenStore`](super::TokenStore) kept it.
    pub fn kept(value: String, expires_at: DateTime<Utc>, renew_at: DateTime<Utc>) -> Self {
        Self { value, expires_at, renew_at }
    }

    /// The token itself: for WeChat and for the store, not for a log.
    pub fn expose(&self) -> &str {
        &self.value
    }

    /// When it stops working.
    pub fn expires_at(&self) -> DateTime<Utc> {
        self.expires_at
    }

    /// From when on somebody should fetch the next one.
    pub fn renew_at(&self) -> DateTime<Utc> {
        self.renew_at
    }

    /// Reads WeChat's answer to a question asked at `now`.
    pub(super) fn from_answer(answer: Value, now: DateTime<Utc>) -> Result<Self, Trouble> {
        #[derive(Deserialize)]
        struct TokenAnswer {
            access_token: String,
            expires_in: i64,
        }
        let TokenAnswer { access_token, expires_in } =
            serde_json::from_value(answer).map_err(|_| Trouble::Malformed)?;
        let length_fits = (1..=TOKEN_CHARS_MAX).contains(&access_token.len());
        if !length_fits || !(1..=LIFETIME_SECONDS_MAX).contains(&expires_in) {
            return Err(Trouble::Malformed);
        }
        let expires_at = now + TimeDelta::seconds(expires_in);
        let renew_at = (expires_at - TimeDelta::seconds(RENEWAL_SECONDS))
            .max(now + TimeDelta::seconds(RENEWALS_APART_SECONDS));
        Ok(Self { value: access_token, expires_at, renew_at })
    }

    /// The same token, its renewal put off because it just failed.
    pub(super) fn renewed_later(mut self, now: DateTime<Utc>) -> Self {
        self.renew_at = now + TimeDelta::seconds(RENEWALS_APART_SECONDS);
        self
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("expires_at", &self.expires_at)
            .field("renew_at", &self.renew_at)
            .finish_non_exhaustive()
    }
}
