//! Which messages are sent, with what in their fields.

use infra::demo::openid;
use infra::messages::Kind;
use serde_json::json;
use testing::World;
use testing::claims::{certify, declare, deduct};
use testing::notices::{close, db_certified_claim, db_count, publish, tick};
use testing::outbox::{accept, db_everybody_accepts, drain, sent};
use testing::ratings_on_notice::db_rating_on_notice;
use testing::reports::{db_pass_comments, dispatched, resolve};
use testing::shops::{Till, db_star_credit};

/// What a person was sent with a template, the first first: the fields, joined.
fn fields(world: &World, key: &str, template: &str) -> Vec<String> {
    let to = openid(key);
    let of = |message: &wechat_standin::SentMessage| {
        message.openid == to && message.template_id == template
    };
    let sent = world.wechat.sent_messages().into_iter().filter(of);
    sent.map(|message| message.data.into_values().collect::<Vec<_>>().join("|")).collect()
}

#[actix_web::test]
async fn a_claim_is_told_at_every_step_and_a_deduction_at_once() {
    let world = World::new().await;
    db_everybody_accepts(&world, 20).await;
    let claim = declare(&world, "villager", "ENV-1", json!({"quantity": 2})).await;
    let path = world.village(&format!("claims/{claim}/decisions"));
    let body = json!({"decision": "return", "reason": "请补照片"});
    world.sign_in("panel-1").await.post(&path, body).await.expect(201);
    let villager = world.sign_in("villager").await;
    let again = world.village(&format!("claims/{claim}/resubmissions"));
    villager.post(&again, json!({"text": "已补"})).await.expect(201);
    certify(&world, &claim).await;
    let notice = publish(&world).await;
    close(&world, &notice).await;
    deduct(&world, "villager", "ENV-9", json!({"text": "沟边倒垃圾"})).await;
    assert_eq!(drain(&world).await.later, 0);
    let told = fields(&world, "villager", "demo-claim-progress");
    let states: Vec<_> = told.iter().map(|text| text.split('|').nth(1).unwrap()).collect();
    assert_eq!(states, ["需要补充", "已认定", "公示中", "已入账"], "{told:?}");
    let deduction = &fields(&world, "villager", "demo-deduction")[0];
    assert!(deduction.contains("乱倒垃圾") && deduction.contains("整改:"), "{deduction}");
    let all = "SELECT count(*) FROM messages WHERE kind IN ('claim_returned', 'claim_certified', \
        'claim_on_notice', 'claim_posted', 'deduction_recorded')";
    let done = "SELECT count(*) FROM outbox WHERE outcome = 'sent'";
    assert!(db_count(&world, all).await >= db_count(&world, done).await);
}

#[actix_web::test]
async fn a_rating_an_answer_and_a_purchase_are_told() {
    let world = World::new().await;
    db_everybody_accepts(&world, 20).await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let notice = publish(&world).await;
    let objections = world.village(&format!("notices/{notice}/objections"));
    let body = json!({"claim_id": claim, "text": "那天他不在村里。"});
    let raised = world.sign_in("neighbour").await.post(&objections, body).await.expect(201);
    let answers = world.village(&format!("objections/{}/answers", raised["id"].as_str().unwrap()));
    let body = json!({"outcome": "upheld", "text": "已核实。"});
    world.sign_in("village-admin").await.post(&answers, body).await.expect(201);
    let (_, rating, _) = db_rating_on_notice(&world, &[(1, 91, 4)]).await;
    close(&world, &rating.to_string()).await;
    db_star_credit(&world, 1, 4, 100_000);
    let villager = world.sign_in("villager").await;
    Till::open(&world).await.buy(&villager, 10_000).await;
    drain(&world).await;
    let answer = &fields(&world, "villager", "demo-answer")[0];
    assert!(answer.contains("维持原结果") && answer.contains("已核实。"), "{answer}");
    let rating = &fields(&world, "villager", "demo-rating")[0];
    assert!(rating.contains("4星") && rating.contains("1600.00元"), "{rating}");
    let purchase = &fields(&world, "villager", "demo-purchase")[0];
    assert!(purchase.contains("100.00元") && purchase.contains("8.00元"), "{purchase}");
    // The household's other members who signed in were told of the purchase too.
    assert_eq!(fields(&world, "villager-son", "demo-purchase").len(), 1);
}

#[actix_web::test]
async fn who_reported_something_is_told_that_it_was_dispatched_and_that_it_is_done() {
    let world = World::new().await;
    db_everybody_accepts(&world, 20).await;
    let report = dispatched(&world, json!({})).await;
    drain(&world).await;
    resolve(&world, &report, json!({})).await.expect(201);
    // Its words are looked at first.
    db_pass_comments(&world, &report);
    assert_eq!(tick(&world).await.resolved, 1);
    drain(&world).await;
    let told = fields(&world, "neighbour", "demo-report");
    let states: Vec<_> = told.iter().map(|text| text.split('|').next().unwrap()).collect();
    assert_eq!(states, ["已派单", "已办结"], "{told:?}");
    assert!(told.iter().all(|text| text.contains("村口小桥边") && text.contains('年')), "{told:?}");
    // Nobody but who reported it.
    for other in ["grid-worker", "village-admin", "villager"] {
        assert!(fields(&world, other, "demo-report").is_empty(), "{other}");
    }
}

#[actix_web::test]
async fn a_refund_and_other_kinds_stay_in_the_list() {
    let world = World::new().await;
    db_everybody_accepts(&world, 20).await;
    let me = world.demo.villagers["villager"];
    for kind in Kind::ALL.iter().filter(|kind| !kind.is_sent()) {
        world.db_message(me, *kind, &json!({}));
    }
    assert_eq!(db_count(&world, "SELECT count(*) FROM outbox").await, 0);
    assert_eq!(sent(&drain(&world).await), 0);
}

#[actix_web::test]
async fn what_was_read_already_is_not_sent_and_costs_no_send() {
    let world = World::new().await;
    accept(&world, "villager", "demo-claim-progress").await;
    let me = world.demo.villagers["villager"];
    let data = json!({"item_name": "清扫", "points": "2", "happened_on": "2026-10-01"});
    world.db_message(me, Kind::ClaimPosted, &data);
    let villager = world.sign_in("villager").await;
    let list = villager.get("/v1/me/messages").await.expect(200);
    let id = list["items"][0]["id"].as_str().unwrap();
    villager.post(&format!("/v1/me/messages/{id}/reading"), json!({})).await.expect(204);
    let delivered = drain(&world).await;
    assert_eq!(delivered.done.get("already_read"), Some(&1));
    assert!(world.wechat.sent_messages().is_empty());
    let left = villager.get("/v1/me/subscriptions").await.expect(200);
    assert_eq!(left["items"][0]["sends_left"], 1);
}
