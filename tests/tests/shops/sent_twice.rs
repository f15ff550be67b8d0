//! A clerk's app that sends everything twice, one after the other and at once.

use serde_json::{Value, json};
use testing::shops::{Till, at_once, code_of, count, db_count, db_star_credit, text};
use testing::{Answer, World};

const QUOTES: &str = "SELECT count(*) AS n FROM quotes";
const TRIES: &str = "SELECT tries_left::bigint AS n FROM cards";

async fn scan(till: &Till, body: &Value, key: &str) -> Answer {
    till.clerk.post_with_key(&till.path("scans"), body.clone(), key).await
}

/// Sends the same scan ten times at once.
async fn ten_at_once(till: &Till, body: &Value, key: &'static str) -> Vec<Answer> {
    let scans = (0..10).map(|_| {
        let (till, body) = (till.clone(), body.clone());
        async move { scan(&till, &body, key).await }
    });
    at_once(scans).await
}

async fn card(world: &World) -> Value {
    db_star_credit(world, 3, 5, 200_000);
    let admin = world.sign_in("village-admin").await;
    let card = json!({"household_id": world.demo.households[&3], "pin": "280415",
        "daily_ceiling_fen": 1_500});
    admin.post(&world.village("cards"), card).await.expect(201)["number"].clone()
}

#[actix_web::test]
async fn a_code_that_is_sent_twice_gets_the_same_quote() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let code = json!({"code": code_of(&villager).await});
    let first = scan(&till, &code, "scan-one").await.expect(201);
    assert_eq!(scan(&till, &code, "scan-one").await.expect(201), first);
    // Another request with the same code is a second scan, and the key is of one request only.
    scan(&till, &code, "scan-two").await.expect_problem(409, "code_used");
    let other = json!({"code": code_of(&villager).await});
    scan(&till, &other, "scan-one").await.expect_problem(422, "idempotency_mismatch");
    scan(&till, &other, "short").await.expect_problem(400, "idempotency_key_missing");
    till.sell(&first, 1_000).await.expect(201);
    // Also when the code has run out.
    world.clock.advance(130);
    assert_eq!(scan(&till, &code, "scan-one").await.expect(201), first);
    assert_eq!(db_count(&world, QUOTES), 1);
}

#[actix_web::test]
async fn a_code_that_is_sent_ten_times_at_once_makes_one_quote() {
    let world = World::with_connections(16).await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let code = json!({"code": code_of(&villager).await});
    let answers = ten_at_once(&till, &code, "scan-at-once").await;
    let waiting = count(&answers, 409, "idempotency_in_flight");
    let quotes: Vec<_> = answers.into_iter().filter(|a| a.status == 201).collect();
    assert_eq!(quotes.len() + waiting, 10);
    let first = scan(&till, &code, "scan-at-once").await.expect(201);
    assert!(quotes.iter().all(|quote| quote.body == first));
    assert_eq!(db_count(&world, QUOTES), 1);
}

#[actix_web::test]
async fn without_a_key_a_scan_works_as_it_always_did() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let code = json!({"code": code_of(&villager).await});
    let send = || till.clerk.request(reqwest::Method::POST, &till.path("scans")).json(&code);
    till.clerk.send(send()).await.expect(201);
    till.clerk.send(send()).await.expect_problem(409, "code_used");
}

#[actix_web::test]
async fn a_wrong_pin_that_is_sent_twice_costs_one_try() {
    let world = World::new().await;
    let (number, till) = (card(&world).await, Till::open(&world).await);
    let wrong = json!({"card_number": number, "pin": "000001"});
    for _ in 0..2 {
        let refused = scan(&till, &wrong, "wrong-pin").await.expect_problem(403, "card_refused");
        assert!(text(&refused["detail"]).contains("还可以试4次"), "{refused}");
    }
    assert_eq!(db_count(&world, TRIES), 4);
    // Typed anew it is another try.
    scan(&till, &wrong, "wrong-again").await.expect_problem(403, "card_refused");
    assert_eq!(db_count(&world, TRIES), 3);
    let right = json!({"card_number": number, "pin": "280415"});
    scan(&till, &right, "wrong-pin").await.expect_problem(422, "idempotency_mismatch");
    let quote = scan(&till, &right, "right-pin").await.expect(201);
    assert_eq!(scan(&till, &right, "right-pin").await.expect(201), quote);
    assert_eq!((db_count(&world, QUOTES), db_count(&world, TRIES)), (1, 5));
    let told = "SELECT count(*) AS n FROM idempotency_keys WHERE answer::text LIKE '%280415%'";
    assert_eq!(db_count(&world, told), 0);
}

#[actix_web::test]
async fn a_wrong_pin_that_is_sent_ten_times_at_once_costs_one_try_and_blocks_nothing() {
    let world = World::with_connections(16).await;
    let (number, till) = (card(&world).await, Till::open(&world).await);
    let wrong = json!({"card_number": number, "pin": "000001"});
    let answers = ten_at_once(&till, &wrong, "wrong-at-once").await;
    let refused = count(&answers, 403, "card_refused");
    assert!(refused >= 1);
    assert_eq!(refused + count(&answers, 409, "idempotency_in_flight"), 10);
    assert_eq!(db_count(&world, TRIES), 4);
    let right = json!({"card_number": number, "pin": "280415"});
    let answers = ten_at_once(&till, &right, "right-at-once").await;
    assert!(count(&answers, 201, "") >= 1);
    assert_eq!(db_count(&world, QUOTES), 1);
}

#[actix_web::test]
async fn the_try_that_blocks_a_card_is_answered_twice_and_tells_the_household_once() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let issue = json!({"household_id": world.demo.households[&1], "pin": "280415",
        "daily_ceiling_fen": 1_500});
    let number = admin.post(&world.village("cards"), issue).await.expect(201)["number"].clone();
    let (wrong, till) = (json!({"card_number": number, "pin": "000001"}), Till::open(&world).await);
    for n in 1..5 {
        let key = format!("wrong-pin-{n}");
        scan(&till, &wrong, &key).await.expect_problem(403, "card_refused");
    }
    for _ in 0..2 {
        scan(&till, &wrong, "wrong-pin-5").await.expect_problem(403, "card_blocked");
    }
    // Both members of the household, once each.
    let told = "SELECT count(*) AS n FROM messages WHERE kind = 'card_blocked'";
    assert_eq!(db_count(&world, told), 2);
    let refused = "SELECT count(*) AS n FROM audit_log WHERE action = 'card_refused'";
    assert_eq!(db_count(&world, refused), 5);
}
