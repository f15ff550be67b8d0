//! Killed in the middle, several at once, without WeChat: every piece is settled once, and none is
//! shown before.

use api::courier::means;
use diesel::connection::SimpleConnection;
use domain::content::{Standing, SubjectKind};
use futures_util::future::join_all;
use infra::outbox::{self, Means};
use infra::worker;
use testing::World;
use testing::content::Made;
use testing::notices::{db_count, db_run};
use wechat_standin::{Endpoint, MediaAnswer, Suggest, TextAnswer};

const ASKED: &str = "SELECT count(*) FROM content_checks WHERE state = 'asked'";

#[actix_web::test]
async fn several_workers_ask_about_every_text_once() {
    let world = World::new().await;
    world.warm_up().await;
    let texts: Vec<_> = (0..60)
        .map(|n| {
            let text = format!("第{n}句");
            world.db_submit("villager", SubjectKind::Comment, &[Made::Text(&text)])
        })
        .collect();
    let rounds = join_all((0..4).map(|_| world.round())).await;
    let passed: usize = rounds.iter().flat_map(|round| round.done.get("passed")).sum();
    let rest = world.round().await.done.get("passed").copied().unwrap_or(0);
    assert_eq!(passed + rest, 60);
    assert_eq!(world.wechat.calls(Endpoint::TextCheck), 60);
    assert!(texts.into_iter().all(|text| world.standing(text) == Standing::Public));
}

#[actix_web::test]
async fn whoever_dies_between_asking_and_recording_is_followed_by_another_who_asks_again() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let photo = world.upload_photo(&villager).await;
    let pieces = [Made::Text("一句"), Made::Photo(photo)];
    let report = world.db_submit("villager", SubjectKind::Report, &pieces);
    // Whatever is written about the checks waits, so that the asker dies after WeChat was asked.
    let mut holder = world.connect();
    holder.batch_execute("BEGIN; LOCK TABLE content_traces IN ACCESS EXCLUSIVE MODE").unwrap();
    world.wechat.queue_media_answer(MediaAnswer::Never);
    let state = world.state.clone();
    let dying =
        actix_web::rt::spawn(async move { outbox::round(&|| means(&state), &|| false).await });
    for _ in 0..200 {
        let both =
            world.wechat.calls(Endpoint::TextCheck) + world.wechat.calls(Endpoint::MediaCheck);
        if both == 2 {
            break;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    dying.abort();
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    for _ in 0..3 {
        db_run(&world, kill.into()).await;
        actix_web::rt::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    holder.batch_execute("ROLLBACK").unwrap();
    assert_eq!(world.standing(report), Standing::Waiting);
    assert_eq!(db_count(&world, ASKED).await, 2);
    // While the lease lasts nobody asks; then somebody does.
    world.round().await;
    assert_eq!(world.wechat.calls(Endpoint::TextCheck), 1);
    world.clock.advance(15 * 60);
    world.round().await;
    assert_eq!(world.wechat.calls(Endpoint::TextCheck), 2);
    assert_eq!(world.wechat.calls(Endpoint::MediaCheck), 2);
    for _ in 0..200 {
        if world.standing(report) == Standing::Public {
            break;
        }
        actix_web::rt::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    assert_eq!(world.standing(report), Standing::Public);
}

#[actix_web::test]
async fn two_pieces_that_settle_at_once_make_the_thing_public() {
    let world = World::new().await;
    world.warm_up().await;
    let villager = world.sign_in("villager").await;
    let mut reports = Vec::new();
    for _ in 0..6 {
        let photo = world.upload_photo(&villager).await;
        let pieces = [Made::Text("一句"), Made::Text("二句"), Made::Photo(photo)];
        reports.push(world.db_submit("villager", SubjectKind::Report, &pieces));
    }
    join_all((0..3).map(|_| world.round())).await;
    for report in reports {
        for _ in 0..200 {
            if world.standing(report) == Standing::Public {
                break;
            }
            actix_web::rt::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        assert_eq!(world.standing(report), Standing::Public, "{:?}", world.db_checks(report));
    }
}

#[actix_web::test]
async fn without_wechat_everything_waits_for_a_person() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let photo = world.upload_photo(&villager).await;
    let pieces = [Made::Text("一句"), Made::Photo(photo)];
    let report = world.db_submit("villager", SubjectKind::Report, &pieces);
    let alone = || Means { wechat: None, ..means(&world.state) };
    let delivered = outbox::round(&alone, &|| false).await.unwrap();
    assert_eq!(delivered.done["held"], 2);
    for check in world.db_checks(report) {
        assert_eq!(check.held_for.as_deref(), Some("no_wechat"));
    }
    assert_eq!(
        (world.standing(report), world.wechat.calls(Endpoint::TextCheck)),
        (Standing::Waiting, 0)
    );

    // Without an address for its answers WeChat is asked about texts only.
    let photo = world.upload_photo(&villager).await;
    let pieces = [Made::Text("一句"), Made::Photo(photo)];
    let report = world.db_submit("villager", SubjectKind::Report, &pieces);
    let deaf = || Means { photo_links: None, ..means(&world.state) };
    outbox::round(&deaf, &|| false).await.unwrap();
    let states: Vec<_> = world.db_checks(report).into_iter().map(|check| check.state).collect();
    assert_eq!(states, ["passed", "held"]);
    assert_eq!(world.wechat.calls(Endpoint::MediaCheck), 0);
}

#[actix_web::test]
async fn what_no_courier_ever_takes_is_held_for_a_person_by_many_workers_once() {
    let world = World::new().await;
    for n in 0..20 {
        let text = format!("第{n}句");
        world.db_submit("villager", SubjectKind::Comment, &[Made::Text(&text)]);
    }
    world.clock.advance(31 * 60);
    world.warm_up().await;
    let now = world.clock.now();
    let ticks = (0..4).map(|_| {
        let db = world.db.clone();
        actix_web::web::block(move || worker::tick(&db, now))
    });
    let mut held = 0;
    for ticked in join_all(ticks).await {
        let ticked = ticked.unwrap();
        assert!(ticked.failures.is_empty(), "{:?}", ticked.failures);
        held += ticked.held;
    }
    assert_eq!(held, 20);
    let silent = "SELECT count(*) FROM content_checks WHERE held_for = 'silence'";
    assert_eq!(db_count(&world, silent).await, 20);
}

#[actix_web::test]
async fn an_author_who_is_gone_leaves_their_text_to_a_person() {
    let world = World::new().await;
    let text = world.db_submit("neighbour", SubjectKind::Comment, &[Made::Text("一句")]);
    db_run(&world, "UPDATE content_checks SET author_id = gen_random_uuid()".into()).await;
    world.wechat.queue_text_answer(TextAnswer::Says(Suggest::Pass));
    assert_eq!(world.round().await.done["held"], 1);
    assert_eq!(world.check_of(text), "held: author_unknown");
    assert_eq!(world.wechat.calls(Endpoint::TextCheck), 0);
}
