//! Printed cards with a PIN.

use serde_json::{Value, json};
use testing::World;
use testing::shops::{Till, assert_conserved, at_once, count, db_count, db_star_credit, text};

/// Issues a card for a household by number; answers its id and what the till types in.
async fn issue(world: &World, number: u8, daily_ceiling_fen: i64) -> (String, Value) {
    let admin = world.sign_in("village-admin").await;
    let card = json!({
        "household_id": world.demo.households[&number], "pin": "280415",
        "daily_ceiling_fen": daily_ceiling_fen,
    });
    let issued = admin.post(&world.village("cards"), card).await.expect(201);
    assert_eq!(text(&issued["number"]).len(), 16);
    let shown = json!({"card_number": issued["number"], "pin": "280415"});
    (text(&issued["card"]["card_id"]).to_owned(), shown)
}

fn with_pin(card: &Value, pin: &str) -> Value {
    json!({"card_number": card["card_number"], "pin": pin})
}

#[actix_web::test]
async fn an_elder_buys_with_card_and_pin_up_to_its_ceiling() {
    let world = World::new().await;
    db_star_credit(&world, 3, 5, 200_000);
    let (_, card) = issue(&world, 3, 1_500).await;
    let till = Till::open(&world).await;
    let quote = till.scan(card.clone()).await.expect(201);
    assert_eq!(quote["masked_name"], "陈*芳");
    assert_eq!(till.sell(&quote, 10_000).await.expect(201)["discount_fen"], 1_000);
    let quote = till.scan(card).await.expect(201);
    let receipt = till.sell(&quote, 10_000).await.expect(201);
    assert_eq!(receipt["discount_fen"], 500);
    assert_eq!(receipt["limited_by"], "account_daily_ceiling");
    assert_conserved(&world);
}

#[actix_web::test]
async fn the_fifth_wrong_pin_blocks_the_card_even_for_the_right_one() {
    let world = World::new().await;
    db_star_credit(&world, 3, 5, 200_000);
    let (_, card) = issue(&world, 3, 1_500).await;
    let till = Till::open(&world).await;
    for left in [4, 3, 2, 1] {
        let refused = till.scan(with_pin(&card, "000001")).await;
        let problem = refused.expect_problem(403, "card_refused");
        assert!(text(&problem["detail"]).contains(&format!("还可以试{left}次")), "{problem}");
    }
    till.scan(with_pin(&card, "000001")).await.expect_problem(403, "card_blocked");
    till.scan(card).await.expect_problem(403, "card_blocked");
    let admin = world.sign_in("village-admin").await;
    let cards = admin.get(&world.village("cards")).await.expect(200);
    assert_eq!(cards["items"][0]["blocked_why"], "wrong_pin");
    let supervisor = world.sign_in("supervisor").await;
    supervisor.get(&world.village("cards")).await.expect_problem(403, "reason_required");
    assert_eq!(cards["items"][0]["tries_left"], 0);
    // A new one replaces it.
    let (_, card) = issue(&world, 3, 1_500).await;
    till.scan(card).await.expect(201);
}

#[actix_web::test]
async fn a_right_pin_gives_the_tries_back() {
    let world = World::new().await;
    db_star_credit(&world, 3, 5, 200_000);
    let (_, card) = issue(&world, 3, 1_500).await;
    let till = Till::open(&world).await;
    till.scan(with_pin(&card, "000001")).await.expect_problem(403, "card_refused");
    till.scan(card.clone()).await.expect(201);
    let refused = till.scan(with_pin(&card, "000001")).await.expect_problem(403, "card_refused");
    assert!(text(&refused["detail"]).contains("还可以试4次"));
}

#[actix_web::test]
async fn ten_wrong_pins_at_once_count_as_many_and_block() {
    let world = World::with_connections(16).await;
    db_star_credit(&world, 3, 5, 200_000);
    let (_, card) = issue(&world, 3, 1_500).await;
    let till = Till::open(&world).await;
    let tries = (0..10).map(|n| {
        let (till, card) = (till.clone(), with_pin(&card, &format!("00000{n}")));
        async move { till.scan(card).await }
    });
    let answers = at_once(tries).await;
    assert_eq!(count(&answers, 403, "card_refused"), 4);
    assert_eq!(count(&answers, 403, "card_blocked"), 6);
    till.scan(card).await.expect_problem(403, "card_blocked");
}

