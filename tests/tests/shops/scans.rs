//! Codes at the till.

use serde_json::json;
use testing::World;
use testing::claims::today;
use testing::shops::{Till, at_once, code_of, count, db_count, db_star_credit};

#[actix_web::test]
async fn a_code_is_good_for_one_scan() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let code = code_of(&villager).await;
    assert_eq!(code.len(), 64);
    till.scan(json!({"code": code})).await.expect(201);
    till.scan(json!({"code": code})).await.expect_problem(409, "code_used");
    // Another one of the same minute is another code.
    till.quote(&villager).await;
}

#[actix_web::test]
async fn a_code_dies_with_the_minute_after_its_own() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let (old, older) = (code_of(&villager).await, code_of(&villager).await);
    world.clock.advance(30);
    till.scan(json!({"code": old})).await.expect(201);
    world.clock.advance(120);
    till.scan(json!({"code": older})).await.expect_problem(422, "code_expired");
}

#[actix_web::test]
async fn what_is_no_code_of_ours_is_refused() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let code = code_of(&villager).await;
    let altered = format!("{}{}", &code[..63], if code.ends_with('A') { 'B' } else { 'A' });
    for bad in [altered.as_str(), "hello", "https://example.org/"] {
        till.scan(json!({"code": bad})).await.expect_problem(422, "code_invalid");
    }
    for bad in [json!({}), json!({"card_number": "1".repeat(16)}), json!({"code": ""})] {
        till.scan(bad).await.expect_problem(422, "invalid");
    }
    let both = json!({"code": code, "card_number": "1".repeat(16), "pin": "280415"});
    till.scan(both).await.expect_problem(422, "invalid");
}

#[actix_web::test]
async fn without_a_star_there_is_no_quote_and_the_code_stays_good() {
    let world = World::new().await;
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let code = code_of(&villager).await;
    till.scan(json!({"code": code})).await.expect_problem(422, "no_star");
    db_star_credit(&world, 1, 1, 40_000);
    assert_eq!(till.scan(json!({"code": code})).await.expect(201)["offers"][0]["discount_bp"], 200);
}

#[actix_web::test]
async fn without_an_agreement_there_is_no_quote() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let admin = world.sign_in("village-admin").await;
    let list = admin.get(&world.village("agreements")).await.expect(200);
    let id = list["items"][0]["agreement_id"].as_str().unwrap().to_owned();
    // Not the first day of the agreement, which was made before midnight if the tests began before it.
    let today = today(&world);
    admin
        .post(&world.village(&format!("agreements/{id}/end")), json!({"on": today}))
        .await
        .expect(200);
    till.quote(&villager).await;
    world.clock.advance(86_400);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let code = code_of(&villager).await;
    till.scan(json!({"code": code})).await.expect_problem(422, "no_agreement");
}

#[actix_web::test]
async fn only_those_at_the_till_scan_and_only_villagers_show_codes() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let code = json!({"code": code_of(&villager).await});
    for key in ["villager", "village-admin", "supervisor", "stranger"] {
        let other = world.sign_in(key).await;
        other.post(&till.path("scans"), code.clone()).await.expect_problem(404, "not_found");
    }
    till.clerk.get("/v1/me/payment-code").await.expect_problem(403, "not_bound");
    world.anonymous().get("/v1/me/payment-code").await.expect_problem(401, "sign_in_needed");
    till.scan(code).await.expect(201);
}

#[actix_web::test]
async fn scans_are_limited_to_sixty_a_minute() {
    let world = World::new().await;
    let till = Till::open(&world).await;
    let scans = (0..150).map(|_| {
        let till = till.clone();
        async move { till.scan(json!({"code": "guess"})).await }
    });
    let answers = at_once(scans).await;
    let counted = count(&answers, 422, "code_invalid");
    // One more comes free each second while they run.
    assert!((60..150).contains(&counted), "{counted}");
    assert_eq!(counted + count(&answers, 429, "too_many_requests"), 150);
}

#[actix_web::test]
async fn old_codes_and_quotes_are_forgotten() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let sold = till.quote(&villager).await;
    till.sell(&sold, 1_000).await.expect(201);
    till.quote(&villager).await;
    let now = world.clock.now();
    assert_eq!(infra::worker::tick(&world.db, now).forgotten, 0);
    let later = now + chrono::Duration::days(2);
    // Two codes and a quote; and the keys of two scans and the sale.
    assert_eq!(infra::worker::tick(&world.db, later).forgotten, 6);
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM quotes"), 1);
}
