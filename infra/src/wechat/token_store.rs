//! Where the access token is kept between calls.

use std::error::Error;
use std::pin::Pin;

use chrono::{DateTime, Utc};
use thiserror::Error;

use super::settings::SettingsError;
use super::token::AccessToken;

/// What the methods of a [`TokenStore`] give: boxed, so that the trait can be a trait object.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, TokenStoreError>> + Send + 'a>>;

/// Keeps the one access token of the mini-program for all who call WeChat in its name, and sees to
/// it that one of them at a time renews it.
///
/// The right to renew is a claim that runs out by itself, not a lock: a database lock would have to
/// be held over a call to WeChat, and a process that dies would keep it. Should two renew at once
/// all the same, WeChat gives both the same token.
///
/// In Postgres this is one row per appid: the token, its two times, `claimed_by`, `claimed_until`;
/// each method is one statement.
pub trait TokenStore: Send + Sync {
    /// The token last stored, expired or not.
    fn load(&self) -> StoreFuture<'_, Option<AccessToken>>;

    /// Claims the right to renew until `until`. False where another's claim has not run out at
    /// `now`. One's own claim may be claimed again: it is left over from a call that was broken off.
    fn claim_renewal(
        &self,
        claimant: Claimant,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> StoreFuture<'_, bool>;

    /// Stores the token and ends the claim. Does nothing where the claim has passed to another.
    fn store(&self, claimant: Claimant, token: AccessToken) -> StoreFuture<'_, ()>;

    /// Ends the claim and leaves the token as it is. Does nothing where the claim has passed to
    /// another.
    fn give_up(&self, claimant: Claimant) -> StoreFuture<'_, ()>;
}

/// Who claims a renewal: a random number for each [`Client`](super::Client).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimant(u128);

impl Claimant {
    /// A new one.
    ///
    /// # Errors
    /// [`SettingsError::Random`] where the system gives no random numbers.
    pub fn random() -> Result<Self, SettingsError> {
        let mut bytes = [0; 16];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| SettingsError::Random)?;
        Ok(Self(u128::from_ne_bytes(bytes)))
    }

    /// The number, for a store that has to write it down.
    pub fn as_u128(self) -> u128 {
        self.0
    }
}

/// A store could not be read or written.
#[derive(Debug, Error)]
#[error("the WeChat access token could not be read or stored")]
pub struct TokenStoreError(#[source] Box<dyn Error + Send + Sync>);

impl TokenStoreError {
    /// Wraps what went wrong in the store. The cause must not hold the token.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}
