//! That sums agree is not enough: each line has its entry, and each entry its line.

use serde_json::json;
use testing::Client;
use testing::notices::{db_messages, db_run, tick};
use testing::settlements::Months;
use testing::shops::{Till, confirm, db_agreement_ceiling, text};
use testing::store::{Store, earn, redeem};

#[actix_web::test]
async fn two_errors_that_cancel_out_are_found() {
    let months = Months::begin().await;
    let world = &months.world;
    for (price, wrong) in [(12_850, 1_128), (10_000, 700)] {
        let bought = months.buy("villager", price).await;
        let id = text(&bought["purchase_id"]);
        db_run(world, format!("UPDATE purchases SET discount = {wrong} WHERE id = '{id}'")).await;
    }
    months.go_to_close(months.month);
    tick(world).await;
    let made = months.statement(months.month).await;
    let sales = &made["sales"];
    assert_eq!((&sales["owed_fen"], &sales["ledger_fen"]), (&json!(1_828), &json!(1_828)));
    assert_eq!((&made["state"], &made["reconciled"]), (&json!("differs"), &json!(false)));
    // Two lines without their entries and two entries without their lines.
    assert_eq!(made["unequal_lines"], 4);
    let told = db_messages(world, "village-admin", "settlement_differs").await;
    assert_eq!(told[0]["lines"], 2);
    let admin = world.sign_in("village-admin").await;
    let path = world.village(&format!("settlements/check?month={}", months.month));
    let checked = admin.get(&path).await.expect(200);
    assert_eq!(checked["agrees"], false);
    assert_eq!(checked["parties"][0]["differences"].as_array().unwrap().len(), 2);
}

#[actix_web::test]
async fn an_entry_without_its_redemption_is_found() {
    let months = Months::begin().await;
    let world = &months.world;
    earn(world, 1, "500");
    let store = Store::open(world, json!({})).await;
    let goods = store.goods(world, json!({}), 20).await;
    let villager = world.sign_in("villager").await;
    redeem(world, &villager, &goods, 1).await.expect(201);
    months.db_tamper("DELETE FROM redemptions");
    let admin = world.sign_in("village-admin").await;
    let path = world.village(&format!("settlements/check?month={}", months.month));
    let checked = admin.get(&path).await.expect(200);
    assert_eq!(checked["agrees"], false);
    assert_eq!(checked["orphan_entry_ids"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn supervisors_above_the_village_are_told_that_it_differs() {
    let months = Months::begin().await;
    let world = &months.world;
    // A supervisor of the county who lives in the village, and one of the town who lives elsewhere.
    for (key, division) in
        [("neighbour", world.demo.county.0), ("other-villager", world.demo.town.0)]
    {
        let grant = format!(
            "INSERT INTO role_grants (id, role, division_id, user_id, begins_at, reason, granted_at) \
             SELECT gen_random_uuid(), 'supervisor', '{division}', id, now(), 'test', now() \
             FROM users WHERE openid = 'demo-openid-{key}'"
        );
        db_run(world, grant).await;
    }
    let bought = months.buy("villager", 12_850).await;
    let id = text(&bought["purchase_id"]);
    db_run(world, format!("UPDATE purchases SET discount = 1100 WHERE id = '{id}'")).await;
    months.go_to_close(months.month);
    tick(world).await;
    for key in ["village-admin", "neighbour", "other-villager"] {
        let told = db_messages(world, key, "settlement_differs").await;
        assert_eq!(told.len(), 1, "{key}: {told:?}");
    }
}

#[actix_web::test]
async fn lines_say_the_category_and_the_share_and_are_the_same_on_pages_of_any_length() {
    let months = Months::begin().await;
    let world = &months.world;
    db_agreement_ceiling(world, "confirm_above", 50_000);
    let till = Till::open(world).await;
    let villager: Client = world.sign_in("villager").await;
    // One waits while others are made, so that lines stand in another order than purchases.
    let waiting = till.buy(&villager, 60_000).await;
    for price in [1_000, 2_000, 3_000] {
        world.clock.advance(60);
        let quote = till.quote(&villager).await;
        till.sell_goods(&quote, price, "food").await.expect(201);
    }
    world.clock.advance(60);
    confirm(world, &villager, &waiting).await.expect(200);
    world.clock.advance(60);
    let last = till.buy(&villager, 4_000).await;
    world.clock.advance(60);
    till.refund(&last).await.expect(201);
    months.go_to_close(months.month);
    tick(world).await;
    let made = months.statement(months.month).await;
    let owner = world.sign_in("merchant-owner").await;
    let all = months.lines(&owner, &made, 100).await;
    let prices: Vec<i64> = all.iter().map(|line| line["price_fen"].as_i64().unwrap()).collect();
    assert_eq!(prices, [1_000, 2_000, 3_000, 60_000, 4_000, 4_000]);
    for limit in [1, 2, 3] {
        assert_eq!(months.lines(&owner, &made, limit).await, all, "{limit} a page");
    }
    assert_eq!((&all[0]["category"], &all[0]["discount_bp"]), (&json!("food"), &json!(800)));
    assert_eq!(all[3]["category"], "other");
}

#[actix_web::test]
async fn what_is_confirmed_after_midnight_is_of_the_month_of_the_confirmation() {
    let months = Months::begin().await;
    let world = &months.world;
    db_agreement_ceiling(world, "confirm_above", 50_000);
    let midnight = domain::calendar::start_of(months.next().first_day());
    world.advance_to(midnight - chrono::Duration::minutes(2));
    months.buy("neighbour", 10_000).await;
    let villager = world.sign_in("villager").await;
    let waiting = Till::open(world).await.buy(&villager, 60_000).await;
    world.advance_to(midnight + chrono::Duration::minutes(3));
    let villager = world.sign_in("villager").await;
    let bought = confirm(world, &villager, &waiting).await.expect(200);
    let off = bought["discount_fen"].as_i64().expect("a discount");
    assert!(off > 0);
    months.go_to_close(months.month);
    tick(world).await;
    months.go_to_close(months.next());
    tick(world).await;
    let (first, second) =
        (months.statement(months.month).await, months.statement(months.next()).await);
    assert_eq!((&first["sales"]["count"], &first["net_fen"]), (&json!(1), &json!(400)));
    assert_eq!((&second["sales"]["count"], &second["net_fen"]), (&json!(1), &json!(off)));
    assert_eq!((&first["reconciled"], &second["reconciled"]), (&json!(true), &json!(true)));
    assert_eq!(months.unpaid(), 400 + off);
    let owner = world.sign_in("merchant-owner").await;
    assert_eq!(months.lines(&owner, &first, 10).await.len(), 1);
    assert_eq!(months.lines(&owner, &second, 10).await[0]["price_fen"], 60_000);
}
