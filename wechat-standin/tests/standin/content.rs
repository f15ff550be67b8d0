//! `POST /wxa/msg_sec_check` and `POST /wxa/media_check_async`.

use serde_json::{Value, json};
use wechat_standin::{Endpoint, MediaAnswer, PushFormat, PushTarget, Suggest, TextAnswer};

use crate::harness::{APPID, Harness, json_of};
use crate::receiver::Receiver;

const TEXT: &str = "/wxa/msg_sec_check";
const MEDIA: &str = "/wxa/media_check_async";

async fn call(harness: &Harness, path: &str, body: &Value) -> Value {
    let token = harness.token().await;
    json_of(harness.post(&format!("{path}?access_token={token}"), body).await).await
}

fn text(content: &str) -> Value {
    json!({"content": content, "version": 2, "scene": 2, "openid": "o1"})
}

fn media(url: &str) -> Value {
    json!({"media_url": url, "media_type": 2, "version": 2, "scene": 3, "openid": "o1"})
}

#[actix_web::test]
async fn a_text_passes_unless_somebody_says_otherwise() {
    let harness = Harness::with(|builder| builder.word("违规", Suggest::Risky));
    let answer = call(&harness, TEXT, &text("一句话")).await;
    assert_eq!(answer["result"], json!({"suggest": "pass", "label": 100}));
    assert!(answer["trace_id"].as_str().unwrap().len() > 20);
    let answer = call(&harness, TEXT, &text("这里违规了")).await;
    assert_eq!(answer["result"]["suggest"], "risky");
    for (said, suggest) in [
        (TextAnswer::Says(Suggest::Review), json!("review")),
        (TextAnswer::NoResult, Value::Null),
        (TextAnswer::Strange, json!("maybe")),
    ] {
        harness.running.queue_text_answer(said);
        assert_eq!(call(&harness, TEXT, &text("一句话")).await["result"]["suggest"], suggest);
    }
}

#[actix_web::test]
async fn what_wechat_refuses_is_refused() {
    let harness = Harness::new();
    for (path, body, errcode) in [
        (TEXT, json!({"content": "x", "version": 2, "scene": 5, "openid": "o1"}), 40129),
        (TEXT, json!({"content": "x", "version": 2, "scene": 1, "openid": ""}), 40003),
        (TEXT, json!({"content": "x", "version": 1, "scene": 1, "openid": "o1"}), 47001),
        (TEXT, json!({"content": "", "version": 2, "scene": 1, "openid": "o1"}), 44002),
        (TEXT, text(&"长".repeat(2_501)), 45002),
        (MEDIA, json!({"media_type": 2, "version": 2, "scene": 1, "openid": "o1"}), 47001),
        (
            MEDIA,
            json!({"media_url": "ftp://x", "media_type": 2, "version": 2, "scene": 1,
            "openid": "o1"}),
            47001,
        ),
    ] {
        assert_eq!(call(&harness, path, &body).await["errcode"], errcode, "{body}");
        let no_token = json_of(harness.post(path, &body).await).await;
        assert_eq!(no_token["errcode"], 41001);
    }
    assert_eq!(call(&harness, TEXT, &text(&"长".repeat(2_500))).await["errcode"], 0);
    let token = harness.token().await;
    let url = harness.url(&format!("{TEXT}?access_token={token}"));
    let chunked =
        reqwest::Body::wrap_stream(futures_util::stream::iter([Ok::<_, std::io::Error>("{}")]));
    assert_eq!(harness.http.post(url).body(chunked).send().await.unwrap().status(), 412);
    assert_eq!(json_of(harness.get(TEXT, &[]).await).await["errcode"], 43002);
}

fn target(receiver: &Receiver, aes_key: Option<&str>, format: PushFormat) -> PushTarget {
    PushTarget {
        url: receiver.url(),
        token: "AAAAA".to_owned(),
        aes_key: aes_key.map(str::to_owned),
        format,
        copies: 1,
        pause_millis: 1,
    }
}

#[actix_web::test]
async fn what_it_thinks_of_a_picture_is_pushed_after_it_was_fetched() {
    let harness = Harness::new();
    let receiver = Receiver::start(&[]);
    harness.running.push_to(target(&receiver, None, PushFormat::Json));
    let answer = call(&harness, MEDIA, &media(&receiver.picture_url())).await;
    let push = receiver.next().await;
    let body: Value = serde_json::from_str(&push.body).unwrap();
    assert_eq!(body["trace_id"], answer["trace_id"]);
    assert_eq!((&body["appid"], &body["Event"]), (&json!(APPID), &json!("wxa_media_check")));
    assert_eq!(body["result"], json!({"suggest": "pass", "label": "100"}));
    assert!(push.query.contains("signature=") && push.query.contains("openid=o1"));
    // What it cannot fetch is no picture.
    for url in [receiver.url(), "http://127.0.0.1:1/x.jpg".to_owned()] {
        call(&harness, MEDIA, &media(&url)).await;
        let body: Value = serde_json::from_str(&receiver.next().await.body).unwrap();
        assert_eq!((&body["errcode"], &body["result"]), (&json!(-1008), &Value::Null), "{url}");
    }
}

