//! At the counter with a card and its PIN.

use serde_json::{Value, json};
use testing::World;
use testing::claims::db_book;
use testing::shops::{assert_conserved, db_count, text};
use testing::store::{Store, assert_stock_conserved, earn, stock};

/// A card of a household that may take so much in a day, as it is typed in.
async fn card(world: &World, number: u8, ceiling_fen: i64) -> Value {
    let admin = world.sign_in("village-admin").await;
    let body = json!({"household_id": world.demo.households[&number], "pin": "280415",
        "daily_ceiling_fen": ceiling_fen});
    admin.post(&world.village("cards"), body).await.expect(201)["number"].clone()
}

fn order(number: &Value, pin: &str, goods: &str) -> Value {
    json!({"card_number": number, "pin": pin, "order": {"goods_id": goods, "quantity": 1}})
}

#[actix_web::test]
async fn an_elder_redeems_with_card_and_pin_and_takes_it_home_at_once() {
    let world = World::new().await;
    db_book(&world, |book| book.exchange_value_fen = Some(domain::points::Fen::new(32)));
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({"top_up_fen": 100}), 5).await;
    earn(&world, 3, "100");
    // 30 points are worth 9.60 yuan: two of them in a day.
    let number = card(&world, 3, 2_000).await;
    let keeper = world.sign_in("store-keeper").await;
    let (path, body) = (store.at("card-redemptions"), order(&number, "280415", &goods));
    let first = keeper.post_with_key(&path, body.clone(), "with-a-card").await.expect(201);
    assert_eq!((&first["state"], &first["code"]), (&json!("handed_over"), &Value::Null));
    let again = keeper.post_with_key(&path, body.clone(), "with-a-card").await.expect(201);
    assert_eq!(first, again);
    assert_eq!(stock(&world, &goods).await, (4, 0));
    assert_eq!(db_count(&world, "SELECT cash_taken AS n FROM redemptions"), 100);
    keeper.post(&path, body.clone()).await.expect(201);
    let refused = keeper.post(&path, body.clone()).await.expect_problem(403, "card_ceiling");
    assert!(text(&refused["detail"]).contains("还可用0.80元"), "{refused}");
    world.clock.advance(86_400);
    let keeper = world.sign_in("store-keeper").await;
    keeper.post(&path, body).await.expect(201);
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn five_wrong_pins_block_the_card_at_the_store_too() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 3, "100");
    let number = card(&world, 3, 2_000).await;
    let keeper = world.sign_in("store-keeper").await;
    let path = store.at("card-redemptions");
    for _ in 0..4 {
        let wrong = keeper.post(&path, order(&number, "000001", &goods)).await;
        wrong.expect_problem(403, "card_refused");
    }
    let fifth = keeper.post(&path, order(&number, "000001", &goods)).await;
    fifth.expect_problem(403, "card_blocked");
    let right = keeper.post(&path, order(&number, "280415", &goods)).await;
    right.expect_problem(403, "card_blocked");
    let unknown = keeper.post(&path, order(&json!("0000000000000000"), "280415", &goods)).await;
    unknown.expect_problem(403, "card_refused");
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM redemptions"), 0);
    let refused = "SELECT count(*) AS n FROM audit_log WHERE action = 'card_refused'";
    assert_eq!(db_count(&world, refused), 7);
}

#[actix_web::test]
async fn a_keeper_does_not_redeem_with_the_card_of_the_own_household() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 13, "100");
    let number = card(&world, 13, 10_000).await;
    let path = store.at("card-redemptions");
    let keeper = world.sign_in("store-keeper").await;
    let own = keeper.post(&path, order(&number, "280415", &goods)).await;
    own.expect_problem(403, "own_household");
    store.admin.post(&path, order(&number, "280415", &goods)).await.expect(201);
    assert_stock_conserved(&world);
}
