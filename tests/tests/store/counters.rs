//! Whose counter it is: the village's own stores, and those that a merchant runs.

use reqwest::Method;
use serde_json::{Value, json};
use testing::claims::db_book;
use testing::shops::{at_once, db_count, text};
use testing::store::{Store, assert_stock_conserved, cancel, earn, redeem, stock, with};
use testing::{Answer, Client, World};

/// 核查, as `encodeURIComponent` writes it.
const REASON: &str = "%E6%A0%B8%E6%9F%A5";

async fn get_with_reason(client: &Client, path: &str) -> Answer {
    client.send(client.request(Method::GET, path).header("reading-reason", REASON)).await
}

#[actix_web::test]
async fn the_store_of_a_paused_or_closed_merchant_sells_nothing_and_hands_over_what_waits() {
    for (deed, code) in [("pause", "merchant_paused"), ("closing", "merchant_closed")] {
        let world = World::new().await;
        db_book(&world, |book| book.exchange_value_fen = Some(domain::points::Fen::new(32)));
        let store = Store::open(&world, json!({"merchant_id": world.demo.merchant})).await;
        let goods = store.goods(&world, json!({}), 5).await;
        earn(&world, 1, "300");
        earn(&world, 3, "300");
        let card = json!({"household_id": world.demo.households[&3], "pin": "280415",
            "daily_ceiling_fen": 1_000_000});
        let card = store.admin.post(&world.village("cards"), card).await.expect(201);
        let (villager, clerk) =
            (world.sign_in("villager").await, world.sign_in("merchant-clerk").await);
        let picked_up = redeem(&world, &villager, &goods, 1).await.expect(201);
        let picked_up = store.hand_over(&clerk, &picked_up).await.expect(201);
        let waiting = redeem(&world, &villager, &goods, 1).await.expect(201);
        let officer = world.sign_in("town-officer").await;
        let path = format!("/v1/merchants/{}/{deed}", world.demo.merchant);
        officer.post(&path, json!({"reason": "价格投诉核查"})).await.expect(200);

        redeem(&world, &villager, &goods, 1).await.expect_problem(403, code);
        let shown = json!({"card_number": card["number"], "pin": "280415",
            "order": {"goods_id": goods, "quantity": 1}});
        // Who may stand at the counter still: the village, also once the merchant's people are gone.
        let refused = store.admin.post(&store.at("card-redemptions"), shown).await;
        refused.expect_problem(403, code);
        let path = world.village(&format!("goods/{goods}"));
        assert_eq!(villager.get(&path).await.expect(200)["on_sale"], false);
        let page = villager.get(&world.village("goods")).await.expect(200);
        assert_eq!(page["items"], json!([]));
        store.hand_over(&store.admin, &waiting).await.expect(201);
        let id = text(&picked_up["redemption_id"]);
        let back = json!({"reason": "坏了", "goods": "back_on_shelf"});
        let path = world.village(&format!("redemptions/{id}/refund"));
        store.admin.post(&path, back).await.expect(200);
        assert_eq!(stock(&world, &goods).await, (4, 0));
        assert_stock_conserved(&world);
    }
}

