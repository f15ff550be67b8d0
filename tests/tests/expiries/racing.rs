//! Several workers at once, and workers that are killed: every account loses its points once.

use std::time::Duration;

use actix_web::rt::time::sleep;
use actix_web::web::block;
use diesel::connection::SimpleConnection;
use infra::worker;
use testing::World;
use testing::notices::{db_count, db_run, tick};
use testing::shops::assert_conserved;

use super::{RESET, december, earn, go_to, on, points};

/// More households than one batch takes, each with 10 points.
async fn many_households(world: &World) {
    let (village, now) = (world.demo.village, world.clock.now());
    for statement in [
        "INSERT INTO households (village_id, id, number, recorded_at) \
         SELECT 'VILLAGE', gen_random_uuid(), 'X' || n, 'NOW' FROM generate_series(1, 450) AS n",
        "INSERT INTO accounts (village_id, id, household_id, points, version, alias) \
         SELECT village_id, id, id, 1000, 1, decode(md5(number), 'hex') FROM households \
         WHERE number LIKE 'X%'",
        "INSERT INTO entries (village_id, id, account_id, account_version, purse, amount, \
             balance_after, counter, source, source_id, source_posting, happened_on, recorded_at) \
         SELECT village_id, gen_random_uuid(), id, 1, 2, 1000, 1000, 1, 1, gen_random_uuid(), 0, \
             'NOW', 'NOW' FROM households WHERE number LIKE 'X%'",
    ] {
        let statement = statement.replace("VILLAGE", &village.to_string());
        db_run(world, statement.replace("NOW", &now.to_rfc3339())).await;
    }
}

const EXPIRIES: &str = "SELECT count(*) FROM entries WHERE counter = 5";
const ACCOUNTS: &str = "SELECT count(DISTINCT account_id) FROM entries WHERE counter = 5";
const LEFT: &str = "SELECT coalesce(sum(points), 0)::bigint AS count FROM accounts";
const FINISHED: &str = "SELECT count(*) FROM expiries WHERE finished_at IS NOT NULL \
    AND accounts = 450 AND points = 450000";
const WAITING: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
    AND wait_event_type = 'Lock'";

#[actix_web::test]
async fn many_workers_at_once_let_the_points_of_every_account_run_out_once() {
    let (world, year) = december(RESET).await;
    many_households(&world).await;
    go_to(&world, on(year + 1, 2, 1));
    let rounds = futures_util::future::join_all((0..6).map(|_| tick(&world))).await;
    let mut expired: usize = rounds.iter().map(|ticked| ticked.expired).sum();
    // Who found the year in other hands left it alone; the next round does what is left.
    expired += tick(&world).await.expired;
    assert_eq!(expired, 450);
    assert_eq!(db_count(&world, EXPIRIES).await, 450);
    assert_eq!(db_count(&world, ACCOUNTS).await, 450);
    assert_eq!(db_count(&world, LEFT).await, 0);
    assert_eq!(db_count(&world, FINISHED).await, 1);
    let recorded = "SELECT count(*) FROM audit_log WHERE action = 'points_expire'";
    assert_eq!(db_count(&world, recorded).await, 1);
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_worker_killed_between_two_accounts_is_followed_by_one_that_ends_the_year_the_same() {
    let (world, year) = december(RESET).await;
    many_households(&world).await;
    go_to(&world, on(year + 1, 2, 1));
    // Somebody holds the last account, so that the worker stops in its third batch.
    let mut holder = world.connect();
    holder
        .batch_execute(
            "BEGIN; SELECT 1 FROM accounts WHERE points > 0 ORDER BY id DESC LIMIT 1 FOR UPDATE",
        )
        .expect("a lock");
    let (db, now) = (world.db.clone(), world.clock.now());
    let killed = actix_web::rt::spawn(block(move || worker::tick(&db, now)));
    // It tries once more on another connection.
    for _ in 0..2 {
        for _ in 0..200 {
            if db_count(&world, WAITING).await == 1 {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
        // Others leave the year alone instead of waiting.
        assert_eq!(tick(&world).await.expired, 0);
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        db_run(&world, kill.into()).await;
        sleep(Duration::from_millis(100)).await;
    }
    let killed = killed.await.unwrap().unwrap();
    assert_eq!((killed.expired, killed.failures.len()), (400, 1), "{:?}", killed.failures);
    assert_eq!(db_count(&world, EXPIRIES).await, 400);
    assert_eq!(db_count(&world, LEFT).await, 50_000);
    assert_eq!(db_count(&world, FINISHED).await, 0);
    assert_conserved(&world);
    holder.batch_execute("ROLLBACK").unwrap();
    assert_eq!(tick(&world).await.expired, 50);
    assert_eq!(db_count(&world, ACCOUNTS).await, 450);
    assert_eq!(db_count(&world, LEFT).await, 0);
    assert_eq!(db_count(&world, FINISHED).await, 1);
    assert_conserved(&world);
}

#[actix_web::test]
async fn whose_points_ran_out_is_never_below_zero_even_if_the_row_of_the_year_is_lost() {
    let (world, year) = december(RESET).await;
    earn(&world, 1, "10");
    go_to(&world, on(year + 1, 2, 1));
    assert_eq!(tick(&world).await.expired, 1);
    earn(&world, 1, "2");
    // As if a backup had been put back that knew the entries and not the year.
    db_run(&world, format!("DELETE FROM expiries WHERE year = {}", year + 1)).await;
    let again =
        format!("UPDATE expiries SET finished_at = NULL, expired_after = NULL WHERE year = {year}");
    db_run(&world, again).await;
    assert_eq!(tick(&world).await.expired, 0);
    assert_eq!(points(&world).await["points"], "2");
    assert_conserved(&world);
}
