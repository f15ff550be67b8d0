//! Deductions: told at once, and closed when put right in time.

use serde_json::json;
use testing::World;
use testing::claims::{certify, db_book, db_kin, db_messages, deduct, deed, today};

const DAY: u32 = 24 * 60 * 60;

#[actix_web::test]
async fn the_person_and_the_head_are_told_at_once_how_to_cure_it_and_by_when() {
    let world = World::new().await;
    let claim = deduct(&world, "villager-son", "ENV-9", json!({"text": "沟边倒垃圾"})).await;
    for who in ["villager-son", "villager"] {
        let told = db_messages(&world, who);
        assert_eq!(told.len(), 1, "{who}");
        let (kind, data) = &told[0];
        assert_eq!(kind, "deduction_recorded");
        assert_eq!(data["claim_id"], json!(claim));
        assert_eq!(data["item_name"], "乱倒垃圾、污水");
        assert_eq!(data["points"], "3");
        assert_eq!(data["cure"], "清理干净后告知网格员复查");
        let until = today(&world).checked_add_days(chrono::Days::new(7));
        assert_eq!(data["cure_until"], json!(until));
    }
    let villager = world.sign_in("villager").await;
    let shown = villager.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    assert_eq!(shown["kind"], "deduction");
    assert_eq!(shown["cure"]["how"], "清理干净后告知网格员复查");
    assert_eq!(shown["events"][0]["role"], "collector");
    assert_eq!(shown["events"][0]["name"], json!(null), "villagers do not see who recorded it");
}

#[actix_web::test]
async fn villagers_record_no_deductions_and_recorders_none_of_their_own_household() {
    let world = World::new().await;
    let path = world.village("deductions");
    let villager = world.sign_in("villager").await;
    let body = deed(&world, &villager, "neighbour", "ENV-9", json!({})).await;
    villager.post(&path, body).await.expect_problem(403, "forbidden");
    let collector = world.sign_in("collector").await;
    let own = deed(&world, &collector, "collector", "ENV-9", json!({})).await;
    collector.post(&path, own).await.expect_problem(403, "own_household");
    let award = deed(&world, &collector, "villager", "NEI-1", json!({})).await;
    collector.post(&path, award).await.expect_problem(422, "item_not_claimable");
    assert!(db_messages(&world, "neighbour").is_empty());
}

#[actix_web::test]
async fn a_grave_item_needs_a_second_recorder_who_is_told_and_does_not_review() {
    let world = World::new().await;
    let path = world.village("deductions");
    let collector = world.sign_in("collector").await;
    let with = |second: &str| json!({"second_recorder_id": world.demo.villagers[second]});
    let alone = deed(&world, &collector, "villager", "ELD-9", json!({})).await;
    collector.post(&path, alone).await.expect_problem(422, "evidence_missing");
    for nobody in ["neighbour", "collector", "elder", "other-admin"] {
        let body = deed(&world, &collector, "villager", "ELD-9", with(nobody)).await;
        collector.post(&path, body).await.expect_problem(422, "second_recorder_invalid");
    }
    let body = deed(&world, &collector, "villager", "ELD-9", with("village-admin")).await;
    let made = collector.post(&path, body).await.expect(201);
    assert_eq!(db_messages(&world, "village-admin")[0].0, "second_recorder_named");
    let claim = made["id"].as_str().unwrap();
    for key in ["panel-1", "panel-2", "panel-3"] {
        testing::claims::approve(&world, key, claim).await;
    }
    let second = world.sign_in("village-admin").await;
    let decisions = world.village(&format!("claims/{claim}/decisions"));
    let vote = second.post(&decisions, json!({"decision": "approve"})).await;
    vote.expect_problem(403, "own_claim");
    testing::claims::approve(&world, "village-admin-2", claim).await;
}

#[actix_web::test]
async fn a_deduction_that_was_put_right_in_time_is_withdrawn() {
    let world = World::new().await;
    let claim = deduct(&world, "villager", "ENV-9", json!({})).await;
    certify(&world, &claim).await;
    let path = world.village(&format!("claims/{claim}/cures"));
    let reason = json!({"reason": "已复查,清理干净"});
    let villager = world.sign_in("villager").await;
    villager.post(&path, reason.clone()).await.expect_problem(403, "forbidden");
    let worker = world.sign_in("grid-worker").await;
    worker.post(&path, json!({"reason": "  "})).await.expect_problem(422, "reason_missing");
    let cured = worker.post_with_key(&path, reason.clone(), "cured-once").await.expect(201);
    assert_eq!(cured["state"], "withdrawn");
    let again = worker.post_with_key(&path, reason.clone(), "cured-once").await.expect(201);
    assert_eq!(cured, again);
    worker.post(&path, reason).await.expect_problem(409, "claim_state");
    let kinds: Vec<_> = db_messages(&world, "villager").into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["deduction_recorded", "claim_certified", "deduction_cured"]);
}

#[actix_web::test]
async fn a_cure_comes_too_late_after_its_days_and_never_from_kin() {
    let world = World::new().await;
    let claim = deduct(&world, "villager", "ENV-9", json!({})).await;
    let path = world.village(&format!("claims/{claim}/cures"));
    let reason = json!({"reason": "已清理"});
    db_kin(&world, "grid-worker", "villager-son");
    let worker = world.sign_in("grid-worker").await;
    worker.post(&path, reason.clone()).await.expect_problem(403, "declared_kin");
    world.clock.advance(8 * DAY);
    let collector = world.sign_in("collector").await;
    collector.post(&path, reason).await.expect_problem(422, "cure_too_late");
}

#[actix_web::test]
async fn a_deduction_hangs_and_counts_only_when_the_time_to_cure_is_over() {
    let world = World::new().await;
    let claim = deduct(&world, "villager", "ENV-9", json!({})).await;
    assert_eq!(certify(&world, &claim).await["state"], "certified");
    let notices = world.village("notices");
    let admin = world.sign_in("village-admin").await;
    admin.post(&notices, json!({})).await.expect_problem(409, "nothing_to_publish");
    // Seven days to cure, from the day on which it was recorded.
    world.clock.advance(8 * 86_400);
    let admin = world.sign_in("village-admin").await;
    admin.post(&notices, json!({})).await.expect(201);
    let worker = world.sign_in("grid-worker").await;
    let path = world.village(&format!("claims/{claim}/cures"));
    let late = worker.post(&path, json!({"reason": "已清理"})).await;
    late.expect_problem(409, "claim_state");
}

#[actix_web::test]
async fn a_cure_closes_the_deduction_once_and_nothing_is_ever_posted() {
    let world = World::new().await;
    // Without a notice an award would be posted the moment it is certified.
    db_book(&world, |book| book.claim_way.notice_days = 0);
    let claim = deduct(&world, "villager", "ENV-9", json!({})).await;
    assert_eq!(certify(&world, &claim).await["state"], "certified");
    let worker = world.sign_in("grid-worker").await;
    let path = world.village(&format!("claims/{claim}/cures"));
    let reason = json!({"reason": "已清理"});
    world.warm_up().await;
    let taps = (0..4).map(|_| worker.post(&path, reason.clone()));
    let answers = futures_util::future::join_all(taps).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    let villager = world.sign_in("villager").await;
    let home = world.demo.households[&1];
    let balance = world.village(&format!("households/{home}/balance"));
    assert_eq!(villager.get(&balance).await.expect(200)["accounts"][0]["version"], 0);
    let shown = worker.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    assert_eq!(shown["state"], "withdrawn");
}
