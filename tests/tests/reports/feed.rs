//! The public feed: checked, taken on, and with the consent of everybody who is shown.

use domain::content::Standing;
use serde_json::{Value, json};
use testing::World;
use testing::claims::db_messages;
use testing::reports::{act, db_count, db_pass, db_settle, look, report};

async fn feed(world: &World, key: &str) -> Vec<Value> {
    let client = world.sign_in(key).await;
    let list = client.get(&world.village("good-deeds")).await.expect(200);
    list["items"].as_array().unwrap().clone()
}

async fn praised(world: &World, person: &str) -> String {
    let id = report(world, "neighbour", "good_deed", json!({})).await;
    let accept = json!({"decision": "accept", "praised_id": world.demo.villagers[person]});
    act(world, "village-admin", &id, "triage", accept).await.expect(201);
    id
}

#[actix_web::test]
async fn a_good_deed_is_public_after_check_triage_and_consent_and_no_longer_than_that() {
    let world = World::new().await;
    let id = praised(&world, "villager").await;
    assert!(db_messages(&world, "villager").is_empty(), "asked only once it passed the check");
    db_pass(&world, &id);
    let (kind, data) = db_messages(&world, "villager").remove(0);
    assert_eq!((kind.as_str(), &data["person_name"]), ("showing_asked", &json!("王秀英")));
    assert!(feed(&world, "panel-1").await.is_empty(), "silence is no consent");
    let yes = json!({"agrees": true});
    for nobody in ["villager-son", "neighbour", "village-admin"] {
        let refused = act(&world, nobody, &id, "consents", yes.clone()).await;
        refused.expect_problem(404, "not_found");
    }
    act(&world, "villager", &id, "consents", yes.clone()).await.expect(201);
    let shown = feed(&world, "panel-1").await;
    assert_eq!((&shown[0]["id"], &shown[0]["praised_name"]), (&json!(id), &json!("王秀英")));
    assert_eq!(shown[0]["photos"].as_array().unwrap().len(), 1);
    let link = shown[0]["photos"][0]["thumbnail_url"].as_str().unwrap();
    assert_eq!(world.anonymous().get(link).await.status, 200, "{link}");
    let other = world.sign_in("other-villager").await;
    other.get(&world.village("good-deeds")).await.expect_problem(404, "not_found");
    assert!(other.get(&world.other_village("good-deeds")).await.expect(200)["items"] == json!([]));
    act(&world, "villager", &id, "consents", json!({"agrees": false})).await.expect(201);
    assert!(feed(&world, "panel-1").await.is_empty(), "consent is taken back at once");
    act(&world, "villager", &id, "consents", yes).await.expect(201);
    assert_eq!(feed(&world, "panel-1").await.len(), 1);
    db_settle(&world, &id, Standing::Refused);
    assert!(feed(&world, "panel-1").await.is_empty(), "a person refused a picture");
    db_pass(&world, &id);
    assert_eq!(feed(&world, "panel-1").await.len(), 1);
    act(&world, "village-admin", &id, "strikes", json!({"reason": "重复"})).await.expect(201);
    assert!(feed(&world, "panel-1").await.is_empty());
}

#[actix_web::test]
async fn everybody_who_is_shown_must_agree_and_the_household_answers_for_who_cannot() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "good_deed", json!({})).await;
    let none = act(&world, "village-admin", &id, "triage", json!({"decision": "accept"})).await;
    none.expect_problem(422, "shown_missing");
    let villagers = &world.demo.villagers;
    let accept = json!({"decision": "accept", "praised_id": villagers["villager"],
        "shown_ids": [villagers["new-villager"]]});
    act(&world, "village-admin", &id, "triage", accept).await.expect(201);
    db_pass(&world, &id);
    act(&world, "villager", &id, "consents", json!({"agrees": true})).await.expect(201);
    assert!(feed(&world, "villager").await.is_empty(), "the other one did not agree");
    // Li Xiaoyan never signed in: the household is asked, and answers. It is the reporter's.
    assert!(db_messages(&world, "neighbour").iter().any(|(kind, _)| kind == "showing_asked"));
    let for_her = json!({"agrees": true, "person_id": villagers["new-villager"]});
    act(&world, "villager", &id, "consents", for_her.clone())
        .await
        .expect_problem(404, "not_found");
    act(&world, "neighbour", &id, "consents", for_her).await.expect(201);
    assert_eq!(feed(&world, "villager").await.len(), 1);
}

