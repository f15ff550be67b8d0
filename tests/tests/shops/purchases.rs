//! Selling on a quote.

use serde_json::json;
use testing::World;
use testing::shops::{
    Till, assert_conserved, credit, db_agreement_ceiling, db_count, db_messages, db_star_credit,
    text,
};

#[actix_web::test]
async fn four_stars_buying_for_128_yuan_50_pay_118_yuan_22() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let quote = till.quote(&villager).await;
    assert_eq!(quote["masked_name"], "王*英");
    assert_eq!((&quote["stars"], &quote["offers"][0]["discount_bp"]), (&json!(4), &json!(800)));
    let receipt = till.sell(&quote, 12_850).await.expect(201);
    assert_eq!(receipt["discount_fen"], 1_028);
    assert_eq!(receipt["to_pay_fen"], 11_822);
    assert_eq!(receipt["state"], "completed");
    assert_eq!(receipt["limited_by"], json!(null));
    assert_eq!(credit(&world, &villager, 1).await, 158_972);
    // Both bound members of the household are told.
    assert_eq!(db_messages(&world, "purchase_made"), 2);
    let audited = "SELECT count(*) AS n FROM audit_log WHERE action = 'purchase_create'";
    assert_eq!(db_count(&world, audited), 1);
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_quote_is_good_for_two_minutes_one_purchase_and_one_merchant() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let quote = till.quote(&villager).await;
    till.sell(&quote, 1_000).await.expect(201);
    till.sell(&quote, 1_000).await.expect_problem(409, "quote_used");
    let late = till.quote(&villager).await;
    world.clock.advance(121);
    till.sell(&late, 1_000).await.expect_problem(422, "quote_expired");
    let unknown = json!({"village_id": quote["village_id"], "quote_id": uuid::Uuid::now_v7()});
    till.sell(&unknown, 1_000).await.expect_problem(404, "not_found");
    // The villager is no clerk.
    let body = json!({
        "village_id": quote["village_id"], "quote_id": quote["quote_id"], "price_fen": 1_000
    });
    villager.post(&till.path("purchases"), body).await.expect_problem(404, "not_found");
    assert_conserved(&world);
}

#[actix_web::test]
async fn the_same_key_answers_the_same_receipt_and_another_body_is_refused() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let quote = till.quote(&villager).await;
    let first = till.sell_with_key(&quote, 12_850, "key-of-the-sale").await.expect(201);
    let again = till.sell_with_key(&quote, 12_850, "key-of-the-sale").await.expect(201);
    assert_eq!(first, again);
    let other = till.sell_with_key(&quote, 12_851, "key-of-the-sale").await;
    other.expect_problem(422, "idempotency_mismatch");
    // Also when a fresh quote would allow it.
    let fresh = till.quote(&villager).await;
    let other = till.sell_with_key(&fresh, 12_850, "key-of-the-sale").await;
    other.expect_problem(422, "idempotency_mismatch");
    till.sell(&fresh, 12_850).await.expect(201);
    assert_eq!(credit(&world, &villager, 1).await, 160_000 - 2 * 1_028);
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_sale_without_a_key_or_with_a_bad_price_is_refused() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let quote = till.quote(&villager).await;
    till.sell_with_key(&quote, 100, "short").await.expect_problem(400, "idempotency_key_missing");
    till.sell(&quote, 0).await.expect_problem(422, "invalid");
    till.sell(&quote, 200_001).await.expect_problem(422, "price_above_ceiling");
    // None of that used the quote.
    till.sell(&quote, 100).await.expect(201);
}

