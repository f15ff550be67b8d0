//! Votes, and what they lead to.

use futures_util::future::join_all;
use serde_json::{Value, json};
use testing::claims::{approve, certify, db_book, db_kin, db_messages, declare};
use testing::{Answer, World};

async fn decide(world: &World, key: &str, claim: &str, decision: &str, reason: &str) -> Answer {
    let path = world.village(&format!("claims/{claim}/decisions"));
    let said = json!({"decision": decision, "reason": reason});
    world.sign_in(key).await.post(&path, said).await
}

#[actix_web::test]
async fn three_of_the_panel_and_the_village_certify_a_claim() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "ENV-1", json!({"quantity": 4})).await;
    assert_eq!(approve(&world, "panel-1", &claim).await["state"], "in_review");
    assert_eq!(approve(&world, "panel-2", &claim).await["stage_name"], "民主评议");
    assert_eq!(approve(&world, "panel-3", &claim).await["stage_name"], "村领导小组复核");
    let done = approve(&world, "village-admin", &claim).await;
    assert_eq!((&done["state"], &done["granted_points"]), (&json!("certified"), &json!("4")));
    assert_eq!(done["due_at"], Value::Null);
    let (kind, data) = db_messages(&world, "villager").remove(0);
    assert_eq!((kind.as_str(), &data["points"]), ("claim_certified", &json!("4")));
    let late = decide(&world, "village-admin-2", &claim, "approve", "").await;
    late.expect_problem(409, "claim_state");
}

#[actix_web::test]
async fn nobody_votes_at_another_stage_or_twice_or_without_a_role() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "NEI-1", json!({})).await;
    let vote = async |key: &str| decide(&world, key, &claim, "approve", "").await;
    vote("village-admin").await.expect_problem(403, "not_your_stage");
    vote("collector").await.expect_problem(403, "not_your_stage");
    vote("villager").await.expect_problem(404, "not_found");
    vote("supervisor").await.expect_problem(404, "not_found");
    vote("other-panel").await.expect_problem(404, "not_found");
    vote("panel-1").await.expect(201);
    vote("panel-1").await.expect_problem(409, "already_decided");
}

#[actix_web::test]
async fn nobody_votes_on_the_own_household_or_kin_or_own_claim() {
    let world = World::new().await;
    let own = declare(&world, "panel-1", "NEI-1", json!({})).await;
    let refused = decide(&world, "panel-1", &own, "approve", "").await;
    refused.expect_problem(403, "own_household");
    db_kin(&world, "panel-2", "villager-son");
    let of_kin = declare(&world, "villager", "NEI-1", json!({})).await;
    let refused = decide(&world, "panel-2", &of_kin, "approve", "").await;
    refused.expect_problem(403, "declared_kin");
    // A village admin who declares by proxy does not recheck it.
    let admin = world.sign_in("village-admin").await;
    let proxy = json!({"quantity": 1, "proxy": {
        "consented_by": "陈桂芳", "consented_how": "口头",
        "consented_on": testing::claims::today(&world)
    }});
    let body = testing::claims::deed(&world, &admin, "elder", "ELD-1", proxy).await;
    let made = admin.post(&world.village("claims"), body).await.expect(201);
    let made = made["id"].as_str().unwrap();
    for key in ["panel-1", "panel-2", "panel-3"] {
        approve(&world, key, made).await;
    }
    let refused = decide(&world, "village-admin", made, "approve", "").await;
    refused.expect_problem(403, "own_claim");
    approve(&world, "village-admin-2", made).await;
}

#[actix_web::test]
async fn who_steps_aside_does_not_vote() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "NEI-1", json!({})).await;
    let path = world.village(&format!("claims/{claim}/recusals"));
    let reason = json!({"reason": "与当事户有纠纷"});
    let panel = world.sign_in("panel-1").await;
    panel.post(&path, json!({"reason": " "})).await.expect_problem(422, "reason_missing");
    panel.post(&path, reason.clone()).await.expect(204);
    panel.post(&path, reason.clone()).await.expect_problem(409, "already_exists");
    let refused = decide(&world, "panel-1", &claim, "approve", "").await;
    refused.expect_problem(403, "stepped_aside");
    let villager = world.sign_in("villager").await;
    villager.post(&path, reason.clone()).await.expect_problem(404, "not_found");
    let collector = world.sign_in("collector").await;
    collector.post(&path, reason.clone()).await.expect_problem(403, "not_your_stage");
    approve(&world, "panel-2", &claim).await;
    let voted = world.sign_in("panel-2").await;
    voted.post(&path, reason).await.expect_problem(409, "already_decided");
    let shown = villager.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    let aside = &shown["events"][1];
    assert_eq!(aside["event"], "recused");
    assert_eq!((&aside["name"], &aside["reason"]), (&Value::Null, &Value::Null));
}

