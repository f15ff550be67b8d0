//! What becomes of a text, by what WeChat says of it.

use domain::content::{Standing, SubjectKind};
use infra::worker;
use testing::World;
use testing::content::Made;
use testing::notices::db_count;
use wechat_standin::{Endpoint, Fault, Suggest, TextAnswer};

fn errcode(errcode: i64) -> Fault {
    Fault::Errcode { errcode, errmsg: "as queued".into() }
}

#[actix_web::test]
async fn a_text_is_shown_to_others_only_after_wechat_passed_it() {
    let world = World::new().await;
    let report = world.db_submit("villager", SubjectKind::Report, &[Made::Text("清扫了水沟")]);
    assert_eq!(
        (world.check_of(report), world.standing(report)),
        ("asked".into(), Standing::Waiting)
    );
    assert_eq!(world.wechat.calls(Endpoint::TextCheck), 0);
    assert_eq!(world.round().await.done["passed"], 1);
    assert_eq!(
        (world.check_of(report), world.standing(report)),
        ("passed".into(), Standing::Public)
    );
    let traces =
        "SELECT count(*) FROM content_traces WHERE answer = 'pass' AND label = 100 AND counted";
    assert_eq!(db_count(&world, traces).await, 1);
    // What is settled is not asked about again.
    world.round().await;
    assert_eq!(world.wechat.calls(Endpoint::TextCheck), 1);
}

#[actix_web::test]
async fn whatever_wechat_says_other_than_pass_holds_a_text_for_a_person() {
    let world = World::new().await;
    for (answer, check) in [
        (TextAnswer::Says(Suggest::Review), "held: review"),
        (TextAnswer::Says(Suggest::Risky), "held: risky"),
        (TextAnswer::NoResult, "held: unreadable"),
        (TextAnswer::Strange, "held: unreadable"),
    ] {
        let text = world.db_submit("villager", SubjectKind::Comment, &[Made::Text("一句话")]);
        world.wechat.queue_text_answer(answer);
        assert_eq!(world.round().await.done["held"], 1);
        assert_eq!(world.check_of(text), check, "{answer:?}");
        assert_eq!(world.standing(text), Standing::Waiting);
    }
}

#[actix_web::test]
async fn a_text_whose_author_wechat_does_not_know_is_held_at_once() {
    let world = World::new().await;
    for code in [40003, 43104, 61010] {
        let text = world.db_submit("villager", SubjectKind::Comment, &[Made::Text("一句话")]);
        world.wechat.queue_fault(Endpoint::TextCheck, &errcode(code)).unwrap();
        assert_eq!(world.round().await.done["held"], 1, "{code}");
        assert_eq!(world.check_of(text), "held: author_unknown", "{code}");
    }
    let text = world.db_submit("villager", SubjectKind::Comment, &[Made::Text("一句话")]);
    world.wechat.queue_fault(Endpoint::TextCheck, &errcode(40129)).unwrap();
    world.round().await;
    assert_eq!(world.check_of(text), "held: failed");
    // An answer that breaks off says nothing that could be relied on.
    for fault in [Fault::Malformed, Fault::Oversized { bytes: 100_000 }] {
        let text = world.db_submit("villager", SubjectKind::Comment, &[Made::Text("一句话")]);
        world.wechat.queue_fault(Endpoint::TextCheck, &fault).unwrap();
        world.round().await;
        assert_eq!(world.check_of(text), "held: unreadable", "{fault:?}");
    }
}

#[actix_web::test]
async fn while_wechat_is_busy_a_text_waits_and_after_half_an_hour_a_person_looks() {
    let world = World::new().await;
    let text = world.db_submit("villager", SubjectKind::Comment, &[Made::Text("一句话")]);
    // More than all repetitions of one asking.
    for _ in 0..6 {
        world.wechat.queue_fault(Endpoint::TextCheck, &errcode(-1)).unwrap();
    }
    assert_eq!(world.round().await.later, 1);
    assert_eq!(world.check_of(text), "asked");
    // Each time after the wait of a failed attempt, which doubles.
    for (wait, fault) in [
        (100, Fault::Status { status: 502 }),
        (200, Fault::Close),
        (400, errcode(45009)),
        (620, errcode(40013)),
    ] {
        world.clock.advance(wait);
        world.wechat.queue_fault(Endpoint::TextCheck, &fault).unwrap();
        assert_eq!(world.round().await.later, 1, "{fault:?}");
        assert_eq!(world.check_of(text), "asked", "{fault:?}");
        assert_eq!(worker::tick(&world.db, world.clock.now()).held, 0);
    }
    world.clock.advance(500);
    assert_eq!(worker::tick(&world.db, world.clock.now()).held, 1);
    assert_eq!(world.check_of(text), "held: silence");
    // WeChat is back before anybody looked: what it says counts.
    world.clock.advance(7_200);
    assert_eq!(world.round().await.done["passed"], 1);
    assert_eq!((world.check_of(text), world.standing(text)), ("passed".into(), Standing::Public));
}

#[actix_web::test]
async fn a_refused_token_is_replaced_and_the_text_asked_about() {
    let world = World::new().await;
    world.db_submit("villager", SubjectKind::Comment, &[Made::Text("第一句")]);
    world.round().await;
    let text = world.db_submit("villager", SubjectKind::Comment, &[Made::Text("第二句")]);
    world.wechat.queue_fault(Endpoint::TextCheck, &Fault::TokensRevoked).unwrap();
    world.round().await;
    assert_eq!(world.check_of(text), "passed");
    assert_eq!(world.wechat.calls(Endpoint::StableToken), 2);
}

#[actix_web::test]
async fn of_a_long_text_every_part_must_pass() {
    let world = World::new().await;
    let long = "长".repeat(6_000);
    let passed = world.db_submit("villager", SubjectKind::Report, &[Made::Text(&long)]);
    world.round().await;
    assert_eq!(
        (world.check_of(passed).as_str(), world.wechat.calls(Endpoint::TextCheck)),
        ("passed", 3)
    );
    let held = world.db_submit("villager", SubjectKind::Report, &[Made::Text(&long)]);
    world.wechat.queue_text_answer(TextAnswer::Says(Suggest::Pass));
    world.wechat.queue_text_answer(TextAnswer::Says(Suggest::Pass));
    world.wechat.queue_text_answer(TextAnswer::Says(Suggest::Risky));
    world.round().await;
    assert_eq!(world.check_of(held), "held: risky");
}

#[actix_web::test]
async fn a_thing_waits_for_all_its_pieces_and_again_when_one_is_added() {
    let world = World::new().await;
    let pieces = [Made::Text("一"), Made::Text("二"), Made::Text(" \n")];
    let report = world.db_submit("villager", SubjectKind::Report, &pieces);
    assert_eq!(world.db_checks(report).len(), 2);
    world.wechat.queue_text_answer(TextAnswer::Says(Suggest::Pass));
    world.wechat.queue_text_answer(TextAnswer::Says(Suggest::Review));
    world.round().await;
    assert_eq!(world.standing(report), Standing::Waiting);
    let other = world.db_submit("villager", SubjectKind::Report, &[Made::Text("一")]);
    world.round().await;
    assert_eq!(world.standing(other), Standing::Public);
    world.db_submit_more("villager", other, &[Made::Text("补充")]);
    assert_eq!(world.standing(other), Standing::Waiting);
    world.round().await;
    assert_eq!(world.standing(other), Standing::Public);
}
