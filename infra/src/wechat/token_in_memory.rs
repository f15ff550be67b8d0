//! The access token of a single process.

use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::token::AccessToken;
use super::token_store::{Claimant, StoreFuture, TokenStore};

/// Keeps the access token in memory: enough where one process calls WeChat, and in tests, where
/// several clients may share it as processes share a database.
#[derive(Debug, Default)]
pub struct TokenInMemory {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    token: Option<AccessToken>,
    claim: Option<(Claimant, DateTime<Utc>)>,
}

impl TokenInMemory {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Each change is one assignment, so that a panic elsewhere leaves nothing half done.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn is_claimed_by(&self, claimant: Claimant) -> bool {
        self.claim.is_some_and(|(holder, _)| holder == claimant)
    }
}

impl TokenStore for TokenInMemory {
    fn load(&self) -> StoreFuture<'_, Option<AccessToken>> {
        Box::pin(ready(Ok(self.kept().token.clone())))
    }

    fn claim_renewal(
        &self,
        claimant: Claimant,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> StoreFuture<'_, bool> {
        let mut kept = self.kept();
        let free = match kept.claim {
            Some((holder, runs_out_at)) => holder == claimant || runs_out_at <= now,
            None => true,
        };
        if free {
            kept.claim = Some((claimant, until));
        }
        Box::pin(ready(Ok(free)))
    }

    fn store(&self, claimant: Claimant, token: AccessToken) -> StoreFuture<'_, ()> {
        let mut kept = self.kept();
        if kept.is_claimed_by(claimant) {
            *kept = Kept { token: Some(token), claim: None };
        }
        Box::pin(ready(Ok(())))
    }

    fn give_up(&self, claimant: Claimant) -> StoreFuture<'_, ()> {
        let mut kept = self.kept();
        if kept.is_claimed_by(claimant) {
            kept.claim = None;
        }
        Box::pin(ready(Ok(())))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn claimant() -> Claimant {
        Claimant::random().expect("random numbers")
    }

    fn token(value: &str) -> AccessToken {
        let now = DateTime::UNIX_EPOCH;
        AccessToken::kept(value.to_owned(), now, now)
    }

    async fn loaded(store: &TokenInMemory) -> Option<String> {
        let token = store.load().await.expect("loaded")?;
        Some(token.expose().to_owned())
    }

    #[tokio::test]
    async fn one_at_a_time_may_renew_until_the_claim_runs_out() {
        let store = TokenInMemory::default();
        let (one, other) = (claimant(), claimant());
        let now = DateTime::UNIX_EPOCH;
        let until = now + TimeDelta::seconds(60);
        assert!(store.claim_renewal(one, now, until).await.expect("asked"));
        assert!(store.claim_renewal(one, now, until).await.expect("asked"));
        let before = until - TimeDelta::seconds(1);
        assert!(!store.claim_renewal(other, before, until).await.expect("asked"));
        assert!(store.claim_renewal(other, until, until).await.expect("asked"));
    }

    #[tokio::test]
    async fn whoever_lost_the_claim_stores_nothing() {
        let store = TokenInMemory::default();
        let (late, prompt) = (claimant(), claimant());
        let now = DateTime::UNIX_EPOCH;
        assert!(store.claim_renewal(late, now, now).await.expect("asked"));
        assert!(store.claim_renewal(prompt, now, now).await.expect("asked"));
        store.store(late, token("late")).await.expect("stored");
        assert_eq!(loaded(&store).await, None);
        store.store(prompt, token("prompt")).await.expect("stored");
        assert_eq!(loaded(&store).await.as_deref(), Some("prompt"));
    }

    #[tokio::test]
    async fn a_claim_given_up_is_free_and_another_s_is_not_touched() {
        let store = TokenInMemory::default();
        let (one, other) = (claimant(), claimant());
        let now = DateTime::UNIX_EPOCH;
        let until = now + TimeDelta::seconds(60);
        assert!(store.claim_renewal(one, now, until).await.expect("asked"));
        store.give_up(other).await.expect("given up");
        assert!(!store.claim_renewal(other, now, until).await.expect("asked"));
        store.give_up(one).await.expect("given up");
        assert!(store.claim_renewal(other, now, until).await.expect("asked"));
    }
}
