//! What happens between the scan, the sale and the confirmation: pauses, closings, dismissals, an
//! agreement that ends.

use std::net::TcpListener;
use std::time::Duration;

use api::session::Sessions;
use api::state::{Shared, State};
use domain::calendar::{day_of, end_of};
use serde_json::{Value, json};
use testing::alliance::{agree, register, take_role};
use testing::shops::{Till, assert_conserved, code_of, confirm, credit, db_star_credit, text};
use testing::{Client, World};

async fn officer_does(world: &World, till: &Till, path: &str, reason: &str) -> Value {
    let officer = world.sign_in("town-officer").await;
    officer.post(&till.path(path), json!({"reason": reason})).await.expect(200)
}

#[actix_web::test]
async fn a_paused_or_closed_merchant_gets_no_sale_by_a_confirmation() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let waiting = till.buy(&villager, 60_000).await;
    officer_does(&world, &till, "pause", "核查").await;
    let refused = confirm(&world, &villager, &waiting).await.expect_problem(403, "merchant_paused");
    assert_eq!(refused["detail"], "该商家暂停合作。");
    assert_eq!(credit(&world, &villager, 1).await, 160_000);
    officer_does(&world, &till, "resumption", "核查完毕").await;
    confirm(&world, &villager, &waiting).await.expect(200);
    let waiting = till.buy(&villager, 60_000).await;
    officer_does(&world, &till, "closing", "停业").await;
    confirm(&world, &villager, &waiting).await.expect_problem(403, "merchant_closed");
    assert_eq!(credit(&world, &villager, 1).await, 155_200);
    assert_conserved(&world);
}

/// A second shop of the demo merchant, opened by the town.
async fn branch(world: &World, till: &Till) -> Value {
    let officer = world.sign_in("town-officer").await;
    let shop = json!({"name": "云岭村分店", "address": "云岭村口", "phone": "0858-2"});
    officer.post(&till.path("shops"), shop).await.expect(201)
}

async fn quote_at(till: &Till, villager: &Client, shop: &Value) -> Value {
    let body = json!({"code": code_of(villager).await, "shop_id": shop["shop_id"]});
    till.scan(body).await.expect(201)
}

#[actix_web::test]
async fn a_shop_that_closed_since_the_scan_neither_sells_nor_gets_a_confirmation() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let shop = branch(&world, &till).await;
    let waits = quote_at(&till, &villager, &shop).await;
    let waiting = till.sell(&waits, 60_000).await.expect(201);
    let quote = quote_at(&till, &villager, &shop).await;
    let closing = format!("shops/{}/closing", text(&shop["shop_id"]));
    officer_does(&world, &till, &closing, "停业").await;
    till.sell(&quote, 1_000).await.expect_problem(409, "shop_closed");
    confirm(&world, &villager, &waiting).await.expect_problem(409, "shop_closed");
    assert_eq!(credit(&world, &villager, 1).await, 160_000);
}

/// A second process: what it once knew of people, it keeps for an hour.
fn another_process(world: &World) -> Client {
    let sessions = Sessions::new(world.db.secrets().token_key(), Duration::from_secs(3_600));
    let shared = Shared { sessions, ..world.shared() };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    actix_web::rt::spawn(api::server::start(State::new(shared), listener, 1).unwrap());
    Client::new(&url)
}

async fn clerk_id(owner: &Client, till: &Till) -> String {
    let list = owner.get(&till.path("clerks")).await.expect(200);
    let people = list["items"].as_array().unwrap();
    let clerk = people.iter().find(|person| person["role"] == "merchant_clerk").unwrap();
    text(&clerk["user_id"]).to_owned()
}