#[actix_web::test]
async fn late_never_and_broken_answers_are_as_they_were_queued() {
    let harness = Harness::with(|builder| builder.takes_media_unseen());
    let receiver = Receiver::start(&[]);
    harness.running.push_to(target(&receiver, None, PushFormat::Json));
    harness.running.queue_media_answer(MediaAnswer::Never);
    harness.running.queue_media_answer(MediaAnswer::Late(Suggest::Risky));
    harness.running.queue_media_answer(MediaAnswer::NoResult);
    let mut traces = Vec::new();
    for _ in 0..3 {
        traces
            .push(call(&harness, MEDIA, &media("http://nowhere/x.jpg")).await["trace_id"].clone());
    }
    let body: Value = serde_json::from_str(&receiver.next().await.body).unwrap();
    assert_eq!((&body["trace_id"], &body["result"]), (&traces[2], &Value::Null));
    assert!(harness.running.push_late().await[0].is_taken());
    let body: Value = serde_json::from_str(&receiver.next().await.body).unwrap();
    assert_eq!((&body["trace_id"], &body["result"]["suggest"]), (&traces[1], &json!("risky")));
    assert!(harness.running.push_late().await.is_empty());
    assert_eq!(harness.running.calls(Endpoint::MediaCheck), 3);
}

#[actix_web::test]
async fn a_push_that_is_not_taken_is_repeated_three_times() {
    let harness = Harness::new();
    let receiver = Receiver::start(&[500, 500, 200]);
    harness.running.push_to(target(&receiver, None, PushFormat::Json));
    let attempts = harness.running.pop_up("o1", "t1", true).await;
    assert_eq!(
        attempts.iter().map(|a| a.status).collect::<Vec<_>>(),
        [Some(500), Some(500), Some(200)]
    );
    assert_eq!(harness.running.grants_left("o1", "t1"), 1);
    let never = Receiver::start(&[500; 9]);
    harness.running.push_to(target(&never, None, PushFormat::Json));
    assert_eq!(harness.running.push(&json!({"Event": "x"})).await.len(), 4);
    let twice = Receiver::start(&[]);
    let copies = PushTarget { copies: 2, ..target(&twice, None, PushFormat::Json) };
    harness.running.push_to(copies);
    assert_eq!(harness.running.push(&json!({"Event": "x"})).await.len(), 2);
}

#[actix_web::test]
async fn a_sealed_push_shows_nothing_of_its_message() {
    let harness = Harness::new();
    for format in [PushFormat::Json, PushFormat::Xml] {
        let receiver = Receiver::start(&[]);
        harness.running.push_to(target(&receiver, Some(&"A".repeat(43)), format));
        harness.running.pop_up("o1", "template-1", true).await;
        let push = receiver.next().await;
        assert!(push.body.contains("Encrypt") && !push.body.contains("template-1"));
        assert!(push.query.contains("encrypt_type=aes&msg_signature="));
        assert_eq!(push.body.starts_with("<xml>"), format == PushFormat::Xml);
    }
}

#[actix_web::test]
async fn the_stand_in_is_set_over_http_too() {
    let harness = Harness::new();
    let receiver = Receiver::start(&[]);
    let set = async |path: &str, body: Value| harness.post(path, &body).await;
    let body = json!({"url": receiver.url(), "token": "AAAAA", "aes_key": null, "format": "xml"});
    assert_eq!(set("/standin/push-target", body).await.status(), 204);
    assert_eq!(set("/standin/text-answers", json!({"says": "risky"})).await.status(), 204);
    assert_eq!(set("/standin/media-answers", json!("never")).await.status(), 204);
    assert_eq!(call(&harness, TEXT, &text("x")).await["result"]["suggest"], "risky");
    let pushed = set("/standin/pushes", json!({"Event": "x"})).await;
    assert!(pushed.text().await.unwrap().contains(r#""taken":true"#));
    assert_eq!(receiver.next().await.body, "<xml><Event><![CDATA[x]]></Event></xml>");
    let grant = json!({"openid": "o1", "template_id": "t1", "times": 2});
    assert_eq!(set("/standin/grants", grant).await.status(), 204);
    assert!(receiver.next().await.body.contains("accept"));
    for (path, bad) in [
        ("/standin/grants", json!({"openid": "o 1", "template_id": "t1"})),
        ("/standin/grants", json!({"openid": "o1", "template_id": "t1", "times": 0})),
        ("/standin/push-target", json!({"url": "x", "token": "t", "copies": 99})),
        ("/standin/text-answers", json!("maybe")),
    ] {
        assert_eq!(set(path, bad.clone()).await.status(), 400, "{path} {bad}");
    }
}
