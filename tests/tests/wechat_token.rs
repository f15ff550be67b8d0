//! The access token of WeChat that several processes share.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::RunQueryDsl;
use diesel::sql_types::Text;
use futures_util::future::join_all;
use infra::wechat::{
    AccessToken, AppSecret, Claimant, Client, Limits, Settings, StoreFuture, TokenInMemory,
    TokenInPostgres, TokenStore, WeChatError,
};
use testing::World;
use wechat_standin::Endpoint;

fn store(world: &World) -> TokenInPostgres {
    TokenInPostgres::new(world.db.clone(), "wxtest")
}

/// A client such as another process would have.
fn client(world: &World, whole_max: Duration) -> Client {
    client_with(world, whole_max, Arc::new(store(world)))
}

fn client_with(world: &World, whole_max: Duration, store: Arc<dyn TokenStore>) -> Client {
    let settings = Settings {
        base_url: world.wechat.base_url(),
        appid: "wxtest".into(),
        secret: AppSecret::new("test-app-secret"),
    };
    let limits = Limits { whole_max, ..Limits::default() };
    let clock = world.clock.clone();
    Client::new(settings, limits, store, Arc::new(move || clock.now())).unwrap()
}

/// A store in which another process finishes its renewal between somebody's look and their claim.
struct Overtaken {
    kept: TokenInMemory,
    fetched_by_another: Mutex<Option<AccessToken>>,
}

impl TokenStore for Overtaken {
    fn load(&self) -> StoreFuture<'_, Option<AccessToken>> {
        self.kept.load()
    }

    fn claim_renewal(
        &self,
        claimant: Claimant,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> StoreFuture<'_, bool> {
        let fetched = self.fetched_by_another.lock().unwrap().take();
        Box::pin(async move {
            if let Some(token) = fetched {
                let another = Claimant::random().unwrap();
                assert!(self.kept.claim_renewal(another, now, until).await?);
                self.kept.store(another, token).await?;
            }
            self.kept.claim_renewal(claimant, now, until).await
        })
    }

    fn store(&self, claimant: Claimant, token: AccessToken) -> StoreFuture<'_, ()> {
        self.kept.store(claimant, token)
    }

    fn give_up(&self, claimant: Claimant) -> StoreFuture<'_, ()> {
        self.kept.give_up(claimant)
    }
}

fn claimant() -> Claimant {
    Claimant::random().unwrap()
}

fn token(value: &str, now: DateTime<Utc>) -> AccessToken {
    let hour = TimeDelta::hours(1);
    AccessToken::kept(value.to_owned(), now + hour * 2, now + hour)
}

async fn loaded(store: &TokenInPostgres) -> Option<String> {
    store.load().await.unwrap().map(|token| token.expose().to_owned())
}

#[actix_web::test]
async fn two_processes_share_one_token() {
    let world = World::new().await;
    let clients: Vec<_> = (0..2).map(|_| client(&world, Duration::from_secs(10))).collect();
    let codes: Vec<_> = (0..8).map(|_| world.wechat.new_phone_code("13900000004")).collect();
    let calls = codes.iter().enumerate().map(|(n, code)| clients[n % 2].phone_number(code));
    for answer in join_all(calls).await {
        assert_eq!(answer.unwrap().national_number, "13900000004");
    }
    assert_eq!(world.wechat.calls(Endpoint::StableToken), 1);
}

#[actix_web::test]
async fn whoever_claims_just_after_another_has_renewed_uses_that_token() {
    let world = World::new().await;
    let whole_max = Duration::from_secs(10);
    let first = client(&world, whole_max);
    first.phone_number(&world.wechat.new_phone_code("13900000004")).await.unwrap();
    let fetched = store(&world).load().await.unwrap();
    let late = Arc::new(Overtaken {
        kept: TokenInMemory::default(),
        fetched_by_another: Mutex::new(fetched),
    });
    let second = client_with(&world, whole_max, late.clone());
    second.phone_number(&world.wechat.new_phone_code("13900000004")).await.unwrap();
    assert_eq!(world.wechat.calls(Endpoint::StableToken), 1);
    // The claim that was not needed keeps nobody else from renewing.
    let now = world.clock.now();
    assert!(late.claim_renewal(claimant(), now, now + TimeDelta::seconds(60)).await.unwrap());
}

