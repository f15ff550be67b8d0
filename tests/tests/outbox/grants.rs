//! One accept, one send; what is not sent is read in the list.

use domain::subscription::grants::Answer;
use infra::demo::openid;
use infra::messages::Kind;
use infra::messages::subscriptions::{Change, changed_in_tx};
use serde_json::{Value, json};
use testing::notices::db_count;
use testing::outbox::{accept, drain, sent};
use testing::{Client, World};

const PROGRESS: &str = "demo-claim-progress";

fn posted() -> Value {
    json!({"item_name": "清扫", "points": "2", "happened_on": "2026-10-01"})
}

async fn left(client: &Client, template: &str) -> Value {
    let list = client.get("/v1/me/subscriptions").await.expect(200);
    let items = list["items"].as_array().unwrap().clone();
    items.into_iter().find(|item| item["template_id"] == template).expect("the template")
}

#[actix_web::test]
async fn each_accept_gives_one_send_and_the_list_holds_all() {
    let world = World::new().await;
    let me = world.demo.villagers["villager"];
    // Before anything was agreed to, nothing is put into the outbox.
    world.db_message(me, Kind::ClaimPosted, &posted());
    assert_eq!(db_count(&world, "SELECT count(*) FROM outbox").await, 0);
    for _ in 0..2 {
        accept(&world, "villager", PROGRESS).await;
    }
    for _ in 0..3 {
        world.db_message(me, Kind::ClaimPosted, &posted());
    }
    let delivered = drain(&world).await;
    assert_eq!((sent(&delivered), delivered.done.get("not_granted")), (2, Some(&1)));
    assert_eq!(world.wechat.sent_messages().len(), 2);
    let villager = world.sign_in("villager").await;
    let list = villager.get("/v1/me/messages").await.expect(200);
    assert_eq!((list["items"].as_array().unwrap().len(), &list["unread"]), (4, &json!(4)));
    assert_eq!(left(&villager, PROGRESS).await["sends_left"], 0);
}

#[actix_web::test]
async fn an_answer_is_recorded_once_and_a_repeat_gets_the_same() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let body = json!({"answers": [
        {"template_id": PROGRESS, "answer": "accept"},
        {"template_id": "demo-rating", "answer": "reject"},
    ]});
    let path = "/v1/me/subscriptions";
    let first = villager.post_with_key(path, body.clone(), "same-key-1").await.expect(201);
    let again = villager.post_with_key(path, body.clone(), "same-key-1").await.expect(201);
    assert_eq!(first, again);
    assert_eq!(left(&villager, PROGRESS).await["sends_left"], 1);
    let rejected = left(&villager, "demo-rating").await;
    assert_eq!((&rejected["sends_left"], &rejected["answer"]), (&json!(0), &json!("reject")));
    villager.post_with_key(path, body, "other-key-1").await.expect(201);
    assert_eq!(left(&villager, PROGRESS).await["sends_left"], 2);
    // Nobody else's.
    let neighbour = world.sign_in("neighbour").await;
    assert_eq!(left(&neighbour, PROGRESS).await["sends_left"], 0);
    let unknown = json!({"answers": [{"template_id": "k8K3", "answer": "accept"}]});
    villager.post(path, unknown).await.expect_problem(422, "template_unknown");
    let none = json!({"answers": []});
    villager.post(path, none).await.expect_problem(422, "invalid");
}

#[actix_web::test]
async fn a_person_who_has_not_accepted_is_an_outcome_and_the_count_is_set_right() {
    let world = World::new().await;
    // Told by the mini-program, but WeChat knows nothing of it.
    let villager = world.sign_in("villager").await;
    let body = json!({"answers": [{"template_id": PROGRESS, "answer": "accept"}]});
    villager.post("/v1/me/subscriptions", body.clone()).await.expect(201);
    villager.post("/v1/me/subscriptions", body).await.expect(201);
    world.db_message(world.demo.villagers["villager"], Kind::ClaimPosted, &posted());
    world.clock.advance(1);
    let delivered = drain(&world).await;
    assert_eq!(delivered.done.get("not_accepted"), Some(&1));
    assert_eq!((delivered.later, delivered.dead), (0, 0));
    assert_eq!(left(&villager, PROGRESS).await["sends_left"], 0);
    // From now on it does not even get into the outbox, until there is a new accept.
    world.db_message(world.demo.villagers["villager"], Kind::ClaimPosted, &posted());
    assert_eq!(db_count(&world, "SELECT count(*) FROM outbox").await, 1);
    accept(&world, "villager", PROGRESS).await;
    world.db_message(world.demo.villagers["villager"], Kind::ClaimPosted, &posted());
    assert_eq!(sent(&drain(&world).await), 1);
}

#[actix_web::test]
async fn what_wechat_pushes_is_not_counted_beside_what_the_mini_program_tells() {
    let world = World::new().await;
    let push = |template: &str, change| {
        let changes = [(template.to_owned(), change)];
        let now = world.clock.now();
        let told = |openid: &str| {
            world.db.write(|tx| changed_in_tx(tx, openid, &changes, now)).expect("recorded");
        };
        told(&openid("villager"));
        // Somebody who never signed in is passed over.
        told("o-nobody");
    };
    accept(&world, "villager", PROGRESS).await;
    push(PROGRESS, Change::Answered(Answer::Accept));
    let villager = world.sign_in("villager").await;
    assert_eq!(left(&villager, PROGRESS).await["sends_left"], 1);
    push(PROGRESS, Change::Answered(Answer::Accept));
    assert_eq!(left(&villager, PROGRESS).await["sends_left"], 2);
    push(PROGRESS, Change::Answered(Answer::Reject));
    assert_eq!(left(&villager, PROGRESS).await["sends_left"], 2);
    push(PROGRESS, Change::TurnedOff);
    let off = left(&villager, PROGRESS).await;
    assert_eq!((&off["sends_left"], &off["answer"]), (&json!(0), &json!("reject")));
}

#[actix_web::test]
async fn a_send_is_for_the_template_that_was_agreed_to() {
    let world = World::new().await;
    accept(&world, "villager", "demo-rating").await;
    world.db_message(world.demo.villagers["villager"], Kind::ClaimPosted, &posted());
    let delivered = drain(&world).await;
    assert_eq!(delivered.done.get("not_granted"), Some(&1));
    assert!(world.wechat.sent_messages().is_empty());
}
