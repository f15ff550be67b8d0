//! Proofs of a star: made by a household, read at a counter.

use serde_json::{Value, json};
use testing::notices::close;
use testing::ratings_on_notice::db_rating_on_notice;
use testing::{Answer, World};

async fn with_stars() -> (World, String) {
    let world = World::new().await;
    let (_, notice, cycle) = db_rating_on_notice(&world, &[(1, 91, 4), (2, 55, 0)]).await;
    close(&world, &notice.to_string()).await;
    (world, cycle)
}

fn proofs(world: &World) -> String {
    world.village(&format!("households/{}/star-proofs", world.home_of("villager")))
}

async fn make(world: &World, body: Value) -> Value {
    world.sign_in("villager").await.post(&proofs(world), body).await.expect(201)
}

async fn read(world: &World, token: &Value) -> Answer {
    let body = json!({"token": token, "reader": "龙场信用社柜台"});
    world.anonymous().post("/v1/star-proof-readings", body).await
}

#[actix_web::test]
async fn a_counter_reads_what_the_scope_allows_and_the_household_sees_every_reading() {
    let (world, cycle) = with_stars().await;
    let body = |shows: &str| json!({"purpose": "信用社贷款", "shows": shows, "days": 7});
    let plain = make(&world, body("star")).await;
    let seen = read(&world, &plain["token"]).await.expect(201);
    assert_eq!((&seen["stars"], &seen["cycle"]), (&json!(4), &json!(cycle)));
    assert_eq!((&seen["name"], &seen["history"]), (&Value::Null, &json!([])));
    assert_eq!(seen["purpose"], "信用社贷款");
    let text = seen.to_string();
    assert!(!text.contains("王") && !text.contains("001"), "{text}");

    let named = make(&world, body("star_and_name")).await;
    assert_eq!(read(&world, &named["token"]).await.expect(201)["name"], "王*英");
    let mut history = body("star_and_history");
    history["cycles"] = json!(2);
    let history = make(&world, history).await;
    let seen = read(&world, &history["token"]).await.expect(201);
    assert_eq!(seen["history"], json!([{"cycle": cycle, "stars": 4}]));
    assert_eq!(seen["name"], Value::Null);

    read(&world, &plain["token"]).await.expect(201);
    let villager = world.sign_in("villager-son").await;
    let path = format!("{}/{}/readings", proofs(&world), plain["id"].as_str().unwrap());
    let readings = villager.get(&path).await.expect(200);
    let readings = readings["items"].as_array().unwrap();
    assert_eq!(readings.len(), 2);
    assert_eq!(
        (&readings[0]["reader"], &readings[0]["stars"]),
        (&json!("龙场信用社柜台"), &json!(4))
    );
    // The household shows the same code again as long as it is good.
    let listed = villager.get(&proofs(&world)).await.expect(200);
    let items = listed["items"].as_array().unwrap();
    let again = items.iter().find(|one| one["id"] == plain["id"]).unwrap();
    assert_eq!(again["token"], plain["token"]);
    // Nobody else sees that there are any.
    for other in ["neighbour", "village-admin", "supervisor"] {
        let client = world.sign_in(other).await;
        client.read(&proofs(&world)).await.expect_problem(404, "not_found");
        client.read(&path).await.expect_problem(404, "not_found");
    }
}

#[actix_web::test]
async fn what_is_no_proof_is_out_of_date_or_was_taken_back_is_answered_alike() {
    let (world, _) = with_stars().await;
    let body = json!({"purpose": "贷款", "shows": "star", "days": 1});
    let one = make(&world, body.clone()).await;
    let two = make(&world, body).await;
    let token = one["token"].as_str().unwrap().to_owned();
    let mut altered: Vec<char> = token.chars().collect();
    let middle = altered.len() / 2;
    altered[middle] = if altered[middle] == 'A' { 'B' } else { 'A' };
    let altered: String = altered.into_iter().collect();
    let mut answers = Vec::new();
    for wrong in [json!("x"), json!(altered), json!("A".repeat(86))] {
        answers.push(read(&world, &wrong).await);
    }
    let villager = world.sign_in("villager").await;
    let path = format!("{}/{}", proofs(&world), one["id"].as_str().unwrap());
    world.sign_in("neighbour").await.delete(&path).await.expect_problem(404, "not_found");
    villager.delete(&path).await.expect(204);
    villager.delete(&path).await.expect(204);
    answers.push(read(&world, &one["token"]).await);
    read(&world, &two["token"]).await.expect(201);
    world.clock.advance(86_400);
    answers.push(read(&world, &two["token"]).await);
    let first = answers[0].clone().expect_problem(404, "not_found");
    for answer in answers {
        assert_eq!(answer.expect_problem(404, "not_found"), first);
    }
    let villager = world.sign_in("villager").await;
    let listed = villager.get(&proofs(&world)).await.expect(200);
    assert_eq!(
        (&listed["items"][0]["good"], &listed["items"][0]["token"]),
        (&json!(false), &Value::Null)
    );
}

#[actix_web::test]
async fn a_proof_is_for_a_purpose_for_thirty_days_and_for_ten_counters_at_most() {
    let (world, _) = with_stars().await;
    let villager = world.sign_in("villager").await;
    let path = proofs(&world);
    for (field, value) in
        [("days", json!(31)), ("days", json!(0)), ("purpose", json!(" ")), ("cycles", json!(2))]
    {
        let mut body = json!({"purpose": "贷款", "shows": "star", "days": 7});
        body[field] = value;
        villager.post(&path, body).await.expect_problem(422, "invalid");
    }
    let body = json!({"purpose": "贷款", "shows": "star", "days": 7});
    let key = uuid::Uuid::now_v7().to_string();
    let first = villager.post_with_key(&path, body.clone(), &key).await.expect(201);
    let again = villager.post_with_key(&path, body.clone(), &key).await.expect(201);
    assert_eq!(first["token"], again["token"], "sent twice, made once");
    for _ in 0..9 {
        villager.post(&path, body.clone()).await.expect(201);
    }
    villager.post(&path, body.clone()).await.expect_problem(422, "proof_too_many");
    let stranger = world.sign_in("stranger").await;
    stranger.post(&path, body).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn a_counter_that_guesses_is_held_back() {
    let (world, _) = with_stars().await;
    let mut held = None;
    // Two a second come back meanwhile.
    for tries in 0..10 * api::limits::PROOFS_PER_MINUTE {
        let answer = read(&world, &json!("x")).await;
        if answer.status.as_u16() != 404 {
            held = Some((tries, answer));
            break;
        }
    }
    let (tries, answer) = held.expect("held back");
    assert!(tries >= 100, "{tries}");
    answer.expect_problem(429, "too_many_requests");
}
