//! Faults: the database goes and comes back, WeChat is silent, the disk cannot be written.

use std::time::Instant;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use serde_json::json;
use testing::World;
use wechat_standin::{Endpoint, Fault};

/// A connection beside the world's database, to take it away.
fn operator() -> PgConnection {
    PgConnection::establish(&World::cluster().url("postgres")).unwrap()
}

fn kill_connections(database: &str) {
    let sql = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
    );
    operator().batch_execute(&sql).unwrap();
}

#[actix_web::test]
async fn a_killed_connection_is_replaced_without_anyone_noticing() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    for _ in 0..3 {
        kill_connections(&world.database);
        villager.get("/v1/sessions").await.expect(200);
        world.sign_in("neighbour").await;
    }
}

#[actix_web::test]
async fn a_database_that_is_away_is_answered_503_and_heals() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let allow = |yes: bool| {
        let sql = format!("ALTER DATABASE {} ALLOW_CONNECTIONS {yes}", world.database);
        operator().batch_execute(&sql).unwrap();
    };
    allow(false);
    kill_connections(&world.database);
    let away = villager.get("/v1/sessions").await;
    assert_eq!(away.headers["retry-after"], "5");
    away.expect_problem(503, "unavailable");
    world.anonymous().get("/healthz").await.expect_problem(503, "unavailable");
    allow(true);
    let began = Instant::now();
    while villager.get("/v1/sessions").await.status != 200 {
        assert!(began.elapsed().as_secs() < 20, "the server does not heal");
    }
}

#[actix_web::test]
async fn a_silent_wechat_is_answered_503_and_the_next_code_works() {
    let world = World::new().await;
    world.wechat.queue_fault(Endpoint::Login, &Fault::Close).unwrap();
    let body = json!({"code": "demo-villager"});
    let anyone = world.anonymous();
    anyone.post("/v1/sessions", body.clone()).await.expect_problem(503, "unavailable");
    anyone.post("/v1/sessions", body).await.expect(201);
}
