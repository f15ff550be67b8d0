//! What the village owes against what the fund holds.

use domain::ledger::Purse;
use domain::points::Fen;
use serde_json::json;
use testing::World;
use testing::claims::{db_book, today};
use testing::fund::{account, book, coverage};
use testing::ratings::db_entry;

#[actix_web::test]
async fn everybody_sees_what_is_owed_and_how_far_the_fund_covers_it() {
    let world = World::new().await;
    db_book(&world, |book| book.exchange_value_fen = Some(Fen::new(32)));
    let before = coverage(&world).await;
    assert_eq!((&before["held_fen"], &before["points"]), (&json!(0), &json!("0")));

    let (home, now) = (world.demo.households[&1], world.clock.now());
    db_entry(&world, home, Purse::Points, "1000.50", today(&world), now);
    let fund = account(&world, "信用基金专户").await;
    book(&world, &fund, json!({"amount_fen": 16_008})).await;
    let after = coverage(&world).await;
    assert_eq!(after["points"], "1000.5");
    // 1,000.50 points at 32 fen, rounded down.
    assert_eq!(after["points_worth_fen"], 32_016);
    let credit = before["star_credit_fen"].as_i64().unwrap();
    assert_eq!(after["owed_fen"], 32_016 + credit);
    let share = 16_008 * 10_000 / (32_016 + credit);
    assert_eq!((&after["held_fen"], &after["coverage_bp"]), (&json!(16_008), &json!(share)));
}

#[actix_web::test]
async fn where_points_buy_nothing_they_are_no_liability() {
    let world = World::new().await;
    db_book(&world, |book| book.exchange_value_fen = None);
    let home = world.demo.households[&1];
    db_entry(&world, home, Purse::Points, "500", today(&world), world.clock.now());
    let found = coverage(&world).await;
    assert_eq!((&found["points"], &found["points_worth_fen"]), (&json!("500"), &json!(0)));
}

#[actix_web::test]
async fn nobody_from_elsewhere_sees_a_fund() {
    let world = World::new().await;
    let path = world.village("fund/coverage");
    world.sign_in("other-admin").await.get(&path).await.expect_problem(404, "not_found");
    world.sign_in("merchant-owner").await.get(&path).await.expect_problem(404, "not_found");
    world.anonymous().get(&path).await.expect_problem(401, "sign_in_needed");
}
