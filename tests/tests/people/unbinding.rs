//! Undoing a wrong binding.

use serde_json::json;
use testing::World;

#[actix_web::test]
async fn an_undone_binding_takes_effect_at_once_and_leaves_the_sign_in() {
    let world = World::new().await;
    let (person, admin) =
        (world.sign_in("villager-son").await, world.sign_in("village-admin").await);
    let balance = world.village(&format!("households/{}/balance", world.demo.households[&1]));
    person.get(&balance).await.expect(200);
    let son = world.villager_id("villager-son");
    let path = world.village(&format!("villagers/{son}/unbinding"));
    let reason = json!({"reason": "同名,认领错了人"});
    admin.post(&path, reason.clone()).await.expect(204);
    person.get(&balance).await.expect_problem(404, "not_found");
    assert!(person.get("/v1/me").await.expect(200)["villager"].is_null());
    admin.post(&path, reason).await.expect_problem(409, "villager_not_bound");

    let log = admin.get(&world.village("audit-log")).await.expect(200);
    assert_eq!(log["items"][0]["action"], "binding_end");
    assert_eq!(log["items"][0]["subject_id"], son);
    assert_eq!(log["items"][0]["reason"], "同名,认领错了人");
    assert_eq!(log["items"][0]["user_name"], "刘*华");

    // The villager is free again.
    let right = world.newcomer().await;
    let code = world.wechat.new_phone_code("13900000002");
    let bound = right.post("/v1/me/bindings", json!({"method": "phone", "phone_code": code}));
    assert_eq!(bound.await.expect(201)["me"]["villager"]["villager_id"], son);
}

#[actix_web::test]
async fn only_cadres_of_the_village_undo_and_they_say_why() {
    let world = World::new().await;
    let path = world.village(&format!("villagers/{}/unbinding", world.villager_id("neighbour")));
    let reason = json!({"reason": "认领错了"});
    for (key, status, code) in [
        ("neighbour", 403, "forbidden"),
        ("panel-1", 403, "forbidden"),
        ("supervisor", 403, "forbidden"),
        ("other-admin", 404, "not_found"),
        ("stranger", 404, "not_found"),
    ] {
        let somebody = world.sign_in(key).await;
        somebody.post(&path, reason.clone()).await.expect_problem(status, code);
    }
    let admin = world.sign_in("village-admin").await;
    admin.post(&path, json!({})).await.expect_problem(400, "bad_body");
    admin.post(&path, json!({"reason": "x"})).await.expect_problem(422, "invalid");
    let other = world.villager_id("other-villager");
    let elsewhere = world.village(&format!("villagers/{other}/unbinding"));
    admin.post(&elsewhere, reason).await.expect_problem(404, "not_found");
}
