//! Sending a report, and what is offered before.

use serde_json::{Value, json};
use testing::World;
use testing::reports::{HERE, act, body, db_count, db_pass, look, report};

const DAY: u32 = 24 * 60 * 60;

fn nearby(world: &World, (latitude, longitude): (i32, i32), category: &str) -> String {
    world.village(&format!(
        "reports/nearby?kind=nuisance&category={category}&latitude_e6={latitude}&longitude_e6={longitude}"
    ))
}

#[actix_web::test]
async fn a_report_is_sent_once_and_seen_by_who_sent_it_and_the_desk() {
    let world = World::new().await;
    let neighbour = world.sign_in("neighbour").await;
    let path = world.village("reports");
    let body = body(&world, &neighbour, "nuisance", json!({})).await;
    let made = neighbour.post_with_key(&path, body.clone(), "report-once").await.expect(201);
    let again = neighbour.post_with_key(&path, body, "report-once").await.expect(201);
    assert_eq!(made, again);
    assert_eq!(made["state"], "submitted");
    let id = made["id"].as_str().unwrap();
    let own = look(&world, "neighbour", id).await.expect(200);
    assert_eq!((&own["seen_as"], &own["text"]), (&json!("reporter"), &json!("桥下看到的情况")));
    assert_eq!(own["photos"].as_array().unwrap().len(), 1);
    assert_eq!(own["events"][0]["by"], "reporter");
    let desk = look(&world, "village-admin", id).await.expect(200);
    assert_eq!(desk["seen_as"], "desk");
    assert_eq!(desk["spot"]["latitude_e6"], HERE.0);
    for stranger in ["villager", "panel-1", "grid-worker", "collector", "other-admin"] {
        look(&world, stranger, id).await.expect_problem(404, "not_found");
    }
    let mine = neighbour.get(&world.village("reports/mine")).await.expect(200);
    assert_eq!(mine["items"][0]["id"], json!(id));
    let others = world.sign_in("villager").await.get(&world.village("reports/mine")).await;
    assert_eq!(others.expect(200)["items"], json!([]));
    assert_eq!(db_count(&world, "SELECT count(*) FROM reports"), 1);
}

#[actix_web::test]
async fn what_cannot_be_reported_is_refused() {
    let world = World::new().await;
    let neighbour = world.sign_in("neighbour").await;
    let path = world.village("reports");
    let send = async |more: Value| {
        let body = body(&world, &neighbour, "nuisance", more).await;
        neighbour.post(&path, body).await
    };
    send(json!({"category": "elders"})).await.expect_problem(422, "category_unknown");
    send(json!({"photo_ids": []})).await.expect_problem(422, "photos_needed");
    send(json!({"text": "  "})).await.expect_problem(422, "text_missing");
    send(json!({"spot": {"latitude_e6": 1, "longitude_e6": 2}}))
        .await
        .expect_problem(422, "invalid");
    let photo = world.upload_photo(&neighbour).await;
    send(json!({"photo_ids": [photo, photo]})).await.expect_problem(422, "invalid");
    let villager = world.sign_in("villager").await;
    let theirs = world.upload_photo(&villager).await;
    send(json!({"photo_ids": [theirs]})).await.expect_problem(422, "photo_not_usable");
    send(json!({})).await.expect(201);
    send(json!({})).await.expect_problem(422, "report_repeated");
    send(json!({"category": "sewage"})).await.expect(201);
    for nobody in ["other-villager", "stranger", "town-officer"] {
        let client = world.sign_in(nobody).await;
        let body = json!({"kind": "nuisance", "category": "garbage", "place": "x", "text": "x",
            "spot": {"latitude_e6": HERE.0, "longitude_e6": HERE.1}, "photo_ids": [photo]});
        let refused = client.post(&path, body).await;
        assert!([403, 404].contains(&refused.status.as_u16()), "{nobody} {:?}", refused.body);
    }
    assert_eq!(db_count(&world, "SELECT count(*) FROM reports"), 2);
}

#[actix_web::test]
async fn one_person_sends_ten_a_day_even_at_once() {
    let world = World::new().await;
    let neighbour = world.sign_in("neighbour").await;
    let path = world.village("reports");
    let mut bodies = Vec::new();
    for n in 0..14 {
        let spot = json!({"latitude_e6": HERE.0 + n * 2_000, "longitude_e6": HERE.1});
        bodies.push(body(&world, &neighbour, "nuisance", json!({"spot": spot})).await);
    }
    world.warm_up().await;
    let sent = bodies.into_iter().map(|body| neighbour.post(&path, body));
    let answers = futures_util::future::join_all(sent).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let refused = answers.iter().filter(|answer| answer.code() == "report_too_many").count();
    assert_eq!((made, refused), (10, 4));
    world.clock.advance(DAY);
    let neighbour = world.sign_in("neighbour").await;
    let spot = json!({"latitude_e6": HERE.0 + 100_000, "longitude_e6": HERE.1});
    let body = body(&world, &neighbour, "nuisance", json!({"spot": spot})).await;
    neighbour.post(&path, body).await.expect(201);
}

