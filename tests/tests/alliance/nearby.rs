//! What a villager finds.

use domain::calendar::day_of;
use serde_json::{Value, json};
use testing::World;
use testing::alliance::{agree, register, shops_near, texts};
use testing::photos::{fetch, upload_fixture};
use testing::shops::{db_star_credit, text};

/// Where the demo shop is.
const HERE: &str = "latitude_e6=26541234&longitude_e6=104712345";

fn spot(north: i32) -> Value {
    json!({"latitude_e6": 26_541_234 + north, "longitude_e6": 104_712_345})
}

/// A county's merchant with which the first village agrees.
async fn partner(world: &World, name: &str, with: Value, agreed: Value) -> Value {
    let operator = world.sign_in("county-operator").await;
    let mut merchant = json!({"name": name});
    merchant.as_object_mut().unwrap().extend(with.as_object().unwrap().clone());
    let made = register(&operator, world.demo.county, merchant).await;
    agree(world, &made["merchant"]["merchant_id"], agreed).await.expect(201);
    made
}

/// Far, near and online, with the demo shop in between.
async fn some(world: &World) {
    let food = json!({"categories": ["food"]});
    partner(world, "远店", json!({"spot": spot(300_000), "category": "food"}), food).await;
    partner(world, "近店", json!({"spot": spot(-9_000)}), json!({})).await;
    let online = json!({
        "kind": "online", "address": "", "link": "https://shop.example.cn",
        "category": "clothing",
    });
    partner(world, "网店", online, json!({})).await;
}

#[actix_web::test]
async fn the_nearest_shop_comes_first_and_those_on_the_net_last() {
    let world = World::new().await;
    some(&world).await;
    let list = shops_near(&world, &format!("?{HERE}&within_m=50000")).await;
    assert_eq!(texts(&list, "name"), ["街上店", "近店", "远店", "网店"]);
    assert_eq!(list[0]["metres"], 0);
    // Nine thousand millionths of a degree are 997 m there.
    assert_eq!(list[1]["metres"], 998);
    assert_eq!(
        (&list[3]["metres"], &list[3]["link"]),
        (&Value::Null, &json!("https://shop.example.cn"))
    );
    assert_eq!(list[0]["merchant_name"], "亿家人诚信超市");
    let near = shops_near(&world, &format!("?{HERE}&within_m=997")).await;
    assert_eq!(texts(&near, "name"), ["街上店", "网店"]);
    let edge = shops_near(&world, &format!("?{HERE}&within_m=998&kind=offline")).await;
    assert_eq!(texts(&edge, "name"), ["街上店", "近店"]);
    let all = shops_near(&world, "").await;
    assert_eq!(texts(&all, "name"), ["街上店", "远店", "近店", "网店"]);
}

#[actix_web::test]
async fn shops_are_found_by_the_goods_for_which_something_is_off() {
    let world = World::new().await;
    some(&world).await;
    let within = format!("?{HERE}&within_m=50000");
    let food = shops_near(&world, &format!("{within}&category=food")).await;
    assert_eq!(texts(&food, "name"), ["街上店", "近店", "远店", "网店"]);
    let clothing = shops_near(&world, &format!("{within}&category=clothing")).await;
    assert_eq!(texts(&clothing, "name"), ["街上店", "近店", "网店"]);
    let online = shops_near(&world, "?kind=online").await;
    assert_eq!(texts(&online, "category"), ["clothing"]);
}

