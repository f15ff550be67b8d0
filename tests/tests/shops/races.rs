//! Many at once at the till.

use serde_json::json;
use testing::World;
use testing::shops::{
    Till, assert_conserved, at_once, code_of, count, credit, db_agreement_ceiling, db_count,
    db_star_credit,
};

#[actix_web::test]
async fn twenty_scans_of_the_same_code_make_one_quote() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let code = code_of(&villager).await;
    let scans = (0..20).map(|_| {
        let (till, code) = (till.clone(), code.clone());
        async move { till.scan(json!({"code": code})).await }
    });
    let answers = at_once(scans).await;
    assert_eq!(count(&answers, 201, ""), 1);
    assert_eq!(count(&answers, 409, "code_used"), 19);
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM quotes"), 1);
}

#[actix_web::test]
async fn twenty_posts_of_the_same_purchase_make_one() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let quote = till.quote(&villager).await;
    let posts = (0..20).map(|_| {
        let (till, quote) = (till.clone(), quote.clone());
        async move { till.sell_with_key(&quote, 12_850, "double-tapped").await }
    });
    let answers = at_once(posts).await;
    let done: Vec<_> = answers.iter().filter(|a| a.status.as_u16() == 201).collect();
    assert!(!done.is_empty());
    assert!(done.iter().all(|answer| answer.body == done[0].body));
    assert_eq!(done.len() + count(&answers, 409, "idempotency_in_flight"), 20);
    assert_eq!(db_count(&world, "SELECT count(*) AS n FROM purchases"), 1);
    assert_eq!(credit(&world, &villager, 1).await, 158_972);
    assert_conserved(&world);
}

#[actix_web::test]
async fn of_twenty_purchases_on_one_quote_one_wins() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let quote = till.quote(&villager).await;
    let posts = (0..20).map(|_| {
        let (till, quote) = (till.clone(), quote.clone());
        async move { till.sell(&quote, 12_850).await }
    });
    let answers = at_once(posts).await;
    assert_eq!(count(&answers, 201, ""), 1);
    assert_eq!(count(&answers, 409, "quote_used"), 19);
    assert_eq!(credit(&world, &villager, 1).await, 158_972);
    assert_conserved(&world);
}

#[actix_web::test]
async fn many_purchases_of_one_household_at_once_never_overdraw() {
    let world = World::with_connections(16).await;
    db_star_credit(&world, 1, 4, 5_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let answers = sell_all(&till, &quotes(&till, &[&villager], 30).await, 10_000).await;
    assert_eq!(count(&answers, 201, ""), 30);
    assert_eq!(discounts(&answers), 5_000);
    assert_eq!(credit(&world, &villager, 1).await, 0);
    assert_conserved(&world);
}

#[actix_web::test]
async fn the_daily_ceiling_of_an_account_holds_exactly() {
    let world = World::with_connections(16).await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let answers = sell_all(&till, &quotes(&till, &[&villager], 30).await, 50_000).await;
    assert_eq!(count(&answers, 201, ""), 30);
    assert_eq!(discounts(&answers), 20_000);
    assert_eq!(credit(&world, &villager, 1).await, 140_000);
    assert_conserved(&world);
}

#[actix_web::test]
async fn the_daily_ceiling_of_a_merchant_holds_exactly_for_many_households() {
    let world = World::with_connections(16).await;
    db_agreement_ceiling(&world, "merchant_daily_ceiling", 10_000);
    let mut people = Vec::new();
    for (number, key) in [(1, "villager"), (2, "neighbour"), (4, "collector"), (5, "grid-worker")] {
        db_star_credit(&world, number, 5, 200_000);
        people.push(world.sign_in(key).await);
    }
    let till = Till::open(&world).await;
    let people: Vec<_> = people.iter().collect();
    let answers = sell_all(&till, &quotes(&till, &people, 40).await, 7_770).await;
    assert_eq!(count(&answers, 201, ""), 40);
    assert_eq!(discounts(&answers), 10_000);
    assert_conserved(&world);
}

#[actix_web::test]
async fn sales_refunds_and_sales_again_at_once_lose_no_fen() {
    let world = World::with_connections(16).await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let sold = sell_all(&till, &quotes(&till, &[&villager], 10).await, 12_850).await;
    let fresh = quotes(&till, &[&villager], 10).await;
    let refunds = sold.iter().map(|sold| {
        let (till, receipt) = (till.clone(), sold.body.clone());
        tokio::spawn(async move { till.refund(&receipt).await })
    });
    let refunds: Vec<_> = refunds.collect();
    let again = sell_all(&till, &fresh, 12_850).await;
    for refund in refunds {
        refund.await.unwrap().expect(201);
    }
    assert_eq!(discounts(&again), 10_280);
    assert_eq!(credit(&world, &villager, 1).await, 160_000 - 10_280);
    let given = "SELECT sum(discount)::bigint AS n FROM purchase_days";
    assert_eq!(db_count(&world, given), 2 * 10_280);
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_sale_heals_when_every_connection_was_cut() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let quote = till.quote(&villager).await;
    let cut = "SELECT count(pg_terminate_backend(pid)) AS n FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    assert!(db_count(&world, cut) > 0);
    till.sell(&quote, 12_850).await.expect(201);
    assert_conserved(&world);
}

async fn quotes(till: &Till, people: &[&testing::Client], count: usize) -> Vec<serde_json::Value> {
    let mut quotes = Vec::with_capacity(count);
    for person in people.iter().cycle().take(count) {
        quotes.push(till.quote(person).await);
    }
    quotes
}

async fn sell_all(
    till: &Till,
    quotes: &[serde_json::Value],
    price_fen: i64,
) -> Vec<testing::Answer> {
    let sales = quotes.iter().map(|quote| {
        let (till, quote) = (till.clone(), quote.clone());
        async move { till.sell(&quote, price_fen).await }
    });
    at_once(sales.collect::<Vec<_>>()).await
}

fn discounts(answers: &[testing::Answer]) -> i64 {
    answers.iter().filter_map(|answer| answer.body["discount_fen"].as_i64()).sum()
}
