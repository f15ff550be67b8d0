//! WeChat is silent, busy, in disorder, or refuses.

use infra::messages::Kind;
use serde_json::json;
use testing::World;
use testing::outbox::{accept, drain, round, sent};
use wechat_standin::{Endpoint, Fault};

const PROGRESS: &str = "demo-claim-progress";

async fn one_due() -> World {
    let world = World::new().await;
    accept(&world, "villager", PROGRESS).await;
    let data = json!({"item_name": "清扫", "points": "2", "happened_on": "2026-10-01"});
    world.db_message(world.demo.villagers["villager"], Kind::ClaimPosted, &data);
    world
}

fn errcode(errcode: i64) -> Fault {
    Fault::Errcode { errcode, errmsg: "fault".to_owned() }
}

fn fail(world: &World, fault: &Fault, times: usize) {
    for _ in 0..times {
        world.wechat.queue_fault(Endpoint::SubscribeSend, fault).unwrap();
    }
}

#[actix_web::test]
async fn what_may_pass_is_tried_again_after_a_while_and_then_sent() {
    let passing: [(&str, Fault, usize); 6] = [
        ("closes", Fault::Close, 1),
        ("busy to the end of the client's own patience", errcode(-1), 6),
        ("a limit of the day", errcode(45_009), 1),
        ("malformed", Fault::Malformed, 1),
        ("a gateway's page", Fault::Status { status: 502 }, 1),
        ("appid or address not allowed", errcode(40_164), 1),
    ];
    for (what, fault, times) in passing {
        let world = one_due().await;
        fail(&world, &fault, times);
        let first = round(&world).await;
        assert_eq!((first.later, first.dead, sent(&first)), (1, 0, 0), "{what}");
        assert_eq!(round(&world).await, Default::default(), "{what}: not at once");
        world.clock.advance(76);
        assert_eq!(sent(&round(&world).await), 1, "{what}");
        assert_eq!(world.wechat.sent_messages().len(), 1, "{what}");
        assert_eq!(drain(&world).await, Default::default(), "{what}");
    }
}

#[actix_web::test]
async fn what_cannot_pass_is_dead_at_once() {
    for code in [40_037, 40_003, 41_030, 47_003, 99_999] {
        let world = one_due().await;
        fail(&world, &errcode(code), 1);
        let first = round(&world).await;
        assert_eq!((first.later, first.dead), (0, 1), "{code}");
        world.clock.advance(86_400);
        assert_eq!(drain(&world).await, Default::default(), "{code}");
    }
}

#[actix_web::test]
async fn what_never_passes_is_dead_after_twelve_attempts_over_most_of_a_day() {
    let world = one_due().await;
    fail(&world, &Fault::Close, 12);
    let began = world.clock.now();
    let (mut later, mut dead) = (0, 0);
    while dead == 0 {
        let done = round(&world).await;
        later += done.later;
        dead += done.dead;
        world.clock.advance(30);
        assert!((world.clock.now() - began).num_hours() < 30, "never dead");
        // Not to ask 2,880 times.
        if done == Default::default() {
            world.clock.advance(300);
        }
    }
    assert_eq!(later, 11);
    assert_eq!(world.wechat.calls(Endpoint::SubscribeSend), 12);
    let hours = (world.clock.now() - began).num_hours();
    assert!((20..27).contains(&hours), "{hours}");
}

#[actix_web::test]
async fn one_that_fails_keeps_nobody_else_from_being_told() {
    let world = one_due().await;
    for key in ["neighbour", "panel-1", "panel-2"] {
        accept(&world, key, PROGRESS).await;
        let data = json!({"item_name": "清扫", "points": "2", "happened_on": "2026-10-01"});
        world.db_message(world.demo.villagers[key], Kind::ClaimPosted, &data);
    }
    fail(&world, &Fault::Close, 1);
    let first = drain(&world).await;
    assert_eq!((first.later, sent(&first)), (1, 3));
}

#[actix_web::test]
async fn a_figure_that_does_not_fit_is_dead_and_never_sent_wrong() {
    let world = World::new().await;
    accept(&world, "villager", "demo-purchase").await;
    let data = json!({"merchant_name": "超市", "price_fen": 10_000_000_000_i64, "discount_fen": 0,
        "to_pay_fen": 0, "credit_left_fen": 0});
    world.db_message(world.demo.villagers["villager"], Kind::PurchaseMade, &data);
    assert_eq!(round(&world).await.dead, 1);
    assert_eq!(world.wechat.calls(Endpoint::SubscribeSend), 0);
}
