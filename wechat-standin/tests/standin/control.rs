//! `/standin/…`: what people without Rust use.

use serde_json::{Value, json};

use crate::harness::Harness;

async fn code(harness: &Harness, path: &str, body: &Value) -> String {
    let response = harness.post(path, body).await;
    assert_eq!(response.status(), 201);
    let body: Value = response.json().await.expect("JSON");
    body["code"].as_str().expect("a code").to_owned()
}

#[actix_web::test]
async fn a_login_code_made_over_http_works() {
    let harness = Harness::new();
    let body = json!({ "openid": "o-zhang", "unionid": "u-zhang" });
    let session = harness.login(&code(&harness, "/standin/login-codes", &body).await).await;
    assert_eq!(session["openid"], "o-zhang");
    assert_eq!(session["unionid"], "u-zhang");
}

#[actix_web::test]
async fn a_phone_code_made_over_http_works() {
    let harness = Harness::new();
    let token = harness.token().await;
    for (body, country) in [
        (json!({ "phone_number": "13800000001" }), 86),
        (json!({ "phone_number": "51234567", "country_code": 852 }), 852),
    ] {
        let code = code(&harness, "/standin/phone-codes", &body).await;
        let phone = &harness.phone(&token, &code).await["phone_info"];
        assert_eq!(phone["purePhoneNumber"], body["phone_number"]);
        assert_eq!(phone["countryCode"], country);
    }
}

#[actix_web::test]
async fn a_fault_queued_over_http_happens_as_often_as_asked() {
    let harness = Harness::new();
    let fault = json!({
        "path": "/cgi-bin/stable_token",
        "fault": { "kind": "errcode", "errcode": -1 },
        "times": 2,
    });
    assert_eq!(harness.post("/standin/faults", &fault).await.status(), 204);
    assert_eq!(harness.token_answer(false).await["errcode"], -1);
    assert_eq!(harness.token_answer(false).await["errcode"], -1);
    assert!(harness.token_answer(false).await["access_token"].is_string());
}

#[actix_web::test]
async fn json_is_read_without_its_content_type() {
    let harness = Harness::new();
    let request = harness.http.post(harness.url("/standin/login-codes"));
    let request = request.body(r#"{"openid":"o-zhang"}"#);
    assert_eq!(request.send().await.expect("an answer").status(), 201);
}

#[actix_web::test]
async fn bad_input_is_answered_400_with_a_reason() {
    let harness = Harness::new();
    let fault = |path: &str, fault: Value| json!({ "path": path, "fault": fault });
    let login = "/sns/jscode2session";
    let cases = [
        ("/standin/login-codes", json!({})),
        ("/standin/login-codes", json!({ "openid": "" })),
        ("/standin/login-codes", json!({ "openid": "o", "union_id": "u" })),
        ("/standin/login-codes", json!({ "openid": "o".repeat(129) })),
        ("/standin/phone-codes", json!({ "phone_number": "" })),
        ("/standin/phone-codes", json!({ "phone_number": "+8613800000001" })),
        ("/standin/phone-codes", json!({ "phone_number": "1".repeat(21) })),
        ("/standin/faults", fault("/cgi-bin/token", json!({ "kind": "close" }))),
        ("/standin/faults", fault(login, json!({ "kind": "earthquake" }))),
        ("/standin/faults", fault(login, json!({ "kind": "errcode", "errcode": 1, "code": 2 }))),
        ("/standin/faults", fault(login, json!({ "kind": "delay", "millis": 120_001 }))),
        ("/standin/faults", fault(login, json!({ "kind": "status", "status": 200 }))),
        ("/standin/faults", fault(login, json!({ "kind": "oversized", "bytes": 16_777_217 }))),
        ("/standin/faults", fault(login, json!({ "kind": "watermark", "appid": "wx" }))),
        ("/standin/faults", json!({ "path": login, "fault": { "kind": "close" }, "times": 1_001 })),
    ];
    for (path, body) in cases {
        let response = harness.post(path, &body).await;
        assert_eq!(response.status(), 400, "{path} {body}");
        let answer: Value = response.json().await.expect("JSON");
        assert!(answer["error"].as_str().is_some_and(|error| !error.is_empty()), "{path} {body}");
    }
}
