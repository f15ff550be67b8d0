//! The manual queue: who sees it, who decides, and what they are kept from.

use domain::content::{Standing, Subject, SubjectKind};
use serde_json::{Value, json};
use testing::claims::{db_kin, db_messages};
use testing::content::{Made, ids};
use testing::notices::{db_count, db_run, tick};
use testing::{Answer, World};
use wechat_standin::{Suggest, TextAnswer};

/// Something of this person that is held for review.
async fn held(world: &World, key: &str, kind: SubjectKind, text: &str) -> Subject {
    let subject = world.db_submit(key, kind, &[Made::Text(text)]);
    world.wechat.queue_text_answer(TextAnswer::Says(Suggest::Review));
    world.round().await;
    assert_eq!(world.check_of(subject), "held: review");
    subject
}

async fn decide(world: &World, key: &str, subject: Subject, body: Value) -> Answer {
    let id = world.db_checks(subject)[0].id;
    let path = world.village(&format!("content-checks/{id}/decisions"));
    world.sign_in(key).await.post(&path, body).await
}

/// What waits, as somebody sees it.
async fn queue(world: &World, key: &str) -> Vec<Value> {
    let seen = world.sign_in(key).await.get(&world.village("content-checks")).await.expect(200);
    seen["items"].as_array().unwrap().iter().map(|item| item["subject_id"].clone()).collect()
}

fn release() -> Value {
    json!({"verdict": "release", "reason": "看过了,没有问题"})
}

#[actix_web::test]
async fn the_queue_shows_the_longest_waiting_first_by_pages_and_filters_and_no_author() {
    let world = World::new().await;
    let villager = world.sign_in("villager").await;
    let first = held(&world, "villager", SubjectKind::Report, "第一件").await;
    let second = held(&world, "neighbour", SubjectKind::Comment, "第二件").await;
    let photo = world.upload_photo(&villager).await;
    let third = world.db_submit("villager", SubjectKind::Report, &[Made::Photo(photo)]);
    world.wechat.queue_media_answer(wechat_standin::MediaAnswer::Says(Suggest::Risky));
    world.round().await;
    world.settled(third).await;
    world.db_submit("villager", SubjectKind::Report, &[Made::Text("没有问题")]);
    world.round().await;

    let admin = world.sign_in("village-admin").await;
    let id = |subject: Subject| world.db_checks(subject)[0].id.to_string();
    let page = admin.get(&world.village("content-checks?limit=2")).await.expect(200);
    assert_eq!(ids(&page), [id(first), id(second)]);
    let item = &page["items"][0];
    assert_eq!((&item["text"], &item["held_for"]), (&json!("第一件"), &json!("review")));
    assert_eq!((&item["subject_kind"], &item["label"]), (&json!("report"), &json!(20012)));
    let author = world.user_id("villager").to_string();
    assert!(!page.to_string().contains(&author) && !page.to_string().contains("王"));
    let cursor = page["next_cursor"].as_str().unwrap();
    let path = world.village(&format!("content-checks?limit=2&cursor={cursor}"));
    let rest = admin.get(&path).await.expect(200);
    assert_eq!((ids(&rest), &rest["next_cursor"]), (vec![id(third)], &Value::Null));
    // A reviewer sees the picture at its link, as nobody else can yet.
    let url = rest["items"][0]["photo"]["url"].as_str().unwrap();
    let picture = world.anonymous().get(url).await;
    assert_eq!(picture.status, 200);

    for (query, expected) in [
        ("subject_kind=comment", vec![id(second)]),
        ("piece=photo", vec![id(third)]),
        ("piece=text", vec![id(first), id(second)]),
        ("state=refused", vec![]),
    ] {
        let found = admin.get(&world.village(&format!("content-checks?{query}"))).await.expect(200);
        assert_eq!(ids(&found), expected, "{query}");
    }
    let passed = admin.get(&world.village("content-checks?state=passed")).await.expect(200);
    assert_eq!(passed["items"].as_array().unwrap().len(), 1);
    for bad in ["state=maybe", "subject_kind=claim", "piece=x", "limit=0", "cursor=x", "who=me"] {
        let answer = admin.get(&world.village(&format!("content-checks?{bad}"))).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{bad}: {}", answer.status);
    }
}

