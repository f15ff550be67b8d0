//! What waits when a slot or a store closes, or goods are withdrawn.

use serde_json::json;
use testing::World;
use testing::notices::{db_messages, tick};
use testing::shops::{assert_conserved, db_count, text};
use testing::store::{Store, assert_stock_conserved, cancel, earn, points, redeem, stock};

const DAY: u32 = 86_400;

#[actix_web::test]
async fn a_slot_that_is_closed_gives_points_and_places_back_and_the_households_are_told() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let (service, slot) = store.service(&world, 48, 4).await;
    earn(&world, 1, "100");
    earn(&world, 2, "100");
    let (villager, neighbour) = (world.sign_in("villager").await, world.sign_in("neighbour").await);
    let path = world.village("redemptions");
    let body = json!({"goods_id": service, "slot_id": slot, "quantity": 1});
    let waits = villager.post(&path, body.clone()).await.expect(201);
    let handed = villager.post(&path, body.clone()).await.expect(201);
    neighbour.post(&path, body).await.expect(201);
    let keeper = world.sign_in("store-keeper").await;
    store.hand_over(&keeper, &handed).await.expect(201);
    let closing = world.village(&format!("goods/{service}/slots/{slot}/closing"));
    let closed = store.admin.post(&closing, json!({})).await.expect(200);
    assert_eq!((&closed["closed"], &closed["left"]), (&json!(true), &json!(3)));
    store.admin.post(&closing, json!({})).await.expect(200);
    assert_eq!(points(&world, &villager, 1).await, "70");
    assert_eq!(points(&world, &neighbour, 2).await, "100");
    let path = world.village(&format!("redemptions/{}", text(&waits["redemption_id"])));
    let seen = villager.get(&path).await.expect(200);
    assert_eq!(
        (&seen["state"], &seen["end_reason"]),
        (&json!("cancelled"), &json!("该服务时段已关闭"))
    );
    for key in ["villager", "neighbour"] {
        let told = db_messages(&world, key, "redemption_cancelled").await;
        assert_eq!((told.len(), &told[0]["reason"]), (1, &json!("该服务时段已关闭")));
    }
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn what_waits_for_a_slot_that_is_over_is_not_called_off_by_closing_it() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let (service, slot) = store.service(&world, 2, 4).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let body = json!({"goods_id": service, "slot_id": slot, "quantity": 1});
    let waits = villager.post(&world.village("redemptions"), body).await.expect(201);
    world.clock.advance(4 * 3_600);
    let admin = world.sign_in("village-admin").await;
    let closing = world.village(&format!("goods/{service}/slots/{slot}/closing"));
    admin.post(&closing, json!({})).await.expect(200);
    let keeper = world.sign_in("store-keeper").await;
    store.hand_over(&keeper, &waits).await.expect(201);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn what_waits_at_a_store_that_closes_is_picked_up_cancelled_or_returns_its_points() {
    let world = World::new().await;
    let strict = json!({"policy": {"lapse_days": 30, "lapse_returns": false, "cancel_days": null,
        "refund_days": 7}});
    let store = Store::open(&world, strict).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let mut waiting = Vec::new();
    for _ in 0..3 {
        waiting.push(redeem(&world, &villager, &goods, 1).await.expect(201));
    }
    store.admin.post(&format!("{}/closing", store.path), json!({})).await.expect(200);
    redeem(&world, &villager, &goods, 1).await.expect_problem(409, "store_closed");
    assert_eq!(db_messages(&world, "villager", "redemption_store_closed").await.len(), 3);
    let messages = villager.get("/v1/me/messages").await.expect(200);
    let words = text(&messages["items"][0]["text"]);
    assert!(words.contains("该店已停业") && words.ends_with("逾期自动取消,积分退回。"), "{words}");
    let keeper = world.sign_in("store-keeper").await;
    store.hand_over(&keeper, &waiting[0]).await.expect(201);
    let off = cancel(&world, &villager, &waiting[1], None).await.expect(200);
    assert_eq!(off["state"], "cancelled");
    world.clock.advance(31 * DAY);
    assert_eq!(tick(&world).await.lapsed, 1);
    let villager = world.sign_in("villager").await;
    assert_eq!(points(&world, &villager, 1).await, "70");
    let lapsed = db_messages(&world, "villager", "redemption_lapsed").await;
    assert_eq!(lapsed[0]["lapse_returns"], json!(true));
    assert_eq!(db_count(&world, "SELECT stock::bigint AS n FROM goods"), 4);
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn what_waits_of_withdrawn_goods_is_picked_up_cancelled_or_lapses() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let mut waiting = Vec::new();
    for _ in 0..3 {
        waiting.push(redeem(&world, &villager, &goods, 1).await.expect(201));
    }
    let path = world.village(&format!("goods/{goods}/withdrawal"));
    store.admin.post(&path, json!({})).await.expect(200);
    redeem(&world, &villager, &goods, 1).await.expect_problem(422, "goods_withdrawn");
    let keeper = world.sign_in("store-keeper").await;
    store.hand_over(&keeper, &waiting[0]).await.expect(201);
    cancel(&world, &villager, &waiting[1], None).await.expect(200);
    world.clock.advance(31 * DAY);
    assert_eq!(tick(&world).await.lapsed, 1);
    let villager = world.sign_in("villager").await;
    assert_eq!(points(&world, &villager, 1).await, "70");
    assert_eq!(stock(&world, &goods).await, (4, 0));
    assert_conserved(&world);
    assert_stock_conserved(&world);
}