#[actix_web::test]
async fn the_majority_of_the_panel_rejects_and_the_claimant_reads_why() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "NEI-1", json!({})).await;
    let bare = decide(&world, "panel-1", &claim, "reject", "").await;
    bare.expect_problem(422, "reason_missing");
    decide(&world, "panel-1", &claim, "reject", "当天没有调解").await.expect(201);
    approve(&world, "panel-2", &claim).await;
    let last = decide(&world, "panel-3", &claim, "reject", "与事实不符").await.expect(201);
    assert_eq!(last["state"], "rejected");
    let (kind, data) = db_messages(&world, "villager").remove(0);
    assert_eq!((kind.as_str(), &data["reason"]), ("claim_rejected", &json!("与事实不符")));
}

#[actix_web::test]
async fn a_vote_is_counted_once_however_often_the_button_is_tapped() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "NEI-1", json!({})).await;
    let panel = world.sign_in("panel-1").await;
    let path = world.village(&format!("claims/{claim}/decisions"));
    let said = json!({"decision": "approve"});
    let first = panel.post_with_key(&path, said.clone(), "one-vote").await.expect(201);
    let again = panel.post_with_key(&path, said.clone(), "one-vote").await.expect(201);
    assert_eq!(first, again);
    world.warm_up().await;
    let taps = (0..8).map(|_| panel.post(&path, said.clone()));
    for answer in join_all(taps).await {
        answer.expect_problem(409, "already_decided");
    }
}

#[actix_web::test]
async fn a_panel_that_votes_at_the_same_moment_passes_the_stage_once() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "NEI-1", json!({})).await;
    let path = world.village(&format!("claims/{claim}/decisions"));
    let mut panel = Vec::new();
    for key in ["panel-1", "panel-2", "panel-3", "panel-4"] {
        panel.push(world.sign_in(key).await);
    }
    world.warm_up().await;
    let votes = panel.iter().map(|one| one.post(&path, json!({"decision": "approve"})));
    let answers = join_all(votes).await;
    // Three make the quorum; the fourth comes to a claim that has moved on.
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 3);
    let shown = panel[0].get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    assert_eq!(shown["stage_name"], "村领导小组复核");
    let approvals = shown["events"].as_array().unwrap().iter().filter(|e| e["event"] == "approve");
    assert_eq!(approvals.count(), 3);
}

#[actix_web::test]
async fn claims_certified_at_the_same_moment_do_not_break_a_cap_together() {
    let world = World::new().await;
    let mut claims = Vec::new();
    for _ in 0..4 {
        let claim = declare(&world, "villager", "ENV-1", json!({"quantity": 4})).await;
        for key in ["panel-1", "panel-2", "panel-3"] {
            approve(&world, key, &claim).await;
        }
        claims.push(claim);
    }
    let admin = world.sign_in("village-admin").await;
    world.warm_up().await;
    let last = claims.iter().map(|claim| {
        let path = world.village(&format!("claims/{claim}/decisions"));
        let admin = admin.clone();
        async move { admin.post(&path, json!({"decision": "approve"})).await.expect(201) }
    });
    let answers = join_all(last).await;
    let mut granted: Vec<_> =
        answers.iter().map(|a| a["granted_points"].as_str().unwrap().to_owned()).collect();
    granted.sort();
    // 12 points a month: three of them whole, nothing left for the fourth.
    assert_eq!(granted, ["0", "4", "4", "4"]);
    let cut = answers.iter().find(|answer| answer["granted_points"] == "0").unwrap();
    assert_eq!(cut["adjustments"][0]["points"], "-4");
    assert_eq!(cut["adjustments"][0]["words"], "每个账户每月最多计12分,超出的4分不计。");
}

#[actix_web::test]
async fn without_a_notice_a_claim_is_posted_with_its_last_vote() {
    let world = World::new().await;
    db_book(&world, |book| book.claim_way.notice_days = 0);
    let claim = declare(&world, "villager", "NEI-1", json!({})).await;
    assert_eq!(certify(&world, &claim).await["state"], "posted");
    let villager = world.sign_in("villager").await;
    let home = world.demo.households[&1];
    let balance = villager.get(&world.village(&format!("households/{home}/balance"))).await;
    let balance = balance.expect(200);
    assert_eq!(balance["accounts"][0]["points"], "3");
    assert_eq!(balance["accounts"][0]["score_entries"], "3");
    assert_eq!(db_messages(&world, "villager")[0].0, "claim_posted");
    let shown = villager.get(&world.village(&format!("claims/{claim}"))).await.expect(200);
    let events: Vec<_> =
        shown["events"].as_array().unwrap().iter().map(|event| event["event"].clone()).collect();
    let approvals = ["submitted", "approve", "approve", "approve", "approve"];
    assert_eq!(events, [&approvals[..], &["certified", "posted"]].concat());
    let check = world.db.check_ledger(world.demo.village).unwrap();
    assert!(check.differing.is_empty());
}