#[actix_web::test]
async fn a_released_text_is_public_and_its_author_is_told_why() {
    let world = World::new().await;
    let report = held(&world, "villager", SubjectKind::Report, "沟边").await;
    let body = json!({"verdict": "release", "reason": "只是水沟"});
    let decided = decide(&world, "village-admin", report, body).await.expect(201);
    assert_eq!((&decided["state"], &decided["reason"]), (&json!("released"), &json!("只是水沟")));
    assert!(decided["decided_at"].is_string());
    assert_eq!(world.standing(report), Standing::Public);
    let told = db_messages(&world, "villager");
    let (kind, data) = told.last().unwrap();
    assert_eq!((kind.as_str(), &data["reason"]), ("content_released", &json!("只是水沟")));
    assert_eq!(data["subject_id"], report.id.to_string());

    let praise = held(&world, "villager", SubjectKind::Praise, "某人").await;
    let body = json!({"verdict": "refuse", "reason": "写到了孩子"});
    decide(&world, "town-officer", praise, body).await.expect(201);
    assert_eq!(world.standing(praise), Standing::Refused);
    let villager = world.sign_in("villager").await;
    let list = villager.get("/v1/me/messages?limit=1").await.expect(200);
    let newest = &list["items"][0];
    assert_eq!(newest["title"], "内容未通过审核");
    let words = "您提交的好人好事中的文字未通过审核,不会公开,原因:写到了孩子;\
        您可以修改后重新提交,如有疑问请向村委会询问。";
    assert_eq!(newest["text"], words);

    let admin = world.sign_in("village-admin").await;
    let log = admin.get(&world.village("audit-log")).await.expect(200);
    let deeds = log["items"].as_array().unwrap();
    assert_eq!(deeds.len(), 2);
    for (deed, role, verdict) in
        [(&deeds[0], "town_officer", "refuse"), (&deeds[1], "village_admin", "release")]
    {
        assert_eq!(
            (&deed["action"], &deed["role"]),
            (&json!("content_check_decide"), &json!(role))
        );
        assert_eq!(deed["detail"]["verdict"], verdict);
        assert!(deed["reason"].is_string());
    }
}

#[actix_web::test]
async fn one_decision_is_made_while_it_waits_and_only_with_a_reason() {
    let world = World::new().await;
    let asked = world.db_submit("villager", SubjectKind::Report, &[Made::Text("一句")]);
    decide(&world, "village-admin", asked, release()).await.expect_problem(409, "content_not_held");
    world.round().await;
    decide(&world, "village-admin", asked, release()).await.expect_problem(409, "content_not_held");
    let report = held(&world, "villager", SubjectKind::Report, "一句").await;
    for reason in ["", " ", "好", "  ", &"长".repeat(201)] {
        let body = json!({"verdict": "release", "reason": reason});
        decide(&world, "village-admin", report, body).await.expect_problem(422, "invalid");
    }
    for body in [json!({"verdict": "release"}), json!({"verdict": "pass", "reason": "可以"})] {
        decide(&world, "village-admin", report, body).await.expect_problem(400, "bad_body");
    }
    assert_eq!(world.check_of(report), "held: review");
    decide(&world, "village-admin", report, release()).await.expect(201);
    let body = json!({"verdict": "refuse", "reason": "还是不行"});
    decide(&world, "town-officer", report, body).await.expect_problem(409, "content_not_held");
    assert_eq!(world.check_of(report), "released: review");
}

#[actix_web::test]
async fn of_two_who_decide_at_once_one_does() {
    let world = World::new().await;
    let report = held(&world, "villager", SubjectKind::Report, "一句").await;
    world.warm_up().await;
    let refuse = json!({"verdict": "refuse", "reason": "不合适"});
    let (one, other) = tokio::join!(
        decide(&world, "village-admin", report, release()),
        decide(&world, "town-officer", report, refuse),
    );
    let mut answers = [one.status.as_u16(), other.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [201, 409]);
    assert_eq!(db_messages(&world, "villager").len(), 1);
    let deeds = "SELECT count(*) FROM audit_log WHERE action = 'content_check_decide'";
    assert_eq!(db_count(&world, deeds).await, 1);
}

