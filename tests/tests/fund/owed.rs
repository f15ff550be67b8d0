//! What is owed to shops, for goods on the shelf and for dividends, and statements line by line.

use chrono::{Datelike, Days};
use serde_json::{Value, json};
use testing::World;
use testing::claims::{db_book, today};
use testing::fund::{CHECKER, MAKER, account, balance, book, coverage, decide};
use testing::ledger::points_of;
use testing::notices::{db_certified_claim, db_run, publish_and_close, tick};
use testing::payouts::{dividend_in, drafted, earned, fund, in_effect, pay};
use testing::settlements::Months;
use testing::store::{Store, earn, redeem};

#[actix_web::test]
async fn what_shops_have_to_get_is_owed_until_it_is_paid() {
    let months = Months::begin().await;
    let world = &months.world;
    assert_eq!(coverage(world).await["merchants_unpaid_fen"], 0);
    months.buy("villager", 12_850).await;
    assert_eq!(coverage(world).await["merchants_unpaid_fen"], 1_028);
    months.go_to_close(months.month);
    tick(world).await;
    let made = months.statement(months.month).await;
    let account = months.fund_account(5_000).await;
    let approve = json!({"decision": "approve"});
    let one = world.sign_in("village-admin").await;
    one.post(&months.of(&made, "/decisions"), approve).await.expect(201);
    let owner = world.sign_in("merchant-owner").await;
    owner.post(&months.of(&made, "/agreement"), json!({})).await.expect(201);
    let before = coverage(world).await;
    assert_eq!(before["merchants_unpaid_fen"], 1_028);
    let body = json!({"fund_account_id": account, "document": "付字18号", "paid_on": today(world)});
    let other = world.sign_in("village-admin-2").await;
    other.post(&months.of(&made, "/payments"), body).await.expect(201);
    let after = coverage(world).await;
    assert_eq!(after["merchants_unpaid_fen"], 0);
    let fen = |of: &Value, field: &str| of[field].as_i64().unwrap();
    assert_eq!(fen(&before, "owed_fen") - fen(&after, "owed_fen"), 1_028);
    assert_eq!(fen(&before, "held_fen") - fen(&after, "held_fen"), 1_028);
}

#[actix_web::test]
async fn what_was_redeemed_is_owed_until_it_is_fetched() {
    let world = World::new().await;
    db_book(&world, |book| book.exchange_value_fen = Some(domain::points::Fen::new(32)));
    earn(&world, 1, "100");
    let store = Store::open(&world, json!({})).await;
    let oil = store.goods(&world, json!({}), 10).await;
    let villager = world.sign_in("villager").await;
    let whole = coverage(&world).await;
    let redeemed = redeem(&world, &villager, &oil, 2).await.expect(201);
    // 60 points at 32 fen: no longer points of the household, and still owed.
    let waiting = coverage(&world).await;
    assert_eq!(waiting["goods_reserved_fen"], 1_920);
    assert_eq!(waiting["owed_fen"], whole["owed_fen"]);
    store.hand_over(&store.admin, &redeemed).await.expect(201);
    assert_eq!(coverage(&world).await["goods_reserved_fen"], 0);
}

#[actix_web::test]
async fn a_dividend_is_owed_from_when_it_holds_until_it_leaves_the_fund() {
    let world = World::new().await;
    let day = earned(&world, &[("villager", 2), ("neighbour", 1)]).await;
    let account = fund(&world, 100_000).await;
    let payout = drafted(&world, "dividends", dividend_in(day, 601)).await;
    assert_eq!(coverage(&world).await["dividends_unpaid_fen"], 0);
    in_effect(&world, &payout).await;
    assert_eq!(coverage(&world).await["dividends_unpaid_fen"], 601);
    pay(&world, "village-admin-2", &payout, Some(&account)).await.expect(201);
    assert_eq!(coverage(&world).await["dividends_unpaid_fen"], 0);
}

#[actix_web::test]
async fn who_gave_without_a_name_stays_so_and_a_correction_has_a_line_of_its_own() {
    let world = World::new().await;
    let fund = account(&world, "信用基金专户").await;
    book(&world, &fund, json!({"party_shown": "anonymous", "amount_fen": 3_000})).await;
    let wrong = book(&world, &fund, json!({"amount_fen": 70_000})).await;
    let path = world.village(&format!("fund/vouchers/{wrong}/corrections"));
    let checker = world.sign_in(CHECKER).await;
    let correction = checker.post(&path, json!({"reason": "金额记错"})).await.expect(201);
    let id = correction["id"].as_str().unwrap();
    decide(&world, MAKER, id, json!({"verdict": "book"})).await.expect(201);
    assert_eq!(balance(&world, &fund).await, 3_000);

    let day = today(&world);
    let month = format!("{:04}-{:02}", day.year(), day.month());
    world.clock.advance(31 * 24 * 3600);
    let maker = world.sign_in(MAKER).await;
    let drawn = maker.post(&world.village("fund/statements"), json!({"period": month})).await;
    let drawn = drawn.expect(201);
    assert_eq!(drawn["statement"]["came_in_fen"], json!({"donation": 73_000}));
    assert_eq!(drawn["statement"]["went_out_fen"], json!({"correction": 70_000}));
    assert_eq!(drawn["statement"]["closing_fen"], 3_000);
    let lines = drawn["lines"].as_array().unwrap();
    let told: Vec<_> = lines.iter().map(|line| [&line["party"], &line["amount_fen"]]).collect();
    let [nobody, masked] = [json!("匿名"), json!("李*国")];
    let fen = [3_000, 70_000, -70_000].map(|fen| json!(fen));
    assert_eq!(told, [[&nobody, &fen[0]], [&masked, &fen[1]], [&masked, &fen[2]]]);
    assert_eq!(lines[2]["purpose"], "金额记错");
    assert!(!drawn.to_string().contains("李建国"));
}

/// A brake that issues four tenths holds from a day on, as the worker would have announced it.
async fn db_brake(world: &World, from: chrono::NaiveDate) {
    let village = world.demo.village;
    db_run(
        world,
        format!(
            "INSERT INTO brakes (village_id, id, from_day, issued, held, owed, announced_at) \
             VALUES ('{village}', '{}', '{from}', 4000, 0, 0, now())",
            uuid::Uuid::now_v7()
        ),
    )
    .await;
}

#[actix_web::test]
async fn a_correction_of_a_deed_keeps_the_share_of_its_day() {
    let world = World::new().await;
    let before = db_certified_claim(&world, "villager", "ENV-1", 5).await;
    db_brake(&world, today(&world) + Days::new(1)).await;
    world.clock.advance(24 * 3600);
    let braked = db_certified_claim(&world, "neighbour", "ENV-1", 5).await;
    publish_and_close(&world).await;
    assert_eq!((points_of(&world, 1).await, points_of(&world, 2).await), (json!("5"), json!("2")));
    // Both are corrected while the brake holds: one was done before it, the other on its first day.
    for (key, claim) in [("villager", before), ("neighbour", braked)] {
        let body = json!({"claim_id": claim, "text": "只有三小时。"});
        let appeals = world.village("appeals");
        let appeal = world.sign_in(key).await.post(&appeals, body).await.expect(201);
        let id = appeal["id"].as_str().unwrap();
        let path = world.village(&format!("objections/{id}/answers"));
        let correction = json!({"outcome": "corrected", "points": "3", "text": "三小时。"});
        world.sign_in("village-admin").await.post(&path, correction).await.expect(201);
    }
    let points = (points_of(&world, 1).await, points_of(&world, 2).await);
    assert_eq!(points, (json!("3"), json!("1.2")));
}
