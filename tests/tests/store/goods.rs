//! What a store offers: prices with a ceiling, limits, looking for it.

use domain::points::Fen;
use serde_json::{Value, json};
use testing::World;
use testing::claims::db_book;
use testing::shops::text;
use testing::store::{Store, assert_stock_conserved, cancel, earn, oil, redeem};

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|goods| text(&goods["name"])).collect()
}

#[actix_web::test]
async fn points_and_cash_together_are_worth_no_more_than_the_market_price() {
    let world = World::new().await;
    db_book(&world, |book| book.exchange_value_fen = Some(Fen::new(32)));
    let store = Store::open(&world, json!({})).await;
    // 30 points are worth 9.60 yuan.
    let dear = json!({"top_up_fen": 200, "market_price_fen": 1_159});
    let body = json!({"kind": "stock", "goods": oil(&world, &dear)});
    let refused = store.admin.post(&store.at("goods"), body).await;
    let problem = refused.expect_problem(422, "goods_overpriced");
    for figure in ["9.60元", "2.00元", "11.59元"] {
        assert!(text(&problem["detail"]).contains(figure), "{problem}");
    }
    let fair = json!({"top_up_fen": 200, "market_price_fen": 1_160});
    let goods = store.goods(&world, fair, 0).await;
    let path = world.village(&format!("goods/{goods}"));
    let change = store.admin.put(&path, oil(&world, &dear)).await;
    change.expect_problem(422, "goods_overpriced");
    let shown = store.admin.get(&path).await.expect(200);
    assert_eq!((&shown["price"], &shown["top_up_fen"]), (&json!("30"), &json!(200)));
}

#[actix_web::test]
async fn goods_are_found_by_words_category_and_store_page_by_page() {
    let world = World::new().await;
    let (one, other) = (Store::open(&world, json!({})).await, Store::open(&world, json!({})).await);
    let soap = json!({"name": "洗衣粉", "text": "100%去渍", "category": "daily_goods",
        "label": "过年专享"});
    one.goods(&world, soap, 1).await;
    one.goods(&world, json!({}), 1).await;
    let gone = other.goods(&world, json!({"name": "牙膏", "category": "daily_goods"}), 1).await;
    other.goods(&world, json!({"name": "大米", "on_sale_from": "2090-01-01"}), 1).await;
    other.service(&world, 24, 1).await;
    let villager = world.sign_in("villager").await;
    let look = async |query: &str| {
        villager.get(&world.village(&format!("goods?{query}"))).await.expect(200)
    };
    assert_eq!(names(&look("").await), ["旋耕机", "牙膏", "菜籽油", "洗衣粉"]);
    assert_eq!(names(&look("all=true").await).len(), 5);
    assert_eq!(names(&look("category=daily_goods").await), ["牙膏", "洗衣粉"]);
    assert_eq!(names(&look(&format!("store_id={}", one.id)).await), ["菜籽油", "洗衣粉"]);
    assert_eq!(names(&look("kind=service").await), ["旋耕机"]);
    assert_eq!(names(&look("words=5升").await).len(), 3);
    assert_eq!(names(&look("words=粉%20过年").await), ["洗衣粉"]);
    assert_eq!(names(&look("words=100%25去").await), ["洗衣粉"]);
    assert_eq!(names(&look("words=1_0").await), Vec::<&str>::new());
    assert_eq!(names(&look("label=过年专享").await), ["洗衣粉"]);
    let first = look("limit=3").await;
    let rest = look(&format!("limit=3&cursor={}", text(&first["next_cursor"]))).await;
    assert_eq!((names(&first).len(), names(&rest)), (3, vec!["洗衣粉"]));
    assert_eq!(rest["next_cursor"], Value::Null);
    let path = world.village(&format!("goods/{gone}/withdrawal"));
    assert_eq!(other.admin.post(&path, json!({})).await.expect(200)["on_sale"], false);
    assert_eq!(names(&look("category=daily_goods").await), ["洗衣粉"]);
    let headings = villager.get(&world.village("goods-headings")).await.expect(200);
    assert_eq!(
        headings["items"],
        json!([
            {"category": "daily_goods", "label": "过年专享", "goods": 1},
            {"category": "food", "label": null, "goods": 1},
            {"category": "service", "label": null, "goods": 1},
        ])
    );
}