#[actix_web::test]
async fn nobody_decides_about_their_own_nor_learns_what_their_household_or_kin_made() {
    let world = World::new().await;
    let own = held(&world, "village-admin", SubjectKind::Comment, "我写的").await;
    decide(&world, "village-admin", own, release()).await.expect_problem(403, "own_content");
    let report = held(&world, "villager", SubjectKind::Report, "一句").await;
    assert_eq!(queue(&world, "village-admin").await, [json!(own.id), json!(report.id)]);
    db_kin(&world, "village-admin", "villager");
    // No word of kin: it would tell who sent the report.
    decide(&world, "village-admin", report, release()).await.expect_problem(404, "not_found");
    assert_eq!(queue(&world, "village-admin").await, [json!(own.id)]);
    assert_eq!(queue(&world, "town-officer").await, [json!(own.id), json!(report.id)]);
    db_run(&world, "DELETE FROM kinships".into()).await;
    assert_eq!(queue(&world, "village-admin").await, [json!(own.id), json!(report.id)]);
    let home = world.home_of("villager");
    db_run(
        &world,
        format!(
            "UPDATE villagers SET household_id = '{home}' WHERE id = '{}'",
            world.demo.villagers["village-admin"]
        ),
    )
    .await;
    decide(&world, "village-admin", report, release()).await.expect_problem(404, "not_found");
    assert_eq!(queue(&world, "village-admin").await, [json!(own.id)]);
    // Others do.
    decide(&world, "town-officer", own, release()).await.expect(201);
    decide(&world, "town-officer", report, release()).await.expect(201);
}

#[actix_web::test]
async fn others_may_not_even_know_of_the_queue_and_a_supervisor_says_why() {
    let world = World::new().await;
    let report = held(&world, "villager", SubjectKind::Report, "一句").await;
    let path = world.village("content-checks");
    for key in ["villager", "neighbour", "panel-1", "collector", "other-admin", "stranger"] {
        world.sign_in(key).await.get(&path).await.expect_problem(404, "not_found");
        decide(&world, key, report, release()).await.expect_problem(404, "not_found");
    }
    world.anonymous().get(&path).await.expect_problem(401, "sign_in_needed");
    let supervisor = world.sign_in("supervisor").await;
    supervisor.get(&path).await.expect_problem(403, "reason_required");
    assert_eq!(supervisor.read(&path).await.expect(200)["items"].as_array().unwrap().len(), 1);
    decide(&world, "supervisor", report, release()).await.expect_problem(404, "not_found");
    let elsewhere =
        world.other_village(&format!("content-checks/{}/decisions", world.db_checks(report)[0].id));
    let officer = world.sign_in("town-officer").await;
    officer.post(&elsewhere, release()).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn what_is_settled_is_forgotten_after_ninety_days_but_for_what_came_of_it() {
    let world = World::new().await;
    let waiting = held(&world, "villager", SubjectKind::Report, "还在等").await;
    let settled = held(&world, "villager", SubjectKind::Report, "看过的").await;
    decide(&world, "village-admin", settled, release()).await.expect(201);
    let path = world.village("content-checks?state=released");
    let remembered =
        "SELECT count(*) FROM content_checks WHERE author_id IS NOT NULL AND text <> ''";
    world.clock.advance(89 * 24 * 3600);
    tick(&world).await;
    assert_eq!(db_count(&world, remembered).await, 2);
    let admin = world.sign_in("village-admin").await;
    assert_eq!(admin.get(&path).await.expect(200)["items"][0]["text"], "看过的");
    world.clock.advance(2 * 24 * 3600);
    tick(&world).await;
    assert_eq!(db_count(&world, remembered).await, 1);
    let admin = world.sign_in("village-admin").await;
    let item = admin.get(&path).await.expect(200)["items"][0].clone();
    assert_eq!((&item["text"], &item["photo"]), (&Value::Null, &Value::Null));
    assert_eq!((&item["state"], &item["reason"]), (&json!("released"), &json!("看过了,没有问题")));
    // What waits is whole, and texts are still told from photos.
    assert_eq!(world.check_of(waiting), "held: review");
    let texts = admin.get(&world.village("content-checks?state=released&piece=text")).await;
    assert_eq!(texts.expect(200)["items"].as_array().unwrap().len(), 1);
}
