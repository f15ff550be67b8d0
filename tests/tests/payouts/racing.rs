//! Two at once, and programs that are killed: what happens happens once.

use std::time::Duration;

use actix_web::rt::time::sleep;
use diesel::connection::SimpleConnection;
use serde_json::json;
use testing::World;
use testing::ledger::conserved;
use testing::notices::{db_count, db_run};
use testing::payouts::{
    besides, comes_out_the_same, dividend_in, drafted, earned, fund, fund_holds, in_effect, parts,
    pay, state,
};

const WAITING: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
    AND wait_event_type = 'Lock'";
const KILL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// Kills whoever waits for a lock, as often as it is tried.
async fn kill_twice(world: &World) {
    for _ in 0..2 {
        for _ in 0..200 {
            if db_count(world, WAITING).await >= 1 {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
        db_run(world, KILL.into()).await;
        sleep(Duration::from_millis(100)).await;
    }
}

#[actix_web::test]
async fn of_two_who_pay_at_once_one_does_and_the_money_leaves_the_fund_once() {
    let world = World::new().await;
    let account = fund(&world, 5_000).await;
    let day = earned(&world, &[("villager", 3)]).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 600)).await;
    in_effect(&world, &payout).await;
    world.warm_up().await;
    let (a, b) = tokio::join!(
        pay(&world, "village-admin-2", &payout, Some(&account)),
        pay(&world, "town-officer", &payout, Some(&account)),
    );
    let mut codes = [(a.status.as_u16(), a.code()), (b.status.as_u16(), b.code())];
    codes.sort_unstable();
    assert_eq!(codes, [(201, ""), (409, "payout_state")]);
    assert_eq!(fund_holds(&world, &account).await, 4_400);
    let vouchers = "SELECT count(*) FROM fund_vouchers WHERE settles_id IS NOT NULL";
    assert_eq!(db_count(&world, vouchers).await, 1);
    // A fund that holds too little pays nothing.
    let second = besides(dividend_in(day, 9_000), &[&payout]);
    let second = drafted(&world, "dividends", second).await;
    in_effect(&world, &second).await;
    pay(&world, "village-admin-2", &second, Some(&account))
        .await
        .expect_problem(422, "fund_too_low");
    assert_eq!(state(&world, &second).await, "effective");
}

#[actix_web::test]
async fn a_program_killed_while_it_reckons_leaves_nothing_and_the_next_try_does_it() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 3), ("neighbour", 1)]).await;
    let mut holder = world.connect();
    holder.batch_execute("BEGIN; LOCK TABLE payout_lines IN EXCLUSIVE MODE").expect("a lock");
    let admin = world.sign_in("village-admin").await;
    let (path, key) = (world.village("dividends"), uuid::Uuid::now_v7().to_string());
    let (client, to, with) = (admin.clone(), path.clone(), key.clone());
    let killed = actix_web::rt::spawn(async move {
        client.post_with_key(&to, dividend_in(day, 400), &with).await
    });
    kill_twice(&world).await;
    killed.await.expect("an answer").expect_problem(503, "unavailable");
    holder.batch_execute("ROLLBACK").expect("the lock goes");
    assert_eq!(db_count(&world, "SELECT count(*) FROM payouts").await, 0);
    let made = admin.post_with_key(&path, dividend_in(day, 400), &key).await.expect(201);
    let payout = world.village(&format!("payouts/{}", made["id"].as_str().expect("an id")));
    assert_eq!(parts(&world, &payout, &["001", "002"]).await, [300, 100]);
    assert_eq!(db_count(&world, "SELECT count(*) FROM payouts").await, 1);
}

#[actix_web::test]
async fn a_program_killed_while_it_pays_takes_no_points_and_no_money_and_the_next_try_takes_both() {
    let world = World::new().await;
    let account = fund(&world, 5_000).await;
    let day = earned(&world, &[("villager", 3), ("neighbour", 1)]).await;
    let mut body = dividend_in(day, 400);
    body["uses_up_points"] = json!(true);
    let payout = drafted(&world, "dividends", body).await;
    in_effect(&world, &payout).await;
    // Points are taken before the lines are written: it stops in between.
    let mut holder = world.connect();
    holder.batch_execute("BEGIN; LOCK TABLE payout_lines IN EXCLUSIVE MODE").expect("a lock");
    let checker = world.sign_in("village-admin-2").await;
    let key = uuid::Uuid::now_v7().to_string();
    let body = json!({"fund_account_id": account, "document": "支2026-009"});
    let (client, to, said, with) =
        (checker.clone(), format!("{payout}/payments"), body.clone(), key.clone());
    let killed = actix_web::rt::spawn(async move { client.post_with_key(&to, said, &with).await });
    kill_twice(&world).await;
    killed.await.expect("an answer").expect_problem(503, "unavailable");
    let taken = "SELECT count(*) FROM entries WHERE counter = 8";
    assert_eq!(db_count(&world, taken).await, 0);
    assert_eq!(fund_holds(&world, &account).await, 5_000);
    assert_eq!(state(&world, &payout).await, "effective");
    holder.batch_execute("ROLLBACK").expect("the lock goes");
    checker.post_with_key(&format!("{payout}/payments"), body, &key).await.expect(201);
    assert_eq!(db_count(&world, taken).await, 2);
    assert_eq!(fund_holds(&world, &account).await, 4_600);
    comes_out_the_same(&world, &payout).await;
    conserved(&world).await;
}
