//! Dead letters: shown to those who run the installation, and tried again when they say so.

use infra::messages::Kind;
use serde_json::{Value, json};
use testing::World;
use testing::notices::db_count;
use testing::outbox::{accept, drain, round, sent};
use wechat_standin::{Endpoint, Fault};

async fn dead_letter(world: &World) {
    accept(world, "villager", "demo-claim-progress").await;
    let data = json!({"item_name": "清扫", "points": "2", "happened_on": "2026-10-01"});
    world.db_message(world.demo.villagers["villager"], Kind::ClaimPosted, &data);
    let refused = Fault::Errcode { errcode: 40_037, errmsg: "invalid template_id".to_owned() };
    world.wechat.queue_fault(Endpoint::SubscribeSend, &refused).unwrap();
    assert_eq!(round(world).await.dead, 1);
}

fn of_division(division: impl std::fmt::Display, query: &str) -> String {
    format!("/v1/divisions/{division}/deliveries{query}")
}

#[actix_web::test]
async fn a_dead_letter_is_shown_without_the_person_and_sent_when_it_is_retried() {
    let world = World::new().await;
    dead_letter(&world).await;
    let operator = world.sign_in("county-operator").await;
    let mut shown = Value::Null;
    for division in [world.demo.county.0, world.demo.town.0, world.demo.village.0] {
        let page = operator.get(&of_division(division, "")).await.expect(200);
        assert_eq!(page["items"].as_array().unwrap().len(), 1);
        shown = page["items"][0].clone();
    }
    assert_eq!((&shown["state"], &shown["attempts"]), (&json!("dead"), &json!(1)));
    assert!(shown["last_error"].as_str().unwrap().contains("template"), "{shown}");
    assert!(shown["due_at"].is_null() && shown["dead_at"].is_string());
    let words = shown.to_string();
    assert!(!words.contains("清扫") && !words.contains("openid"), "{words}");
    let village = world.demo.village;
    let id = shown["delivery_id"].as_str().unwrap();
    let retry = format!("/v1/villages/{village}/deliveries/{id}/retries");
    let again = operator.post(&retry, json!({})).await.expect(200);
    assert_eq!((&again["state"], &again["attempts"]), (&json!("waiting"), &json!(0)));
    assert_eq!(sent(&round(&world).await), 1);
    operator.post(&retry, json!({})).await.expect_problem(409, "delivery_not_open");
    let page = operator.get(&of_division(world.demo.county, "")).await.expect(200);
    assert_eq!(page["items"], json!([]));
    let recorded = "SELECT count(*) FROM audit_log WHERE action = 'delivery_retry'";
    assert_eq!(db_count(&world, recorded).await, 1);
}

#[actix_web::test]
async fn what_waits_is_shown_too_and_may_be_hurried() {
    let world = World::new().await;
    accept(&world, "villager", "demo-claim-progress").await;
    let data = json!({"item_name": "清扫", "points": "2", "happened_on": "2026-10-01"});
    world.db_message(world.demo.villagers["villager"], Kind::ClaimPosted, &data);
    world.wechat.queue_fault(Endpoint::SubscribeSend, &Fault::Close).unwrap();
    assert_eq!(round(&world).await.later, 1);
    let admin = world.sign_in("platform-admin").await;
    let page = admin.get(&of_division(world.demo.county, "?state=waiting")).await.expect(200);
    let waiting = &page["items"][0];
    assert_eq!((&waiting["state"], &waiting["attempts"]), (&json!("waiting"), &json!(1)));
    assert!(waiting["due_at"].is_string() && waiting["dead_at"].is_null());
    let dead = admin.get(&of_division(world.demo.county, "?state=dead")).await.expect(200);
    assert_eq!(dead["items"], json!([]));
    let id = waiting["delivery_id"].as_str().unwrap();
    let retry = world.village(&format!("deliveries/{id}/retries"));
    admin.post(&retry, json!({})).await.expect(200);
    assert_eq!(sent(&drain(&world).await), 1);
}

#[actix_web::test]
async fn villagers_and_cadres_of_the_village_do_not_see_the_outbox() {
    let world = World::new().await;
    dead_letter(&world).await;
    for key in ["villager", "village-admin", "town-officer", "supervisor"] {
        let somebody = world.sign_in(key).await;
        let list = somebody.get(&of_division(world.demo.county, "")).await;
        list.expect_problem(403, "forbidden");
    }
    let operator = world.sign_in("county-operator").await;
    let bad = operator.get(&of_division(world.demo.county, "?state=gone")).await;
    bad.expect_problem(400, "bad_query");
    let nowhere = world.village(&format!("deliveries/{}/retries", uuid::Uuid::nil()));
    operator.post(&nowhere, json!({})).await.expect_problem(404, "not_found");
}
