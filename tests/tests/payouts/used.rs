//! The points that a dividend uses up: those it was paid for, as far as they are there, with the money.

use domain::calendar::day_of;
use domain::ledger::Purse;
use serde_json::json;
use testing::World;
use testing::ledger::{conserved, points_of};
use testing::notices::db_run;
use testing::payouts::{dividend_in, drafted, earned, fund, in_effect, lines, pay};
use testing::ratings::db_entry;

/// A dividend for a day that uses points up, in effect.
async fn using(world: &World, day: chrono::NaiveDate, fen: i64) -> String {
    let mut body = dividend_in(day, fen);
    body["uses_up_points"] = json!(true);
    let payout = drafted(world, "dividends", body).await;
    in_effect(world, &payout).await;
    payout
}

#[actix_web::test]
async fn no_points_go_before_the_money_is_there() {
    let world = World::new().await;
    let account = fund(&world, 100).await;
    let day = earned(&world, &[("villager", 3)]).await;
    let payout = using(&world, day, 600).await;
    assert_eq!(points_of(&world, 1).await, "3", "it holds, and is not paid");
    pay(&world, "village-admin-2", &payout, Some(&account))
        .await
        .expect_problem(422, "fund_too_low");
    assert_eq!(points_of(&world, 1).await, "3");
    let full = fund(&world, 5_000).await;
    pay(&world, "village-admin-2", &payout, Some(&full)).await.expect(201);
    assert_eq!(points_of(&world, 1).await, "0");
    conserved(&world).await;
}

#[actix_web::test]
async fn points_that_came_later_are_not_used_up_for_those_that_were_spent() {
    let world = World::new().await;
    let account = fund(&world, 5_000).await;
    let day = earned(&world, &[("villager", 4)]).await;
    let home = world.home_of("villager");
    let now = world.clock.now();
    db_entry(&world, home, Purse::Points, "-3", day_of(now), now);
    let payout = using(&world, day, 600).await;
    earned(&world, &[("villager", 6)]).await;
    pay(&world, "village-admin-2", &payout, Some(&account)).await.expect(201);
    assert_eq!(points_of(&world, 1).await, "6", "one of the four was left, and went");
    assert_eq!(lines(&world, &payout).await[0]["used_up_points"], "1");
    conserved(&world).await;
}

#[actix_web::test]
async fn of_a_day_on_which_issuance_was_braked_only_what_was_issued_is_used_up() {
    let world = World::new().await;
    let account = fund(&world, 5_000).await;
    let (village, today) = (world.demo.village, day_of(world.clock.now()));
    let brake = uuid::Uuid::now_v7();
    let braked = format!(
        "INSERT INTO brakes VALUES ('{village}', '{brake}', '{today}', '{today}', 4000, 0, 1, now(), \
         now())"
    );
    db_run(&world, braked).await;
    let day = earned(&world, &[("villager", 5)]).await;
    assert_eq!(points_of(&world, 1).await, "2", "four tenths of five");
    earned(&world, &[("villager", 5)]).await;
    let payout = using(&world, day, 600).await;
    assert_eq!(lines(&world, &payout).await[0]["points"], "5", "the weight is what was done");
    pay(&world, "village-admin-2", &payout, Some(&account)).await.expect(201);
    assert_eq!(points_of(&world, 1).await, "5");
    assert_eq!(lines(&world, &payout).await[0]["used_up_points"], "2");
    conserved(&world).await;
}
