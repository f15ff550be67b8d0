//! What counts for a dividend, and that it can be reckoned again.

use chrono::Days;
use domain::calendar::day_of;
use serde_json::json;
use testing::World;
use testing::ledger::{conserved, points_of};
use testing::notices::{db_certified_claim, db_count, publish_and_close};
use testing::payouts::{
    besides, comes_out_the_same, dividend_in, drafted, earned, fund, in_effect, lines, parts, pay,
};
use testing::ratings::db_adopt;

#[actix_web::test]
async fn what_was_struck_is_no_weight_and_what_comes_later_changes_nothing() {
    let world = World::new().await;
    let day = day_of(world.clock.now());
    let struck = db_certified_claim(&world, "villager", "ENV-1", 4).await;
    db_certified_claim(&world, "villager", "ELD-1", 1).await;
    db_certified_claim(&world, "neighbour", "ENV-1", 1).await;
    publish_and_close(&world).await;
    let first = drafted(&world, "dividends", dividend_in(day, 600)).await;
    assert_eq!(parts(&world, &first, &["001", "002"]).await, [500, 100]);

    // The household appeals against what it should not have got, and it is struck.
    let villager = world.sign_in("villager").await;
    let body = json!({"claim_id": struck, "text": "那天是邻居去的。"});
    let raised = villager.post(&world.village("appeals"), body).await.expect(201);
    let answers = world.village(&format!("objections/{}/answers", raised["id"].as_str().unwrap()));
    let admin = world.sign_in("village-admin").await;
    admin.post(&answers, json!({"outcome": "struck", "text": "属实。"})).await.expect(201);
    // What was reckoned before comes out as it was, and what is reckoned now without it.
    comes_out_the_same(&world, &first).await;
    assert_eq!(parts(&world, &first, &["001", "002"]).await, [500, 100]);
    let second = besides(dividend_in(day, 600), &[&first]);
    let second = drafted(&world, "dividends", second).await;
    assert_eq!(parts(&world, &second, &["001", "002"]).await, [300, 300]);
    comes_out_the_same(&world, &second).await;
}

#[actix_web::test]
async fn deductions_lower_a_weight_only_by_the_terms_and_items_that_do_not_count_never_do() {
    let world = World::new().await;
    let today = day_of(world.clock.now());
    db_adopt(&world, world.demo.village, today + Days::new(1), |book| {
        for item in &mut book.items {
            if item.code == "LAW-9" {
                item.counts_for = [domain::rule_book::CountsFor::Dividend].into();
            }
            if item.code == "IND-1" {
                item.counts_for.clear();
            }
        }
    });
    world.clock.advance(86_400);
    let day = today + Days::new(1);
    db_certified_claim(&world, "villager", "ENV-1", 4).await;
    db_certified_claim(&world, "villager", "LAW-9", 3).await;
    db_certified_claim(&world, "neighbour", "ENV-1", 1).await;
    // No weight, whatever the terms: they add to the score alone.
    db_certified_claim(&world, "neighbour", "IND-1", 6).await;
    db_certified_claim(&world, "neighbour", "ENV-9", 1).await;
    publish_and_close(&world).await;
    let ignored = drafted(&world, "dividends", dividend_in(day, 500)).await;
    assert_eq!(parts(&world, &ignored, &["001", "002"]).await, [400, 100]);
    let mut lower = dividend_in(day, 500);
    lower["deductions"] = json!("lower");
    let lower = drafted(&world, "dividends", besides(lower, &[&ignored])).await;
    assert_eq!(parts(&world, &lower, &["001", "002"]).await, [250, 250]);
    comes_out_the_same(&world, &lower).await;
}

#[actix_web::test]
async fn whole_yuan_are_paid_without_coins_and_sum_to_the_pool() {
    let world = World::new().await;
    let list = [("villager", 1), ("neighbour", 1), ("elder", 1)];
    let day = earned(&world, &list).await;
    let mut body = dividend_in(day, 10_000);
    body["paid_in"] = json!("whole_yuan");
    let payout = drafted(&world, "dividends", body).await;
    let found = parts(&world, &payout, &["001", "002", "003"]).await;
    assert_eq!(found, [3_400, 3_300, 3_300], "of equals the lower household number comes first");
}

#[actix_web::test]
async fn points_are_used_up_only_if_the_assembly_resolved_so() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 3), ("neighbour", 1)]).await;
    let account = fund(&world, 5_000).await;
    let kept = drafted(&world, "dividends", dividend_in(day, 400)).await;
    in_effect(&world, &kept).await;
    pay(&world, "village-admin-2", &kept, Some(&account)).await.expect(201);
    assert_eq!(points_of(&world, 1).await, "3");
    let taken = "SELECT count(*) FROM entries WHERE counter = 8";
    assert_eq!(db_count(&world, taken).await, 0);

    let mut body = dividend_in(day, 400);
    body["uses_up_points"] = json!(true);
    let used = drafted(&world, "dividends", besides(body, &[&kept])).await;
    in_effect(&world, &used).await;
    pay(&world, "village-admin-2", &used, Some(&account)).await.expect(201);
    assert_eq!((points_of(&world, 1).await, points_of(&world, 2).await), ("0".into(), "0".into()));
    assert_eq!(db_count(&world, taken).await, 2);
    assert_eq!(lines(&world, &used).await[0]["used_up_points"], "3");
    conserved(&world).await;
    // The score is what it was, so that the weight is too.
    comes_out_the_same(&world, &used).await;
    let home = world.home_of("villager");
    let statement = world.village(&format!("households/{home}/statement"));
    let villager = world.sign_in("villager").await;
    let words = villager.get(&statement).await.expect(200)["items"][0]["words"].clone();
    assert!(words.as_str().unwrap().contains("分红"), "{words}");
}
