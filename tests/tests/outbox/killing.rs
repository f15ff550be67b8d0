//! `kill -9` between the change and the delivery: exactly what was due is sent.
//!
//! The one that is killed is a process of its own: this very test program, told by its environment
//! to close a notice and to deliver, on the database and the WeChat of the test.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use actix_web::rt::time::sleep;
use diesel::connection::SimpleConnection;
use infra::outbox;
use infra::worker;
use testing::World;
use testing::notices::{db_count, db_many_certified_claims, publish, tick};
use testing::outbox::{db_everybody_accepts, drain, sent_by_message};
use testing::process::Process;
use wechat_standin::{Endpoint, Fault};

const DUE: &str = "SELECT count(*) FROM outbox";
const POSTED: &str = "SELECT count(*) FROM outbox o JOIN messages m ON m.id = o.subject_id \
    WHERE m.kind = 'claim_posted'";
const DONE: &str = "SELECT count(*) FROM outbox WHERE done_at IS NOT NULL";
const DELIVERS: &str = "XIANGYUE_TEST_DELIVERS";
/// How many jobs a process works on at a time: as many it may have told WeChat of and not recorded.
const AT_ONCE: usize = 4;
/// Longer than a lease.
const LEASE_OVER: u32 = 6 * 60;

/// What the process does that is killed: a test that does nothing unless it is told where.
#[actix_web::test]
#[ignore = "a part of the tests below, in a process of its own"]
async fn the_process_that_is_killed() {
    let Some(process) = Process::from_environment() else { return };
    let (db, now) = (process.state.db.clone(), process.state.clock.now());
    let ticked = actix_web::web::block(move || worker::tick(&db, now)).await.expect("a thread");
    assert!(ticked.failures.is_empty(), "{:?}", ticked.failures);
    if std::env::var_os(DELIVERS).is_none() {
        sleep(Duration::from_secs(600)).await;
    }
    loop {
        outbox::round(&|| api::courier::means(&process.state), &|| false).await.expect("a round");
        sleep(Duration::from_millis(10)).await;
    }
}

fn start(world: &World, delivers: bool) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--exact", "outbox::killing::the_process_that_is_killed", "--ignored"])
        .envs(Process::environment(world))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if delivers {
        command.env(DELIVERS, "1");
    }
    command.spawn().expect("a process")
}

/// SIGKILL: nothing of the process runs after this.
fn kill(mut process: Child) {
    process.kill().expect("killed");
    process.wait().expect("gone");
}

async fn until(world: &World, query: &'static str, least: i64) {
    for _ in 0..1_500 {
        if db_count(world, query).await >= least {
            return;
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("{query} never came to {least}");
}

/// A notice of claims whose time is over, and everybody has agreed to be told.
async fn closing(count: usize) -> World {
    let world = World::new().await;
    db_everybody_accepts(&world, 1_000).await;
    db_many_certified_claims(&world, count).await;
    publish(&world).await;
    drain(&world).await;
    world.clock.advance(5 * 86_400);
    world
}

/// Everything that is due has been sent by now, each message once but for those that the killed
/// process had told WeChat of and could not record.
async fn exactly_what_was_due(world: &World, twice_max: usize) {
    world.clock.advance(LEASE_OVER);
    drain(world).await;
    let due = db_count(world, DUE).await;
    assert_eq!(db_count(world, DONE).await, due);
    let by_message = sent_by_message(world);
    assert_eq!(i64::try_from(by_message.len()).unwrap(), due);
    let twice = by_message.values().filter(|count| **count == 2).count();
    assert!(by_message.values().all(|count| *count <= 2) && twice <= twice_max, "{twice} twice");
}

#[actix_web::test]
async fn killed_after_the_change_and_before_any_delivery_each_is_sent_once() {
    let world = closing(60).await;
    let process = start(&world, false);
    until(&world, POSTED, 1).await;
    kill(process);
    exactly_what_was_due(&world, 0).await;
}

#[actix_web::test]
async fn killed_in_the_middle_of_delivering_what_was_not_sent_is_sent_and_little_twice() {
    let world = closing(60).await;
    let before = db_count(&world, DONE).await;
    // Slow enough to be killed in the middle of it.
    for _ in 0..200 {
        let slow = Fault::Delay { millis: 100 };
        world.wechat.queue_fault(Endpoint::SubscribeSend, &slow).unwrap();
    }
    let process = start(&world, true);
    until(&world, DONE, before + 6).await;
    kill(process);
    assert!(db_count(&world, DONE).await < db_count(&world, DUE).await);
    exactly_what_was_due(&world, AT_ONCE).await;
}

#[actix_web::test]
async fn killed_before_the_change_is_committed_nothing_is_sent() {
    let world = closing(60).await;
    let before = db_count(&world, DUE).await;
    // Its messages and their places in the outbox are written, and its entries are not.
    let mut holder = world.connect();
    let home = world.demo.households[&1];
    let hold = format!("BEGIN; SELECT 1 FROM accounts WHERE id = '{home}' FOR UPDATE");
    holder.batch_execute(&hold).expect("a lock");
    let process = start(&world, true);
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
        AND wait_event_type = 'Lock'";
    until(&world, waiting, 1).await;
    kill(process);
    // Postgres notices that nobody listens when it wants to answer.
    holder.batch_execute("ROLLBACK").expect("released");
    let gone = "SELECT (count(*) = 0)::int::bigint AS count FROM pg_stat_activity \
        WHERE datname = current_database() AND application_name = 'killed'";
    until(&world, gone, 1).await;
    assert_eq!(db_count(&world, DUE).await, before);
    assert_eq!(drain(&world).await, Default::default());
    assert_eq!(tick(&world).await.closed, 1);
    assert!(db_count(&world, POSTED).await > 0);
    exactly_what_was_due(&world, 0).await;
}
