//! Signing in, going on, signing out.

use serde_json::json;
use testing::World;

#[actix_web::test]
async fn a_code_from_wechat_signs_in_once() {
    let world = World::new().await;
    let code = world.wechat.new_login_code("o-somebody");
    let tokens = world.anonymous().post("/v1/sessions", json!({"code": code})).await.expect(201);
    assert_eq!(tokens["expires_in_seconds"], 900);
    let again = world.anonymous().post("/v1/sessions", json!({"code": code})).await;
    again.expect_problem(422, "wechat_code_invalid");
}

#[actix_web::test]
async fn a_refresh_token_that_comes_twice_ends_the_sign_in() {
    let world = World::new().await;
    let client = world.sign_in("villager").await;
    let old = json!({"refresh_token": client.refresh_token});
    let next = client.post("/v1/sessions/refresh", old.clone()).await.expect(200);
    client.get("/v1/sessions").await.expect(200);
    client.post("/v1/sessions/refresh", old).await.expect_problem(401, "session_over");
    // The copy ended the family: neither token works, nor does the newest refresh token.
    client.get("/v1/sessions").await.expect_problem(401, "sign_in_needed");
    let newest = json!({"refresh_token": next["refresh_token"]});
    client.post("/v1/sessions/refresh", newest).await.expect_problem(401, "session_over");
}

#[actix_web::test]
async fn signing_out_ends_this_sign_in_and_no_other() {
    let world = World::new().await;
    let phone = world.sign_in("villager").await;
    let tablet = world.sign_in("villager").await;
    assert_eq!(phone.get("/v1/sessions").await.expect(200)["items"].as_array().unwrap().len(), 2);
    phone.delete("/v1/sessions/current").await.expect(204);
    phone.get("/v1/sessions").await.expect_problem(401, "sign_in_needed");
    let left = tablet.get("/v1/sessions").await.expect(200);
    assert_eq!(left["items"].as_array().unwrap().len(), 1);
    assert_eq!(left["items"][0]["current"], true);
}

#[actix_web::test]
async fn one_can_end_the_own_sign_ins_and_nobody_elses() {
    let world = World::new().await;
    let (mine, other) = (world.sign_in("villager").await, world.sign_in("neighbour").await);
    let list = other.get("/v1/sessions").await.expect(200);
    let path = format!("/v1/sessions/{}", list["items"][0]["id"].as_str().unwrap());
    mine.delete(&path).await.expect_problem(404, "not_found");
    other.delete(&path).await.expect(204);
    other.get("/v1/sessions").await.expect_problem(401, "sign_in_needed");
}

#[actix_web::test]
async fn an_access_token_ends_after_fifteen_minutes_and_a_refresh_goes_on() {
    let world = World::new().await;
    let client = world.sign_in("villager").await;
    world.clock.advance(901);
    client.get("/v1/sessions").await.expect_problem(401, "sign_in_needed");
    let next = json!({"refresh_token": client.refresh_token});
    client.post("/v1/sessions/refresh", next).await.expect(200);
}