#[actix_web::test]
async fn the_same_nearby_is_offered_without_what_others_wrote() {
    let world = World::new().await;
    let id = report(&world, "neighbour", "nuisance", json!({})).await;
    db_pass(&world, &id);
    let villager = world.sign_in("villager").await;
    // 449 millionths of a degree to the north are 49.7 m, 461 are 51.1 m.
    let near = villager.get(&nearby(&world, (HERE.0 + 449, HERE.1), "garbage")).await.expect(200);
    let line = &near["items"][0];
    assert_eq!((&line["metres"], &line["state"]), (&json!(49), &json!("submitted")));
    assert_eq!(line["category_name"], "乱倒垃圾");
    let told = near.to_string();
    assert!(!told.contains("桥下看到的情况") && !told.contains(&id), "{told}");
    for (place, category) in [((HERE.0 + 461, HERE.1), "garbage"), ((HERE.0, HERE.1), "sewage")] {
        let none = villager.get(&nearby(&world, place, category)).await.expect(200);
        assert_eq!(none["items"], json!([]));
    }
    let other = world.sign_in("other-villager").await;
    other.get(&nearby(&world, HERE, "garbage")).await.expect_problem(404, "not_found");
    act(&world, "neighbour", &id, "withdrawals", json!({})).await.expect(201);
    let none = villager.get(&nearby(&world, HERE, "garbage")).await.expect(200);
    assert_eq!(none["items"], json!([]), "what was taken back is not there any more");
    report(&world, "neighbour", "nuisance", json!({})).await;
    world.clock.advance(13 * DAY);
    let villager = world.sign_in("villager").await;
    let still = villager.get(&nearby(&world, HERE, "garbage")).await.expect(200);
    assert_eq!(still["items"].as_array().unwrap().len(), 1, "what is not yet two weeks old");
    world.clock.advance(2 * DAY);
    let villager = world.sign_in("villager").await;
    let none = villager.get(&nearby(&world, HERE, "garbage")).await.expect(200);
    assert_eq!(none["items"], json!([]), "nor what is older than two weeks");
}

#[actix_web::test]
async fn a_village_changes_what_can_be_reported_without_a_programmer() {
    let world = World::new().await;
    let (admin, neighbour) =
        (world.sign_in("village-admin").await, world.sign_in("neighbour").await);
    let path = world.village("report-categories");
    let list = neighbour.get(&path).await.expect(200);
    assert!(list["items"].as_array().unwrap().len() > 10);
    let id = report(&world, "neighbour", "nuisance", json!({})).await;
    let own = json!({"categories": [
        {"kind": "good_deed", "code": "help", "name": "帮忙"},
        {"kind": "nuisance", "code": "fire", "name": "焚烧秸秆"},
    ]});
    neighbour.put(&path, own.clone()).await.expect_problem(403, "forbidden");
    admin.put(&path, own.clone()).await.expect(204);
    let list = neighbour.get(&path).await.expect(200);
    assert_eq!(list["items"][1]["name"], "焚烧秸秆");
    report(&world, "neighbour", "nuisance", json!({"category": "fire"})).await;
    let gone = body(&world, &neighbour, "nuisance", json!({})).await;
    neighbour.post(&world.village("reports"), gone).await.expect_problem(422, "category_unknown");
    let shown = look(&world, "neighbour", &id).await.expect(200);
    assert_eq!(shown["category_name"], "乱倒垃圾", "as it was called then");
    let bad = |name: &str| {
        json!({"categories": [{"kind": "good_deed", "code": "a", "name": "帮忙"},
            {"kind": "nuisance", "code": "b", "name": name}]})
    };
    admin.put(&path, bad("越级上访")).await.expect_problem(422, "category_forbidden");
    let mut twice = bad("垃圾");
    let one_more = twice["categories"][1].clone();
    twice["categories"].as_array_mut().unwrap().push(one_more);
    admin.put(&path, twice).await.expect_problem(422, "category_list_invalid");
    let other = world.sign_in("other-villager").await;
    let theirs = other.get(&world.other_village("report-categories")).await.expect(200);
    assert!(theirs["items"].as_array().unwrap().len() > 10, "another village has its own");
}
