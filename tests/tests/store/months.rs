//! A month of a store, as its statement needs it.

use diesel::PgConnection;
use domain::calendar::{CycleKind, day_of};
use domain::id::StoreId;
use domain::points::{Fen, Points};
use infra::redemptions::{StoreMonth, month_in};
use serde_json::json;
use testing::World;
use testing::claims::db_book;
use testing::shops::text;
use testing::store::{Store, earn, redeem};

fn month(world: &World, store: &Store) -> StoreMonth {
    let month = CycleKind::Month.holding(day_of(world.clock.now()));
    let store = StoreId(store.id.parse().unwrap());
    let mut c: PgConnection = world.connect();
    month_in(&mut c, world.demo.village, store, month).expect("a month")
}

#[actix_web::test]
async fn a_month_of_a_store_is_the_same_by_redemptions_points_and_stock() {
    let world = World::new().await;
    db_book(&world, |book| book.exchange_value_fen = Some(Fen::new(32)));
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({"top_up_fen": 100}), 20).await;
    earn(&world, 1, "500");
    let (villager, keeper) = (world.sign_in("villager").await, world.sign_in("store-keeper").await);
    let mut handed = Vec::new();
    for quantity in [1, 2, 3] {
        let redeemed = redeem(&world, &villager, &goods, quantity).await.expect(201);
        handed.push(store.hand_over(&keeper, &redeemed).await.expect(201));
    }
    // What only waits is not in it.
    redeem(&world, &villager, &goods, 1).await.expect(201);
    let path = world.village(&format!("redemptions/{}/refund", text(&handed[1]["redemption_id"])));
    let back = json!({"reason": "坏了", "goods": "back_on_shelf"});
    keeper.post(&path, back).await.expect(200);
    let of_month = month(&world, &store);
    let (out, taken_back) = (of_month.handed_over, of_month.refunded);
    assert_eq!((out.count, out.quantity, out.points), (3, 6, Points::whole(180)));
    assert_eq!((out.worth, out.cash), (Fen::new(5_760), Fen::new(600)));
    assert_eq!((taken_back.count, taken_back.points), (1, Points::whole(60)));
    assert_eq!((taken_back.worth, taken_back.cash), (Fen::new(1_920), Fen::new(200)));
    assert_eq!((out.points_by_ledger, of_month.left_by_stock), (Points::whole(180), 6));
    assert_eq!(taken_back.points_by_ledger, Points::whole(60));
    assert!(of_month.agrees());
    let other = Store::open(&world, json!({})).await;
    assert_eq!(month(&world, &other), StoreMonth::default());
    world.clock.advance(32 * 86_400);
    assert_eq!(month(&world, &store), StoreMonth::default());
}
