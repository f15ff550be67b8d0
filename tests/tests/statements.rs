//! The statement of a household, its score, and the check of the ledger.

use serde_json::json;
use testing::World;
use testing::notices::{db_certified_claim, db_run, publish_and_close};

#[actix_web::test]
async fn every_entry_says_what_for_how_much_and_why() {
    let world = World::new().await;
    db_certified_claim(&world, "villager", "ENV-1", 2).await;
    publish_and_close(&world).await;
    let villager = world.sign_in("villager").await;
    let home = world.demo.households[&1];
    let path = world.village(&format!("households/{home}/statement"));
    let page = villager.get(&path).await.expect(200);
    let (points, score) = (&page["items"][0], &page["items"][1]);
    assert_eq!((&points["purse"], &score["purse"]), (&json!("points"), &json!("score")));
    assert_eq!(points["amount"], json!({"points": "2"}));
    assert_eq!(points["balance_after"], json!({"points": "2"}));
    assert_eq!(points["title"], "参加村组公共区域清扫");
    assert_eq!((&points["notice_number"], &points["rule_book_number"]), (&json!(1), &json!(1)));
    let day = points["happened_on"].as_str().unwrap();
    let said = format!(
        "参加村组公共区域清扫:可用积分+2分,余2分。{day}的事项;按积分细则第1版;经第1号公示。"
    );
    assert_eq!(points["words"], json!(said));
    let by_account = format!("{path}?account_id={home}");
    assert_eq!(villager.get(&by_account).await.expect(200), page);
    let foreign = format!("{path}?account_id={}", world.demo.households[&2]);
    villager.get(&foreign).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn a_statement_is_for_the_household_and_those_who_answer_for_it() {
    let world = World::new().await;
    let home = world.demo.households[&1];
    for what in ["statement", "score"] {
        let path = world.village(&format!("households/{home}/{what}"));
        for (key, status) in [
            ("villager", 200),
            ("villager-son", 200),
            ("village-admin", 200),
            ("town-officer", 200),
            ("neighbour", 403),
            ("collector", 403),
            ("other-admin", 404),
            ("merchant-clerk", 404),
        ] {
            let answer = world.sign_in(key).await.read(&path).await;
            assert_eq!(answer.status.as_u16(), status, "{key} {what}");
        }
        world.anonymous().get(&path).await.expect_problem(401, "sign_in_needed");
        let nowhere = world.village(&format!("households/{}/{what}", world.demo.village));
        let admin = world.sign_in("village-admin").await;
        admin.get(&nowhere).await.expect_problem(404, "not_found");
    }
}

#[actix_web::test]
async fn a_statement_comes_by_pages_without_a_gap() {
    let world = World::new().await;
    testing::notices::db_many_certified_claims(&world, 60).await;
    publish_and_close(&world).await;
    let villager = world.sign_in("villager").await;
    let home = world.demo.households[&1];
    let path = world.village(&format!("households/{home}/statement"));
    let (mut versions, mut next) = (Vec::new(), format!("{path}?limit=3"));
    loop {
        let page = villager.get(&next).await.expect(200);
        let items = page["items"].as_array().unwrap();
        versions.extend(items.iter().map(|entry| entry["account_version"].as_i64().unwrap()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("{path}?limit=3&cursor={cursor}");
    }
    let newest = versions[0];
    assert!(newest > 3);
    assert_eq!(versions, (1..=newest).rev().collect::<Vec<_>>());
}

#[actix_web::test]
async fn a_score_is_base_and_entries_of_its_cycle() {
    let world = World::new().await;
    let cycle = testing::ratings_on_notice::cycle_of(world.clock.now()).to_string();
    db_certified_claim(&world, "villager", "FAM-1", 20).await;
    db_certified_claim(&world, "villager", "ENV-9", 3).await;
    publish_and_close(&world).await;
    let villager = world.sign_in("villager").await;
    let home = world.demo.households[&1];
    let path = world.village(&format!("households/{home}/score"));
    let score = villager.get(&format!("{path}?cycle={cycle}")).await.expect(200);
    assert_eq!((&score["base"], &score["entries_sum"]), (&json!("60"), &json!("17")));
    assert_eq!((&score["score"], &score["stars"]), (&json!("77"), &json!(2)));
    assert_eq!(score["entries"].as_array().unwrap().len(), 2);
    assert!(score["entries"][0]["words"].as_str().unwrap().starts_with("乱倒垃圾、污水"));
    let past = villager.get(&format!("{path}?cycle=2020-Q1")).await.expect(200);
    assert_eq!((&past["score"], &past["entries"]), (&json!("60"), &json!([])));
    villager.get(&format!("{path}?cycle=2026")).await.expect_problem(422, "cycle_wrong_kind");
    villager.get(&format!("{path}?cycle=spring")).await.expect_problem(400, "bad_query");
}

#[actix_web::test]
async fn a_check_finds_a_balance_that_nobody_posted() {
    let world = World::new().await;
    db_certified_claim(&world, "villager", "ENV-1", 2).await;
    publish_and_close(&world).await;
    let path = world.village("ledger/check");
    let admin = world.sign_in("village-admin").await;
    let check = admin.get(&path).await.expect(200);
    assert_eq!((&check["conserved"], &check["differing_count"]), (&json!(true), &json!(0)));
    let points = check["purses"].as_array().unwrap().iter().find(|p| p["purse"] == "points");
    let points = points.unwrap();
    assert_eq!(points["balances"], json!({"points": "2"}));
    assert_eq!(points["counters"], json!([{"counter": "issue", "sum": {"points": "2"}}]));
    let home = world.demo.households[&2];
    db_run(&world, format!("UPDATE accounts SET points = 100 WHERE id = '{home}'")).await;
    let check = admin.get(&path).await.expect(200);
    assert_eq!(
        (&check["conserved"], &check["differing_accounts"]),
        (&json!(false), &json!([home]))
    );
    let villager = world.sign_in("villager").await;
    villager.get(&path).await.expect_problem(403, "forbidden");
    let stranger = world.sign_in("other-admin").await;
    stranger.get(&path).await.expect_problem(404, "not_found");
}
