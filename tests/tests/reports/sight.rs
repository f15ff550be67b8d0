//! Who sees what of a report: words, notes, lists, messages, and the rights of people who moved.

use serde_json::{Value, json};
use testing::World;
use testing::claims::db_messages;
use testing::notices::db_run;
use testing::reports::{act, db_count, db_pass, db_pass_comments, look, report};

/// A nuisance of the neighbour's that was taken on, with villager's household concerned.
async fn concerning_villager(world: &World) -> String {
    let id = report(world, "neighbour", "nuisance", json!({})).await;
    let home = json!({"decision": "accept", "concerned_household_id": world.demo.households[&1]});
    act(world, "village-admin", &id, "triage", home).await.expect(201);
    id
}

async fn reasons(world: &World, key: &str, id: &str) -> Vec<(String, Value)> {
    let shown = look(world, key, id).await.expect(200);
    let events = shown["events"].as_array().unwrap().iter();
    events.map(|one| (one["event"].as_str().unwrap().to_owned(), one["reason"].clone())).collect()
}

#[actix_web::test]
async fn notes_to_the_worker_and_looks_at_the_sender_are_told_to_neither_side() {
    let world = World::new().await;
    let id = concerning_villager(&world).await;
    let to = json!({"worker_id": world.demo.villagers["grid-worker"], "working_days": 3,
        "note": "反映人是隔壁李家"});
    act(&world, "village-admin", &id, "dispatches", to).await.expect(201);
    let why = json!({"reason": "核对李家的说法"});
    act(&world, "village-admin", &id, "reporter", why).await.expect(200);
    db_pass(&world, &id);
    let events =
        |told: &[(String, Value)]| told.iter().map(|one| one.0.clone()).collect::<Vec<_>>();
    let theirs = reasons(&world, "villager", &id).await;
    assert_eq!(events(&theirs), ["submitted", "accepted", "dispatched"]);
    assert!(theirs.iter().all(|(_, reason)| reason.is_null()), "{theirs:?}");
    let own = reasons(&world, "neighbour", &id).await;
    assert_eq!(events(&own).last().unwrap(), "reporter_seen");
    assert_eq!((&own[2].1, &own[3].1), (&Value::Null, &json!("核对李家的说法")));
    let worker = reasons(&world, "grid-worker", &id).await;
    assert_eq!(worker[2], ("dispatched".to_owned(), json!("反映人是隔壁李家")));
}

async fn comments(world: &World, key: &str, report: &str) -> Vec<String> {
    let path = world.village(&format!("reports/{report}/comments"));
    let list = world.sign_in(key).await.get(&path).await.expect(200);
    let items = list["items"].as_array().unwrap();
    items.iter().map(|one| one["by"].as_str().unwrap().to_owned()).collect()
}

#[actix_web::test]
async fn the_household_concerned_is_read_by_all_sides_and_reads_nothing_of_the_reporter() {
    let world = World::new().await;
    let id = concerning_villager(&world).await;
    let say = |text: &str| json!({"text": text});
    act(&world, "villager-son", &id, "comments", say("x")).await.expect_problem(404, "not_found");
    db_pass(&world, &id);
    act(&world, "neighbour", &id, "comments", say("昨天又倒了")).await.expect(201);
    act(&world, "villager-son", &id, "comments", say("不是我家倒的")).await.expect(201);
    act(&world, "village-admin", &id, "comments", say("明天来看")).await.expect(201);
    assert!(comments(&world, "villager", &id).await.is_empty(), "not before the check");
    db_pass_comments(&world, &id);
    assert_eq!(comments(&world, "villager", &id).await, ["concerned", "village_admin"]);
    let all = ["reporter", "concerned", "village_admin"];
    assert_eq!(comments(&world, "neighbour", &id).await, all);
    assert_eq!(comments(&world, "village-admin-2", &id).await, all);
    let path = world.village(&format!("reports/{id}/comments"));
    world.sign_in("panel-1").await.get(&path).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn who_is_praised_and_who_reported_it_read_each_other_once_it_passed() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "good_deed", json!({})).await;
    let accept = json!({"decision": "accept", "praised_id": world.demo.villagers["villager"]});
    act(&world, "village-admin", &id, "triage", accept).await.expect(201);
    db_pass(&world, &id);
    act(&world, "villager", &id, "comments", json!({"text": "应该的"})).await.expect(201);
    act(&world, "neighbour", &id, "comments", json!({"text": "谢谢"})).await.expect(201);
    assert!(comments(&world, "villager", &id).await.is_empty(), "not before the check");
    assert_eq!(comments(&world, "neighbour", &id).await, ["reporter"]);
    db_pass_comments(&world, &id);
    for key in ["villager", "villager-son", "neighbour", "village-admin"] {
        assert_eq!(comments(&world, key, &id).await, ["shown", "reporter"], "{key}");
    }
}

