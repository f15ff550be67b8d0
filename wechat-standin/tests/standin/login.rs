//! `GET /sns/jscode2session`.

use serde_json::Value;
use wechat_standin::Persona;

use crate::harness::{APPID, Harness, SECRET, json_of};

#[actix_web::test]
async fn a_code_gives_the_openid_without_errcode_and_calls_itself_text() {
    let harness = Harness::new();
    let code = harness.running.new_login_code("o-zhang");
    let query = [
        ("appid", APPID),
        ("secret", SECRET),
        ("js_code", &code),
        ("grant_type", "authorization_code"),
    ];
    let response = harness.get("/sns/jscode2session", &query).await;
    assert_eq!(response.headers()["content-type"], "text/plain");
    let body = json_of(response).await;
    assert_eq!(body["openid"], "o-zhang");
    assert_eq!(body["session_key"].as_str().map(str::len), Some(24));
    assert_eq!(body.get("errcode"), None);
    assert_eq!(body.get("unionid"), None);
}

#[actix_web::test]
async fn the_unionid_is_there_for_those_who_have_one() {
    let harness = Harness::new();
    let code = harness.running.new_login_code_with_unionid("o-zhang", "u-zhang");
    assert_eq!(harness.login(&code).await["unionid"], "u-zhang");
}

#[actix_web::test]
async fn a_used_code_is_refused() {
    let harness = Harness::new();
    let code = harness.running.new_login_code("o-zhang");
    assert_eq!(harness.login(&code).await["openid"], "o-zhang");
    assert_eq!(harness.login(&code).await["errcode"], 40163);
}

#[actix_web::test]
async fn a_code_works_to_the_last_second_of_five_minutes() {
    let harness = Harness::new();
    let code = harness.running.new_login_code("o-zhang");
    harness.pass_seconds(299);
    assert_eq!(harness.login(&code).await["openid"], "o-zhang");
}

#[actix_web::test]
async fn a_code_of_five_minutes_is_refused() {
    let harness = Harness::new();
    let code = harness.running.new_login_code("o-zhang");
    harness.pass_seconds(300);
    assert_eq!(harness.login(&code).await["errcode"], 40029);
}

#[actix_web::test]
async fn an_unknown_code_is_refused_with_a_rid() {
    let harness = Harness::new();
    let body = harness.login("never-issued").await;
    assert_eq!(body["errcode"], 40029);
    let errmsg = body["errmsg"].as_str().expect("a text");
    let (text, rid) = errmsg.split_once(", rid: ").expect("a rid");
    assert_eq!(text, "invalid code");
    let parts: Vec<&str> = rid.split('-').collect();
    assert_eq!(parts.len(), 3, "{rid}");
    assert!(parts.iter().all(|part| part.len() == 8 && u32::from_str_radix(part, 16).is_ok()));
}

#[actix_web::test]
async fn a_phone_code_is_no_login_code() {
    let harness = Harness::new();
    let code = harness.running.new_phone_code("13800000001");
    assert_eq!(harness.login(&code).await["errcode"], 40029);
}

#[actix_web::test]
async fn each_wrong_or_missing_parameter_has_its_own_errcode() {
    let harness = Harness::new();
    let code = harness.running.new_login_code("o-zhang");
    let right = [
        ("appid", APPID),
        ("secret", SECRET),
        ("js_code", code.as_str()),
        ("grant_type", "authorization_code"),
    ];
    let cases = [
        ("appid", "", 41002),
        ("appid", "wx0000000000000000", 40013),
        ("secret", "", 41004),
        ("secret", "wrong", 40125),
        ("js_code", "", 41008),
        ("grant_type", "client_credential", 40002),
    ];
    for (name, value, errcode) in cases {
        let mut query = right;
        for pair in &mut query {
            if pair.0 == name {
                pair.1 = value;
            }
        }
        let body = json_of(harness.get("/sns/jscode2session", &query).await).await;
        assert_eq!(body["errcode"], errcode, "{name}={value}");
    }
    // None of them used the code up.
    assert_eq!(harness.login(&code).await["openid"], "o-zhang");
}

#[actix_web::test]
async fn a_post_is_told_to_get() {
    let harness = Harness::new();
    let body = json_of(harness.post("/sns/jscode2session", &Value::Null).await).await;
    assert_eq!(body["errcode"], 43001);
}

#[actix_web::test]
async fn one_login_too_many_in_a_minute_is_refused_and_its_code_kept() {
    let harness = Harness::with(|builder| builder.logins_per_minute(2));
    for _ in 0..2 {
        let code = harness.running.new_login_code("o-zhang");
        assert_eq!(harness.login(&code).await["openid"], "o-zhang");
    }
    let code = harness.running.new_login_code("o-zhang");
    assert_eq!(harness.login(&code).await["errcode"], 45011);
    let other = harness.running.new_login_code("o-li");
    assert_eq!(harness.login(&other).await["openid"], "o-li");
    harness.pass_seconds(60);
    assert_eq!(harness.login(&code).await["openid"], "o-zhang");
}

#[actix_web::test]
async fn a_hundred_logins_of_one_person_a_minute_are_admitted_unless_told_otherwise() {
    let harness = Harness::new();
    for _ in 0..100 {
        let code = harness.running.new_login_code("o-zhang");
        assert_eq!(harness.login(&code).await["openid"], "o-zhang");
    }
    let code = harness.running.new_login_code("o-zhang");
    assert_eq!(harness.login(&code).await["errcode"], 45011);
}

#[actix_web::test]
async fn a_persona_signs_in_again_and_again() {
    let persona = Persona {
        key: "zhang-wei".to_owned(),
        openid: "o-demo-zhang-wei".to_owned(),
        phone: "13800000001".to_owned(),
    };
    let harness = Harness::with(|builder| builder.persona(persona));
    for _ in 0..2 {
        assert_eq!(harness.login("demo-zhang-wei").await["openid"], "o-demo-zhang-wei");
        harness.pass_seconds(3_600);
    }
    assert_eq!(harness.login("demo-li-na").await["errcode"], 40029);
    assert_eq!(harness.login("demo-phone-zhang-wei").await["errcode"], 40029);
}

#[actix_web::test]
async fn without_personas_a_demo_code_is_unknown() {
    let harness = Harness::new();
    assert_eq!(harness.login("demo-zhang-wei").await["errcode"], 40029);
    assert_eq!(harness.login("demo-").await["errcode"], 40029);
}