#[actix_web::test]
async fn the_claim_of_a_dead_process_runs_out() {
    let world = World::new().await;
    let now = world.clock.now();
    let until = now + TimeDelta::seconds(60);
    assert!(store(&world).claim_renewal(claimant(), now, until).await.unwrap());
    let client = client(&world, Duration::from_millis(700));
    let code = world.wechat.new_phone_code("13900000004");
    let waited = client.phone_number(&code).await;
    assert!(matches!(waited, Err(WeChatError::Busy(_))), "{waited:?}");
    assert_eq!(world.wechat.calls(Endpoint::StableToken), 0);
    world.clock.advance(61);
    let code = world.wechat.new_phone_code("13900000004");
    client.phone_number(&code).await.unwrap();
    assert_eq!(world.wechat.calls(Endpoint::StableToken), 1);
}

#[actix_web::test]
async fn a_claim_is_for_one_until_it_runs_out_or_is_given_up() {
    let world = World::new().await;
    let (store, now) = (store(&world), world.clock.now());
    let (one, other) = (claimant(), claimant());
    let until = now + TimeDelta::seconds(60);
    assert!(store.claim_renewal(one, now, until).await.unwrap());
    assert!(store.claim_renewal(one, now, until).await.unwrap());
    let before = until - TimeDelta::seconds(1);
    assert!(!store.claim_renewal(other, before, until).await.unwrap());
    store.give_up(other).await.unwrap();
    assert!(!store.claim_renewal(other, before, until).await.unwrap());
    store.give_up(one).await.unwrap();
    assert!(store.claim_renewal(other, before, until).await.unwrap());
    assert!(store.claim_renewal(one, until, until + TimeDelta::seconds(60)).await.unwrap());
}

#[actix_web::test]
async fn of_many_who_claim_at_once_one_may_renew() {
    let world = World::new().await;
    let (store, now) = (store(&world), world.clock.now());
    let until = now + TimeDelta::seconds(60);
    let claims = (0..8).map(|_| store.claim_renewal(claimant(), now, until));
    let won = join_all(claims).await.into_iter().filter(|claim| *claim.as_ref().unwrap()).count();
    assert_eq!(won, 1);
}

#[actix_web::test]
async fn whoever_lost_the_claim_stores_nothing_and_the_token_is_kept_encrypted() {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        text: String,
    }
    let world = World::new().await;
    let (store, now) = (store(&world), world.clock.now());
    assert!(store.load().await.unwrap().is_none());
    let (late, prompt) = (claimant(), claimant());
    assert!(store.claim_renewal(late, now, now).await.unwrap());
    assert!(store.claim_renewal(prompt, now, now).await.unwrap());
    store.store(late, token("late", now)).await.unwrap();
    assert_eq!(loaded(&store).await, None);
    store.store(prompt, token("prompt", now)).await.unwrap();
    assert_eq!(loaded(&store).await.as_deref(), Some("prompt"));
    // Storing ended the claim, and giving up another leaves the token.
    assert!(store.claim_renewal(late, now, now + TimeDelta::seconds(60)).await.unwrap());
    store.give_up(late).await.unwrap();
    assert_eq!(loaded(&store).await.as_deref(), Some("prompt"));
    let times = store.load().await.unwrap().unwrap();
    assert!((times.renew_at() - now - TimeDelta::hours(1)).abs() < TimeDelta::milliseconds(1));
    assert!((times.expires_at() - now - TimeDelta::hours(2)).abs() < TimeDelta::milliseconds(1));

    let row: Row =
        diesel::sql_query("SELECT encode(token_encrypted, 'escape') AS text FROM wechat_tokens")
            .get_result(&mut world.connect())
            .unwrap();
    assert!(!row.text.contains("prompt"));
    let elsewhere = TokenInPostgres::new(world.db.clone(), "wxother");
    assert!(elsewhere.load().await.unwrap().is_none());
}

#[actix_web::test]
async fn a_token_that_cannot_be_decrypted_counts_as_none() {
    let world = World::new().await;
    let (store, now) = (store(&world), world.clock.now());
    let one = claimant();
    assert!(store.claim_renewal(one, now, now).await.unwrap());
    store.store(one, token("old", now)).await.unwrap();
    diesel::sql_query("UPDATE wechat_tokens SET token_encrypted = '\\x00112233'")
        .execute(&mut world.connect())
        .unwrap();
    assert!(store.load().await.unwrap().is_none());
}
