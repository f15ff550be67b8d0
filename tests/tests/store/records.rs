//! What stays of what was done: the audit log, what a repeat is answered, pictures, words.

use diesel::prelude::*;
use diesel::sql_types::Jsonb;
use serde_json::{Value, json};
use testing::World;
use testing::shops::{db_count, text};
use testing::store::{Store, cancel, earn, oil, redeem, with};

/// The detail of the last deed of that name.
fn detail(world: &World, action: &str) -> Value {
    #[derive(QueryableByName)]
    struct Detail {
        #[diesel(sql_type = Jsonb)]
        detail: Value,
    }
    let sql = format!(
        "SELECT coalesce(detail, 'null') AS detail FROM audit_log WHERE action = '{action}' \
         ORDER BY id DESC LIMIT 1"
    );
    diesel::sql_query(sql).get_result::<Detail>(&mut world.connect()).expect("a deed").detail
}

#[actix_web::test]
async fn what_was_changed_about_goods_and_store_is_recorded_as_it_was_and_as_it_is() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    let path = world.village(&format!("goods/{goods}"));
    let changed = json!({"price": "45", "limit": {"count": 2, "period": "month"},
        "on_sale_until": "2090-12-31"});
    store.admin.put(&path, oil(&world, &changed)).await.expect(200);
    assert_eq!(
        detail(&world, "goods_update"),
        json!({
            "before": {"price": "30", "limit_count": null, "limit_period": null,
                "on_sale_until": null},
            "after": {"price": "45", "limit_count": 2, "limit_period": "month",
                "on_sale_until": "2090-12-31"},
        })
    );
    let shown = store.admin.get(&store.path).await.expect(200);
    let facts = json!({"name": shown["name"], "address": shown["address"],
        "hours": shown["hours"], "phone": "0762-7654321",
        "policy": {"lapse_days": 30, "lapse_returns": false, "cancel_days": 3, "refund_days": 7}});
    store.admin.put(&store.path, facts).await.expect(200);
    assert_eq!(
        detail(&world, "store_update"),
        json!({
            "before": {"lapse_returns": true, "cancel_days": null},
            "after": {"lapse_returns": false, "cancel_days": 3},
        })
    );
}

#[actix_web::test]
async fn a_stock_taking_that_agrees_is_recorded() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    let before = db_count(&world, "SELECT count(*) AS n FROM stock_entries");
    let counted = json!({"task": "count", "quantity": 5, "reason": "月末盘点"});
    store.keep(&goods, counted).await.expect(201);
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM stock_entries"), before);
    let agreed = json!({"agrees": true, "stock": 5, "reserved": 0});
    assert_eq!(detail(&world, "stock_entry_create"), agreed);
    let why = "SELECT count(*) AS n FROM audit_log WHERE action = 'stock_entry_create' \
        AND reason = '月末盘点'";
    assert_eq!(db_count(&world, why), 1);
}

#[actix_web::test]
async fn a_repeat_is_answered_as_the_first_time_whatever_happened_since() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let admin = &store.admin;
    let made = json!({"kind": "stock", "goods": oil(&world, &json!({}))});
    let (path, key) = (store.at("goods"), "goods-of-today");
    let first = admin.post_with_key(&path, made.clone(), key).await.expect(201);
    let goods = text(&first["goods_id"]).to_owned();
    let entries = store.at(&format!("goods/{goods}/stock-entries"));
    let line = json!({"task": "delivery", "quantity": 4, "reason": "12号送货单"});
    let delivered = admin.post_with_key(&entries, line.clone(), "delivery-12").await.expect(201);
    assert_eq!(delivered["items"].as_array().unwrap().len(), 1);
    store.keep(&goods, json!({"task": "delivery", "quantity": 2})).await.expect(201);
    let repeated = admin.post_with_key(&entries, line, "delivery-12").await.expect(201);
    assert_eq!(repeated, delivered);
    assert_eq!(admin.post_with_key(&path, made, key).await.expect(201), first);

    let (service, _) = store.service(&world, 48, 2).await;
    let slots = world.village(&format!("goods/{service}/slots"));
    let starts_at = world.clock.now() + chrono::Duration::hours(72);
    let slot = json!({"starts_at": starts_at, "ends_at": starts_at + chrono::Duration::hours(1),
        "capacity": 1, "place": "二组水田"});
    let opened = admin.post_with_key(&slots, slot.clone(), "the-slot").await.expect(201);
    let closing = format!("{slots}/{}/closing", text(&opened["slot_id"]));
    admin.post(&closing, json!({})).await.expect(200);
    assert_eq!(admin.post_with_key(&slots, slot, "the-slot").await.expect(201), opened);
}

