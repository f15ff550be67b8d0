//! Who fetches the next access token, and when.
//!
//! A fresh token is used as it is. One near its end is renewed by whoever comes first, while the
//! others go on using it; if that fails, everyone goes on using it and the renewal is put off by
//! half a minute. Without any usable token one fetches and the others wait. Within a process a
//! mutex keeps them in line, between processes the claim in the [`TokenStore`].

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::sync::Mutex;

use super::call::{Call, Line, WhenBusy};
use super::error::{Failure, Trouble, WeChatError};
use super::settings::{Clock, Settings, SettingsError};
use super::token::AccessToken;
use super::token_store::{Claimant, TokenStore};

/// How long a claim lasts, in seconds: longer than a client may take for everything it does.
const CLAIM_SECONDS: i64 = 60;
/// How often and how many times to look whether another process has finished: for as long as its
/// claim lasts.
const LOOK_EVERY: Duration = Duration::from_millis(200);
const LOOKS_MAX: u32 = 300;

/// Gives access tokens that should work.
pub(super) struct Tokens {
    store: Arc<dyn TokenStore>,
    clock: Clock,
    claimant: Claimant,
    in_line: Mutex<()>,
}

impl Tokens {
    pub(super) fn new(store: Arc<dyn TokenStore>, clock: Clock) -> Result<Self, SettingsError> {
        Ok(Self { store, clock, claimant: Claimant::random()?, in_line: Mutex::new(()) })
    }

    /// A token other than the one that WeChat `rejected`, if it did. What others have fetched since
    /// counts: the store's token is dropped only where it is still the rejected one.
    pub(super) async fn usable(
        &self,
        rejected: Option<&AccessToken>,
        line: &Line,
        settings: &Settings,
    ) -> Result<AccessToken, WeChatError> {
        let working = self.working(rejected, (self.clock)()).await?;
        let _turn = match (working, self.in_line.try_lock()) {
            (Some(token), _) if (self.clock)() < token.renew_at() => return Ok(token),
            (Some(token), Err(_)) => return Ok(token),
            (_, Ok(turn)) => turn,
            (None, Err(_)) => self.in_line.lock().await,
        };
        for _ in 0..LOOKS_MAX {
            let now = (self.clock)();
            let working = self.working(rejected, now).await?;
            if let Some(token) = &working
                && now < token.renew_at()
            {
                return Ok(token.clone());
            }
            let until = now + TimeDelta::seconds(CLAIM_SECONDS);
            if self.store.claim_renewal(self.claimant, now, until).await? {
                // Another may have renewed it between the look and the claim.
                let working = self.working(rejected, now).await?;
                if let Some(token) = working.as_ref().filter(|token| now < token.renew_at()) {
                    self.store.give_up(self.claimant).await?;
                    return Ok(token.clone());
                }
                return self.renew(working, line, settings, now).await;
            }
            match working {
                Some(token) => return Ok(token),
                None => tokio::time::sleep(LOOK_EVERY).await,
            }
        }
        Err(WeChatError::Busy(Trouble::TokenAwaited))
    }

    /// The stored token, unless it was rejected or is over.
    async fn working(
        &self,
        rejected: Option<&AccessToken>,
        now: DateTime<Utc>,
    ) -> Result<Option<AccessToken>, WeChatError> {
        let stored = self.store.load().await?;
        Ok(stored.filter(|token| {
            now < token.expires_at() && rejected.is_none_or(|no| no.expose() != token.expose())
        }))
    }

    async fn renew(
        &self,
        working: Option<AccessToken>,
        line: &Line,
        settings: &Settings,
        now: DateTime<Utc>,
    ) -> Result<AccessToken, WeChatError> {
        // With a working token in hand nobody needs to wait for a busy WeChat.
        let when_busy = if working.is_some() { WhenBusy::GiveUp } else { WhenBusy::BackOff };
        match (fetch(line, settings, when_busy, now).await, working) {
            (Ok(token), _) => {
                self.store.store(self.claimant, token.clone()).await?;
                Ok(token)
            }
            (Err(_), Some(token)) => {
                tracing::warn!("the WeChat access token was not renewed; the old one still works");
                self.store.store(self.claimant, token.clone().renewed_later(now)).await?;
                Ok(token)
            }
            (Err(failure), None) => {
                self.store.give_up(self.claimant).await?;
                Err(failure.into())
            }
        }
    }
}

/// Asks WeChat for the present token. Never by force: that would end the tokens of all others.
async fn fetch(
    line: &Line,
    settings: &Settings,
    when_busy: WhenBusy,
    now: DateTime<Utc>,
) -> Result<AccessToken, Failure> {
    let body = json!({
        "grant_type": "client_credential",
        "appid": settings.appid,
        "secret": settings.secret.expose(),
        "force_refresh": false,
    });
    let call = Call { path: "/cgi-bin/stable_token", query: &[], body: Some(&body) };
    let answer = line.call(&call, when_busy).await?;
    AccessToken::from_answer(answer, now).map_err(Failure::Trouble)
}
