//! Many at once, and many messages.

use api::courier::means;
use futures_util::future::join_all;
use infra::messages::Kind;
use infra::outbox;
use serde_json::json;
use testing::World;
use testing::notices::{db_count, db_many_certified_claims, publish};
use testing::outbox::{accept, db_everybody_accepts, drain, round, sent, sent_by_message};

const UNDONE: &str = "SELECT count(*) FROM outbox WHERE done_at IS NULL";

#[actix_web::test]
async fn six_workers_at_once_send_each_message_once() {
    let world = World::new().await;
    db_everybody_accepts(&world, 1_000).await;
    db_many_certified_claims(&world, 240).await;
    publish(&world).await;
    let due = db_count(&world, "SELECT count(*) FROM outbox").await;
    assert!(due > 150, "{due}");
    let all = join_all((0..6).map(|_| drain(&world))).await;
    let total: usize = all.iter().map(sent).sum();
    assert_eq!(i64::try_from(total).unwrap(), due);
    let by_message = sent_by_message(&world);
    assert_eq!(i64::try_from(by_message.len()).unwrap(), due);
    assert!(by_message.values().all(|count| *count == 1));
    assert!(all.iter().filter(|one| sent(one) > 0).count() > 1, "one did it all");
}

#[actix_web::test]
async fn a_thousand_messages_drain_and_every_one_stands_in_the_list() {
    let world = World::new().await;
    db_everybody_accepts(&world, 1_000).await;
    db_many_certified_claims(&world, 1_000).await;
    publish(&world).await;
    let messages = "SELECT count(*) FROM messages WHERE kind = 'claim_on_notice'";
    assert_eq!(db_count(&world, messages).await, 1_000);
    // Those who never signed in are told by the list alone.
    let signed_in = "SELECT count(*) FROM messages m JOIN users u \
        ON u.village_id = m.village_id AND u.villager_id = m.villager_id \
        WHERE kind = 'claim_on_notice'";
    let due = db_count(&world, signed_in).await;
    assert_eq!(db_count(&world, "SELECT count(*) FROM outbox").await, due);
    assert_eq!(i64::try_from(sent(&drain(&world).await)).unwrap(), due);
    assert_eq!(db_count(&world, UNDONE).await, 0);
}

#[actix_web::test]
async fn a_persons_messages_come_in_their_order() {
    let world = World::new().await;
    for _ in 0..8 {
        accept(&world, "villager", "demo-claim-progress").await;
    }
    for n in 0..8 {
        let data = json!({"item_name": format!("第{n}件"), "points": "2",
            "happened_on": "2026-10-01"});
        world.db_message(world.demo.villagers["villager"], Kind::ClaimPosted, &data);
    }
    drain(&world).await;
    let sent = world.wechat.sent_messages();
    let items: Vec<_> = sent.iter().map(|message| message.data["thing1"].clone()).collect();
    assert_eq!(items, (0..8).map(|n| format!("第{n}件")).collect::<Vec<_>>());
}

#[actix_web::test]
async fn who_stops_begins_nothing_and_gives_back_what_it_took() {
    let world = World::new().await;
    accept(&world, "villager", "demo-claim-progress").await;
    let data = json!({"item_name": "清扫", "points": "2", "happened_on": "2026-10-01"});
    world.db_message(world.demo.villagers["villager"], Kind::ClaimPosted, &data);
    let stopped = outbox::round(&|| means(&world.state), &|| true).await.unwrap();
    assert!(stopped.done.is_empty() && world.wechat.sent_messages().is_empty());
    let untouched = "SELECT count(*) FROM outbox WHERE attempts = 0 AND leased_until IS NULL";
    assert_eq!(db_count(&world, untouched).await, 1);
    assert_eq!(sent(&round(&world).await), 1);
}

#[actix_web::test]
async fn the_courier_of_the_server_delivers_by_itself_and_stops_when_told() {
    use std::time::Duration;
    let world = World::new().await;
    accept(&world, "villager", "demo-claim-progress").await;
    accept(&world, "villager", "demo-claim-progress").await;
    let courier = api::courier::Courier::start(world.state.clone(), Duration::from_millis(20));
    let me = world.demo.villagers["villager"];
    let data = json!({"item_name": "清扫", "points": "2", "happened_on": "2026-10-01"});
    world.db_message(me, Kind::ClaimPosted, &data);
    for _ in 0..200 {
        if world.wechat.sent_messages().len() == 1 {
            break;
        }
        actix_web::rt::time::sleep(Duration::from_millis(20)).await;
    }
    courier.stop().await;
    assert_eq!(world.wechat.sent_messages().len(), 1);
    world.db_message(me, Kind::ClaimPosted, &data);
    actix_web::rt::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(db_count(&world, UNDONE).await, 1);
}