#[actix_web::test]
async fn goods_have_pictures_and_a_double_tap_makes_them_once() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let photo = testing::photos::upload_fixture(&world, &store.admin, "baseline.jpg").await;
    let photo = text(&photo["id"]).to_owned();
    let body = json!({"kind": "stock", "goods": oil(&world, &json!({"photo_ids": [photo]}))});
    let path = store.at("goods");
    let made = store.admin.post_with_key(&path, body.clone(), "one-of-the-goods").await.expect(201);
    let again = store.admin.post_with_key(&path, body, "one-of-the-goods").await.expect(201);
    assert_eq!(made["goods_id"], again["goods_id"]);
    assert_eq!(made["photos"][0]["id"], json!(photo));
    let villager = world.sign_in("villager").await;
    let page = villager.get(&world.village("goods")).await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    assert!(text(&page["items"][0]["photos"][0]["url"]).starts_with("http"));
}

#[actix_web::test]
async fn a_new_price_is_for_those_who_redeem_after_it() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 5).await;
    earn(&world, 1, "100");
    let villager = world.sign_in("villager").await;
    let before = redeem(&world, &villager, &goods, 1).await.expect(201);
    let path = world.village(&format!("goods/{goods}"));
    let dearer = oil(&world, &json!({"price": "45", "name": "菜籽油(大)"}));
    assert_eq!(store.admin.put(&path, dearer).await.expect(200)["price"], "45");
    assert_eq!(redeem(&world, &villager, &goods, 1).await.expect(201)["points"], "45");
    let path = world.village(&format!("redemptions/{}", text(&before["redemption_id"])));
    let kept = villager.get(&path).await.expect(200);
    assert_eq!((&kept["points"], &kept["goods_name"]), (&json!("30"), &json!("菜籽油")));
}

#[actix_web::test]
async fn a_limit_counts_for_the_household_and_also_what_was_redeemed_before_it_was_set() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    let goods = store.goods(&world, json!({}), 20).await;
    earn(&world, 1, "600");
    let (mother, son) = (world.sign_in("villager").await, world.sign_in("villager-son").await);
    let first = redeem(&world, &mother, &goods, 2).await.expect(201);
    let path = world.village(&format!("goods/{goods}"));
    let limited = |count: u32, period: &str| {
        oil(&world, &json!({"limit": {"count": count, "period": period}}))
    };
    store.admin.put(&path, limited(3, "month")).await.expect(200);
    let refused = redeem(&world, &son, &goods, 2).await.expect_problem(422, "limit_reached");
    assert!(text(&refused["detail"]).contains("每户每月限兑3件,您家还可兑1件"), "{refused}");
    redeem(&world, &son, &goods, 1).await.expect(201);
    redeem(&world, &mother, &goods, 1).await.expect_problem(422, "limit_reached");
    assert_stock_conserved(&world);
    // What is called off may be redeemed again.
    cancel(&world, &mother, &first, None).await.expect(200);
    redeem(&world, &mother, &goods, 2).await.expect(201);
    redeem(&world, &mother, &goods, 1).await.expect_problem(422, "limit_reached");
    // Another period counts what stands in it; next year the yearly one begins anew.
    store.admin.put(&path, limited(4, "year")).await.expect(200);
    redeem(&world, &mother, &goods, 2).await.expect_problem(422, "limit_reached");
    redeem(&world, &mother, &goods, 1).await.expect(201);
    assert_stock_conserved(&world);
    world.clock.advance(366 * 86_400);
    let mother = world.sign_in("villager").await;
    redeem(&world, &mother, &goods, 4).await.expect(201);
    redeem(&world, &mother, &goods, 1).await.expect_problem(422, "limit_reached");
    assert_stock_conserved(&world);
}

#[actix_web::test]
async fn stores_and_goods_are_set_up_by_those_who_run_the_village() {
    let world = World::new().await;
    let store = Store::open(&world, json!({})).await;
    for who in ["store-keeper", "villager"] {
        let client = world.sign_in(who).await;
        let body = json!({"kind": "stock", "goods": oil(&world, &json!({}))});
        client.post(&store.at("goods"), body).await.expect_problem(403, "forbidden");
        client.post(&store.at("closing"), json!({})).await.expect_problem(403, "forbidden");
    }
    let again =
        json!({"store": {"name": "龙场超市", "address": "街口", "hours": "周日", "phone": "1"}});
    store.admin.post(&world.village("stores"), again.clone()).await.expect(201);
    let twice = store.admin.post(&world.village("stores"), again).await;
    twice.expect_problem(409, "already_exists");
    let odd = json!({"store": {"name": "超市", "address": "街口", "hours": "周日", "phone": "1",
        "policy": {"lapse_days": 91, "lapse_returns": true, "cancel_days": null, "refund_days": 7}}});
    store.admin.post(&world.village("stores"), odd).await.expect_problem(422, "invalid");
}
