//! Services: an hour of a farm machine, a voucher for care.

use serde_json::json;
use testing::World;
use testing::shops::{assert_conserved, at_once, count, text};
use testing::store::{Store, assert_stock_conserved, cancel, earn, points, redeem};

#[actix_web::test]
async fn a_service_is_redeemed_for_a_slot_and_handed_over_like_goods() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let (service, slot) = store.service(&world, 48, 2).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    redeem(&world, &villager, &service, 1).await.expect_problem(422, "slot_invalid");
    let path = world.village("redemptions");
    let body = |n: u32| json!({"goods_id": service, "slot_id": slot, "quantity": n});
    let done = villager.post(&path, body(1)).await.expect(201);
    assert_eq!(
        (&done["slot"]["slot_id"], &done["slot"]["place"]),
        (&json!(slot), &json!("二组水田"))
    );
    assert_eq!(done["cancel_until"], done["slot"]["starts_at"]);
    villager.post(&path, body(2)).await.expect_problem(409, "slot_full");
    let slots = world.village(&format!("goods/{service}/slots"));
    assert_eq!(villager.get(&slots).await.expect(200)["items"][0]["left"], 1);
    let other = villager.post(&path, body(1)).await.expect(201);
    cancel(&world, &villager, &other, None).await.expect(200);
    assert_eq!(villager.get(&slots).await.expect(200)["items"][0]["left"], 1);
    let keeper = world.sign_in("store-keeper").await;
    store.hand_over(&keeper, &done).await.expect(201);
    let closing = world.village(&format!("goods/{service}/slots/{slot}/closing"));
    assert_eq!(store.admin.post(&closing, json!({})).await.expect(200)["closed"], true);
    villager.post(&path, body(1)).await.expect_problem(409, "slot_over");
    assert_eq!(points(&world, &villager, 1).await, "70");
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn a_slot_that_has_begun_is_neither_redeemed_nor_called_off_by_the_household() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let (service, slot) = store.service(&world, 2, 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let path = world.village("redemptions");
    let body = json!({"goods_id": service, "slot_id": slot, "quantity": 1});
    let done = villager.post(&path, body.clone()).await.expect(201);
    world.clock.advance(2 * 3_600 + 1);
    let villager = world.sign_in("villager").await;
    villager.post(&path, body).await.expect_problem(409, "slot_over");
    let late = cancel(&world, &villager, &done, None).await;
    late.expect_problem(422, "cancel_too_late");
    let past = json!({"starts_at": "2020-01-01T08:00:00+08:00", "ends_at": "2020-01-01T09:00:00+08:00",
        "capacity": 1, "place": "田头"});
    let slots = world.village(&format!("goods/{service}/slots"));
    let admin = world.sign_in("village-admin").await;
    admin.post(&slots, past).await.expect_problem(422, "slot_invalid");
}

#[actix_web::test]
async fn the_last_place_of_a_slot_is_taken_once() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let (service, slot) = store.service(&world, 48, 1).await;
    earn(&world, 1, "100");
    earn(&world, 2, "100");
    let people = [world.sign_in("villager").await, world.sign_in("neighbour").await];
    world.warm_up().await;
    let body = json!({"goods_id": service, "slot_id": slot, "quantity": 1});
    let asked = (0..12).map(|n| {
        let (who, path, body) = (people[n % 2].clone(), world.village("redemptions"), body.clone());
        async move { who.post(&path, body).await }
    });
    let answers = at_once(asked).await;
    assert_eq!(count(&answers, 201, ""), 1);
    assert_eq!(count(&answers, 409, "slot_full"), 11);
    assert!(
        answers
            .iter()
            .all(|answer| !text(&answer.body["title"]).is_empty() || answer.code().is_empty())
    );
    assert_conserved(&world);
    assert_stock_conserved(&world);
}
