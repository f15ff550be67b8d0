//! The background worker: exactly once, whoever works and whatever is killed.

use std::time::Duration;

use actix_web::rt::time::sleep;
use actix_web::web::block;
use diesel::connection::SimpleConnection;
use infra::worker;
use testing::World;
use testing::ledger::conserved;
use testing::notices::{
    close, db_certified_claim, db_count, db_many_certified_claims, db_run, publish,
    publish_and_close, tick, tick_at,
};

const WAITING: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
    AND wait_event_type = 'Lock'";
const ENTRIES: &str = "SELECT count(*) FROM entries";

/// Somebody outside who holds a household's account, so that whoever posts to it has to wait.
fn hold_account(world: &World) -> diesel::PgConnection {
    let mut holder = world.connect();
    let home = world.demo.households[&1];
    let hold = format!("BEGIN; SELECT 1 FROM accounts WHERE id = '{home}' FOR UPDATE");
    holder.batch_execute(&hold).expect("a lock");
    holder
}

/// Waits until so many connections wait for a lock.
async fn until_waiting(world: &World, count: i64) {
    for _ in 0..200 {
        if db_count(world, WAITING).await == count {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody waits for the lock");
}

/// A notice with one claim of the first household, whose time is over.
async fn due_notice(world: &World) {
    db_certified_claim(world, "villager", "ENV-1", 2).await;
    publish(world).await;
    world.clock.advance(5 * 86_400);
}

#[actix_web::test]
async fn of_several_workers_at_once_one_closes_a_notice() {
    let world = World::new().await;
    due_notice(&world).await;
    let mut holder = hold_account(&world);
    let (db, now) = (world.db.clone(), world.clock.now());
    let first = actix_web::rt::spawn(block(move || worker::tick(&db, now)));
    until_waiting(&world, 1).await;
    // The first is in the middle; others leave the notice alone instead of waiting.
    let (a, b) = tokio::join!(tick(&world), tick(&world));
    assert_eq!((a.closed, b.closed), (0, 0));
    holder.batch_execute("ROLLBACK").unwrap();
    let first = first.await.unwrap().unwrap();
    assert_eq!((first.closed, first.failures.len()), (1, 0));
    assert_eq!(db_count(&world, ENTRIES).await, 2);
    conserved(&world).await;
}

#[actix_web::test]
async fn many_workers_racing_post_every_claim_once() {
    let world = World::new().await;
    for _ in 0..3 {
        db_many_certified_claims(&world, 40).await;
        publish(&world).await;
    }
    world.clock.advance(5 * 86_400);
    let rounds = (0..6).map(|_| tick(&world));
    let closed: usize = futures(rounds).await.iter().map(|ticked| ticked.closed).sum();
    assert_eq!(closed, 3);
    assert_eq!(db_count(&world, ENTRIES).await, 240);
    conserved(&world).await;
}

async fn futures<T>(list: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    futures_util::future::join_all(list).await
}

#[actix_web::test]
async fn a_worker_killed_in_the_middle_leaves_nothing_and_the_next_does_all() {
    let world = World::new().await;
    due_notice(&world).await;
    let mut holder = hold_account(&world);
    let (db, now) = (world.db.clone(), world.clock.now());
    let killed = actix_web::rt::spawn(block(move || worker::tick(&db, now)));
    // Its claims are written and its entries are not. It tries once more on another connection.
    for _ in 0..2 {
        until_waiting(&world, 1).await;
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        db_run(&world, kill.into()).await;
        sleep(Duration::from_millis(100)).await;
    }
    let killed = killed.await.unwrap().unwrap();
    assert_eq!((killed.closed, killed.failures.len()), (0, 1), "{:?}", killed.failures);
    let open = "SELECT count(*) FROM notices n JOIN claims c ON c.notice_id = n.id \
        WHERE n.closed_at IS NULL AND c.state = 'on_notice' AND c.postings = 0";
    assert_eq!(db_count(&world, open).await, 1);
    assert_eq!(db_count(&world, ENTRIES).await, 0);
    holder.batch_execute("ROLLBACK").unwrap();
    assert_eq!(tick(&world).await.closed, 1);
    assert_eq!(db_count(&world, ENTRIES).await, 2);
    conserved(&world).await;
}

#[actix_web::test]
async fn a_notice_of_a_thousand_claims_closes_in_one_piece() {
    let world = World::new().await;
    db_many_certified_claims(&world, 1_000).await;
    publish_and_close(&world).await;
    assert_eq!(db_count(&world, ENTRIES).await, 2_000);
    let posted = "SELECT count(*) FROM claims WHERE state = 'posted' AND postings = 1";
    assert_eq!(db_count(&world, posted).await, 1_000);
    let events = "SELECT count(*) FROM claim_events WHERE event = 'posted'";
    assert_eq!(db_count(&world, events).await, 1_000);
    conserved(&world).await;
}

#[actix_web::test]
async fn the_worker_of_the_server_closes_notices_by_itself_and_stops_when_told() {
    let world = World::new().await;
    due_notice(&world).await;
    let worker = api::worker::Worker::start(world.state.clone(), Duration::from_millis(20));
    let closed = "SELECT count(*) FROM notices WHERE closed_at IS NOT NULL";
    for _ in 0..200 {
        if db_count(&world, closed).await == 1 {
            break;
        }
        sleep(Duration::from_millis(20)).await;
    }
    worker.stop().await;
    assert_eq!(db_count(&world, closed).await, 1);
    due_notice(&world).await;
    sleep(Duration::from_millis(200)).await;
    assert_eq!(db_count(&world, closed).await, 1);
}

#[actix_web::test]
async fn one_notice_that_cannot_close_does_not_keep_the_others_open() {
    let world = World::new().await;
    let broken = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    publish(&world).await;
    db_run(&world, format!("UPDATE claims SET item_code = 'GONE' WHERE id = '{broken}'")).await;
    due_notice(&world).await;
    let (db, now) = (world.db.clone(), world.clock.now());
    let ticked = block(move || worker::tick(&db, now)).await.unwrap();
    assert_eq!((ticked.closed, ticked.failures.len()), (1, 1));
}

#[actix_web::test]
async fn old_keys_codes_and_quotes_are_forgotten_and_young_ones_kept() {
    let world = World::new().await;
    let village = world.demo.village;
    db_run(
        &world,
        format!(
            "INSERT INTO idempotency_keys SELECT '{village}', 'key-' || h, '', '1', \
             now() - make_interval(hours => h) FROM generate_series(23, 26, 3) AS h"
        ),
    )
    .await;
    db_run(
        &world,
        format!(
            "INSERT INTO used_codes SELECT '{village}', decode(lpad(m::text, 4, '0'), 'hex'), \
             now() - make_interval(mins => m) FROM generate_series(1, 6001, 1000) AS m"
        ),
    )
    .await;
    db_run(
        &world,
        format!(
            "INSERT INTO quotes (village_id, id, merchant_id, shop_id, account_id, stars, \
                agreement_ids, discounts_bp, account_daily_ceilings, quoted_by, quoted_at, \
                valid_until, used_at) \
             SELECT '{village}', gen_random_uuid(), merchant_id, merchant_id, '{}', 4, \
                ARRAY[id], '{{800}}', '{{1}}', '{village}', now(), now() - make_interval(hours => h), \
                CASE WHEN h = 40 THEN now() END \
             FROM agreements, generate_series(20, 40, 10) AS h WHERE village_id = '{village}'",
            world.demo.households[&1],
        ),
    )
    .await;
    let ticked = tick_at(&world, world.clock.now()).await;
    // One key of 26 hours, six codes, one quote of 30 hours; the used quote stays.
    assert_eq!(ticked.forgotten, 8);
    assert_eq!(db_count(&world, "SELECT count(*) FROM idempotency_keys").await, 1);
    assert_eq!(db_count(&world, "SELECT count(*) FROM used_codes").await, 1);
    assert_eq!(db_count(&world, "SELECT count(*) FROM quotes").await, 2);
}

#[actix_web::test]
async fn closing_again_a_notice_that_is_closed_changes_nothing() {
    let world = World::new().await;
    db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let notice = publish(&world).await;
    close(&world, &notice).await;
    let (db, village, now) = (world.db.clone(), world.demo.village, world.clock.now());
    let id = domain::id::NoticeId(notice.parse().unwrap());
    let again = block(move || infra::notices::close(&db, village, id, now)).await.unwrap();
    assert_eq!(again.unwrap(), None);
    assert_eq!(db_count(&world, ENTRIES).await, 2);
}
