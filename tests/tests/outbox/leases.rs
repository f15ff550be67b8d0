//! Whoever is slow: what others have taken over meanwhile is neither sent nor recorded again.

use std::time::Duration;

use actix_web::rt::spawn;
use actix_web::rt::task::JoinHandle;
use actix_web::rt::time::sleep;
use infra::messages::Kind;
use infra::outbox::Delivered;
use serde_json::json;
use testing::World;
use testing::notices::{db_count, db_run};
use testing::outbox::{accept, round, sent, sent_by_message};
use wechat_standin::{Endpoint, Fault};

const PROGRESS: &str = "demo-claim-progress";

/// So many messages to one person, which are sent one after the other.
async fn due(count: usize) -> World {
    let world = World::new().await;
    for _ in 0..count {
        accept(&world, "villager", PROGRESS).await;
        let data = json!({"item_name": "清扫", "points": "2", "happened_on": "2026-10-01"});
        world.db_message(world.demo.villagers["villager"], Kind::ClaimPosted, &data);
    }
    world
}

/// A round of another process.
fn elsewhere(world: &World) -> JoinHandle<Delivered> {
    let state = world.state.clone();
    spawn(async move {
        let means = || api::courier::means(&state);
        infra::outbox::round(&means, &|| false).await.expect("a round")
    })
}

/// Waits until WeChat was asked so often.
async fn asked(world: &World, times: u64) {
    for _ in 0..3_000 {
        if world.wechat.calls(Endpoint::SubscribeSend) >= times {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("WeChat was not asked {times} times");
}

#[actix_web::test]
async fn what_another_took_over_while_one_was_slow_is_sent_by_that_one_alone() {
    let world = due(4).await;
    for _ in 0..2 {
        world.wechat.queue_fault(Endpoint::SubscribeSend, &Fault::Hold).unwrap();
    }
    let slow = elsewhere(&world);
    asked(&world, 1).await;
    // The first takes long. The second is begun then, and has its time from there on.
    world.clock.advance(200);
    world.wechat.release();
    asked(&world, 2).await;
    // The lease of what waits behind them is over; that of the second is not.
    world.clock.advance(200);
    let other = round(&world).await;
    assert_eq!((sent(&other), other.later), (2, 0));
    world.wechat.release();
    assert_eq!(sent(&slow.await.unwrap()), 2);
    let counts = sent_by_message(&world);
    assert_eq!((counts.len(), counts.values().all(|count| *count == 1)), (4, true), "{counts:?}");
    assert_eq!(world.wechat.calls(Endpoint::SubscribeSend), 4);
}

#[actix_web::test]
async fn what_a_slow_one_comes_to_is_not_taken_for_the_outcome_of_a_retry() {
    let world = due(1).await;
    // WeChat is told twice, and so asked for two of what was agreed to.
    accept(&world, "villager", PROGRESS).await;
    let operator = world.sign_in("county-operator").await;
    for _ in 0..2 {
        world.wechat.queue_fault(Endpoint::SubscribeSend, &Fault::Hold).unwrap();
    }
    let slow = elsewhere(&world);
    asked(&world, 1).await;
    // Its lease is over, and somebody has it tried again: the attempts are counted from one again.
    world.clock.advance(301);
    let tried = "UPDATE outbox SET last_error = 'tried before'";
    db_run(&world, tried.to_owned()).await;
    let operator_page = format!("/v1/divisions/{}/deliveries?state=waiting", world.demo.county);
    let page = operator.get(&operator_page).await.expect(200);
    let id = page["items"][0]["delivery_id"].as_str().expect("a delivery").to_owned();
    let retry = world.village(&format!("deliveries/{id}/retries"));
    operator.post(&retry, json!({})).await.expect(200);
    let fresh = elsewhere(&world);
    asked(&world, 2).await;
    world.wechat.release();
    assert_eq!(slow.await.unwrap(), Delivered::default(), "it records nothing");
    let open = "SELECT count(*) FROM outbox WHERE done_at IS NULL AND attempts = 1";
    assert_eq!(db_count(&world, open).await, 1);
    world.wechat.release();
    assert_eq!(sent(&fresh.await.unwrap()), 1);
}
