//! What becomes of a photo, by what WeChat pushes about it.

use domain::content::{Standing, Subject, SubjectKind};
use infra::worker;
use testing::content::Made;
use testing::notices::{db_count, db_run};
use testing::{PUSH_KEY, World, push_target};
use wechat_standin::{Endpoint, Fault, MediaAnswer, PushFormat, Suggest};

/// A villager's report with one photo.
async fn report(world: &World) -> Subject {
    let villager = world.sign_in("villager").await;
    let photo = world.upload_photo(&villager).await;
    world.db_submit("villager", SubjectKind::Report, &[Made::Photo(photo)])
}

#[actix_web::test]
async fn a_photo_is_fetched_by_wechat_and_settled_by_its_push() {
    let world = World::new().await;
    for (answer, check) in [
        (MediaAnswer::Says(Suggest::Pass), "passed"),
        (MediaAnswer::Says(Suggest::Review), "held: review"),
        (MediaAnswer::Says(Suggest::Risky), "held: risky"),
        (MediaAnswer::NotFetched, "held: failed"),
        (MediaAnswer::NoResult, "held: failed"),
        (MediaAnswer::Strange, "held: unreadable"),
    ] {
        let report = report(&world).await;
        world.wechat.queue_media_answer(answer);
        assert_eq!(world.round().await.done["asked"], 1, "{answer:?}");
        assert_eq!(world.settled(report).await, check, "{answer:?}");
        let public = if check == "passed" { Standing::Public } else { Standing::Waiting };
        assert_eq!(world.standing(report), public, "{answer:?}");
    }
}

#[actix_web::test]
async fn a_push_may_come_in_any_form_and_before_its_question_is_written_down() {
    let world = World::new().await;
    for format in [PushFormat::Json, PushFormat::Xml] {
        world.wechat.push_to(push_target(&world.base_url, Some(PUSH_KEY), format));
        for (answer, check) in [
            (MediaAnswer::Says(Suggest::Pass), "passed"),
            (MediaAnswer::Early(Suggest::Pass), "passed"),
            (MediaAnswer::Early(Suggest::Risky), "held: risky"),
        ] {
            let report = report(&world).await;
            world.wechat.queue_media_answer(answer);
            world.round().await;
            assert_eq!(world.settled(report).await, check, "{format:?} {answer:?}");
        }
    }
}

#[actix_web::test]
async fn half_an_hour_of_silence_holds_a_photo_and_a_late_answer_still_counts() {
    let world = World::new().await;
    let (late, risky, never) = (report(&world).await, report(&world).await, report(&world).await);
    for answer in
        [MediaAnswer::Late(Suggest::Pass), MediaAnswer::Late(Suggest::Risky), MediaAnswer::Never]
    {
        world.wechat.queue_media_answer(answer);
    }
    // One after the other, so that the answers are theirs.
    world.clock.advance(60);
    world.round().await;
    let asked = "SELECT count(*) FROM content_traces WHERE asked_at IS NOT NULL AND answer IS NULL";
    assert_eq!(db_count(&world, asked).await, 3);
    world.clock.advance(29 * 60);
    assert_eq!(worker::tick(&world.db, world.clock.now()).held, 0);
    world.clock.advance(61);
    assert_eq!(worker::tick(&world.db, world.clock.now()).held, 3);
    for report in [late, risky, never] {
        assert_eq!(world.check_of(report), "held: silence");
    }
    let attempts = world.wechat.push_late().await;
    assert!(attempts.len() == 2 && attempts.iter().all(|attempt| attempt.is_taken()));
    let mut checks = [late, risky, never].map(|report| world.check_of(report));
    checks.sort();
    assert_eq!(checks, ["held: risky", "held: silence", "passed"]);
}

#[actix_web::test]
async fn a_late_answer_changes_nothing_that_a_person_decided_and_is_recorded() {
    let world = World::new().await;
    let report = report(&world).await;
    world.wechat.queue_media_answer(MediaAnswer::Late(Suggest::Risky));
    world.round().await;
    world.clock.advance(31 * 60);
    worker::tick(&world.db, world.clock.now());
    let id = world.db_checks(report)[0].id;
    let path = world.village(&format!("content-checks/{id}/decisions"));
    let admin = world.sign_in("village-admin").await;
    let body = serde_json::json!({"verdict": "release", "reason": "只是水沟"});
    admin.post(&path, body).await.expect(201);
    assert_eq!(world.standing(report), Standing::Public);
    assert!(world.wechat.push_late().await[0].is_taken());
    assert_eq!(world.check_of(report), "released: silence");
    let recorded = "SELECT count(*) FROM content_traces WHERE answer = 'risky' AND NOT counted";
    assert_eq!(db_count(&world, recorded).await, 1);
}

#[actix_web::test]
async fn a_second_look_that_is_against_it_holds_even_what_passed() {
    let world = World::new().await;
    let report = report(&world).await;
    world.wechat.queue_media_answer(MediaAnswer::Late(Suggest::Risky));
    world.wechat.queue_media_answer(MediaAnswer::Says(Suggest::Pass));
    world.round().await;
    // Asked once more, as a process does that took over from one which seemed dead.
    db_run(&world, "UPDATE outbox SET done_at = NULL, outcome = NULL, due_at = put_at".into())
        .await;
    world.round().await;
    assert_eq!(world.settled(report).await, "passed");
    world.wechat.push_late().await;
    assert_eq!(
        (world.check_of(report).as_str(), world.standing(report)),
        ("held: risky", Standing::Waiting)
    );
}

#[actix_web::test]
async fn a_photo_that_wechat_cannot_be_asked_about_is_held_or_asked_again() {
    let world = World::new().await;
    let errcode = |errcode| Fault::Errcode { errcode, errmsg: String::new() };
    for (fault, check) in [
        (errcode(61010), "held: author_unknown"),
        (errcode(40129), "held: failed"),
        (Fault::Malformed, "held: unreadable"),
    ] {
        let report = report(&world).await;
        world.wechat.queue_fault(Endpoint::MediaCheck, &fault).unwrap();
        world.round().await;
        assert_eq!(world.check_of(report), check, "{fault:?}");
    }
    let waiting = report(&world).await;
    for _ in 0..6 {
        world.wechat.queue_fault(Endpoint::MediaCheck, &errcode(-1)).unwrap();
    }
    assert_eq!(world.round().await.later, 1);
    assert_eq!(world.check_of(waiting), "asked");
    world.clock.advance(400);
    world.round().await;
    assert_eq!(world.settled(waiting).await, "passed");
}

#[actix_web::test]
async fn a_photo_whose_file_is_gone_is_held() {
    let world = World::new().await;
    let report = report(&world).await;
    // WeChat is asked, and finds nothing at the address.
    std::fs::remove_dir_all(world.folder().join("photos")).unwrap();
    world.round().await;
    assert_eq!(world.settled(report).await, "held: failed");
}
