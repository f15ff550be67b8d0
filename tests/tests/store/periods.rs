//! Limits and vetoes with a card, races for the last points, and where one month ends and the next begins.

use chrono::{DateTime, Utc};
use domain::calendar::{CycleKind, day_of, start_of};
use serde_json::{Value, json};
use testing::shops::{assert_conserved, at_once, count, db_count, text};
use testing::store::{Store, assert_stock_conserved, cancel, db_veto, earn, points, redeem, stock};
use testing::{Client, World};

/// A card of a household.
async fn card(world: &World, household: u8) -> Value {
    let admin = world.sign_in("village-admin").await;
    let body = json!({"household_id": world.demo.households[&household], "pin": "280415",
        "daily_ceiling_fen": 1_000_000});
    admin.post(&world.village("cards"), body).await.expect(201)["number"].clone()
}

fn shown(card: &Value, goods: &str, quantity: u32) -> Value {
    json!({"card_number": card, "pin": "280415",
        "order": {"goods_id": goods, "quantity": quantity}})
}

#[actix_web::test]
async fn a_veto_and_a_limit_hold_for_a_card_too() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let limit = json!({"limit": {"count": 2, "period": "month"}});
    let goods = store.goods(&world, limit, 9).await;
    earn(&world, 1, "300");
    let number = card(&world, 1).await;
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    let path = store.at("card-redemptions");
    redeem(&world, &villager, &goods, 1).await.expect(201);
    let two = keeper.post(&path, shown(&number, &goods, 2)).await;
    let two = two.expect_problem(422, "limit_reached");
    assert!(text(&two["detail"]).contains("您家还可兑1件"), "{two}");
    keeper.post(&path, shown(&number, &goods, 1)).await.expect(201);
    keeper.post(&path, shown(&number, &goods, 1)).await.expect_problem(422, "limit_reached");
    redeem(&world, &villager, &goods, 1).await.expect_problem(422, "limit_reached");
    db_veto(&world, world.demo.households[&1], 10);
    let refused = keeper.post(&path, shown(&number, &goods, 1)).await;
    refused.expect_problem(403, "redemption_suspended");
    assert_eq!(points(&world, &villager, 1).await, "240");
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn two_cards_and_a_phone_that_race_for_the_last_points_spend_them_once() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 50).await;
    let cards = [card(&world, 1).await, card(&world, 1).await];
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    world.warm_up().await;
    for round in 1..=4_i64 {
        earn(&world, 1, "30");
        let asked = (0..4_usize).map(|n| {
            let (villager, keeper) = (villager.clone(), keeper.clone());
            let phone = world.village("redemptions");
            let (counter, body) = (store.at("card-redemptions"), shown(&cards[n % 2], &goods, 1));
            let own = json!({"goods_id": goods, "quantity": 1});
            async move {
                if n == 3 {
                    villager.post(&phone, own).await
                } else {
                    keeper.post(&counter, body).await
                }
            }
        });
        let answers = at_once(asked).await;
        let done = answers.iter().filter(|answer| answer.status.as_u16() == 201).count();
        assert_eq!(done, 1, "{answers:#?}");
        assert_eq!(count(&answers, 422, "points_missing"), 3);
        assert_eq!(db_count(&world, "SELECT count(*) AS n FROM redemptions"), round);
    }
    assert_eq!(points(&world, &villager, 1).await, "0");
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn two_refunds_at_once_give_the_points_back_once() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 9).await;
    earn(&world, 1, "100");
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    world.warm_up().await;
    for faulty in ["back_on_shelf", "written_off"] {
        let redeemed = redeem(&world, &villager, &goods, 1).await.expect(201);
        store.hand_over(&keeper, &redeemed).await.expect(201);
        let id = text(&redeemed["redemption_id"]);
        let path = world.village(&format!("redemptions/{id}/refund"));
        let asked = (0..6).map(|_| {
            let (keeper, path) = (keeper.clone(), path.clone());
            let body = json!({"reason": "瓶盖漏油", "goods": faulty});
            async move { keeper.post(&path, body).await }
        });
        let answers = at_once(asked).await;
        let done = answers.iter().filter(|answer| answer.status.as_u16() == 200).count();
        assert_eq!((done, count(&answers, 409, "redemption_state")), (1, 5), "{answers:#?}");
        assert_eq!(points(&world, &villager, 1).await, "100");
    }
    assert_eq!(stock(&world, &goods).await, (8, 0));
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn a_stock_taking_and_a_pickup_at_once_agree_with_the_shelf_in_one_order_or_the_other() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 10).await;
    earn(&world, 1, "1000");
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    world.warm_up().await;
    for _ in 0..4 {
        let redeemed = redeem(&world, &villager, &goods, 1).await.expect(201);
        let (available, reserved) = stock(&world, &goods).await;
        assert_eq!(reserved, 1);
        // All that lies in the store is counted as it is before somebody takes one away.
        let there = u32::try_from(available + reserved).expect("a count");
        let counted = json!({"task": "count", "quantity": there, "reason": "月末盘点"});
        let (took, hand) = futures_util::future::join(
            store.keep(&goods, counted),
            store.hand_over(&keeper, &redeemed),
        )
        .await;
        took.expect(201);
        hand.expect(201);
        // Counted before: it agreed. Counted after: one more was found than the ledger said.
        let (left, waiting) = stock(&world, &goods).await;
        assert!(left == available || left == available + 1, "{available} {left}");
        assert_eq!(waiting, 0);
        assert_stock_conserved(&world);
    }
    assert_conserved(&world);
}

