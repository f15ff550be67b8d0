//! Errors: all of them are problem+json, in Chinese or English.

use reqwest::Method;
use serde_json::json;
use testing::World;

#[actix_web::test]
async fn unknown_routes_wrong_methods_and_bad_bodies_are_problems() {
    let world = World::new().await;
    let anyone = world.anonymous();
    anyone.get("/v1/nowhere").await.expect_problem(404, "no_such_route");
    anyone.get("/v1/sessions/refresh").await.expect_problem(405, "method_not_allowed");
    let villager = world.sign_in("villager").await;
    villager.delete("/v1/sessions/not-an-id").await.expect_problem(400, "bad_path");
    let bad = |body: &str| {
        let request = anyone.request(Method::POST, "/v1/sessions");
        request.header("content-type", "application/json").body(body.to_owned())
    };
    anyone.send(bad("{")).await.expect_problem(400, "bad_body");
    let unknown = anyone.send(bad(r#"{"code":"a","surprise":1}"#)).await;
    assert!(
        unknown.expect_problem(400, "bad_body")["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("surprise")
    );
    let invalid = anyone.post("/v1/sessions", json!({"code": ""})).await;
    assert_eq!(invalid.expect_problem(422, "invalid")["errors"][0]["field"], "code");
    let form = anyone.request(Method::POST, "/v1/sessions").body("code=1");
    anyone.send(form).await.expect_problem(415, "unsupported_media_type");
    let huge = format!("{{\"code\":\"{}\"}}", "x".repeat(1_100_000));
    anyone.send(bad(&huge)).await.expect_problem(413, "too_large");
}

#[actix_web::test]
async fn problems_are_told_in_chinese_unless_english_is_asked_for() {
    let world = World::new().await;
    let anyone = world.anonymous();
    let chinese = anyone.get("/v1/sessions").await.expect_problem(401, "sign_in_needed");
    assert_eq!(chinese["detail"], "请先登录。");
    let request = anyone.request(Method::GET, "/v1/sessions").header("accept-language", "en-GB,zh");
    let english = anyone.send(request).await.expect_problem(401, "sign_in_needed");
    assert_eq!(english["detail"], "Sign in first.");
}