#[actix_web::test]
async fn a_dismissed_clerk_is_out_at_once_in_a_process_that_still_knows_them() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let sold = till.buy(&villager, 1_000).await;
    let quote = till.quote(&villager).await;
    let mut elsewhere = another_process(&world);
    elsewhere.token.clone_from(&till.clerk.token);
    let merchant = json!(world.demo.merchant);
    let there = Till::of(elsewhere.clone(), &merchant);
    elsewhere.get(&till.path("purchases")).await.expect(200);
    let owner = world.sign_in("merchant-owner").await;
    let path = till.path(&format!("clerks/{}/dismissal", clerk_id(&owner, &till).await));
    owner.post(&path, json!({"reason": "离职"})).await.expect(204);
    // It still lets the clerk look.
    elsewhere.get(&till.path("purchases")).await.expect(200);
    there.sell(&quote, 1_000).await.expect_problem(404, "not_found");
    there.refund(&sold).await.expect_problem(404, "not_found");
    let code = json!({"code": code_of(&villager).await});
    there.scan(code.clone()).await.expect_problem(404, "not_found");
    // The quote and the code are good for who stands there.
    let owner = Till::of(owner, &merchant);
    owner.sell(&quote, 1_000).await.expect(201);
    owner.scan(code).await.expect(201);
}

#[actix_web::test]
async fn a_clerk_who_was_sent_to_another_shop_since_does_not_sell_on_the_quote() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let shop = branch(&world, &till).await;
    let owner = world.sign_in("merchant-owner").await;
    let main = owner.get(&till.path("shops")).await.expect(200)["items"][0].clone();
    let quote = quote_at(&till, &villager, &main).await;
    let path = till.path(&format!("clerks/{}/shop", clerk_id(&owner, &till).await));
    owner.post(&path, json!({"shop_id": shop["shop_id"]})).await.expect(204);
    till.sell(&quote, 1_000).await.expect_problem(404, "not_found");
    owner.post(&path, json!({"shop_id": main["shop_id"]})).await.expect(204);
    till.sell(&quote, 1_000).await.expect(201);
}

/// Half a minute before a day is over, with that day.
fn go_to_the_end_of_a_day(world: &World) -> chrono::NaiveDate {
    let now = world.clock.now();
    let late = now + chrono::Duration::minutes(2);
    let day = day_of(late);
    world.advance_to(end_of(day) - chrono::Duration::seconds(60));
    day
}

#[actix_web::test]
async fn a_quote_is_not_sold_on_when_its_agreement_has_ended() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let last = go_to_the_end_of_a_day(&world);
    let admin = world.sign_in("village-admin").await;
    let list = admin.get(&world.village("agreements")).await.expect(200);
    let id = text(&list["items"][0]["agreement_id"]);
    let end = world.village(&format!("agreements/{id}/end"));
    admin.post(&end, json!({"on": last})).await.expect(200);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let (quote, other) = (till.quote(&villager).await, till.quote(&villager).await);
    till.sell(&other, 1_000).await.expect(201);
    world.clock.advance(70);
    till.sell(&quote, 1_000).await.expect_problem(422, "no_agreement");
    assert_eq!(credit(&world, &villager, 1).await, 160_000 - 80);
}

#[actix_web::test]
async fn a_quote_is_not_sold_on_when_its_merchant_is_paused() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let last = go_to_the_end_of_a_day(&world);
    let (villager, till) = (world.sign_in("villager").await, Till::open(&world).await);
    let (quote, early) = (till.quote(&villager).await, till.quote(&villager).await);
    let owner = world.sign_in("merchant-owner").await;
    let from = last.succ_opt().unwrap();
    let pause = json!({"from": from, "until": from, "reason": "盘点"});
    owner.post(&till.path("pause"), pause).await.expect(200);
    till.sell(&early, 1_000).await.expect(201);
    world.clock.advance(70);
    till.sell(&quote, 1_000).await.expect_problem(403, "merchant_paused");
    assert_eq!(credit(&world, &villager, 1).await, 160_000 - 80);
}

#[actix_web::test]
async fn goods_of_another_category_are_refused_with_those_that_are_offered() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let officer = world.sign_in("town-officer").await;
    let made = register(&officer, world.demo.town, json!({})).await;
    let merchant = &made["merchant"]["merchant_id"];
    agree(&world, merchant, json!({"categories": ["food", "daily_goods"]})).await.expect(201);
    let owner = take_role(&world, &made["owner_invitation"]).await;
    let till = Till::of(owner, merchant);
    let villager = world.sign_in("villager").await;
    let quote = till.quote(&villager).await;
    let refused = till.sell_goods(&quote, 1_000, "clothing").await;
    let refused = refused.expect_problem(422, "category_not_offered");
    assert!(text(&refused["detail"]).contains("食品、日用百货"), "{refused}");
    // The quote is still good.
    till.sell_goods(&quote, 1_000, "food").await.expect(201);
}
