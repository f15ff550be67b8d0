//! Two people set when a village brakes, and everybody reads on the notice board that it does.

use chrono::Days;
use domain::ledger::Purse;
use domain::points::Fen;
use serde_json::{Value, json};
use testing::World;
use testing::claims::{db_book, today};
use testing::fund::{CHECKER, MAKER, account, book, brakes_by};
use testing::notices::{close, db_count, tick};
use testing::ratings::db_entry;

fn policy(issued_bp: u16) -> Value {
    json!({"warn_below_bp": 10_000, "brake_below_bp": 5_000, "issued_bp": issued_bp, "notice_days": 7})
}

#[actix_web::test]
async fn one_proposes_another_confirms_and_the_log_says_what_was_before() {
    let world = World::new().await;
    let path = world.village("fund/brake");
    let (maker, checker) = (world.sign_in(MAKER).await, world.sign_in(CHECKER).await);
    let first = maker.put(&path, policy(4_000)).await.expect(200);
    let shown = maker.get(&path).await.expect(200);
    assert_eq!((&shown["policy"], &shown["proposed"]), (&Value::Null, &first));
    assert_eq!(first["policy"], policy(4_000));
    // Nothing is looked at before it holds.
    assert_eq!(db_count(&world, "SELECT count(*) FROM brake_looks").await, 0);
    let confirm = format!("{path}/confirmation");
    let of = |proposed: &Value| json!({"policy_id": proposed["policy_id"]});
    maker.post(&confirm, of(&first)).await.expect_problem(403, "checker_is_maker");
    world
        .sign_in("villager")
        .await
        .post(&confirm, of(&first))
        .await
        .expect_problem(403, "forbidden");
    // A newer proposal stands in its place, by whoever.
    let second = checker.put(&path, policy(5_000)).await.expect(200);
    checker.post(&confirm, of(&first)).await.expect_problem(409, "brake_policy_not_waiting");
    assert_eq!(maker.post(&confirm, of(&second)).await.expect(200), policy(5_000));
    maker.post(&confirm, of(&second)).await.expect_problem(409, "brake_policy_not_waiting");
    let shown = maker.get(&path).await.expect(200);
    assert_eq!((&shown["policy"], &shown["proposed"]), (&policy(5_000), &Value::Null));

    brakes_by(&world, policy(6_000)).await;
    let log = maker.get(&world.village("audit-log")).await.expect(200);
    assert_eq!(log["items"][0]["action"], "brake_policy_confirm");
    let detail = &log["items"][0]["detail"];
    assert_eq!((&detail["before"], &detail["after"]), (&policy(5_000), &policy(6_000)));
}

#[actix_web::test]
async fn a_brake_hangs_on_the_notice_board_until_it_begins() {
    let world = World::new().await;
    db_book(&world, |book| book.exchange_value_fen = Some(Fen::new(100)));
    let home = world.demo.households[&2];
    db_entry(&world, home, Purse::Points, "1000", today(&world), world.clock.now());
    let fund = account(&world, "信用基金专户").await;
    book(&world, &fund, json!({"amount_fen": 40_000})).await;
    brakes_by(&world, policy(4_000)).await;
    tick(&world).await;
    let from = today(&world) + Days::new(8);
    let elder = world.sign_in("villager").await;
    let board = elder.get(&world.village("notices")).await.expect(200);
    let notice = &board["items"][0];
    assert_eq!((&notice["kind"], &notice["lines"]), (&json!("brake"), &json!(1)));
    let id = notice["id"].as_str().unwrap();
    assert!(notice["closes_at"].as_str().unwrap().starts_with(&from.to_string()), "{notice}");
    let lines = elder.get(&world.village(&format!("notices/{id}/lines"))).await.expect(200);
    let line = json!({"kind": "brake", "from": from, "until": null, "issued_bp": 4_000,
        "held_fen": 40_000, "owed_fen": 100_000});
    assert_eq!(lines["items"], json!([line]));
    close(&world, id).await;
    let elder = world.sign_in("villager").await;
    let gone = elder.get(&world.village(&format!("notices/{id}"))).await.expect(200);
    assert!(gone["closed_at"].is_string());
}
