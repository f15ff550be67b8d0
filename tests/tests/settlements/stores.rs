//! Statements of points stores: one that the village runs, and one that a merchant runs.

use domain::points::Fen;
use serde_json::{Value, json};
use testing::Client;
use testing::claims::db_book;
use testing::notices::tick;
use testing::settlements::Months;
use testing::shops::text;
use testing::store::{Store, earn, redeem};

/// A month in which a point is worth 0.32 yuan and the first household has 500 of them.
async fn begin() -> Months {
    let months = Months::begin().await;
    db_book(&months.world, |book| book.exchange_value_fen = Some(Fen::new(32)));
    earn(&months.world, 1, "500");
    months
}

/// Somebody redeems so many, and gets them at the counter.
async fn handed_over(months: &Months, store: &Store, by: &str, goods: &str, count: u32) -> Value {
    let villager = months.world.sign_in("villager").await;
    let redeemed = redeem(&months.world, &villager, goods, count).await.expect(201);
    let keeper: Client = months.world.sign_in(by).await;
    store.hand_over(&keeper, &redeemed).await.expect(201)
}

async fn refund(months: &Months, by: &str, handed: &Value) {
    let path = format!("redemptions/{}/refund", text(&handed["redemption_id"]));
    let keeper = months.world.sign_in(by).await;
    let back = json!({"reason": "坏了", "goods": "back_on_shelf"});
    keeper.post(&months.world.village(&path), back).await.expect(200);
}

#[actix_web::test]
async fn a_store_of_the_village_hands_its_cash_in_to_the_fund() {
    let months = begin().await;
    let world = &months.world;
    let store = Store::open(world, json!({})).await;
    let goods = store.goods(world, json!({"top_up_fen": 100}), 20).await;
    handed_over(&months, &store, "store-keeper", &goods, 1).await;
    let second = handed_over(&months, &store, "store-keeper", &goods, 2).await;
    refund(&months, "store-keeper", &second).await;
    months.go_to_close(months.month);
    assert_eq!(tick(world).await.statements, 1);
    let made = months.statement(months.month).await;
    assert_eq!((&made["party"], &made["reconciled"]), (&json!("village_store"), &json!(true)));
    assert_eq!((&made["sales"]["count"], &made["sales"]["points"]), (&json!(2), &json!("90")));
    assert_eq!(made["sales"]["ledger_points"], "90");
    assert_eq!(
        (&made["sales"]["cash_fen"], &made["refunds"]["cash_fen"]),
        (&json!(300), &json!(200))
    );
    assert_eq!((&made["net_fen"], &made["due_fen"]), (&json!(-100), &json!(100)));
    // Nothing is owed to anybody for it.
    assert_eq!(months.unpaid(), 0);
    let admin = world.sign_in("village-admin").await;
    let lines = months.lines(&admin, &made, 2).await;
    assert_eq!(lines.len(), 3);
    assert!(lines.iter().all(|line| line["goods"].is_string() && line["entry_id"].is_string()));
    let account = months.fund_account(1_000).await;
    let (one, other) =
        (world.sign_in("village-admin").await, world.sign_in("village-admin-2").await);
    one.post(&months.of(&made, "/decisions"), json!({"decision": "approve"})).await.expect(201);
    let payment = json!({
        "fund_account_id": account, "document": "缴款单1号",
        "paid_on": domain::calendar::day_of(world.clock.now()),
    });
    other.post(&months.of(&made, "/payments"), payment).await.expect(201);
    let accounts = one.get(&world.village("fund/accounts")).await.expect(200);
    assert_eq!(accounts["items"][0]["balance_fen"], 1_100);
    let checked = world.village(&format!("settlements/check?month={}", months.month));
    let checked = one.get(&checked).await.expect(200);
    assert_eq!(
        (&checked["agrees"], &checked["parties"][0]["stock_agrees"]),
        (&json!(true), &json!(true))
    );
}

#[actix_web::test]
async fn a_merchants_store_gets_the_worth_of_what_it_handed_over() {
    let months = begin().await;
    let world = &months.world;
    let merchant = world.demo.merchant.0;
    let store = Store::open(world, json!({"merchant_id": merchant})).await;
    let goods = store.goods(world, json!({}), 20).await;
    months.buy("villager", 12_850).await;
    handed_over(&months, &store, "merchant-clerk", &goods, 2).await;
    // What only waits is not in it.
    let villager = world.sign_in("villager").await;
    redeem(world, &villager, &goods, 1).await.expect(201);
    // Until the month is closed it is owed all the same: 60 points at 0.32 yuan, and the discount.
    assert_eq!(months.unpaid(), 1_920 + 1_028);
    months.go_to_close(months.month);
    assert_eq!(tick(world).await.statements, 2);
    assert_eq!(months.unpaid(), 1_920 + 1_028);
    let owner = world.sign_in("merchant-owner").await;
    let own = owner.get(&format!("/v1/merchants/{merchant}/settlements")).await.expect(200);
    let due = |party: &str| {
        let all = own["items"].as_array().unwrap().iter();
        all.clone().find(|one| one["party"] == party).map(|one| one["due_fen"].clone())
    };
    assert_eq!((due("merchant"), due("merchant_store")), (Some(json!(1_028)), Some(json!(1_920))));
}
