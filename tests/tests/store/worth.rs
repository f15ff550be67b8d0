//! What points are worth: at the card, at a merchant's store, by the book of the day; and for how long what
//! is faulty is taken back.

use domain::points::Fen;
use serde_json::{Value, json};
use testing::claims::db_book;
use testing::ratings::db_adopt;
use testing::shops::{Till, assert_conserved, db_star_credit, text};
use testing::store::{Store, assert_stock_conserved, earn, oil, redeem};
use testing::{Client, World};

const DAY: u32 = 86_400;

/// A card of the third household that may take so much in a day, as it is typed in.
async fn card(world: &World, ceiling_fen: i64) -> Value {
    let admin = world.sign_in("village-admin").await;
    let body = json!({"household_id": world.demo.households[&3], "pin": "280415",
        "daily_ceiling_fen": ceiling_fen});
    admin.post(&world.village("cards"), body).await.expect(201)["number"].clone()
}

fn order(number: &Value, goods: &str, slot: Option<&str>) -> Value {
    json!({"card_number": number, "pin": "280415",
        "order": {"goods_id": goods, "slot_id": slot, "quantity": 1}})
}

#[actix_web::test]
async fn without_an_exchange_value_a_card_is_held_to_its_ceiling_by_the_market_price() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let price = json!({"market_price_fen": 1_000, "top_up_fen": 100});
    let goods = store.goods(&world, price, 5).await;
    earn(&world, 3, "100");
    // Each spares 9 yuan: two in a day, and 2 yuan are left.
    let number = card(&world, 2_000).await;
    let keeper = world.sign_in("store-keeper").await;
    let path = store.at("card-redemptions");
    for _ in 0..2 {
        keeper.post(&path, order(&number, &goods, None)).await.expect(201);
    }
    let third = keeper.post(&path, order(&number, &goods, None)).await;
    let refused = third.expect_problem(403, "card_ceiling");
    assert!(text(&refused["detail"]).contains("还可用2.00元"), "{refused}");
    // One that was taken back leaves room again.
    let taken = keeper.get(&store.at("redemptions")).await.expect(200)["items"][0].clone();
    let refund = world.village(&format!("redemptions/{}/refund", text(&taken["redemption_id"])));
    let body = json!({"reason": "漏油", "goods": "back_on_shelf"});
    keeper.post(&refund, body).await.expect(200);
    keeper.post(&path, order(&number, &goods, None)).await.expect(201);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn what_a_card_takes_at_shops_and_stores_is_counted_together() {
    let world = World::new().await;
    db_book(&world, |book| book.exchange_value_fen = Some(Fen::new(32)));
    db_star_credit(&world, 3, 5, 200_000);
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 3, "100");
    let number = card(&world, 2_000).await;
    let keeper = world.sign_in("store-keeper").await;
    let path = store.at("card-redemptions");
    keeper.post(&path, order(&number, &goods, None)).await.expect(201);
    // 9.60 of 20 yuan are spent: of 15 yuan off the shop gives 10.40.
    let till = Till::open(&world).await;
    let shown = json!({"card_number": number, "pin": "280415"});
    let quote = till.scan(shown).await.expect(201);
    assert_eq!(till.sell(&quote, 15_000).await.expect(201)["discount_fen"], 1_040);
    let more = keeper.post(&path, order(&number, &goods, None)).await;
    let refused = more.expect_problem(403, "card_ceiling");
    assert!(text(&refused["detail"]).contains("还可用0.00元"), "{refused}");
    assert_conserved(&world);
}

async fn refund(world: &World, keeper: &Client, redeemed: &Value) -> testing::Answer {
    let id = text(&redeemed["redemption_id"]);
    let body = json!({"reason": "机器坏了", "goods": "written_off"});
    keeper.post(&world.village(&format!("redemptions/{id}/refund")), body).await
}