#[actix_web::test]
async fn the_list_shows_an_officer_no_more_of_their_own_household_than_the_report_does() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "nuisance", json!({})).await;
    let home = json!({"decision": "accept", "concerned_household_id": world.demo.households[&11]});
    act(&world, "village-admin-2", &id, "triage", home).await.expect(201);
    let line = async |key: &str| {
        let list = world.sign_in(key).await.get(&world.village("reports")).await.expect(200);
        list["items"][0].clone()
    };
    look(&world, "village-admin", &id).await.expect_problem(404, "not_found");
    let own = line("village-admin").await;
    assert_eq!((&own["text"], &own["place"]), (&Value::Null, &Value::Null));
    assert_eq!((&own["photos"], &own["id"]), (&json!([]), &json!(id)));
    let other = line("village-admin-2").await;
    assert_eq!((&other["text"], &other["place"]), (&json!("桥下看到的情况"), &json!("村口小桥边")));
    assert_eq!(other["photos"].as_array().unwrap().len(), 1);
    db_pass(&world, &id);
    assert_eq!(line("village-admin").await["text"], "桥下看到的情况");
}

#[actix_web::test]
async fn whose_report_was_joined_is_told_with_the_words_of_their_own() {
    let world = World::new().await;
    let words = json!({"place": "骂人的话"});
    let main = report(&world, "neighbour", "nuisance", words).await;
    act(&world, "village-admin", &main, "triage", json!({"decision": "accept"})).await.expect(201);
    let same = report(&world, "villager", "nuisance", json!({"place": "小桥下面"})).await;
    let join = json!({"decision": "join", "joined_to": main});
    act(&world, "village-admin", &same, "triage", join).await.expect(201);
    testing::reports::dispatch(&world, &main).await.expect(201);
    let (kind, data) = db_messages(&world, "villager").pop().unwrap();
    assert_eq!((kind.as_str(), &data["report_id"]), ("report_dispatched", &json!(same)));
    assert_eq!(data["place"], "小桥下面");
    let (kind, data) = db_messages(&world, "neighbour").pop().unwrap();
    assert_eq!((kind.as_str(), &data["place"]), ("report_dispatched", &json!("骂人的话")));
}

async fn move_to(world: &World, key: &str, number: u8) {
    let path = world.village(&format!("villagers/{}", world.demo.villagers[key]));
    let home = json!({"household_id": world.demo.households[&number], "relation": "亲属"});
    let body =
        json!({"residence": "resident", "tracks": [], "move_to": home, "reason": "分户登记"});
    let moved = world.sign_in("village-admin").await.put(&path, body).await;
    assert!(moved.status.is_success(), "{}", moved.body);
}

#[actix_web::test]
async fn who_moved_takes_their_rights_along_and_the_old_household_has_none() {
    let world = World::new().await;
    let id = report(&world, "panel-2", "good_deed", json!({})).await;
    let people = &world.demo.villagers;
    let accept = json!({"decision": "accept", "praised_id": people["villager-son"],
        "shown_ids": [people["new-villager"]]});
    act(&world, "village-admin", &id, "triage", accept).await.expect(201);
    db_pass(&world, &id);
    assert_eq!(look(&world, "villager", &id).await.expect(200)["seen_as"], "party");
    move_to(&world, "villager-son", 7).await;
    move_to(&world, "new-villager", 7).await;
    look(&world, "villager", &id).await.expect_problem(404, "not_found");
    let about = async |key: &str| {
        let path = world.village("reports/mine?which=about");
        let list = world.sign_in(key).await.get(&path).await.expect(200);
        list["items"].as_array().unwrap().len()
    };
    assert_eq!((about("villager").await, about("villager-son").await), (0, 1));
    assert_eq!((about("neighbour").await, about("panel-1").await), (0, 1));
    let yes = json!({"agrees": true});
    act(&world, "villager-son", &id, "consents", yes).await.expect(201);
    // Li Xiaoyan never signed in: where she lives now is answered for her.
    let for_her = json!({"agrees": true, "person_id": people["new-villager"]});
    let refused = act(&world, "neighbour", &id, "consents", for_her.clone()).await;
    refused.expect_problem(404, "not_found");
    act(&world, "panel-1", &id, "consents", for_her).await.expect(201);
    assert_eq!(look(&world, "villager-son", &id).await.expect(200)["in_feed"], true);
}

