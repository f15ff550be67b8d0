//! `POST /cgi-bin/stable_token`, and what its tokens are good for.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::harness::{APPID, Harness, SECRET, json_of};

/// What a call with this token is refused with; `None` where the token is good.
async fn refusal_of(harness: &Harness, token: &str) -> Option<i64> {
    let code = harness.running.new_phone_code("13800000001");
    let body = harness.phone(token, &code).await;
    body["errcode"].as_i64().filter(|errcode| *errcode != 0)
}

#[actix_web::test]
async fn the_same_token_comes_back_until_five_minutes_before_its_end() {
    let harness = Harness::new();
    let first = harness.token_answer(false).await;
    assert_eq!(first["expires_in"], 7_200);
    assert_eq!(first.get("errcode"), None);
    assert!(first["access_token"].as_str().expect("a token").len() <= 512);

    harness.pass_seconds(7_200 - 301);
    let again = harness.token_answer(false).await;
    assert_eq!(again["access_token"], first["access_token"]);
    assert_eq!(again["expires_in"], 301);

    harness.pass_seconds(1);
    let next = harness.token_answer(false).await;
    assert_ne!(next["access_token"], first["access_token"]);
    assert_eq!(next["expires_in"], 7_200);
}

#[actix_web::test]
async fn old_and_new_token_both_work_for_five_minutes() {
    let harness = Harness::new();
    let old = harness.token().await;
    harness.pass_seconds(7_200 - 300);
    let new = harness.token().await;
    harness.pass_seconds(299);
    assert_eq!(refusal_of(&harness, &old).await, None);
    assert_eq!(refusal_of(&harness, &new).await, None);
    harness.pass_seconds(1);
    assert_eq!(refusal_of(&harness, &old).await, Some(42001));
    assert_eq!(refusal_of(&harness, &new).await, None);
}

#[actix_web::test]
async fn a_refresh_by_force_ends_the_old_token_at_once() {
    let harness = Harness::new();
    let old = harness.token().await;
    let forced = harness.token_answer(true).await;
    assert_ne!(forced["access_token"], json!(old));
    assert_eq!(refusal_of(&harness, &old).await, Some(40001));
    assert_eq!(harness.token_answer(false).await["access_token"], forced["access_token"]);
}

#[actix_web::test]
async fn forced_again_within_thirty_seconds_nothing_is_refreshed() {
    let harness = Harness::new();
    let forced = harness.token_answer(true).await;
    harness.pass_seconds(29);
    assert_eq!(harness.token_answer(true).await["access_token"], forced["access_token"]);
    harness.pass_seconds(1);
    assert_ne!(harness.token_answer(true).await["access_token"], forced["access_token"]);
}

#[actix_web::test]
async fn twenty_refreshes_by_force_a_day_are_the_limit() {
    let harness = Harness::new();
    for _ in 0..20 {
        assert!(harness.token_answer(true).await["access_token"].is_string());
        harness.pass_seconds(30);
    }
    assert_eq!(harness.token_answer(true).await["errcode"], 45009);
    assert!(harness.token_answer(false).await["access_token"].is_string());
    // It is 08:10 in China; sixteen hours on, the next day has begun there.
    harness.pass_seconds(16 * 3_600);
    assert!(harness.token_answer(true).await["access_token"].is_string());
}

#[actix_web::test]
async fn each_wrong_or_missing_field_has_its_own_errcode() {
    let harness = Harness::new();
    let cases = [
        ("grant_type", json!("authorization_code"), 40002),
        ("appid", Value::Null, 41002),
        ("appid", json!("wx0000000000000000"), 40013),
        ("secret", Value::Null, 41004),
        ("secret", json!("wrong"), 40125),
        ("force_refresh", json!("yes"), 47001),
    ];
    for (name, value, errcode) in cases {
        let mut body = json!({
            "grant_type": "client_credential",
            "appid": APPID,
            "secret": SECRET,
            "force_refresh": false,
        });
        body[name] = value;
        let answer = json_of(harness.post("/cgi-bin/stable_token", &body).await).await;
        assert_eq!(answer["errcode"], errcode, "{name}={}", body[name]);
    }
}

#[actix_web::test]
async fn a_form_is_no_json() {
    let harness = Harness::new();
    let form = format!("grant_type=client_credential&appid={APPID}&secret={SECRET}");
    let request = harness.http.post(harness.url("/cgi-bin/stable_token"));
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form);
    assert_eq!(json_of(request.send().await.expect("an answer")).await["errcode"], 47001);
}

#[actix_web::test]
async fn an_empty_body_and_a_get_are_refused() {
    let harness = Harness::new();
    let request = harness.http.post(harness.url("/cgi-bin/stable_token")).body("");
    let request = request.header("content-length", "0");
    assert_eq!(json_of(request.send().await.expect("an answer")).await["errcode"], 44002);
    let get = harness.get("/cgi-bin/stable_token", &[]).await;
    assert_eq!(json_of(get).await["errcode"], 43002);
}

#[actix_web::test]
async fn a_chunked_body_is_answered_412_and_nothing_else() {
    let harness = Harness::new();
    let mut stream = TcpStream::connect(harness.running.address()).expect("a connection");
    let request = "POST /cgi-bin/stable_token HTTP/1.1\r\nHost: localhost\r\n\
        Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("read");
    assert!(answer.starts_with("HTTP/1.1 412 "), "{answer}");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
}