#[actix_web::test]
async fn the_keeper_of_the_village_has_no_business_at_the_counter_of_a_merchant() {
    let world = World::new().await;
    db_book(&world, |book| book.exchange_value_fen = Some(domain::points::Fen::new(32)));
    let store = Store::open(&world, json!({"merchant_id": world.demo.merchant})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "300");
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    let redeemed = redeem(&world, &villager, &goods, 1).await.expect(201);
    let entries = store.at(&format!("goods/{goods}/stock-entries"));
    let line = json!({"task": "delivery", "quantity": 3});
    keeper.post(&entries, line).await.expect_problem(403, "forbidden");
    keeper.get(&entries).await.expect_problem(403, "forbidden");
    keeper.get(&store.at("redemptions")).await.expect_problem(403, "forbidden");
    store.hand_over(&keeper, &redeemed).await.expect_problem(403, "forbidden");
    let proof = json!({"qr": redeemed["qr"]});
    keeper.post(&store.at("pickup-lookups"), proof).await.expect_problem(403, "forbidden");
    let card = json!({"card_number": "4071835520964183", "pin": "280415",
        "order": {"goods_id": goods, "quantity": 1}});
    keeper.post(&store.at("card-redemptions"), card).await.expect_problem(403, "forbidden");
    // A redemption of others is private: who has no business with it does not learn that it is there.
    let path = world.village(&format!("redemptions/{}", text(&redeemed["redemption_id"])));
    keeper.get(&path).await.expect_problem(404, "not_found");
    let off = cancel(&world, &keeper, &redeemed, Some("没货")).await;
    off.expect_problem(404, "not_found");
    // The store itself is shown to everybody, and the village stands in for the merchant.
    keeper.get(&store.path).await.expect(200);
    store.hand_over(&store.admin, &redeemed).await.expect(201);
    let back = json!({"reason": "坏了", "goods": "back_on_shelf"});
    keeper.post(&format!("{path}/refund"), back).await.expect_problem(404, "not_found");
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn the_counter_is_not_told_which_household_it_is_and_an_officer_says_why_they_read() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "300");
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    let redeemed = redeem(&world, &villager, &goods, 1).await.expect(201);
    let home = json!(world.demo.households[&1]);
    assert_eq!(redeemed["household_id"], home);
    let path = world.village(&format!("redemptions/{}", text(&redeemed["redemption_id"])));
    let list = store.at("redemptions");
    let looked_up = keeper.post(&store.at("pickup-lookups"), json!({"qr": redeemed["qr"]})).await;
    let seen = [
        looked_up.expect(200),
        keeper.get(&path).await.expect(200),
        keeper.get(&list).await.expect(200)["items"][0].clone(),
        store.hand_over(&keeper, &redeemed).await.expect(201),
    ];
    for seen in seen {
        assert_eq!((&seen["household_id"], &seen["masked_name"]), (&Value::Null, &json!("王*英")));
    }
    // Who answers for the store is.
    assert_eq!(store.admin.get(&path).await.expect(200)["household_id"], home);
    let officer = world.sign_in("town-officer").await;
    let of_household =
        world.village(&format!("households/{}/redemptions", world.demo.households[&1]));
    for path in [&path, &list, &of_household] {
        officer.get(path).await.expect_problem(403, "reason_required");
        get_with_reason(&officer, path).await.expect(200);
    }
    let read =
        "SELECT count(*) AS n FROM audit_log WHERE role = 'town_officer' AND reason = '核查'";
    assert_eq!(db_count(&world, read), 3);
}

#[actix_web::test]
async fn a_merchant_finds_its_store_behind_a_hundred_others() {
    let world = World::new().await;
    db_book(&world, |book| book.exchange_value_fen = Some(domain::points::Fen::new(32)));
    let village = world.demo.village;
    testing::notices::db_run(
        &world,
        format!(
            "INSERT INTO stores (village_id, id, name, address, hours, phone, lapse_days, \
                lapse_returns, refund_days, opened_by, opened_at) \
             SELECT '{village}', gen_random_uuid(), '0' || n, '街口', '周日', '1', 30, true, 7, \
                gen_random_uuid(), now() FROM generate_series(1, 100) AS n"
        ),
    )
    .await;
    let merchant = json!({"merchant_id": world.demo.merchant});
    let store = Store::open(&world, with(merchant, &json!({"name": "商户代办点"}))).await;
    let clerk = world.sign_in("merchant-clerk").await;
    let seen = clerk.get(&world.village("stores")).await.expect(200);
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    assert_eq!(seen["items"][0]["store_id"], json!(store.id));
}

#[actix_web::test]
async fn a_card_shown_twenty_times_at_once_for_the_last_bottle_takes_it_home_once() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 1).await;
    earn(&world, 3, "30");
    let card = json!({"household_id": world.demo.households[&3], "pin": "280415",
        "daily_ceiling_fen": 1_000_000});
    let card = store.admin.post(&world.village("cards"), card).await.expect(201);
    let keeper = world.sign_in("store-keeper").await;
    let body = json!({"card_number": card["number"], "pin": "280415",
        "order": {"goods_id": goods, "quantity": 1}});
    world.warm_up().await;
    let asked = (0..20).map(|_| {
        let (keeper, path, body) = (keeper.clone(), store.at("card-redemptions"), body.clone());
        async move { keeper.post_with_key(&path, body, "the-last-bottle").await }
    });
    let answers = at_once(asked).await;
    for answer in &answers {
        assert_eq!(answer.status.as_u16(), 201, "{answer:#?}");
        assert_eq!(answer.body, answers[0].body);
    }
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM redemptions"), 1);
    assert_stock_conserved(&world);
}
