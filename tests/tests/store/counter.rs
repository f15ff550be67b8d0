//! At the counter: handing over and taking back.

use serde_json::{Value, json};
use testing::World;
use testing::claims::db_book;
use testing::notices::db_messages;
use testing::shops::{assert_conserved, db_count, text};
use testing::store::{Store, assert_stock_conserved, earn, points, redeem, stock};

async fn prepared(changes: Value) -> (World, Store, String, Value) {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, changes, 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let redeemed = redeem(&world, &villager, &goods, 1).await.expect(201);
    (world, store, goods, redeemed)
}

#[actix_web::test]
async fn the_keeper_looks_up_a_code_and_hands_over_for_the_cash_that_is_due() {
    let (world, store, goods, redeemed) = prepared(json!({"top_up_fen": 250})).await;
    let keeper = world.sign_in("store-keeper").await;
    let proof = json!({"code": redeemed["code"]});
    let seen = keeper.post(&store.at("pickup-lookups"), proof.clone()).await.expect(200);
    assert_eq!((&seen["top_up_fen"], &seen["masked_name"]), (&json!(250), &json!("王*英")));
    assert_eq!((&seen["goods_name"], &seen["code"]), (&json!("菜籽油"), &Value::Null));
    let hand = |cash: i64| json!({"proof": proof, "cash_taken_fen": cash});
    let less = keeper.post(&store.at("pickups"), hand(200)).await;
    let less = less.expect_problem(422, "cash_differs");
    assert!(text(&less["detail"]).contains("2.50元"), "{less}");
    let done = keeper.post(&store.at("pickups"), hand(250)).await.expect(201);
    assert_eq!(done["state"], "handed_over");
    assert_eq!(stock(&world, &goods).await, (4, 0));
    for who in ["villager", "villager-son"] {
        assert_eq!(db_messages(&world, who, "redemption_handed_over").await.len(), 1);
    }
    let cash = "SELECT cash_taken AS n FROM redemptions";
    assert_eq!(db_count(&world, cash), 250);
    // The code is nobody's any more.
    let again = keeper.post(&store.at("pickups"), hand(250)).await;
    again.expect_problem(422, "pickup_unknown");
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn the_qr_goes_as_well_as_the_code_but_not_at_another_store_or_altered() {
    let (world, store, _, redeemed) = prepared(json!({})).await;
    let keeper = world.sign_in("store-keeper").await;
    let other = Store::open(&world, json!({})).await;
    let body = |qr: &Value| json!({"proof": {"qr": qr}, "cash_taken_fen": 0});
    let elsewhere = keeper.post(&other.at("pickups"), body(&redeemed["qr"])).await;
    elsewhere.expect_problem(422, "pickup_unknown");
    let elsewhere = other.hand_over(&keeper, &redeemed).await;
    elsewhere.expect_problem(422, "pickup_unknown");
    let qr = text(&redeemed["qr"]);
    let altered =
        format!("{}{}", &qr[..qr.len() - 2], if qr.ends_with("AA") { "BA" } else { "AA" });
    let forged = keeper.post(&store.at("pickups"), body(&json!(altered))).await;
    forged.expect_problem(422, "code_invalid");
    let both = json!({"proof": {"qr": qr, "code": redeemed["code"]}, "cash_taken_fen": 0});
    keeper.post(&store.at("pickups"), both).await.expect_problem(422, "invalid");
    keeper.post(&store.at("pickups"), body(&redeemed["qr"])).await.expect(201);
    let again = keeper.post(&store.at("pickups"), body(&redeemed["qr"])).await;
    again.expect_problem(409, "redemption_state");
}

#[actix_web::test]
async fn nobody_finds_a_code_by_trying() {
    let (world, store, _, redeemed) = prepared(json!({})).await;
    let keeper = world.sign_in("store-keeper").await;
    let open = text(&redeemed["code"]);
    for n in 0..10_u32 {
        let guess = format!("{n:08}");
        assert_ne!(guess, open);
        let wrong = keeper.post(&store.at("pickup-lookups"), json!({"code": guess})).await;
        wrong.expect_problem(422, "pickup_unknown");
    }
    let refused = store.hand_over(&keeper, &redeemed).await;
    refused.expect_problem(429, "pickup_tries_over");
    let qr = json!({"qr": redeemed["qr"]});
    keeper.post(&store.at("pickup-lookups"), qr).await.expect(200);
    world.clock.advance(601);
    let keeper = world.sign_in("store-keeper").await;
    store.hand_over(&keeper, &redeemed).await.expect(201);
}

#[actix_web::test]
async fn an_app_that_sends_everything_twice_hands_over_once() {
    let (world, store, goods, redeemed) = prepared(json!({"top_up_fen": 100})).await;
    let keeper = world.sign_in("store-keeper").await;
    let body = json!({"proof": {"code": redeemed["code"]}, "cash_taken_fen": 100});
    let path = store.at("pickups");
    let first = keeper.post_with_key(&path, body.clone(), "sent-twice").await.expect(201);
    let again = keeper.post_with_key(&path, body, "sent-twice").await.expect(201);
    assert_eq!(first, again);
    assert_eq!(stock(&world, &goods).await, (4, 0));
    let handed = "SELECT count(*) AS n FROM stock_entries WHERE kind = 'handed_over'";
    assert_eq!(db_count(&world, handed), 1);
    // A repeat is no wrong code.
    assert_eq!(db_count(&world, "SELECT sum(wrong_codes) AS n FROM stores"), 0);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn a_keeper_hands_over_to_others_and_never_to_the_own_household() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 13, "100");
    let keeper = world.sign_in("store-keeper").await;
    let own = redeem(&world, &keeper, &goods, 1).await.expect(201);
    store.hand_over(&keeper, &own).await.expect_problem(403, "own_household");
    let done = store.hand_over(&store.admin, &own).await.expect(201);
    let path = world.village(&format!("redemptions/{}/refund", text(&done["redemption_id"])));
    let back = json!({"reason": "坏了", "goods": "back_on_shelf"});
    keeper.post(&path, back).await.expect_problem(403, "own_household");
    let villager = world.sign_in("villager").await;
    let body = json!({"proof": {"code": "12345678"}, "cash_taken_fen": 0});
    villager.post(&store.at("pickups"), body).await.expect_problem(403, "forbidden");
}

