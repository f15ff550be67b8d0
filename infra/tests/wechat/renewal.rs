//! One token for all, renewed by one.

use std::future::ready;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use infra::wechat::{
    AccessToken, Claimant, Client, StoreFuture, TokenStore, TokenStoreError, WeChatError,
};
use tokio::task::JoinSet;
use tokio::time::timeout;
use wechat_standin::{Endpoint, Fault};

use crate::harness::Harness;

impl Harness {
    async fn ask(&self) {
        self.client.phone_number(&self.phone_code()).await.expect("a number");
    }

    /// Asks with each of the clients at once.
    async fn ask_at_once(&self, clients: impl IntoIterator<Item = Arc<Client>>) {
        let mut asking = JoinSet::new();
        for client in clients {
            let code = self.phone_code();
            asking.spawn(async move { client.phone_number(&code).await.map(drop) });
        }
        for outcome in asking.join_all().await {
            outcome.expect("a number");
        }
    }

    fn tokens_fetched(&self) -> u64 {
        self.wechat.calls(Endpoint::StableToken)
    }

    /// Waits until so many questions for a token have arrived.
    async fn until_tokens_fetched(&self, count: u64) {
        while self.tokens_fetched() < count {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[actix_web::test]
async fn a_token_is_renewed_four_minutes_before_its_end() {
    let harness = Harness::new();
    harness.ask().await;
    harness.pass_seconds(7_200 - 241);
    harness.ask().await;
    assert_eq!(harness.tokens_fetched(), 1);
    harness.pass_seconds(1);
    harness.ask().await;
    assert_eq!(harness.tokens_fetched(), 2);
    harness.ask().await;
    assert_eq!(harness.tokens_fetched(), 2);
}

#[actix_web::test]
async fn an_expired_token_is_not_used() {
    let harness = Harness::new();
    harness.ask().await;
    harness.pass_seconds(7_200);
    harness.ask().await;
    assert_eq!(harness.tokens_fetched(), 2);
    assert_eq!(harness.wechat.calls(Endpoint::PhoneNumber), 2);
}

#[actix_web::test]
async fn while_renewal_fails_the_old_token_serves_and_renewal_waits_half_a_minute() {
    let harness = Harness::new();
    harness.ask().await;
    harness.pass_seconds(7_200 - 240);
    harness.fault(Endpoint::StableToken, Fault::Status { status: 500 });
    harness.ask().await;
    assert_eq!(harness.tokens_fetched(), 2);
    harness.pass_seconds(29);
    harness.ask().await;
    assert_eq!(harness.tokens_fetched(), 2);
    harness.pass_seconds(1);
    harness.ask().await;
    assert_eq!(harness.tokens_fetched(), 3);
}

#[actix_web::test]
async fn many_at_once_fetch_one_token() {
    let harness = Harness::new();
    harness.fault(Endpoint::StableToken, Fault::Delay { millis: 200 });
    harness.ask_at_once((0..20).map(|_| Arc::clone(&harness.client))).await;
    assert_eq!(harness.tokens_fetched(), 1);
}

#[actix_web::test]
async fn several_processes_at_once_fetch_one_token() {
    let harness = Harness::new();
    harness.fault(Endpoint::StableToken, Fault::Delay { millis: 300 });
    harness.ask_at_once((0..5).map(|_| harness.other_process())).await;
    assert_eq!(harness.tokens_fetched(), 1);
}

#[actix_web::test]
async fn many_whose_token_is_refused_at_once_fetch_one_other() {
    let harness = Harness::new();
    harness.ask().await;
    harness.fault(Endpoint::PhoneNumber, Fault::TokensRevoked);
    harness.fault(Endpoint::StableToken, Fault::Delay { millis: 200 });
    harness.ask_at_once((0..10).map(|_| Arc::clone(&harness.client))).await;
    assert_eq!(harness.tokens_fetched(), 2);
}

#[actix_web::test]
async fn near_its_end_one_renews_while_the_others_do_not_wait() {
    let harness = Harness::new();
    harness.ask().await;
    harness.pass_seconds(7_200 - 240);
    harness.fault(Endpoint::StableToken, Fault::Delay { millis: 8_000 });
    let (client, code) = (Arc::clone(&harness.client), harness.phone_code());
    let renewing = tokio::spawn(async move { client.phone_number(&code).await.map(drop) });
    harness.until_tokens_fetched(2).await;
    let asked = Instant::now();
    harness.ask_at_once([Arc::clone(&harness.client), harness.other_process()]).await;
    assert!(asked.elapsed() < Duration::from_secs(4), "{:?}", asked.elapsed());
    assert!(!renewing.is_finished());
    assert_eq!(harness.tokens_fetched(), 2);
    renewing.abort();
}

/// Breaks a question off while the token is being fetched, as a closed connection does.
async fn break_off(harness: &Harness, client: &Client) {
    harness.fault(Endpoint::StableToken, Fault::Delay { millis: 8_000 });
    let code = harness.phone_code();
    tokio::select! {
        outcome = client.phone_number(&code) => panic!("answered too soon: {outcome:?}"),
        () = harness.until_tokens_fetched(1) => {}
    }
}

#[actix_web::test]
async fn a_renewal_broken_off_is_taken_up_by_the_same_process_at_once() {
    let harness = Harness::new();
    break_off(&harness, &harness.client).await;
    timeout(Duration::from_secs(4), harness.ask()).await.expect("in time");
    assert_eq!(harness.tokens_fetched(), 2);
}

#[actix_web::test]
async fn the_claim_of_a_process_that_died_runs_out_after_a_minute() {
    let harness = Harness::new();
    break_off(&harness, &harness.other_process()).await;
    let (client, code) = (Arc::clone(&harness.client), harness.phone_code());
    let waiting = tokio::spawn(async move { client.phone_number(&code).await.map(drop) });
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(!waiting.is_finished());
    assert_eq!(harness.tokens_fetched(), 1);
    harness.pass_seconds(60);
    waiting.await.expect("no panic").expect("a number");
    assert_eq!(harness.tokens_fetched(), 2);
}

/// A store whose database is gone.
struct Gone;

impl Gone {
    fn fail<T: Send + 'static>() -> StoreFuture<'static, T> {
        let cause = io::Error::from(io::ErrorKind::ConnectionReset);
        Box::pin(ready(Err(TokenStoreError::new(cause))))
    }
}

impl TokenStore for Gone {
    fn load(&self) -> StoreFuture<'_, Option<AccessToken>> {
        Self::fail()
    }

    fn claim_renewal(
        &self,
        _: Claimant,
        _: DateTime<Utc>,
        _: DateTime<Utc>,
    ) -> StoreFuture<'_, bool> {
        Self::fail()
    }

    fn store(&self, _: Claimant, _: AccessToken) -> StoreFuture<'_, ()> {
        Self::fail()
    }

    fn give_up(&self, _: Claimant) -> StoreFuture<'_, ()> {
        Self::fail()
    }
}

#[actix_web::test]
async fn without_its_store_a_client_says_so_and_still_signs_people_in() {
    let harness = Harness::new();
    let client = harness.client_with_store(Arc::new(Gone));
    let outcome = client.phone_number(&harness.phone_code()).await;
    assert!(matches!(outcome, Err(WeChatError::TokenStore(_))), "{outcome:?}");
    assert_eq!(harness.tokens_fetched(), 0);
    let code = harness.wechat.new_login_code("o-zhang");
    assert_eq!(client.login(&code).await.expect("an identity").openid, "o-zhang");
}
