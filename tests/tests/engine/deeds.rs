//! Tiers, ranges, exclusivity and doubling.

use domain::ledger::Purse;
use serde_json::json;
use testing::World;
use testing::claims::{certify, db_kin, declare, deduct, today};
use testing::ledger::{conserved, points_of};
use testing::ratings::db_entry;

use super::{all_but_last, db_engine_book, fill_in, shown};

#[actix_web::test]
async fn hours_add_up_and_reaching_a_tier_tops_up_to_it() {
    let world = World::new().await;
    db_engine_book(&world);
    let mut granted = Vec::new();
    for quantity in [3, 1, 6, 9, 1] {
        let claim = declare(&world, "villager", "HOURS", json!({"quantity": quantity})).await;
        granted.push(certify(&world, &claim).await["granted_points"].clone());
    }
    // 3, 4, 10, 19 and 20 hours: 0, 1, 2, 2 and 5 points.
    assert_eq!(granted, ["0", "1", "1", "0", "3"]);
    assert_eq!(points_of(&world, 1).await, "5");
    conserved(&world).await;
}

#[actix_web::test]
async fn a_higher_award_for_the_same_deed_replaces_the_lower_which_rises_again_when_it_falls() {
    let world = World::new().await;
    db_engine_book(&world);
    let lower = declare(&world, "villager", "HONOUR-V", json!({})).await;
    assert_eq!(certify(&world, &lower).await["state"], "posted");
    assert_eq!(points_of(&world, 1).await, "3");
    // Of the day before, so that only the link says that it is the same deed.
    let day = today(&world).pred_opt().unwrap();
    let same = json!({"choice": "county", "same_deed_as": lower, "happened_on": day});
    // The book holds from today on: the day before is judged by the one before.
    let villager = world.sign_in("villager").await;
    let body = testing::claims::deed(&world, &villager, "villager", "HONOUR", same).await;
    villager.post(&world.village("claims"), body).await.expect_problem(422, "item_unknown");
    let same = json!({"choice": "county", "same_deed_as": lower});
    let higher = declare(&world, "villager", "HONOUR", same).await;
    let done = certify(&world, &higher).await;
    assert_eq!(done["granted_points"], "20");
    assert_eq!(done["adjustments"][0]["kind"], "replaces");
    assert_eq!(points_of(&world, 1).await, "20");
    let gave_way = shown(&world, &lower).await;
    assert_eq!(
        (&gave_way["granted_points"], &gave_way["yields_to"]),
        (&json!("0"), &json!(higher))
    );
    // One that is lower and comes later never counts.
    let third = declare(&world, "villager", "HONOUR", json!({"choice": "town"})).await;
    let yields = certify(&world, &third).await;
    assert_eq!(yields["granted_points"], "0");
    assert_eq!(yields["adjustments"][0]["kind"], "yields_to");
    assert_eq!(points_of(&world, 1).await, "20");
    conserved(&world).await;

    let villager = world.sign_in("villager").await;
    let about = json!({"claim_id": higher, "text": "名单弄错了。"});
    let appeal = villager.post(&world.village("appeals"), about).await.expect(201);
    let path = world.village(&format!("objections/{}/answers", appeal["id"].as_str().unwrap()));
    let struck = json!({"outcome": "struck", "text": "已核实。"});
    world.sign_in("village-admin-2").await.post(&path, struck).await.expect(201);
    // The highest that is left counts: the town's 5, not the village's 3.
    assert_eq!(points_of(&world, 1).await, "5");
    assert_eq!(shown(&world, &third).await["granted_points"], "5");
    assert_eq!(shown(&world, &lower).await["granted_points"], "0");
    assert_eq!(shown(&world, &higher).await["state"], "reversed");
    conserved(&world).await;
}

#[actix_web::test]
async fn a_claim_of_another_account_is_not_the_same_deed() {
    let world = World::new().await;
    db_engine_book(&world);
    let other = declare(&world, "neighbour", "HONOUR-V", json!({})).await;
    let villager = world.sign_in("villager").await;
    let more = json!({"same_deed_as": other});
    let body = testing::claims::deed(&world, &villager, "villager", "HONOUR-V", more).await;
    villager.post(&world.village("claims"), body).await.expect_problem(422, "same_deed_invalid");
}

#[actix_web::test]
async fn the_panel_fills_in_the_points_of_a_range_and_the_last_stage_decides() {
    let world = World::new().await;
    db_engine_book(&world);
    let claim = declare(&world, "villager", "PANEL", json!({})).await;
    let path = world.village(&format!("claims/{claim}/decisions"));
    let panel = world.sign_in("panel-1").await;
    for wrong in [json!({"decision": "approve"}), json!({"decision": "approve", "points": "6.01"})]
    {
        let refused = panel.post(&path, wrong).await.expect_problem(422, "points_invalid");
        assert!(refused["detail"].as_str().unwrap().contains("1到6分"), "{refused}");
    }
    let votes = [("panel-1", "2"), ("panel-2", "5"), ("panel-3", "3")];
    assert_eq!(fill_in(&world, &claim, &votes).await["asked_points"], "3");
    let done = fill_in(&world, &claim, &[("village-admin", "4.5")]).await;
    assert_eq!(done["granted_points"], "4.5");
    assert_eq!(done["adjustments"][0]["kind"], "filled_in");
    assert_eq!(points_of(&world, 1).await, "4.5");
    // Elsewhere points are none of the panel's business.
    let claim = declare(&world, "villager", "HONOUR-V", json!({})).await;
    let path = world.village(&format!("claims/{claim}/decisions"));
    let body = json!({"decision": "approve", "points": "3"});
    panel.post(&path, body).await.expect_problem(422, "points_invalid");
}

