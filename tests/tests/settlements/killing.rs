//! Many workers at once, and workers that are killed: every month is closed once.

use std::time::Duration;

use actix_web::rt::time::sleep;
use actix_web::web::block;
use diesel::connection::SimpleConnection;
use infra::worker;
use testing::notices::{db_count, db_run, tick};
use testing::settlements::Months;

const STATEMENTS: &str = "SELECT count(*) FROM settlements";
const RECORDED: &str = "SELECT count(*) FROM audit_log WHERE action = 'settlement_close_month'";

#[actix_web::test]
async fn many_workers_at_once_close_a_month_once() {
    let months = Months::begin().await;
    tick(&months.world).await;
    let before = db_count(&months.world, RECORDED).await;
    months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    let rounds = futures_util::future::join_all((0..6).map(|_| tick(&months.world))).await;
    let mut made: usize = rounds.iter().map(|ticked| ticked.statements).sum();
    made += tick(&months.world).await.statements;
    assert_eq!(made, 1);
    assert_eq!(db_count(&months.world, STATEMENTS).await, 1);
    // One for each of the two villages.
    assert_eq!(db_count(&months.world, RECORDED).await - before, 2);
}

#[actix_web::test]
async fn a_worker_killed_in_the_middle_of_a_close_leaves_nothing_and_the_next_closes_it_the_same() {
    let months = Months::begin().await;
    tick(&months.world).await;
    let world = &months.world;
    months.buy("villager", 12_850).await;
    let bought = months.buy("neighbour", 10_000).await;
    months.refund(&bought).await;
    months.go_to_close(months.month);
    // Somebody outside has the very statement half written, so that the worker has summed everything and
    // waits in the middle of writing.
    let mut holder = world.connect();
    let hold = format!(
        "BEGIN; INSERT INTO settlements SELECT (s).* FROM (SELECT jsonb_populate_record( \
            NULL::settlements, (SELECT jsonb_object_agg(column_name, 0) \
                FROM information_schema.columns WHERE table_name = 'settlements' \
                AND data_type IN ('bigint', 'integer')) || jsonb_build_object( \
            'village_id', '{}', 'id', gen_random_uuid(), 'party', 'merchant', 'party_id', '{}', \
            'month', '{}', 'state', 'open', 'dispute', 'none', 'made_at', now())) AS s) AS o",
        world.demo.village, world.demo.merchant, months.month
    );
    holder.batch_execute(&hold).expect("a row");
    let (db, now) = (world.db.clone(), world.clock.now());
    let killed = actix_web::rt::spawn(block(move || worker::tick(&db, now)));
    // It tries once more on another connection.
    for _ in 0..2 {
        months.until_waiting().await;
        // Others leave the villages alone instead of waiting.
        assert_eq!(tick(world).await.statements, 0);
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        db_run(world, kill.into()).await;
        sleep(Duration::from_millis(100)).await;
    }
    let killed = killed.await.unwrap().unwrap();
    assert_eq!(killed.statements, 0);
    assert!(!killed.failures.is_empty());
    holder.batch_execute("ROLLBACK").expect("released");
    assert_eq!(db_count(world, STATEMENTS).await, 0);
    assert_eq!(tick(world).await.statements, 1);
    let made = months.statement(months.month).await;
    assert_eq!((&made["sales"]["count"], &made["due_fen"]), (&2.into(), &1_028.into()));
    assert_eq!(made["refunds"]["owed_fen"], 400);
    assert_eq!(tick(world).await.statements, 0);
    assert_eq!(db_count(world, STATEMENTS).await, 1);
}