#[actix_web::test]
async fn the_list_says_what_each_star_gets_and_what_ones_own_do() {
    let world = World::new().await;
    let food = json!({"categories": ["food"], "weekdays": [1, 2, 3, 4, 5, 6],
        "discount_by_star_bp": [100, 200, 300, 400, 500]});
    agree(&world, &json!(world.demo.merchant), food).await.expect(201);
    let mine = async || {
        let list = shops_near(&world, "").await;
        let discounts = list[0]["discounts"].as_array().unwrap().clone();
        discounts.iter().map(|d| d["my_discount_bp"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(mine().await, [json!(0), json!(0)]);
    db_star_credit(&world, 1, 4, 160_000);
    assert_eq!(mine().await, [json!(400), json!(800)]);
    let list = shops_near(&world, "").await;
    let discounts = &list[0]["discounts"];
    assert_eq!(discounts[0]["categories"], json!(["food"]));
    assert_eq!(discounts[0]["weekdays"], json!([1, 2, 3, 4, 5, 6]));
    assert_eq!(discounts[0]["bearer"], "merchant_funded");
    assert_eq!(discounts[1]["discount_by_star_bp"], json!([200, 400, 600, 800, 1000]));
    assert_eq!(discounts[1]["categories"], Value::Null);
    // Who has no household here is shown what the stars get, and nothing of their own.
    let officer = world.sign_in("town-officer").await;
    let seen = officer.get(&world.village("shops")).await.expect(200);
    assert_eq!(seen["items"][0]["discounts"][0]["my_discount_bp"], Value::Null);
}

#[actix_web::test]
async fn pages_go_on_in_the_same_order() {
    let world = World::new().await;
    some(&world).await;
    let villager = world.sign_in("villager").await;
    let mut path = world.village(&format!("shops?{HERE}&within_m=50000&limit=1"));
    let mut seen = Vec::new();
    loop {
        let page = villager.get(&path).await.expect(200);
        seen.push(text(&page["items"][0]["name"]).to_owned());
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = world.village(&format!("shops?{HERE}&within_m=50000&limit=1&cursor={cursor}"));
    }
    assert_eq!(seen, ["街上店", "近店", "远店", "网店"]);
    let bad = villager.get(&world.village("shops?cursor=x")).await;
    bad.expect_problem(400, "bad_query");
    let half = villager.get(&world.village("shops?latitude_e6=26541234")).await;
    half.expect_problem(400, "bad_query");
}

#[actix_web::test]
async fn only_shops_with_an_agreement_in_force_with_the_village_are_found() {
    let world = World::new().await;
    let operator = world.sign_in("county-operator").await;
    register(&operator, world.demo.county, json!({"name": "没有协议"})).await;
    let over = json!({"until": "2020-12-31"});
    partner(&world, "协议已过", json!({}), over).await;
    let ahead = json!({"from": "2090-01-01"});
    partner(&world, "协议未到", json!({}), ahead).await;
    assert_eq!(texts(&shops_near(&world, "").await, "name"), ["街上店"]);
    let other = world.sign_in("other-villager").await;
    let seen = other.get(&world.other_village("shops")).await.expect(200);
    assert_eq!(seen["items"].as_array().unwrap().len(), 1);
    other.get(&world.village("shops")).await.expect_problem(404, "not_found");
    // With the last day of the agreement the shop goes from the list.
    let admin = world.sign_in("village-admin").await;
    let list = admin.get(&world.village("agreements")).await.expect(200);
    let demo = list["items"].as_array().unwrap().last().unwrap();
    let today = day_of(world.clock.now());
    let end = world.village(&format!("agreements/{}/end", text(&demo["agreement_id"])));
    admin.post(&end, json!({"on": today})).await.expect(200);
    assert_eq!(shops_near(&world, "").await.len(), 1);
    world.clock.advance(86_400);
    assert!(shops_near(&world, "").await.is_empty());
}

#[actix_web::test]
async fn the_village_shows_what_a_shop_looks_like() {
    let world = World::new().await;
    let admin = world.sign_in("village-admin").await;
    let photo = upload_fixture(&world, &admin, "baseline.jpg").await;
    let found = shops_near(&world, "").await;
    assert_eq!(found[0]["photos"], json!([]));
    let path = world.village(&format!("shops/{}/photos", text(&found[0]["shop_id"])));
    let body = json!({"photo_ids": [photo["id"]]});
    let villager = world.sign_in("villager").await;
    villager.post(&path, body.clone()).await.expect_problem(403, "forbidden");
    let added = admin.post(&path, body).await.expect(201);
    assert_eq!(added["photos"].as_array().unwrap().len(), 1);
    let found = shops_near(&world, "").await;
    assert_eq!(found[0]["photos"], added["photos"]);
    assert_eq!(fetch(&world, &found[0]["photos"][0]["thumbnail_url"], &[]).await.status(), 200);
    let many: Vec<_> = (0..9).map(|_| uuid::Uuid::now_v7()).collect();
    let many = admin.post(&path, json!({"photo_ids": many})).await;
    many.expect_problem(422, "photos_needed");
    // Not the pictures of somebody else, nor of a shop with which the village has nothing to do.
    let theirs = upload_fixture(&world, &villager, "baseline.jpg").await;
    let stolen = json!({"photo_ids": [theirs["id"]]});
    admin.post(&path, stolen.clone()).await.expect_problem(422, "photo_not_usable");
    let officer = world.sign_in("town-officer").await;
    let made = register(&officer, world.demo.town, json!({})).await;
    let other = world.village(&format!("shops/{}/photos", text(&made["shop"]["shop_id"])));
    admin.post(&other, stolen).await.expect_problem(404, "not_found");
}
