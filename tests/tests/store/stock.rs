//! The store's own ledger.

use serde_json::{Value, json};
use testing::World;
use testing::shops::db_count;
use testing::store::{Store, assert_stock_conserved, earn, redeem, stock};

#[actix_web::test]
async fn every_piece_that_comes_or_goes_has_an_entry_with_what_is_there_after_it() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 10).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let redeemed = redeem(&world, &villager, &goods, 3).await.expect(201);
    let spoilt = json!({"task": "write_off", "quantity": 1, "reason": "过期"});
    store.keep(&goods, spoilt).await.expect(201);
    // 9 lie in the store, 3 of them promised; one is missing.
    let counted = json!({"task": "count", "quantity": 8, "reason": "月末盘点"});
    store.keep(&goods, counted.clone()).await.expect(201);
    assert_eq!(stock(&world, &goods).await, (5, 3));
    let keeper = world.sign_in("store-keeper").await;
    store.hand_over(&keeper, &redeemed).await.expect(201);
    let path = store.at(&format!("goods/{goods}/stock-entries"));
    let page = keeper.get(&path).await.expect(200);
    let lines: Vec<Value> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            json!([e["kind"], e["stock"], e["reserved"], e["stock_after"], e["reserved_after"]])
        })
        .collect();
    assert_eq!(
        lines,
        [
            json!(["handed_over", 0, -3, 5, 0]),
            json!(["difference", -1, 0, 5, 3]),
            json!(["write_off", -1, 0, 6, 3]),
            json!(["reserved", -3, 3, 7, 3]),
            json!(["delivery", 10, 0, 10, 0]),
        ]
    );
    assert_eq!(page["items"][1]["reason"], "月末盘点");
    // Who redeemed is not told here.
    assert_eq!(page["items"][3]["by"], Value::Null);
    // A count that agrees leaves no entry.
    let agrees = json!({"task": "count", "quantity": 5, "reason": "月末盘点"});
    store.keep(&goods, agrees).await.expect(201);
    let first = keeper.get(&format!("{path}?limit=2")).await.expect(200);
    let next = first["next_cursor"].as_str().unwrap();
    let rest = keeper.get(&format!("{path}?limit=10&cursor={next}")).await.expect(200);
    assert_eq!(rest["items"].as_array().unwrap().len(), 3);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn what_is_promised_is_not_counted_away_and_what_is_not_there_not_written_off() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 3).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    redeem(&world, &villager, &goods, 2).await.expect(201);
    let counted = json!({"task": "count", "quantity": 1, "reason": "盘点"});
    store.keep(&goods, counted).await.expect_problem(409, "stock_too_low");
    let spoilt = json!({"task": "write_off", "quantity": 2, "reason": "过期"});
    store.keep(&goods, spoilt).await.expect_problem(409, "stock_too_low");
    let why = json!({"task": "write_off", "quantity": 1});
    store.keep(&goods, why).await.expect_problem(422, "invalid");
    let path = store.at(&format!("goods/{goods}/stock-entries"));
    let line = json!({"task": "delivery", "quantity": 4});
    let keeper = world.sign_in("store-keeper").await;
    keeper.post_with_key(&path, line.clone(), "one-delivery").await.expect(201);
    keeper.post_with_key(&path, line.clone(), "one-delivery").await.expect(201);
    assert_eq!(stock(&world, &goods).await, (5, 2));
    villager.post(&path, line.clone()).await.expect_problem(403, "forbidden");
    let other = Store::open(&world, json!({})).await;
    let path = other.at(&format!("goods/{goods}/stock-entries"));
    keeper.post(&path, line).await.expect_problem(404, "not_found");
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn the_database_changes_no_entry_and_lets_no_stock_fall_below_zero() {
    use diesel::connection::SimpleConnection;
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    store.goods(&world, json!({}), 3).await;
    for (sql, why) in [
        ("UPDATE stock_entries SET stock = 4", "append-only"),
        ("DELETE FROM stock_entries", "append-only"),
        ("TRUNCATE stock_entries", "append-only"),
        ("UPDATE goods SET stock = stock - 4", "goods_stock_not_negative"),
        ("UPDATE goods SET reserved = -1", "goods_reserved_not_negative"),
    ] {
        let refused = world.connect().batch_execute(sql).unwrap_err().to_string();
        assert!(refused.contains(why), "{refused}");
    }
    assert_eq!(db_count(&world, "SELECT sum(stock)::bigint AS n FROM goods"), 3);
}
