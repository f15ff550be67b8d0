//! What the program itself cannot do, does not know or dies of stops nothing else, and is dead in the
//! end.

use std::time::Duration;

use api::courier::means;
use domain::content::SubjectKind;
use infra::messages::Kind;
use infra::outbox;
use serde_json::json;
use testing::World;
use testing::content::Made;
use testing::notices::{db_count, db_run};
use testing::outbox::{accept, drain, round, sent};
use wechat_standin::{Endpoint, Fault};

const PROGRESS: &str = "demo-claim-progress";

async fn message(world: &World) {
    accept(world, "villager", PROGRESS).await;
    let data = json!({"item_name": "清扫", "points": "2", "happened_on": "2026-10-01"});
    world.db_message(world.demo.villagers["villager"], Kind::ClaimPosted, &data);
}

/// A job by hand.
async fn db_job(world: &World, kind: &str) {
    let village = world.demo.village;
    let job = format!(
        "INSERT INTO outbox (village_id, id, kind, subject_id, put_at, due_at) \
         VALUES ('{village}', gen_random_uuid(), '{kind}', gen_random_uuid(), now(), now())"
    );
    db_run(world, job).await;
}

/// Rounds until something is dead; answers how many.
async fn until_dead(world: &World) -> usize {
    for _ in 0..12 {
        let done = drain(world).await;
        if done.dead > 0 {
            return done.dead;
        }
        world.clock.advance(8 * 60 * 60);
    }
    0
}

#[actix_web::test]
async fn what_always_fails_inside_the_program_stops_no_round_and_is_dead_in_the_end() {
    let world = World::new().await;
    // A check that is not there, and one whose state no version of the program knows.
    db_job(&world, "text_check").await;
    world.db_submit("villager", SubjectKind::Report, &[Made::Text("一句")]);
    let unheard_of = "ALTER TABLE content_checks DROP CONSTRAINT content_checks_state_known";
    db_run(&world, unheard_of.to_owned()).await;
    db_run(&world, "UPDATE content_checks SET state = 'unheard_of'".to_owned()).await;
    message(&world).await;
    let first = round(&world).await;
    assert_eq!((first.later, first.dead, sent(&first)), (2, 0, 1));
    world.clock.advance(8 * 60 * 60);
    assert_eq!(until_dead(&world).await, 2);
    let told = "SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL AND attempts = 12 AND \
        last_error IN ('the program refuses it: not_found', \
            'a mistake in the program: its log says which')";
    assert_eq!(db_count(&world, told).await, 2);
}

#[actix_web::test]
async fn what_a_process_dies_of_each_time_is_dead_in_the_end_and_what_comes_after_it_is_sent() {
    let world = World::new().await;
    message(&world).await;
    for attempt in 1..=12 {
        let slow = Fault::Delay { millis: 60_000 };
        world.wechat.queue_fault(Endpoint::SubscribeSend, &slow).unwrap();
        let dying = |world: &World| {
            let state = world.state.clone();
            async move { outbox::round(&|| means(&state), &|| false).await }
        };
        let task = actix_web::rt::spawn(dying(&world));
        for _ in 0..3_000 {
            if world.wechat.calls(Endpoint::SubscribeSend) == attempt {
                break;
            }
            actix_web::rt::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(world.wechat.calls(Endpoint::SubscribeSend), attempt);
        task.abort();
        world.clock.advance(301);
    }
    message(&world).await;
    let last = drain(&world).await;
    assert_eq!((last.dead, last.later, sent(&last)), (1, 0, 1));
    let told = "SELECT count(*) FROM outbox WHERE dead_at IS NOT NULL AND last_error IS NOT NULL";
    assert_eq!(db_count(&world, told).await, 1);
}

#[actix_web::test]
async fn what_a_newer_version_put_there_is_left_for_it_and_everything_else_is_delivered() {
    let world = World::new().await;
    db_run(&world, "ALTER TABLE outbox DROP CONSTRAINT outbox_kind_known".to_owned()).await;
    db_job(&world, "carrier_pigeon").await;
    message(&world).await;
    assert_eq!(sent(&drain(&world).await), 1);
    let untouched = "SELECT count(*) FROM outbox WHERE kind = 'carrier_pigeon' AND attempts = 0 \
        AND done_at IS NULL AND dead_at IS NULL AND leased_until IS NULL";
    assert_eq!(db_count(&world, untouched).await, 1);
    // Looked at again after a while, and left again.
    world.clock.advance(600);
    assert_eq!(drain(&world).await, Default::default());
    assert_eq!(db_count(&world, untouched).await, 1);
}