#[actix_web::test]
async fn a_service_redeemed_with_a_card_is_taken_back_before_its_slot_and_for_days_after_it() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let (service, slot) = store.service(&world, 40 * 24, 5).await;
    earn(&world, 3, "200");
    let number = card(&world, 100_000).await;
    let keeper = world.sign_in("store-keeper").await;
    let path = store.at("card-redemptions");
    let mut taken = Vec::new();
    for _ in 0..3 {
        let order = order(&number, &service, Some(&slot));
        taken.push(keeper.post(&path, order).await.expect(201));
    }
    refund(&world, &keeper, &taken[0]).await.expect(200);
    world.clock.advance(30 * DAY);
    let keeper = world.sign_in("store-keeper").await;
    refund(&world, &keeper, &taken[1]).await.expect(200);
    world.clock.advance(18 * DAY);
    let keeper = world.sign_in("store-keeper").await;
    let late = refund(&world, &keeper, &taken[2]).await;
    late.expect_problem(422, "refund_too_late");
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn faulty_goods_are_taken_back_as_long_as_the_store_said_when_they_were_redeemed() {
    let world = World::new().await;
    let policy = |refund_days: u16| {
        json!({"lapse_days": 30, "lapse_returns": true, "cancel_days": null,
            "refund_days": refund_days})
    };
    let store = Store::open(&world, json!({"policy": policy(10)})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let before = redeem(&world, &villager, &goods, 1).await.expect(201);
    let facts = json!({"name": "积分超市", "address": "街口", "hours": "周六", "phone": "1",
        "policy": policy(1)});
    store.admin.put(&store.path, facts).await.expect(200);
    let after = redeem(&world, &villager, &goods, 1).await.expect(201);
    let keeper = world.sign_in("store-keeper").await;
    for redeemed in [&before, &after] {
        store.hand_over(&keeper, redeemed).await.expect(201);
    }
    world.clock.advance(5 * DAY);
    let keeper = world.sign_in("store-keeper").await;
    refund(&world, &keeper, &before).await.expect(200);
    refund(&world, &keeper, &after).await.expect_problem(422, "refund_too_late");
}

#[actix_web::test]
async fn a_merchant_runs_a_store_only_where_the_book_says_what_a_point_is_worth() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let body = json!({"merchant_id": world.demo.merchant, "store": {"name": "商户超市",
        "address": "街口", "hours": "周日", "phone": "1"}});
    let path = world.village("stores");
    let refused = admin.post(&path, body.clone()).await;
    let problem = refused.expect_problem(422, "exchange_value_missing");
    assert!(text(&problem["detail"]).contains("积分折算价"), "{problem}");
    db_book(&world, |book| book.exchange_value_fen = Some(Fen::new(32)));
    let merchant = json!({"merchant_id": world.demo.merchant});
    let store = Store::open(&world, merchant).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    redeem(&world, &villager, &goods, 1).await.expect(201);
    // A later book says nothing of it: nothing is priced there, and nothing redeemed.
    let tomorrow = testing::claims::today(&world).succ_opt().expect("a day");
    db_adopt(&world, world.demo.village, tomorrow, |book| book.exchange_value_fen = None);
    world.clock.advance(DAY);
    let (admin, villager) = (world.sign_in("village-admin").await, world.sign_in("villager").await);
    let missing = "exchange_value_missing";
    redeem(&world, &villager, &goods, 1).await.expect_problem(422, missing);
    let body = json!({"kind": "stock", "goods": oil(&world, &json!({}))});
    admin.post(&store.at("goods"), body).await.expect_problem(422, missing);
    let path = world.village(&format!("goods/{goods}"));
    admin.put(&path, oil(&world, &json!({}))).await.expect_problem(422, missing);
}

#[actix_web::test]
async fn what_a_later_book_makes_dearer_than_the_market_is_not_redeemed() {
    let world = World::new().await;
    db_book(&world, |book| book.exchange_value_fen = Some(Fen::new(32)));
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({"market_price_fen": 1_000}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    redeem(&world, &villager, &goods, 1).await.expect(201);
    let tomorrow = testing::claims::today(&world).succ_opt().expect("a day");
    let dearer = Some(Fen::new(100));
    db_adopt(&world, world.demo.village, tomorrow, |book| book.exchange_value_fen = dearer);
    world.clock.advance(DAY);
    let villager = world.sign_in("villager").await;
    redeem(&world, &villager, &goods, 1).await.expect_problem(422, "goods_overpriced");
}
