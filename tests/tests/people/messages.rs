//! What the program tells people.

use serde_json::json;
use testing::World;

#[actix_web::test]
async fn messages_are_listed_newest_first_and_read_once() {
    let world = World::new().await;
    let me = world.demo.villagers["villager"];
    for n in 1..=3 {
        world.db_message(
            me,
            "claim_posted",
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
    world.db_message(world.demo.villagers["villager"], "card_blocked", &json!({}));
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