#[actix_web::test]
async fn the_same_fault_while_the_first_still_counts_is_taken_twice() {
    let world = World::new().await;
    db_engine_book(&world);
    let mut granted = Vec::new();
    for _ in 0..2 {
        let claim = deduct(&world, "neighbour", "DUMP", json!({})).await;
        all_but_last(&world, &claim).await;
        let done = testing::claims::approve(&world, "village-admin", &claim).await;
        granted.push((done["granted_points"].clone(), done["adjustments"][0]["kind"].clone()));
    }
    assert_eq!(granted[0], (json!("5"), json!(null)));
    assert_eq!(granted[1], (json!("10"), json!("doubled")));
    // Put right in time, the first is gone, and with it the doubling of the second.
    let queue = world.sign_in("village-admin").await;
    let list = queue.get(&world.village("claims?state=certified")).await.expect(200);
    let first = list["items"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).min();
    let path = world.village(&format!("claims/{}/cures", first.unwrap()));
    let grid = world.sign_in("collector").await;
    grid.post(&path, json!({"reason": "已清理"})).await.expect(201);
    let list = queue.get(&world.village("claims?state=certified")).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(list["items"][0]["granted_points"], "5");
}

#[actix_web::test]
async fn a_relative_is_credited_where_the_tie_is_declared() {
    use domain::kin::Kin;
    use domain::rule_book::{Beneficiary, Item, ItemKind};
    let world = World::new().await;
    testing::claims::db_book(&world, |book| {
        book.claim_way.notice_days = 0;
        let relations = [Kin::Spouse, Kin::Child, Kin::Parent, Kin::Other].into();
        book.items.push(Item {
            beneficiary: Beneficiary::Relative { relations },
            ..super::item("BURIAL", ItemKind::Award, super::fixed(10))
        });
    });
    let villager = world.sign_in("villager").await;
    let doer = json!({"doer_id": world.demo.villagers["neighbour"]});
    let body = testing::claims::deed(&world, &villager, "villager", "BURIAL", doer.clone()).await;
    let path = world.village("claims");
    villager.post(&path, body).await.expect_problem(422, "relative_invalid");
    let body = testing::claims::deed(&world, &villager, "villager", "BURIAL", json!({})).await;
    villager.post(&path, body).await.expect_problem(422, "relative_invalid");
    db_kin(&world, "villager", "neighbour");
    let claim = declare(&world, "villager", "BURIAL", doer).await;
    assert_eq!(shown(&world, &claim).await["doer_id"], json!(world.demo.villagers["neighbour"]));
    assert_eq!(certify(&world, &claim).await["granted_points"], "10");
    assert_eq!(points_of(&world, 1).await, "10");
}

#[actix_web::test]
async fn a_score_is_explained_entry_by_entry_and_says_what_is_missing_for_the_next_star() {
    let world = World::new().await;
    db_engine_book(&world);
    let lower = declare(&world, "villager", "HONOUR-V", json!({})).await;
    certify(&world, &lower).await;
    let higher =
        declare(&world, "villager", "HONOUR", json!({"choice": "town", "same_deed_as": lower}))
            .await;
    certify(&world, &higher).await;
    let villager = world.sign_in("villager").await;
    let home = world.demo.households[&1];
    let score = world.village(&format!("households/{home}/score"));
    let told = villager.get(&format!("{score}/explanation")).await.expect(200);
    let score = villager.get(&score).await.expect(200);
    assert_eq!((&told["score"], &told["stars"]), (&json!("65"), &score["stars"]));
    let reasons = told["reasons"].as_array().unwrap();
    let words: Vec<_> = reasons.iter().map(|one| one["words"].as_str().unwrap()).collect();
    assert_eq!(words[0], "基础分60分");
    let joined = words.join("\n");
    for part in ["+3分", "-3分,冲销", "+5分", "代替原来的3分", "为1星;再得5分为2星"]
    {
        assert!(joined.contains(part), "{part} in\n{joined}");
    }
    // What counts adds up to the score.
    let points = |one: &serde_json::Value| one["points"].as_str().unwrap().parse::<i64>().unwrap();
    let entries = reasons.iter().filter(|one| one["counts"] == true);
    assert_eq!(60 + entries.map(points).sum::<i64>(), 65);
}

#[actix_web::test]
async fn what_a_lower_award_gave_and_was_spent_is_not_given_again_by_the_higher() {
    let world = World::new().await;
    db_engine_book(&world);
    let lower = declare(&world, "villager", "HONOUR-V", json!({})).await;
    certify(&world, &lower).await;
    // All three are spent.
    let home = world.demo.households[&1];
    db_entry(&world, home, Purse::Points, "-3", today(&world), world.clock.now());
    assert_eq!(points_of(&world, 1).await, "0");
    let same = json!({"choice": "county", "same_deed_as": lower});
    let higher = declare(&world, "villager", "HONOUR", same).await;
    assert_eq!(certify(&world, &higher).await["granted_points"], "20");
    assert_eq!(points_of(&world, 1).await, "17");
    conserved(&world).await;
}