#[actix_web::test]
async fn where_nobody_can_be_recognised_nobody_is_asked_and_nuisances_are_never_public() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "good_deed", json!({})).await;
    let accept = json!({"decision": "accept", "nobody_shown": true});
    act(&world, "village-admin", &id, "triage", accept).await.expect(201);
    assert!(feed(&world, "villager").await.is_empty(), "not before the check");
    db_pass(&world, &id);
    assert_eq!(feed(&world, "villager").await[0]["praised_name"], Value::Null);
    let nuisance = report(&world, "villager", "nuisance", json!({})).await;
    act(&world, "village-admin", &nuisance, "triage", json!({"decision": "accept"}))
        .await
        .expect(201);
    db_pass(&world, &nuisance);
    assert_eq!(feed(&world, "villager").await.len(), 1);
    // The database refuses it too.
    use diesel::RunQueryDsl;
    let forced = diesel::sql_query("UPDATE reports SET shown_at = now() WHERE kind = 'nuisance'")
        .execute(&mut world.connect());
    assert!(forced.unwrap_err().to_string().contains("reports_shown_rightly"));
}

#[actix_web::test]
async fn the_feed_goes_on_where_its_cursor_ends() {
    let world = World::new().await;
    for key in ["neighbour", "panel-1", "panel-2", "panel-3", "panel-4"] {
        let id = report(&world, key, "good_deed", json!({})).await;
        let accept = json!({"decision": "accept", "nobody_shown": true});
        act(&world, "village-admin", &id, "triage", accept).await.expect(201);
        db_pass(&world, &id);
        world.clock.advance(1);
    }
    let villager = world.sign_in("villager").await;
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = world.village(&format!("good-deeds?limit=2{cursor}"));
        let page = villager.get(&path).await.expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 5);
    let newest = villager.get(&world.village("good-deeds")).await.expect(200);
    let order: Vec<_> =
        newest["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(seen, order);
    villager.get(&world.village("good-deeds?cursor=x")).await.expect_problem(400, "bad_query");
}

#[actix_web::test]
async fn texts_and_photos_pass_the_queue_of_people_where_wechat_is_silent() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "good_deed", json!({})).await;
    let accept = json!({"decision": "accept", "nobody_shown": true});
    act(&world, "village-admin", &id, "triage", accept).await.expect(201);
    // Text, place and photo: nobody answers within half an hour, so people look.
    assert_eq!(db_count(&world, "SELECT count(*) FROM content_checks"), 3);
    world.clock.advance(31 * 60);
    testing::notices::tick(&world).await;
    let admin = world.sign_in("village-admin").await;
    let queue = admin.get(&world.village("content-checks?state=held")).await.expect(200);
    let held = queue["items"].as_array().unwrap().clone();
    assert_eq!(held.len(), 3, "{queue}");
    for check in &held {
        assert_eq!(look(&world, "neighbour", &id).await.expect(200)["in_feed"], false);
        let path = format!("content-checks/{}/decisions", check["id"].as_str().unwrap());
        let decision = json!({"verdict": "release", "reason": "看过,没有问题"});
        let done = admin.post(&world.village(&path), decision).await;
        assert!(done.status.is_success(), "{}", done.body);
    }
    let shown = look(&world, "neighbour", &id).await.expect(200);
    assert_eq!((&shown["in_feed"], &shown["standing"]), (&json!(true), &json!("public")));
    assert_eq!(feed(&world, "villager").await.len(), 1);
}
