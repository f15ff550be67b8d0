//! Returned, resubmitted, withdrawn.

use serde_json::json;
use testing::World;
use testing::claims::{approve, certify, db_messages, declare, deduct, upload};

async fn send_back(world: &World, claim: &str) {
    let path = world.village(&format!("claims/{claim}/decisions"));
    let said = json!({"decision": "return", "reason": "请补充照片"});
    let answer = world.sign_in("panel-1").await.post(&path, said).await.expect(201);
    assert_eq!(answer["state"], "returned");
}

#[actix_web::test]
async fn a_returned_claim_is_resubmitted_by_the_household_and_voted_on_anew() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "ENV-1", json!({"quantity": 1})).await;
    send_back(&world, &claim).await;
    let (kind, data) = db_messages(&world, "villager").remove(0);
    assert_eq!((kind.as_str(), &data["reason"]), ("claim_returned", &json!("请补充照片")));
    let son = world.sign_in("villager-son").await;
    let path = world.village(&format!("claims/{claim}/resubmissions"));
    let more = json!({"text": "补充说明", "evidence_ids": [upload(&world, &son).await]});
    let again = son.post(&path, more.clone()).await.expect(201);
    assert_eq!(again["state"], "submitted");
    son.post(&path, more).await.expect_problem(409, "claim_state");
    let shown = son.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    assert_eq!((&shown["text"], &shown["round"]), (&json!("补充说明"), &json!(2)));
    assert_eq!(shown["evidence_ids"].as_array().unwrap().len(), 2);
    // Who sent it back may vote again: it is a new round.
    certify(&world, &claim).await;
}

#[actix_web::test]
async fn a_resubmission_brings_own_unused_files_and_nine_in_all() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "ENV-1", json!({"quantity": 1})).await;
    let other = declare(&world, "villager", "ENV-1", json!({"quantity": 1})).await;
    send_back(&world, &claim).await;
    let villager = world.sign_in("villager").await;
    let used = villager.get(&world.village(&format!("claims/{other}"))).await.expect(200);
    let path = world.village(&format!("claims/{claim}/resubmissions"));
    let with = json!({"evidence_ids": used["evidence_ids"]});
    villager.post(&path, with).await.expect_problem(422, "photo_not_usable");
    let mut files = Vec::new();
    for _ in 0..9 {
        files.push(upload(&world, &villager).await);
    }
    let too_many = json!({"evidence_ids": files});
    villager.post(&path, too_many).await.expect_problem(422, "evidence_too_many");
    files.pop();
    villager.post(&path, json!({"evidence_ids": files})).await.expect(201);
}

#[actix_web::test]
async fn a_claim_is_withdrawn_by_its_household_until_it_is_certified() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "NEI-1", json!({})).await;
    approve(&world, "panel-1", &claim).await;
    let path = world.village(&format!("claims/{claim}/withdrawal"));
    world.sign_in("neighbour").await.post(&path, json!({})).await.expect_problem(404, "not_found");
    world.sign_in("collector").await.post(&path, json!({})).await.expect_problem(403, "forbidden");
    let son = world.sign_in("villager-son").await;
    assert_eq!(son.post(&path, json!({})).await.expect(201)["state"], "withdrawn");
    son.post(&path, json!({})).await.expect_problem(409, "claim_state");
    let certified = declare(&world, "villager", "NEI-1", json!({})).await;
    certify(&world, &certified).await;
    let path = world.village(&format!("claims/{certified}/withdrawal"));
    world.sign_in("villager").await.post(&path, json!({})).await.expect_problem(409, "claim_state");
}

#[actix_web::test]
async fn a_deduction_is_withdrawn_by_its_recorder_and_nobody_else() {
    let world = World::new().await;
    let claim = deduct(&world, "villager", "ENV-9", json!({})).await;
    let path = world.village(&format!("claims/{claim}/withdrawal"));
    for other in ["villager", "grid-worker", "village-admin"] {
        let refused = world.sign_in(other).await.post(&path, json!({})).await;
        refused.expect_problem(403, "forbidden");
    }
    let collector = world.sign_in("collector").await;
    assert_eq!(collector.post(&path, json!({})).await.expect(201)["state"], "withdrawn");
    assert_eq!(db_messages(&world, "villager")[1].0, "deduction_withdrawn");
}

#[actix_web::test]
async fn a_vote_and_a_withdrawal_at_the_same_moment_leave_one_outcome() {
    let world = World::new().await;
    world.warm_up().await;
    for _ in 0..5 {
        let claim = declare(&world, "villager", "NEI-1", json!({})).await;
        for key in ["panel-1", "panel-2", "panel-3"] {
            approve(&world, key, &claim).await;
        }
        let (villager, admin) =
            (world.sign_in("villager").await, world.sign_in("village-admin").await);
        let withdrawal = world.village(&format!("claims/{claim}/withdrawal"));
        let decisions = world.village(&format!("claims/{claim}/decisions"));
        let (back, vote) = futures_util::future::join(
            villager.post(&withdrawal, json!({})),
            admin.post(&decisions, json!({"decision": "approve"})),
        )
        .await;
        let won = [back, vote].into_iter().filter(|answer| answer.status == 201).count();
        assert_eq!(won, 1);
    }
}