#[actix_web::test]
async fn faulty_goods_are_taken_back_in_time_onto_the_shelf_or_not() {
    for (faulty, left) in [("back_on_shelf", 5), ("written_off", 4)] {
        let (world, store, goods, redeemed) = prepared(json!({"top_up_fen": 100})).await;
        let keeper = world.sign_in("store-keeper").await;
        let path =
            world.village(&format!("redemptions/{}/refund", text(&redeemed["redemption_id"])));
        let body = json!({"reason": "瓶盖漏油", "goods": faulty});
        let waiting = keeper.post(&path, body.clone()).await;
        waiting.expect_problem(409, "redemption_state");
        store.hand_over(&keeper, &redeemed).await.expect(201);
        let first = keeper.post_with_key(&path, body.clone(), "took-it-back").await.expect(200);
        let again = keeper.post_with_key(&path, body.clone(), "took-it-back").await.expect(200);
        assert_eq!((&first, &first["state"]), (&again, &json!("refunded")));
        let villager = world.sign_in("villager").await;
        assert_eq!(points(&world, &villager, 1).await, "100");
        assert_eq!(stock(&world, &goods).await, (left, 0));
        let told = db_messages(&world, "villager", "redemption_refunded").await;
        assert_eq!((&told[0]["reason"], &told[0]["top_up_fen"]), (&json!("瓶盖漏油"), &json!(100)));
        assert_conserved(&world);
        assert_stock_conserved(&world);
        // Later it is too late.
        let late = redeem(&world, &villager, &goods, 1).await.expect(201);
        store.hand_over(&keeper, &late).await.expect(201);
        world.clock.advance(8 * 86_400);
        let keeper = world.sign_in("store-keeper").await;
        let path = world.village(&format!("redemptions/{}/refund", text(&late["redemption_id"])));
        keeper.post(&path, body).await.expect_problem(422, "refund_too_late");
    }
}

#[actix_web::test]
async fn a_merchant_runs_a_store_with_its_own_people_and_sees_no_other() {
    let world = World::new().await;
    db_book(&world, |book| book.exchange_value_fen = Some(domain::points::Fen::new(32)));
    let merchant = json!({"merchant_id": world.demo.merchant});
    let store = Store::open(&world, merchant).await;
    let villages = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let redeemed = redeem(&world, &villager, &goods, 1).await.expect(201);
    let clerk = world.sign_in("merchant-clerk").await;
    let seen = clerk.get(&world.village("stores")).await.expect(200);
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    assert_eq!(seen["items"][0]["store_id"], json!(store.id));
    clerk.get(&villages.path).await.expect_problem(404, "not_found");
    let theirs = clerk.get(&world.village(&format!("goods?store_id={}", store.id))).await;
    assert_eq!(theirs.expect(200)["items"].as_array().unwrap().len(), 1);
    villages.hand_over(&clerk, &redeemed).await.expect_problem(404, "not_found");
    store.hand_over(&clerk, &redeemed).await.expect(201);
    let line = json!({"task": "delivery", "quantity": 3});
    let path = store.at(&format!("goods/{goods}/stock-entries"));
    clerk.post(&path, line).await.expect(201);
    assert_eq!(stock(&world, &goods).await, (7, 0));
    assert_stock_conserved(&world);
}
