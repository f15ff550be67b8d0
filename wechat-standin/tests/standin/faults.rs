//! Faults happen to the next call of their endpoint, one a call.

use std::time::{Duration, Instant};

use wechat_standin::{Endpoint, Fault, FaultQueueFull};

use crate::harness::Harness;

fn busy() -> Fault {
    Fault::Errcode { errcode: -1, errmsg: "system error".to_owned() }
}

#[actix_web::test]
async fn a_busy_answer_leaves_the_code_unused() {
    let harness = Harness::new();
    harness.running.queue_fault(Endpoint::Login, &busy()).expect("queued");
    let code = harness.running.new_login_code("o-zhang");
    let body = harness.login(&code).await;
    assert_eq!(body["errcode"], -1);
    assert!(body["errmsg"].as_str().expect("a text").starts_with("system error, rid: "));
    assert_eq!(harness.login(&code).await["openid"], "o-zhang");
}

#[actix_web::test]
async fn a_fault_waits_for_its_own_endpoint() {
    let harness = Harness::new();
    harness.running.queue_fault(Endpoint::StableToken, &busy()).expect("queued");
    let code = harness.running.new_login_code("o-zhang");
    assert_eq!(harness.login(&code).await["openid"], "o-zhang");
    assert_eq!(harness.token_answer(false).await["errcode"], -1);
}

#[actix_web::test]
async fn faults_happen_in_the_order_they_were_queued() {
    let harness = Harness::new();
    for errcode in [40164, 40243] {
        let fault = Fault::Errcode { errcode, errmsg: "as queued".to_owned() };
        harness.running.queue_fault(Endpoint::StableToken, &fault).expect("queued");
    }
    assert_eq!(harness.token_answer(false).await["errcode"], 40164);
    assert_eq!(harness.token_answer(false).await["errcode"], 40243);
    assert!(harness.token_answer(false).await["access_token"].is_string());
    assert_eq!(harness.running.calls(Endpoint::StableToken), 3);
}

#[actix_web::test]
async fn a_delayed_answer_is_right_but_late() {
    let harness = Harness::new();
    let delay = Fault::Delay { millis: 200 };
    harness.running.queue_fault(Endpoint::StableToken, &delay).expect("queued");
    let asked = Instant::now();
    harness.token().await;
    assert!(asked.elapsed() >= Duration::from_millis(200));
}

#[actix_web::test]
async fn a_gateway_error_is_a_page_of_html() {
    let harness = Harness::new();
    harness.running.queue_fault(Endpoint::Login, &Fault::Status { status: 502 }).expect("queued");
    let response = harness.get("/sns/jscode2session", &[]).await;
    assert_eq!(response.status(), 502);
    assert_eq!(response.headers()["content-type"], "text/html");
    assert!(response.text().await.expect("a body").starts_with("<html>"));
}

#[actix_web::test]
async fn a_malformed_body_breaks_off() {
    let harness = Harness::new();
    harness.running.queue_fault(Endpoint::Login, &Fault::Malformed).expect("queued");
    let body = harness.get("/sns/jscode2session", &[]).await.text().await.expect("a body");
    assert!(serde_json::from_str::<serde_json::Value>(&body).is_err(), "{body}");
}

#[actix_web::test]
async fn an_oversized_body_has_the_padding_asked_for() {
    let harness = Harness::new();
    let fault = Fault::Oversized { bytes: 100_000 };
    harness.running.queue_fault(Endpoint::StableToken, &fault).expect("queued");
    assert_eq!(harness.token_answer(false).await["padding"].as_str().map(str::len), Some(100_000));
}

#[actix_web::test]
async fn a_closed_connection_gives_no_answer() {
    let harness = Harness::new();
    harness.running.queue_fault(Endpoint::Login, &Fault::Close).expect("queued");
    let outcome = match harness.http.get(harness.url("/sns/jscode2session")).send().await {
        Ok(response) => response.bytes().await,
        Err(error) => Err(error),
    };
    assert!(outcome.is_err(), "{outcome:?}");
    assert_eq!(harness.running.calls(Endpoint::Login), 1);
}

#[actix_web::test]
async fn revoked_tokens_are_refused_for_good() {
    let harness = Harness::new();
    let token = harness.token().await;
    harness.running.queue_fault(Endpoint::PhoneNumber, &Fault::TokensRevoked).expect("queued");
    let code = harness.running.new_phone_code("13800000001");
    assert_eq!(harness.phone(&token, &code).await["errcode"], 40001);
    assert_eq!(harness.phone(&token, &code).await["errcode"], 40001);
    let renewed = harness.token().await;
    assert_eq!(harness.phone(&renewed, &code).await["errcode"], 0);
}

#[actix_web::test]
async fn a_foreign_watermark_names_another_app() {
    let harness = Harness::new();
    let token = harness.token().await;
    let fault = Fault::Watermark { appid: "wx-of-somebody-else".to_owned() };
    harness.running.queue_fault(Endpoint::PhoneNumber, &fault).expect("queued");
    let code = harness.running.new_phone_code("13800000001");
    let body = harness.phone(&token, &code).await;
    assert_eq!(body["phone_info"]["watermark"]["appid"], "wx-of-somebody-else");
}

#[actix_web::test]
async fn no_more_than_a_thousand_faults_wait() {
    let harness = Harness::new();
    for _ in 0..1_000 {
        harness.running.queue_fault(Endpoint::Login, &busy()).expect("queued");
    }
    assert_eq!(harness.running.queue_fault(Endpoint::Login, &busy()), Err(FaultQueueFull));
    harness.running.queue_fault(Endpoint::StableToken, &busy()).expect("another queue");
}
