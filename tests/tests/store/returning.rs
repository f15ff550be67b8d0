//! What becomes of points that come back: what was to be taken meanwhile is taken of them, and what has run
//! out meanwhile is gone.

use domain::claim::Claim;
use domain::id::ClaimId;
use domain::rule_book::{CountsFor, PointsPolicy, RuleBook};
use serde_json::{Value, json};
use testing::claims::db_book;
use testing::notices::{close, db_certified_claim, db_messages, db_run, publish_and_close, tick};
use testing::payouts::{dividend_in, drafted, earned, fund, hung, pay};
use testing::shops::{assert_conserved, text};
use testing::store::{Store, assert_stock_conserved, cancel, earn, points, redeem, stock};
use testing::{Client, World};

const DAY: u32 = 86_400;
const AWARD: &str = "ENV-1";
const DEDUCTION: &str = "ENV-9";

/// Deductions are taken from redeemable points too.
fn forfeits(book: &mut RuleBook) {
    let item = book.items.iter_mut().find(|item| item.code == DEDUCTION).expect("the deduction");
    item.counts_for.insert(CountsFor::Points);
    assert!(Claim::counts_for(item, CountsFor::Points));
}

/// An appeal of the first household about a claim is answered: it falls.
async fn strike(world: &World, claim: ClaimId) {
    let villager = world.sign_in("villager").await;
    let about = json!({"claim_id": claim, "text": "请核实"});
    let raised = villager.post(&world.village("appeals"), about).await.expect(201);
    let path = world.village(&format!("objections/{}/answers", text(&raised["id"])));
    let admin = world.sign_in("village-admin").await;
    admin.post(&path, json!({"outcome": "struck", "text": "记错了。"})).await.expect(201);
}

/// The newest entries of the first household's statement: purse, title and amount.
async fn statement(world: &World, villager: &Client, most: usize) -> Vec<(String, String)> {
    let home = world.demo.households[&1];
    let path = world.village(&format!("households/{home}/statement"));
    let seen = villager.get(&path).await.expect(200);
    let items = seen["items"].as_array().expect("items").iter();
    items
        .filter(|entry| entry["purse"] == "points")
        .take(most)
        .map(|entry| {
            (text(&entry["title"]).to_owned(), text(&entry["amount"]["points"]).to_owned())
        })
        .collect()
}

#[actix_web::test]
async fn points_of_an_award_that_fell_while_they_were_held_do_not_come_back() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    let claim = db_certified_claim(&world, "villager", AWARD, 90).await;
    publish_and_close(&world).await;
    let villager = world.sign_in("villager").await;
    let redeemed = redeem(&world, &villager, &goods, 3).await.expect(201);
    assert_eq!(points(&world, &villager, 1).await, "0");
    strike(&world, claim).await;
    cancel(&world, &villager, &redeemed, None).await.expect(200);
    assert_eq!(points(&world, &villager, 1).await, "0");
    assert_eq!(stock(&world, &goods).await, (5, 0));
    let seen = statement(&world, &villager, 2).await;
    assert_eq!(seen[0], ("补扣:参加村组公共区域清扫".to_owned(), "-90".to_owned()));
    assert_eq!(seen[1].1, "90");
    let told = db_messages(&world, "villager", "redemption_cancelled").await;
    assert_eq!(told[0]["taken_points"], json!("90"));
    let messages = villager.get("/v1/me/messages").await.expect(200);
    let words = text(&messages["items"][0]["text"]);
    assert!(words.contains("其中补扣兑换期间应扣而未扣的90分"), "{words}");
    // What is earned later is nobody's but the household's.
    earn(&world, 1, "30");
    let again = redeem(&world, &villager, &goods, 1).await.expect(201);
    cancel(&world, &villager, &again, None).await.expect(200);
    assert_eq!(points(&world, &villager, 1).await, "30");
    assert_conserved(&world);
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn a_deduction_takes_points_that_were_held_when_they_come_back_and_gives_them_back_if_it_falls()
 {
    let world = World::new().await;
    db_book(&world, forfeits);
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let redeemed = redeem(&world, &villager, &goods, 3).await.expect(201);
    let other = store.goods(&world, json!({"price": "8", "market_price_fen": 900}), 5).await;
    let small = redeem(&world, &villager, &other, 1).await.expect(201);
    // 2 are there; the other 38 are held.
    let claim = db_certified_claim(&world, "villager", DEDUCTION, 40).await;
    publish_and_close(&world).await;
    let villager = world.sign_in("villager").await;
    assert_eq!(points(&world, &villager, 1).await, "0");
    // Of the 8 nothing is left, of the 90 all but 30.
    cancel(&world, &villager, &small, None).await.expect(200);
    assert_eq!(points(&world, &villager, 1).await, "0");
    cancel(&world, &villager, &redeemed, None).await.expect(200);
    assert_eq!(points(&world, &villager, 1).await, "60");
    let seen = statement(&world, &villager, 1).await;
    assert_eq!(seen, [("补扣:乱倒垃圾、污水".to_owned(), "-30".to_owned())]);
    strike(&world, claim).await;
    assert_eq!(points(&world, &villager, 1).await, "100");
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_deduction_that_fell_before_the_points_came_back_takes_nothing() {
    let world = World::new().await;
    db_book(&world, forfeits);
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "90");
    let villager = world.sign_in("villager").await;
    let redeemed = redeem(&world, &villager, &goods, 3).await.expect(201);
    let claim = db_certified_claim(&world, "villager", DEDUCTION, 40).await;
    publish_and_close(&world).await;
    strike(&world, claim).await;
    let villager = world.sign_in("villager").await;
    cancel(&world, &villager, &redeemed, None).await.expect(200);
    assert_eq!(points(&world, &villager, 1).await, "90");
    assert_conserved(&world);
}

