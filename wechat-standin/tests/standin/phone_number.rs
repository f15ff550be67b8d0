//! `POST /wxa/business/getuserphonenumber`.

use serde_json::json;
use wechat_standin::Persona;

use crate::harness::{APPID, Harness, json_of};

#[actix_web::test]
async fn a_code_gives_the_number_and_its_watermark() {
    let harness = Harness::new();
    let token = harness.token().await;
    let code = harness.running.new_phone_code("13800000001");
    assert_eq!(
        harness.phone(&token, &code).await,
        json!({
            "errcode": 0,
            "errmsg": "ok",
            "phone_info": {
                "phoneNumber": "13800000001",
                "purePhoneNumber": "13800000001",
                "countryCode": 86,
                "watermark": { "timestamp": 1_767_225_600, "appid": APPID },
            },
        })
    );
}

#[actix_web::test]
async fn the_country_code_can_be_had_as_text() {
    let harness = Harness::with(|builder| builder.country_code_as_text());
    let token = harness.token().await;
    let code = harness.running.new_phone_code("13800000001");
    assert_eq!(harness.phone(&token, &code).await["phone_info"]["countryCode"], "86");
}

#[actix_web::test]
async fn a_number_from_abroad_keeps_its_country_code() {
    let harness = Harness::new();
    let token = harness.token().await;
    let code = harness.running.new_phone_code_abroad(852, "51234567");
    let phone = &harness.phone(&token, &code).await["phone_info"];
    assert_eq!(phone["countryCode"], 852);
    assert_eq!(phone["purePhoneNumber"], "51234567");
    assert_eq!(phone["phoneNumber"], "85251234567");
}

#[actix_web::test]
async fn a_phone_code_works_once() {
    let harness = Harness::new();
    let token = harness.token().await;
    let code = harness.running.new_phone_code("13800000001");
    assert_eq!(harness.phone(&token, &code).await["errcode"], 0);
    assert_eq!(harness.phone(&token, &code).await["errcode"], 40029);
}

#[actix_web::test]
async fn a_phone_code_lives_five_minutes() {
    let harness = Harness::new();
    let token = harness.token().await;
    let code = harness.running.new_phone_code("13800000001");
    harness.pass_seconds(300);
    assert_eq!(harness.phone(&token, &code).await["errcode"], 40029);
}

#[actix_web::test]
async fn a_login_code_is_no_phone_code() {
    let harness = Harness::new();
    let token = harness.token().await;
    let code = harness.running.new_login_code("o-zhang");
    assert_eq!(harness.phone(&token, &code).await["errcode"], 40029);
    assert_eq!(harness.login(&code).await["openid"], "o-zhang");
}

#[actix_web::test]
async fn a_call_without_a_good_token_is_refused_and_keeps_the_code() {
    let harness = Harness::new();
    let code = harness.running.new_phone_code("13800000001");
    assert_eq!(harness.phone("", &code).await["errcode"], 41001);
    assert_eq!(harness.phone("made-up", &code).await["errcode"], 40001);
    let token = harness.token().await;
    harness.pass_seconds(240);
    assert_eq!(harness.phone(&token, &code).await["errcode"], 0);
}

#[actix_web::test]
async fn a_body_without_a_code_and_a_form_are_refused() {
    let harness = Harness::new();
    let path = format!("/wxa/business/getuserphonenumber?access_token={}", harness.token().await);
    assert_eq!(json_of(harness.post(&path, &json!({})).await).await["errcode"], 41008);
    let form = harness.http.post(harness.url(&path)).body("code=1").send().await;
    assert_eq!(json_of(form.expect("an answer")).await["errcode"], 47001);
}

#[actix_web::test]
async fn a_persona_gives_the_same_number_again_and_again() {
    let persona = Persona {
        key: "zhang-wei".to_owned(),
        openid: "o-demo-zhang-wei".to_owned(),
        phone: "13800000001".to_owned(),
    };
    let harness = Harness::with(|builder| builder.persona(persona));
    let token = harness.token().await;
    for _ in 0..2 {
        let body = harness.phone(&token, "demo-phone-zhang-wei").await;
        assert_eq!(body["phone_info"]["purePhoneNumber"], "13800000001");
    }
    assert_eq!(harness.phone(&token, "demo-zhang-wei").await["errcode"], 40029);
    assert_eq!(harness.phone(&token, "demo-phone-li-na").await["errcode"], 40029);
}
