//! Appeals: after an answer, after posting, and too late.

use serde_json::json;
use testing::World;
use testing::ledger::{conserved, points_of};
use testing::notices::{close, db_certified_claim, publish, publish_and_close};

use super::{about, answers, objections, saying};

#[actix_web::test]
async fn who_answered_an_objection_does_not_answer_the_appeal_after_it() {
    let world = World::new().await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let notice = publish(&world).await;
    let neighbour = world.sign_in("neighbour").await;
    let raised = neighbour.post(&objections(&world, &notice), about(claim)).await.expect(201);
    let admin = world.sign_in("village-admin").await;
    let correction = json!({"outcome": "corrected", "points": "1", "text": "只有一小时。"});
    admin.post(&answers(&world, &raised), correction).await.expect(201);
    close(&world, &notice).await;
    assert_eq!(points_of(&world, 1).await, "1");
    let villager = world.sign_in("villager").await;
    let appeal = villager.post(&world.village("appeals"), about(claim)).await.expect(201);
    assert_eq!(appeal["kind"], "appeal");
    let admin = world.sign_in("village-admin").await;
    let path = answers(&world, &appeal);
    admin.post(&path, saying("upheld")).await.expect_problem(409, "already_decided");
    let other = world.sign_in("village-admin-2").await;
    other.post(&path, saying("upheld")).await.expect(201);
    assert_eq!(points_of(&world, 1).await, "1");
}

#[actix_web::test]
async fn an_appeal_after_posting_ends_in_a_reversal_and_a_new_entry() {
    let world = World::new().await;
    let cycle = testing::ratings_on_notice::cycle_of(world.clock.now());
    let claim = db_certified_claim(&world, "neighbour", "ENV-9", 3).await;
    db_certified_claim(&world, "neighbour", "ENV-1", 4).await;
    publish_and_close(&world).await;
    // The deduction counts for the score alone.
    assert_eq!(points_of(&world, 2).await, "4");
    let neighbour = world.sign_in("neighbour").await;
    let path = world.village("appeals");
    let villager = world.sign_in("villager").await;
    villager.post(&path, about(claim)).await.expect_problem(404, "not_found");
    let appeal = neighbour.post(&path, about(claim)).await.expect(201);
    neighbour.post(&path, about(claim)).await.expect_problem(409, "objection_open");
    let admin = world.sign_in("village-admin").await;
    let correction = json!({"outcome": "corrected", "points": "1", "text": "只有一袋。"});
    let key = "answer-of-monday";
    let to = answers(&world, &appeal);
    let first = admin.post_with_key(&to, correction.clone(), key).await.expect(201);
    let again = admin.post_with_key(&to, correction, key).await.expect(201);
    assert_eq!(first, again);
    assert_eq!(first["corrected_points"], "1");
    let home = world.demo.households[&2];
    let score = world.village(&format!("households/{home}/score?cycle={cycle}"));
    assert_eq!(neighbour.get(&score).await.expect(200)["entries_sum"], "3");
    let statement =
        neighbour.get(&world.village(&format!("households/{home}/statement"))).await.expect(200);
    let titles: Vec<_> = statement["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["purse"] == "score")
        .map(|entry| entry["title"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        titles,
        ["更正:乱倒垃圾、污水", "冲销:乱倒垃圾、污水", "乱倒垃圾、污水", "参加村组公共区域清扫"]
    );
    conserved(&world).await;
}

#[actix_web::test]
async fn points_that_were_spent_are_not_given_twice_by_a_correction() {
    let world = World::new().await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 3).await;
    publish_and_close(&world).await;
    // Goods are redeemed for all of them.
    let (db, village, now) = (world.db.clone(), world.demo.village, world.clock.now());
    let account = world.demo.households[&1].into();
    actix_web::web::block(move || {
        let posting = domain::ledger::Posting {
            id: infra::id::new(),
            account,
            purse: domain::ledger::Purse::Points,
            amount: -300,
            counter: domain::ledger::Counter::Redemption,
            source: domain::ledger::Source::Purchase(infra::id::new()),
            source_posting: 0,
            rule_book: None,
            item_code: None,
            happened_on: domain::calendar::day_of(now),
            effect: None,
            reverses: None,
            shortfall: domain::ledger::Shortfall::Refuse,
        };
        db.write(|tx| infra::ledger::post_in_tx(tx, village, vec![posting.clone()], now, None))
    })
    .await
    .unwrap()
    .unwrap();
    let villager = world.sign_in("villager").await;
    let appeal = villager.post(&world.village("appeals"), about(claim)).await.expect(201);
    let correction = json!({"outcome": "corrected", "points": "4", "text": "四小时。"});
    let admin = world.sign_in("village-admin").await;
    admin.post(&answers(&world, &appeal), correction).await.expect(201);
    assert_eq!(points_of(&world, 1).await, "1");
    conserved(&world).await;
}

#[actix_web::test]
async fn an_appeal_that_comes_too_late_is_refused() {
    let world = World::new().await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    publish_and_close(&world).await;
    world.clock.advance(61 * 86_400);
    let villager = world.sign_in("villager").await;
    let late = villager.post(&world.village("appeals"), about(claim)).await;
    late.expect_problem(422, "appeal_too_late");
}