#[actix_web::test]
async fn what_limits_a_discount_is_told() {
    let world = World::new().await;
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    db_star_credit(&world, 1, 4, 1_000);
    let little = till.buy(&villager, 12_850).await;
    assert_eq!(
        (&little["discount_fen"], &little["limited_by"]),
        (&json!(1_000), &json!("star_credit"))
    );
    assert_eq!(credit(&world, &villager, 1).await, 0);
    let nothing = till.buy(&villager, 12_850).await;
    assert_eq!((&nothing["discount_fen"], &nothing["to_pay_fen"]), (&json!(0), &json!(12_850)));
    db_star_credit(&world, 1, 4, 160_000);
    db_agreement_ceiling(&world, "account_daily_ceiling", 1_500);
    let capped = till.buy(&villager, 12_850).await;
    assert_eq!(capped["discount_fen"], 500);
    assert_eq!(capped["limited_by"], "account_daily_ceiling");
    db_agreement_ceiling(&world, "account_daily_ceiling", 20_000);
    db_agreement_ceiling(&world, "merchant_daily_ceiling", 1_600);
    let capped = till.buy(&villager, 12_850).await;
    assert_eq!(capped["discount_fen"], 100);
    assert_eq!(capped["limited_by"], "merchant_daily_ceiling");
    // The next day both begin anew.
    world.clock.advance(86_400);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    assert_eq!(till.buy(&villager, 12_850).await["discount_fen"], 1_028);
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_discount_that_the_merchant_gives_moves_no_credit() {
    let world = World::new().await;
    use diesel::RunQueryDsl;
    diesel::sql_query("UPDATE agreements SET bearer = 'merchant_funded'")
        .execute(&mut world.connect())
        .unwrap();
    db_star_credit(&world, 1, 4, 100);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let receipt = till.buy(&villager, 12_850).await;
    assert_eq!(receipt["discount_fen"], 1_028);
    assert_eq!(receipt["bearer"], "merchant_funded");
    assert_eq!(credit(&world, &villager, 1).await, 100);
    till.refund(&receipt).await.expect(201);
    assert_eq!(credit(&world, &villager, 1).await, 100);
    assert_conserved(&world);
}

#[actix_web::test]
async fn both_sides_see_a_purchase_and_nobody_else_does() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let receipt = till.buy(&villager, 12_850).await;
    let id = text(&receipt["purchase_id"]);
    let path = till.path(&format!("purchases/{id}?village_id={}", world.demo.village));
    assert_eq!(till.clerk.get(&path).await.expect(200), receipt);
    villager.get(&path).await.expect_problem(404, "not_found");
    let elsewhere = till.path(&format!("purchases/{id}?village_id={}", world.demo.other_village));
    till.clerk.get(&elsewhere).await.expect_problem(404, "not_found");
    let list = world.village(&format!("households/{}/purchases", world.demo.households[&1]));
    let seen = villager.get(&list).await.expect(200);
    assert_eq!(seen["items"][0]["merchant_name"], "亿家人诚信超市");
    let mut at_home = receipt.clone();
    at_home["credit_left_fen"] = json!(158_972);
    assert_eq!(seen["items"][0]["receipt"], at_home);
    world.sign_in("neighbour").await.get(&list).await.expect_problem(403, "forbidden");
    world.sign_in("other-admin").await.get(&list).await.expect_problem(404, "not_found");
}

#[actix_web::test]
async fn clerks_see_their_day_page_by_page_and_owners_any_day() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    for price in [1_000, 2_000, 3_000] {
        till.buy(&villager, price).await;
    }
    let first = till.clerk.get(&till.path("purchases?limit=2")).await.expect(200);
    assert_eq!(first["items"][0]["price_fen"], 3_000);
    let cursor = text(&first["next_cursor"]);
    let rest = till.clerk.get(&till.path(&format!("purchases?limit=2&cursor={cursor}"))).await;
    let rest = rest.expect(200);
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert_eq!(rest["next_cursor"], json!(null));
    let day = text(&first["items"][0]["made_at"])[..10].to_owned();
    world.clock.advance(86_400);
    let yesterday = till.path(&format!("purchases?day={day}"));
    let clerk = world.sign_in("merchant-clerk").await;
    clerk.get(&yesterday).await.expect_problem(404, "not_found");
    assert_eq!(clerk.get(&till.path("purchases")).await.expect(200)["items"], json!([]));
    let owner = world.sign_in("merchant-owner").await;
    let seen = owner.get(&yesterday).await.expect(200);
    assert_eq!(seen["items"].as_array().unwrap().len(), 3);
}