#[actix_web::test]
async fn pictures_of_goods_are_replaced_and_those_left_out_go() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let photo = testing::photos::upload_fixture(&world, &store.admin, "baseline.jpg").await;
        ids.push(text(&photo["id"]).to_owned());
    }
    let goods = store.goods(&world, json!({"photo_ids": [ids[0], ids[1]]}), 0).await;
    let path = world.village(&format!("goods/{goods}"));
    let kept = oil(&world, &json!({"photo_ids": [ids[1], ids[2]]}));
    let shown = store.admin.put(&path, kept.clone()).await.expect(200);
    let shown: Vec<_> =
        shown["photos"].as_array().unwrap().iter().map(|photo| text(&photo["id"])).collect();
    assert_eq!(shown, [&ids[1], &ids[2]]);
    // Who did not upload them may keep them.
    let officer = world.sign_in("town-officer").await;
    officer.put(&path, kept).await.expect(200);
    world.clock.advance(25 * 3_600);
    let swept = infra::photos::sweep::forget_unattached(&world.db, world.clock.now());
    assert_eq!(swept.expect("a sweep"), 1);
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM photos"), 2);
    let admin = world.sign_in("village-admin").await;
    let gone = admin.put(&path, oil(&world, &json!({"photo_ids": [ids[0]]}))).await;
    gone.expect_problem(422, "photo_not_usable");
    let none = admin.put(&path, oil(&world, &json!({}))).await.expect(200);
    assert_eq!(none["photos"], json!([]));
}

#[actix_web::test]
async fn refusals_say_what_is_the_matter() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "300");
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    let later = store.goods(&world, json!({"on_sale_from": "2090-01-01"}), 3).await;
    let refused = redeem(&world, &villager, &later, 1).await;
    let refused = refused.expect_problem(422, "goods_not_on_sale");
    assert_eq!(refused["detail"], "该商品目前不能兑换,自2090-01-01起可以兑换。");
    let path = world.village(&format!("goods/{later}"));
    store.admin.post(&format!("{path}/withdrawal"), json!({})).await.expect(200);
    let refused = redeem(&world, &villager, &later, 1).await;
    let refused = refused.expect_problem(422, "goods_withdrawn");
    assert!(text(&refused["detail"]).contains("已下架"), "{refused}");
    let changed = store.admin.put(&path, oil(&world, &json!({}))).await;
    changed.expect_problem(422, "goods_withdrawn");
    let (service, _) = store.service(&world, 48, 2).await;
    let refused = store.keep(&service, json!({"task": "delivery", "quantity": 1})).await;
    let refused = refused.expect_problem(422, "service_without_stock");
    assert!(text(&refused["detail"]).contains("服务没有库存"), "{refused}");

    // A reason of blanks is none.
    let redeemed = redeem(&world, &villager, &goods, 1).await.expect(201);
    let off = cancel(&world, &keeper, &redeemed, Some("  ")).await;
    off.expect_problem(422, "invalid");
    for task in ["count", "write_off"] {
        let line = json!({"task": task, "quantity": 1, "reason": " "});
        store.keep(&goods, line).await.expect_problem(422, "invalid");
    }
    let done = store.hand_over(&keeper, &redeemed).await.expect(201);
    let path = world.village(&format!("redemptions/{}/refund", text(&done["redemption_id"])));
    let back = json!({"reason": "坏了", "goods": "back_on_shelf"});
    let blank = with(back.clone(), &json!({"reason": " "}));
    keeper.post(&path, blank).await.expect_problem(422, "invalid");
    world.clock.advance(91 * 86_400);
    let keeper = world.sign_in("store-keeper").await;
    let late = keeper.post(&path, back).await.expect_problem(422, "refund_too_late");
    assert!(text(&late["detail"]).contains("领取"), "{late}");
}

#[actix_web::test]
async fn the_most_cash_beside_the_most_pieces_can_be_taken() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let dear = json!({"price": "1", "top_up_fen": 100_000_000, "market_price_fen": 100_000_000});
    let goods = store.goods(&world, dear, 100).await;
    earn(&world, 1, "100");
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    let redeemed = redeem(&world, &villager, &goods, 100).await.expect(201);
    assert_eq!(redeemed["top_up_fen"], 10_000_000_000_i64);
    store.hand_over(&keeper, &redeemed).await.expect(201);
    assert_eq!(db_count(&world, "SELECT cash_taken AS n FROM redemptions"), 10_000_000_000);
}
