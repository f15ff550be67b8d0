//! `POST /cgi-bin/stable_token`: the key to all other calls.
//!
//! Asked again, it gives the same token until five minutes before its end; then a new one, and for
//! those five minutes both work. Asked by force, it ends the old token at once.

use std::collections::VecDeque;

use actix_web::{HttpResponse, web};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::answer::{self, Refusal};
use crate::endpoint::Endpoint;
use crate::state::State;

/// How long a token works, in seconds.
const LIFETIME_SECONDS: i64 = 7_200;
/// How long before its end a token is replaced, in seconds; so long both work.
const OVERLAP_SECONDS: i64 = 300;
/// Calls admitted in a minute.
const CALLS_PER_MINUTE: u32 = 10_000;
/// Refreshes by force admitted in a day of China's.
const FORCED_PER_DAY: u32 = 20;
/// Seconds between two refreshes by force; asked sooner, WeChat does not refresh.
const FORCED_APART_SECONDS: i64 = 30;
/// Hours that China is ahead of UTC; the quota's day begins at its midnight (our judgement).
const CHINA_HOURS: i64 = 8;
/// Old tokens remembered, so as to tell an expired one from one never issued.
const OLD_MAX: usize = 8;

#[derive(Deserialize)]
struct TokenIn {
    grant_type: Option<String>,
    appid: Option<String>,
    secret: Option<String>,
    #[serde(default)]
    force_refresh: bool,
}

pub(crate) async fn stable_token(state: web::Data<State>, body: web::Bytes) -> HttpResponse {
    let now = state.now();
    answer::render(token(&state, &body, now), Endpoint::StableToken.content_type(), now)
}

fn token(state: &State, body: &[u8], now: DateTime<Utc>) -> Result<Value, Refusal> {
    let asked: TokenIn = parse(body)?;
    if asked.grant_type.as_deref() != Some("client_credential") {
        return Err(Refusal::INVALID_GRANT_TYPE);
    }
    let given = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
    state.check_app(given(&asked.appid).as_deref(), given(&asked.secret).as_deref())?;

    let mut memory = state.memory();
    if !memory.calls_per_minute.admits("stable_token", CALLS_PER_MINUTE, now) {
        return Err(Refusal::MINUTE_QUOTA);
    }
    let token = if asked.force_refresh {
        memory.tokens.refreshed_by_force(now)?
    } else {
        memory.tokens.current(now)
    };
    Ok(json!({
        "access_token": token.value,
        "expires_in": (token.expires_at - now).num_seconds(),
    }))
}

/// Reads a JSON body whatever its content type says; a form is not JSON.
pub(crate) fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Refusal> {
    if body.is_empty() {
        return Err(Refusal::EMPTY_BODY);
    }
    serde_json::from_slice(body).map_err(|_| Refusal::BAD_JSON)
}

#[derive(Clone)]
struct Token {
    value: String,
    expires_at: DateTime<Utc>,
    revoked: bool,
}

/// The tokens of the one app.
#[derive(Default)]
pub(crate) struct Tokens {
    /// The newest last.
    issued: VecDeque<Token>,
    forced_last: Option<DateTime<Utc>>,
    forced_on: Option<(NaiveDate, u32)>,
}

impl Tokens {
    fn current(&mut self, now: DateTime<Utc>) -> Token {
        let replaced_from = now + TimeDelta::seconds(OVERLAP_SECONDS);
        match self.issued.back() {
            Some(token) if !token.revoked && replaced_from < token.expires_at => token.clone(),
            _ => self.issue(now),
        }
    }

    fn refreshed_by_force(&mut self, now: DateTime<Utc>) -> Result<Token, Refusal> {
        let apart = TimeDelta::seconds(FORCED_APART_SECONDS);
        if self.forced_last.is_some_and(|last| now < last + apart) {
            return Ok(self.current(now));
        }
        let today = (now + TimeDelta::hours(CHINA_HOURS)).date_naive();
        let forced_today = match self.forced_on {
            Some((day, count)) if day == today => count,
            _ => 0,
        };
        if forced_today >= FORCED_PER_DAY {
            return Err(Refusal::DAY_QUOTA);
        }
        self.forced_on = Some((today, forced_today + 1));
        self.forced_last = Some(now);
        self.revoke_all();
        Ok(self.issue(now))
    }

    fn issue(&mut self, now: DateTime<Utc>) -> Token {
        if self.issued.len() > OLD_MAX {
            self.issued.pop_front();
        }
        let random = || Uuid::now_v7().simple().to_string();
        let token = Token {
            value: format!("90_{}{}{}{}", random(), random(), random(), random()),
            expires_at: now + TimeDelta::seconds(LIFETIME_SECONDS),
            revoked: false,
        };
        self.issued.push_back(token.clone());
        token
    }

    /// Ends every token at once.
    pub(crate) fn revoke_all(&mut self) {
        for token in &mut self.issued {
            token.revoked = true;
        }
    }

    /// Checks the token of a call.
    pub(crate) fn check(&self, value: Option<&str>, now: DateTime<Utc>) -> Result<(), Refusal> {
        let value = value.ok_or(Refusal::TOKEN_MISSING)?;
        match self.issued.iter().find(|token| token.value == value) {
            Some(token) if token.revoked => Err(Refusal::INVALID_CREDENTIAL),
            Some(token) if now >= token.expires_at => Err(Refusal::TOKEN_EXPIRED),
            Some(_) => Ok(()),
            None => Err(Refusal::INVALID_CREDENTIAL),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StandIn;

    #[test]
    fn the_ten_thousand_and_first_call_of_a_minute_is_refused() {
        let state = StandIn::builder("wx1", "secret").into_state();
        let body = br#"{"grant_type":"client_credential","appid":"wx1","secret":"secret"}"#;
        let now = DateTime::UNIX_EPOCH;
        for _ in 0..CALLS_PER_MINUTE {
            assert!(token(&state, body, now).is_ok());
        }
        assert_eq!(token(&state, body, now), Err(Refusal::MINUTE_QUOTA));
        assert!(token(&state, body, now + TimeDelta::seconds(60)).is_ok());
    }

    #[test]
    fn old_tokens_are_not_remembered_for_ever() {
        let mut tokens = Tokens::default();
        for day in 0..100 {
            tokens.current(DateTime::UNIX_EPOCH + TimeDelta::days(day));
        }
        assert_eq!(tokens.issued.len(), OLD_MAX + 1);
    }
}
