//! What the program tells people.

use infra::messages::Kind;
use serde_json::json;
use testing::World;
use testing::claims::deduct;
use testing::notices::{db_certified_claim, publish};
use testing::shops::{Till, db_star_credit};

#[actix_web::test]
async fn messages_are_listed_newest_first_and_read_once() {
    let world = World::new().await;
    let me = world.demo.villagers["villager"];
    for n in 1..=3 {
        world.db_message(
            me,
            Kind::ClaimPosted,
            &json!({"item_name": format!("第{n}件"), "points": "2"}),
        );
    }
    let villager = world.sign_in("villager").await;
    let page = villager.get("/v1/me/messages?limit=2").await.expect(200);
    assert_eq!(page["unread"], 3);
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    let newest = &page["items"][0];
    assert_eq!(newest["title"], "积分已入账");
    let text = newest["text"].as_str().unwrap();
    assert!(text.contains("第3件") && text.contains("2分"), "{text}");
    assert_eq!(newest["data"]["item_name"], "第3件");
    assert!(newest["read_at"].is_null());
    let rest = format!("/v1/me/messages?limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = villager.get(&rest).await.expect(200);
    assert_eq!(rest["items"][0]["data"]["item_name"], "第1件");
    assert!(rest["next_cursor"].is_null());

    let reading = format!("/v1/me/messages/{}/reading", newest["id"].as_str().unwrap());
    villager.post(&reading, json!({})).await.expect(204);
    let after = villager.get("/v1/me/messages").await.expect(200);
    assert_eq!(after["unread"], 2);
    let read_at = after["items"][0]["read_at"].clone();
    assert!(read_at.is_string());
    world.clock.advance(60);
    villager.post(&reading, json!({})).await.expect(204);
    let after = villager.get("/v1/me/messages").await.expect(200);
    assert_eq!(after["items"][0]["read_at"], read_at);
}

#[actix_web::test]
async fn nobody_reads_the_messages_of_others() {
    let world = World::new().await;
    world.db_message(world.demo.villagers["villager"], Kind::PurchaseMade, &json!({}));
    let villager = world.sign_in("villager").await;
    let list = villager.get("/v1/me/messages").await.expect(200);
    let reading = format!("/v1/me/messages/{}/reading", list["items"][0]["id"].as_str().unwrap());
    for key in ["villager-son", "neighbour", "other-villager", "village-admin", "stranger"] {
        let somebody = world.sign_in(key).await;
        let own = somebody.get("/v1/me/messages").await.expect(200);
        assert_eq!((&own["items"], &own["unread"]), (&json!([]), &json!(0)), "{key}");
        somebody.post(&reading, json!({})).await.expect_problem(404, "not_found");
    }
    let anyone = world.anonymous();
    anyone.get("/v1/me/messages").await.expect_problem(401, "sign_in_needed");
    assert_eq!(villager.get("/v1/me/messages").await.expect(200)["unread"], 1);
}

async fn newest(world: &World, key: &str) -> (String, String) {
    let page = world.sign_in(key).await.get("/v1/me/messages?limit=1").await.expect(200);
    let words = |field: &str| page["items"][0][field].as_str().unwrap().to_owned();
    (words("title"), words("text"))
}

#[actix_web::test]
async fn a_deduction_is_told_with_the_way_to_cure_it() {
    let world = World::new().await;
    deduct(&world, "villager", "ENV-9", json!({"text": "沟边倒垃圾"})).await;
    let (title, text) = newest(&world, "villager").await;
    assert_eq!(title, "扣分登记");
    let until = testing::claims::today(&world) + chrono::Days::new(7);
    for part in [
        "“乱倒垃圾、污水”",
        "扣3分",
        "情况:沟边倒垃圾",
        "整改办法:清理干净后告知网格员复查",
        &format!("整改期限:{until}"),
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[actix_web::test]
async fn a_claim_on_the_notice_board_is_told_with_its_name_and_points() {
    let world = World::new().await;
    db_certified_claim(&world, "villager", "ENV-1", 2).await;
    db_certified_claim(&world, "villager", "ENV-9", 3).await;
    let notice = publish(&world).await;
    let told = world.sign_in("villager").await.get("/v1/me/messages").await.expect(200);
    let texts: Vec<_> = told["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["text"].as_str().unwrap())
        .collect();
    let both = texts.join("\n");
    for part in ["“参加村组公共区域清扫”", "计2分", "扣3分", "公示编号:1", "公示截止:"]
    {
        assert!(both.contains(part), "{part}: {both}");
    }
    testing::notices::close(&world, &notice).await;
    let (_, text) = newest(&world, "villager").await;
    assert!(text.contains("已入账") && text.contains("公示编号:1"), "{text}");
}

#[actix_web::test]
async fn a_purchase_is_told_with_the_shop_and_the_money() {
    let world = World::new().await;
    db_star_credit(&world, 1, 4, 160_000);
    let villager = world.sign_in("villager").await;
    Till::open(&world).await.buy(&villager, 12_850).await;
    let (title, text) = newest(&world, "villager").await;
    assert_eq!(title, "消费优惠");
    for part in ["金额128.50元", "优惠10.28元", "实付118.22元", "诚信金余额1589.72元"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[actix_web::test]
async fn an_objection_is_told_with_what_it_is_about_and_its_answer() {
    let world = World::new().await;
    let claim = db_certified_claim(&world, "villager", "ENV-1", 2).await;
    let notice = publish(&world).await;
    let neighbour = world.sign_in("neighbour").await;
    let path = world.village(&format!("notices/{notice}/objections"));
    let body = json!({"claim_id": claim, "text": "那天他不在村里。"});
    let raised = neighbour.post(&path, body).await.expect(201);
    let (title, text) = newest(&world, "villager").await;
    assert_eq!(title, "收到异议");
    assert!(text.contains("“参加村组公共区域清扫”") && text.contains("那天他不在村里"), "{text}");
    let path = format!("objections/{}/answers", raised["id"].as_str().unwrap());
    let admin = world.sign_in("village-admin").await;
    let body = json!({"outcome": "corrected", "points": "1", "text": "只做了一半。"});
    admin.post(&world.village(&path), body).await.expect(201);
    for key in ["villager", "neighbour"] {
        let (title, text) = newest(&world, key).await;
        assert_eq!(title, "异议已答复", "{key}");
        for part in ["“参加村组公共区域清扫”", "更正", "现计1分", "只做了一半"]
        {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