#[actix_web::test]
async fn answering_again_leaves_no_trace_and_changing_ones_mind_has_an_end() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "good_deed", json!({})).await;
    let accept = json!({"decision": "accept", "praised_id": world.demo.villagers["villager"]});
    act(&world, "village-admin", &id, "triage", accept).await.expect(201);
    db_pass(&world, &id);
    let villager = world.sign_in("villager").await;
    let path = world.village(&format!("reports/{id}/consents"));
    let answer = async |agrees: bool| villager.post(&path, json!({"agrees": agrees})).await;
    let events =
        || db_count(&world, "SELECT count(*) FROM report_events WHERE event LIKE 'showing%'");
    for _ in 0..3 {
        answer(true).await.expect(201);
    }
    assert_eq!(events(), 1);
    for agrees in [false, true, false, true] {
        answer(agrees).await.expect(201);
    }
    assert_eq!(events(), 5);
    answer(true).await.expect(201);
    answer(false).await.expect(201);
    answer(true).await.expect_problem(422, "showing_too_many");
    answer(false).await.expect(201);
    assert_eq!(events(), 6);
    world.clock.advance(24 * 60 * 60);
    act(&world, "villager", &id, "consents", json!({"agrees": true})).await.expect(201);
}

#[actix_web::test]
async fn a_long_timeline_shows_what_happened_last() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "nuisance", json!({})).await;
    let many = "INSERT INTO report_events (village_id, id, report_id, event, state, by_part, reason, at) \
         SELECT village_id, ('ffffffff-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, report_id, \
         'urged', state, 'program', n::text, at FROM report_events, generate_series(1, 600) n";
    db_run(&world, many.into()).await;
    let told = reasons(&world, "neighbour", &id).await;
    assert_eq!(told.len(), 500);
    assert_eq!((&told[0].1, &told[499].1), (&json!("101"), &json!("600")), "in their order");
}

#[actix_web::test]
async fn nothing_names_a_child_among_the_good_deeds() {
    let world = World::new().await;
    let words = json!({"text": "王秀英和李小燕扶老人过桥", "place": "王秀英家门口"});
    let id = report(&world, "panel-2", "good_deed", words).await;
    let people = &world.demo.villagers;
    let accept = json!({"decision": "accept", "praised_id": people["villager"],
        "shown_ids": [people["new-villager"]]});
    act(&world, "village-admin", &id, "triage", accept).await.expect(201);
    db_pass(&world, &id);
    act(&world, "villager", &id, "consents", json!({"agrees": true})).await.expect(201);
    let for_her = json!({"agrees": true, "person_id": people["new-villager"]});
    act(&world, "neighbour", &id, "consents", for_her).await.expect(201);
    let feed = async || {
        let panel = world.sign_in("panel-1").await;
        panel.get(&world.village("good-deeds")).await.expect(200)["items"][0].clone()
    };
    let born = async |key: &str, day: &str| {
        let person = people[key];
        let statement = format!("UPDATE villagers SET born_on = {day} WHERE id = '{person}'");
        db_run(&world, statement).await;
    };
    let deed = feed().await;
    assert_eq!((&deed["praised_name"], &deed["place"]), (&json!("王秀英"), &json!("王秀英家门口")));
    born("new-villager", "NULL").await;
    let deed = feed().await;
    assert_eq!(deed["praised_name"], "王秀英");
    assert_eq!(deed["text"], "王秀英和某某扶老人过桥", "an unknown age may be a child's");
    born("villager", "'2010-01-01'").await;
    let deed = feed().await;
    assert_eq!((&deed["id"], &deed["praised_name"]), (&json!(id), &Value::Null));
    assert_eq!(
        (&deed["text"], &deed["place"]),
        (&json!("某某和某某扶老人过桥"), &json!("某某家门口"))
    );
}

#[actix_web::test]
async fn the_photos_of_a_report_do_not_know_who_uploaded_them() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "nuisance", json!({})).await;
    let photo = look(&world, "neighbour", &id).await.expect(200)["photos"][0]["id"].clone();
    let of = format!("SELECT count(*) FROM photos WHERE owner_id = '{id}'");
    assert_eq!(db_count(&world, &of), 1);
    assert_eq!(db_count(&world, &format!("{of} AND uploaded_by IS NOT NULL")), 0);
    let again = json!({"photo_ids": [photo], "category": "sewage"});
    let neighbour = world.sign_in("neighbour").await;
    let body = testing::reports::body(&world, &neighbour, "nuisance", again).await;
    let refused = neighbour.post(&world.village("reports"), body).await;
    refused.expect_problem(422, "photo_not_usable");
}