#[actix_web::test]
async fn an_unknown_number_is_refused_without_a_count() {
    let world = World::new().await;
    let till = Till::open(&world).await;
    let unknown = json!({"card_number": "4071835520964183", "pin": "280415"});
    let refused = till.scan(unknown).await.expect_problem(403, "card_refused");
    assert_eq!(refused["detail"], "卡号或密码不对。");
}

#[actix_web::test]
async fn a_lost_card_is_blocked_at_once_with_what_was_scanned() {
    let world = World::new().await;
    db_star_credit(&world, 1, 5, 200_000);
    let (id, card) = issue(&world, 1, 1_500).await;
    let till = Till::open(&world).await;
    let quote = till.scan(card.clone()).await.expect(201);
    let block = world.village(&format!("cards/{id}/block"));
    let lost = json!({"reason": "丢失"});
    for key in ["neighbour", "other-admin", "merchant-clerk", "supervisor"] {
        let other = world.sign_in(key).await;
        other.post(&block, lost.clone()).await.expect_problem(404, "not_found");
    }
    let villager = world.sign_in("villager").await;
    let blocked = villager.post(&block, lost.clone()).await.expect(200);
    assert_eq!(blocked["blocked_why"], "丢失");
    till.sell(&quote, 1_000).await.expect_problem(422, "quote_expired");
    till.scan(card).await.expect_problem(403, "card_blocked");
    // Again changes nothing.
    assert_eq!(villager.post(&block, json!({"reason": "又丢"})).await.expect(200), blocked);
    // The household reads of its card from the first day, once of each step.
    let told = villager.get("/v1/me/messages").await.expect(200);
    let texts: Vec<_> =
        told["items"].as_array().unwrap().iter().map(|m| text(&m["text"])).collect();
    assert!(texts[0].contains("诚信卡已停用") && texts[0].contains("丢失"), "{texts:?}");
    assert!(texts[1].contains("每日优惠限额15.00元"), "{texts:?}");
    assert_eq!(texts.len(), 2);
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM purchases"), 0);
}

#[actix_web::test]
async fn a_household_sees_its_cards_and_no_number_is_anywhere() {
    let world = World::new().await;
    let (id, card) = issue(&world, 1, 1_500).await;
    issue(&world, 3, 1_500).await;
    let villager = world.sign_in("villager").await;
    let own = world.village(&format!("cards?household_id={}", world.demo.households[&1]));
    let seen = villager.get(&own).await.expect(200);
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    assert_eq!(text(&seen["items"][0]["card_id"]), id);
    assert!(!seen.to_string().contains(text(&card["card_number"])));
    villager.get(&world.village("cards")).await.expect_problem(403, "forbidden");
    let neighbour = world.sign_in("neighbour").await;
    neighbour.get(&own).await.expect_problem(403, "forbidden");
    let admin = world.sign_in("village-admin").await;
    let all = admin.get(&world.village("cards?limit=1")).await.expect(200);
    let next = world.village(&format!("cards?limit=1&cursor={}", text(&all["next_cursor"])));
    assert_eq!(text(&admin.get(&next).await.expect(200)["items"][0]["card_id"]), id);
    let stored = format!(
        "SELECT count(*) AS n FROM audit_log WHERE detail::text LIKE '%{}%'",
        text(&card["card_number"])
    );
    assert_eq!(db_count(&world, &stored), 0);
}

#[actix_web::test]
async fn a_card_is_issued_by_the_office_with_a_pin_that_nobody_guesses() {
    let world = World::new().await;
    let household = world.demo.households[&3];
    let card =
        |pin: &str| json!({"household_id": household, "pin": pin, "daily_ceiling_fen": 1_500});
    let admin = world.sign_in("village-admin").await;
    let path = world.village("cards");
    for pin in ["123456", "111111", "12a456"] {
        admin.post(&path, card(pin)).await.expect_problem(422, "pin_invalid");
    }
    admin.post(&path, card("12345")).await.expect_problem(422, "invalid");
    let neither = json!({"pin": "280415", "daily_ceiling_fen": 1});
    admin.post(&path, neither).await.expect_problem(422, "invalid");
    let elsewhere = json!({
        "household_id": world.demo.other_households[&1], "pin": "280415", "daily_ceiling_fen": 1
    });
    admin.post(&path, elsewhere).await.expect_problem(404, "not_found");
    let villager = world.sign_in("villager").await;
    villager.post(&path, card("280415")).await.expect_problem(403, "forbidden");
    let other = world.sign_in("other-admin").await;
    other.post(&path, card("280415")).await.expect_problem(404, "not_found");
}