/// The last moment of the month in the village, so many seconds before it ends.
fn before_the_end_of_the_month(world: &World, seconds: i64) -> DateTime<Utc> {
    let month = CycleKind::Month.holding(day_of(world.clock.now()));
    start_of(month.next_first_day()) - chrono::Duration::seconds(seconds)
}

/// The village on the evening of the last day of a month, a minute before midnight in Shanghai, which is
/// still the afternoon of that day in UTC.
async fn last_minute(world: &World, limit: u32) -> (Store, String, Client) {
    let evening = before_the_end_of_the_month(world, 60);
    if evening > world.clock.now() {
        world.advance_to(evening);
    }
    let store = Store::open(world, json!({})).await;
    let limit = json!({"limit": {"count": limit, "period": "month"}});
    let goods = store.goods(world, limit, 20).await;
    earn(world, 1, "600");
    (store, goods, world.sign_in("villager").await)
}

#[actix_web::test]
async fn a_limit_for_a_month_begins_anew_at_midnight_in_the_village() {
    let world = World::new().await;
    let (_, goods, villager) = last_minute(&world, 2).await;
    let old = day_of(world.clock.now());
    redeem(&world, &villager, &goods, 2).await.expect(201);
    redeem(&world, &villager, &goods, 1).await.expect_problem(422, "limit_reached");
    world.clock.advance(61);
    let new = day_of(world.clock.now());
    assert_eq!(old.succ_opt(), Some(new));
    // In UTC it is the same day still.
    assert_eq!(world.clock.now().date_naive(), old);
    redeem(&world, &villager, &goods, 2).await.expect(201);
    redeem(&world, &villager, &goods, 1).await.expect_problem(422, "limit_reached");
    for day in [old, new] {
        let month = day.format("%Y-%m");
        let counted =
            format!("SELECT count::bigint AS n FROM goods_counts WHERE period = '{month}'");
        assert_eq!(db_count(&world, &counted), 2, "{month}");
    }
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn what_is_called_off_in_the_next_month_makes_room_in_the_old_one_only() {
    let world = World::new().await;
    let (_, goods, villager) = last_minute(&world, 2).await;
    let old = day_of(world.clock.now()).format("%Y-%m").to_string();
    let before = redeem(&world, &villager, &goods, 2).await.expect(201);
    world.clock.advance(61);
    let new = day_of(world.clock.now()).format("%Y-%m").to_string();
    redeem(&world, &villager, &goods, 1).await.expect(201);
    cancel(&world, &villager, &before, None).await.expect(200);
    let counted = |month: &str| {
        let sql = format!("SELECT count::bigint AS n FROM goods_counts WHERE period = '{month}'");
        db_count(&world, &sql)
    };
    assert_eq!((counted(&old), counted(&new)), (0, 1));
    redeem(&world, &villager, &goods, 2).await.expect_problem(422, "limit_reached");
    redeem(&world, &villager, &goods, 1).await.expect(201);
    redeem(&world, &villager, &goods, 1).await.expect_problem(422, "limit_reached");
    assert_conserved(&world);
    assert_stock_conserved(&world);
}
