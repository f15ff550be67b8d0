//! One claim as its household and as officers see it.

use serde_json::{Value, json};
use testing::World;
use testing::claims::{approve, declare};

#[actix_web::test]
async fn a_villager_sees_everything_but_who_reviewed_and_an_officer_sees_masked_names() {
    let world = World::new().await;
    let more = json!({"quantity": 4, "text": "清扫村道"});
    let claim = declare(&world, "villager", "ENV-1", more).await;
    approve(&world, "panel-1", &claim).await;
    let path = world.village(&format!("claims/{claim}"));
    let shown = world.sign_in("villager-son").await.get(&path).await.expect(200);
    assert_eq!(shown["item_name"], "参加村组公共区域清扫");
    assert_eq!((&shown["quantity"], &shown["unit"]), (&json!(4), &json!("小时")));
    assert_eq!(shown["person_name"], "王秀英");
    assert_eq!((&shown["asked_points"], &shown["text"]), (&json!("4"), &json!("清扫村道")));
    assert_eq!(shown["via"], json!({"kind": "own"}));
    assert_eq!(shown["stages"], json!(["民主评议", "村领导小组复核"]));
    assert_eq!(shown["evidence_ids"].as_array().unwrap().len(), 1);
    assert_eq!((&shown["objections"], &shown["objections_open"]), (&json!(0), &json!(0)));
    let (made, vote) = (&shown["events"][0], &shown["events"][1]);
    assert_eq!((&made["event"], &made["name"]), (&json!("submitted"), &json!("王*英")));
    assert_eq!((&vote["event"], &vote["role"]), (&json!("approve"), &json!("panel_member")));
    assert_eq!(vote["name"], Value::Null);
    assert_eq!((&vote["state"], &vote["stage_name"]), (&json!("in_review"), &json!("民主评议")));
    for officer in ["village-admin", "town-officer", "supervisor"] {
        let shown = world.sign_in(officer).await.read(&path).await.expect(200);
        assert_eq!(shown["events"][1]["name"], "周*福", "{officer}");
    }
}

#[actix_web::test]
async fn nobody_else_learns_that_a_claim_exists() {
    let world = World::new().await;
    let claim = declare(&world, "villager", "FAM-1", json!({"choice": "city"})).await;
    let path = world.village(&format!("claims/{claim}"));
    for key in ["neighbour", "other-villager", "other-admin", "merchant-owner", "stranger"] {
        world.sign_in(key).await.get(&path).await.expect_problem(404, "not_found");
    }
    let elsewhere = world.other_village(&format!("claims/{claim}"));
    world.sign_in("other-admin").await.get(&elsewhere).await.expect_problem(404, "not_found");
    let villager = world.sign_in("villager").await;
    villager.get(&elsewhere).await.expect_problem(404, "not_found");
    assert_eq!(villager.get(&path).await.expect(200)["choice_name"], "市级");
    villager.get(&world.village("claims/no-id")).await.expect_problem(400, "bad_path");
}