#[actix_web::test]
async fn a_dividend_uses_up_points_that_were_held_when_they_come_back() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    let day = earned(&world, &[("villager", 90)]).await;
    let villager = world.sign_in("villager").await;
    let redeemed = redeem(&world, &villager, &goods, 3).await.expect(201);
    let account = fund(&world, 10_000).await;
    let mut body = dividend_in(day, 10_000);
    body["uses_up_points"] = json!(true);
    let payout = drafted(&world, "dividends", body).await;
    let notice = hung(&world, &payout).await;
    close(&world, &notice).await;
    pay(&world, "village-admin-2", &payout, Some(&account)).await.expect(201);
    let villager = world.sign_in("villager").await;
    cancel(&world, &villager, &redeemed, None).await.expect(200);
    assert_eq!(points(&world, &villager, 1).await, "0");
    let lines = testing::payouts::lines(&world, &payout).await;
    assert!(lines.iter().any(|line| line["used_up_points"] == "90"), "{lines:?}");
    assert_conserved(&world);
}

/// A village in December whose points run out with the year, with 90 points of the first household held in
/// a redemption on the last day. Answers the year.
async fn held_over_new_year(world: &World, store: &Store) -> (i32, String, Value) {
    let today = domain::calendar::day_of(world.clock.now());
    let year = chrono::Datelike::year(&today);
    let goods = store.goods(world, json!({}), 5).await;
    let last_day = domain::calendar::start_of(format!("{year}-12-31").parse().expect("a day"));
    world.advance_to(last_day);
    earn(world, 1, "90");
    let villager = world.sign_in("villager").await;
    let redeemed = redeem(world, &villager, &goods, 3).await.expect(201);
    tick(world).await;
    world.clock.advance(DAY);
    tick(world).await;
    (year, goods, redeemed)
}

fn run_out_with_the_year(book: &mut RuleBook) {
    book.points_policy = PointsPolicy::YearEndReset { grace_days: 0 };
}

#[actix_web::test]
async fn who_redeems_on_the_last_day_and_cancels_on_the_next_keeps_nothing() {
    let world = World::new().await;
    db_book(&world, run_out_with_the_year);
    let store = Store::open(&world, json!({})).await;
    let (year, _, redeemed) = held_over_new_year(&world, &store).await;
    earn(&world, 1, "5");
    let villager = world.sign_in("villager").await;
    cancel(&world, &villager, &redeemed, None).await.expect(200);
    assert_eq!(points(&world, &villager, 1).await, "5");
    let seen = statement(&world, &villager, 1).await;
    assert!(seen[0].0.ends_with("已取消,退回的积分已过兑换期限"), "{seen:?}");
    assert_eq!(seen[0].1, "-90");
    let home = world.demo.households[&1];
    let path = world.village(&format!("households/{home}/points"));
    let held = villager.get(&path).await.expect(200);
    assert_eq!(held["by_year"], json!([{"year": year + 1, "points": "5"}]));
    let told = db_messages(&world, "villager", "redemption_cancelled").await;
    assert_eq!(told[0]["over_points"], json!("90"));
    // The next year ends as ever.
    let next = domain::calendar::start_of(format!("{}-01-02", year + 2).parse().expect("a day"));
    world.advance_to(next);
    assert_eq!(tick(&world).await.expired, 1);
    assert_conserved(&world);
}

#[actix_web::test]
async fn what_the_store_could_not_hand_over_lasts_until_the_end_of_the_next_year() {
    let world = World::new().await;
    db_book(&world, run_out_with_the_year);
    let store = Store::open(&world, json!({})).await;
    let (year, goods, redeemed) = held_over_new_year(&world, &store).await;
    let admin = world.sign_in("village-admin").await;
    cancel(&world, &admin, &redeemed, Some("进货少了")).await.expect(200);
    let villager = world.sign_in("villager").await;
    assert_eq!(points(&world, &villager, 1).await, "90");
    let again = redeem(&world, &villager, &goods, 1).await.expect(201);
    cancel(&world, &villager, &again, None).await.expect(200);
    let home = world.demo.households[&1];
    let path = world.village(&format!("households/{home}/points"));
    let held = villager.get(&path).await.expect(200);
    assert_eq!(held["expiring"]["last_day"], json!(format!("{}-12-31", year + 1)));
    assert_eq!(held["points"], "90");
    assert_conserved(&world);
}

#[actix_web::test]
async fn many_lapses_of_one_household_after_new_year_lose_what_ran_out_once_each() {
    let world = World::new().await;
    db_book(&world, run_out_with_the_year);
    let store = Store::open(&world, json!({})).await;
    let (_, goods, _) = held_over_new_year(&world, &store).await;
    earn(&world, 1, "60");
    let villager = world.sign_in("villager").await;
    redeem(&world, &villager, &goods, 1).await.expect(201);
    let moved = "UPDATE redemptions SET lapses_at = lapses_at - interval '2 days' \
        WHERE quantity = 1";
    db_run(&world, moved.into()).await;
    world.clock.advance(40 * DAY);
    assert_eq!(tick(&world).await.lapsed, 2);
    let villager = world.sign_in("villager").await;
    assert_eq!(points(&world, &villager, 1).await, "60");
    let told = db_messages(&world, "villager", "redemption_lapsed").await;
    let over = told.iter().filter(|data| data["over_points"] == json!("90")).count();
    assert_eq!((told.len(), over), (2, 1), "{told:?}");
    assert_conserved(&world);
    assert_stock_conserved(&world);
}
