//! A closed month stays as it is, and that it did is looked at before anybody pays for it.

use diesel::connection::SimpleConnection;
use domain::points::Fen;
use infra::worker;
use serde_json::json;
use testing::claims::db_book;
use testing::notices::{db_messages, tick};
use testing::settlements::Months;
use testing::shops::text;
use testing::store::{Store, earn, redeem};

/// Tries to change the database from outside.
fn outside(months: &Months, sql: &str) -> Result<(), String> {
    months.world.connect().batch_execute(sql).map_err(|error| error.to_string())
}

fn refused(months: &Months, sql: &str) {
    let refused = outside(months, sql).expect_err(sql);
    assert!(refused.contains("the month is closed"), "{sql}: {refused}");
}

#[actix_web::test]
async fn purchases_of_a_closed_month_do_not_change_except_that_they_are_refunded() {
    let months = Months::begin().await;
    let world = &months.world;
    months.go_to(months.day(28), 10);
    let kept = months.buy("villager", 12_850).await;
    let back = months.buy("neighbour", 10_000).await;
    months.go_to_close(months.month);
    tick(world).await;
    let id = text(&kept["purchase_id"]);
    for change in [
        "discount = discount + 1",
        "price = price + 1",
        "bearer = 'merchant_funded'",
        "merchant_id = gen_random_uuid()",
        "completed_at = completed_at + interval '1 month'",
        "completed_at = NULL",
        "state = 'refunded', refunded_at = now(), price = price + 1",
        "state = 'awaiting_confirmation'",
    ] {
        refused(&months, &format!("UPDATE purchases SET {change} WHERE id = '{id}'"));
    }
    refused(&months, &format!("DELETE FROM purchases WHERE id = '{id}'"));
    months.refund(&back).await;
    // What was taken back is not taken back twice, or for something else.
    refused(&months, "UPDATE purchases SET refund_reason = '别的' WHERE state = 'refunded'");
    // What is of the month that is open is still in nobody's statement.
    let open = months.buy("villager", 5_000).await;
    let id = text(&open["purchase_id"]);
    outside(&months, &format!("UPDATE purchases SET discount = 1 WHERE id = '{id}'"))
        .expect("open");
}

#[actix_web::test]
async fn redemptions_of_a_closed_month_do_not_change_except_that_they_are_refunded() {
    let months = Months::begin().await;
    let world = &months.world;
    db_book(world, |book| book.exchange_value_fen = Some(Fen::new(32)));
    earn(world, 1, "500");
    months.go_to(months.day(28), 10);
    let store = Store::open(world, json!({})).await;
    let goods = store.goods(world, json!({}), 20).await;
    let villager = world.sign_in("villager").await;
    let redeemed = redeem(world, &villager, &goods, 1).await.expect(201);
    let keeper = world.sign_in("store-keeper").await;
    let handed = store.hand_over(&keeper, &redeemed).await.expect(201);
    let waiting = redeem(world, &villager, &goods, 1).await.expect(201);
    months.go_to_close(months.month);
    tick(world).await;
    let id = text(&handed["redemption_id"]);
    for change in ["points = points + 1", "worth = worth + 1", "handed_over_at = now()"] {
        refused(&months, &format!("UPDATE redemptions SET {change} WHERE id = '{id}'"));
    }
    refused(&months, &format!("DELETE FROM redemptions WHERE id = '{id}'"));
    // How limits are counted is no matter of the month.
    let counted = format!("UPDATE redemptions SET counted_in = '2026' WHERE id = '{id}'");
    outside(&months, &counted).expect("a limit");
    let keeper = world.sign_in("store-keeper").await;
    store.hand_over(&keeper, &waiting).await.expect(201);
    let path = world.village(&format!("redemptions/{id}/refund"));
    let back = json!({"reason": "坏了", "goods": "back_on_shelf"});
    keeper.post(&path, back).await.expect(200);
}

#[actix_web::test]
async fn a_month_that_changed_since_the_close_is_not_approved_and_the_village_is_told() {
    let months = Months::begin().await;
    let world = &months.world;
    let bought = months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    tick(world).await;
    let made = months.statement(months.month).await;
    assert_eq!(made["state"], "open");
    let id = text(&bought["purchase_id"]);
    months.db_tamper(&format!("UPDATE purchases SET discount = 1100 WHERE id = '{id}'"));
    let admin = world.sign_in("village-admin").await;
    let path = months.of(&made, "/decisions");
    let approve = json!({"decision": "approve"});
    // What was found stays, whoever asks again.
    for _ in 0..2 {
        let refused = admin.post_with_key(&path, approve.clone(), "approve-it").await;
        refused.expect_problem(409, "settlement_differs");
    }
    assert_eq!(months.statement(months.month).await["state"], "differs");
    assert_eq!(months.steps(&made).await[0]["step"], "differed");
    let told = db_messages(world, "village-admin", "settlement_differs").await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["line_ids"], json!([id]));
}

#[actix_web::test]
async fn a_server_whose_clock_runs_ahead_closes_no_month_before_the_database_says_so() {
    let months = Months::begin().await;
    months.buy("villager", 12_850).await;
    months.go_to_close(months.month);
    let (db, now) = (months.world.db.clone(), months.world.clock.now());
    let round = actix_web::web::block(move || worker::tick_by_both_clocks(&db, now)).await.unwrap();
    assert!(round.failures.is_empty(), "{:?}", round.failures);
    assert_eq!(round.statements, 0);
    assert_eq!(tick(&months.world).await.statements, 1);
}
