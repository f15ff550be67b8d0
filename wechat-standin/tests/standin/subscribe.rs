//! `POST /cgi-bin/message/subscribe/send`.

use serde_json::{Value, json};
use wechat_standin::Template;

use crate::harness::{Harness, json_of};

async fn send(harness: &Harness, body: &Value) -> Value {
    let token = harness.token().await;
    let path = format!("/cgi-bin/message/subscribe/send?access_token={token}");
    json_of(harness.post(&path, body).await).await
}

fn message(data: Value) -> Value {
    json!({"touser": "o1", "template_id": "t1", "page": "pages/claim?id=1", "data": data,
        "miniprogram_state": "formal", "lang": "zh_CN"})
}

fn good() -> Value {
    message(json!({"thing1": {"value": "清扫水沟"}, "number2": {"value": "3"}}))
}

#[actix_web::test]
async fn one_accept_is_good_for_one_message() {
    let harness = Harness::new();
    assert_eq!(send(&harness, &good()).await["errcode"], 43101);
    harness.running.grant("o1", "t1", 2);
    harness.running.grant("o1", "t2", 5);
    harness.running.grant("o2", "t1", 5);
    for errcode in [0, 0, 43101] {
        assert_eq!(send(&harness, &good()).await["errcode"], errcode);
    }
    assert_eq!(harness.running.grants_left("o1", "t2"), 5);
    let sent = harness.running.sent_messages();
    assert_eq!(sent.len(), 2);
    assert_eq!((sent[0].openid.as_str(), sent[0].data["thing1"].as_str()), ("o1", "清扫水沟"));
    let shown = harness.get("/standin/messages", &[]).await.text().await.unwrap();
    assert!(shown.contains("清扫水沟"));
}

#[actix_web::test]
async fn what_wechat_refuses_uses_up_no_accept() {
    let harness = Harness::new();
    harness.running.grant("o1", "t1", 1);
    let mut no_page = good();
    no_page["page"] = json!("/pages/claim");
    let mut nobody = good();
    nobody["touser"] = json!("");
    let mut no_template = good();
    no_template["template_id"] = json!("");
    for (body, errcode) in [
        (message(json!({"thing1": {"value": "字".repeat(21)}})), 47003),
        (message(json!({"thing1": {"value": ""}})), 47003),
        (message(json!({"title": {"value": "x"}})), 47003),
        (message(json!({})), 47003),
        (no_page, 41030),
        (nobody, 40003),
        (no_template, 40037),
    ] {
        assert_eq!(send(&harness, &body).await["errcode"], errcode, "{body}");
    }
    let refused = send(&harness, &message(json!({"phrase1": {"value": "太长的短语了"}}))).await;
    assert!(refused["errmsg"].as_str().unwrap().contains("data.phrase1.value invalid"));
    assert_eq!(send(&harness, &good()).await["errcode"], 0);
}

#[actix_web::test]
async fn named_templates_are_the_only_ones_and_have_their_fields() {
    let harness = Harness::with(|builder| {
        let fields = vec!["thing1".to_owned(), "number2".to_owned()];
        builder.template(Template { id: "t1".to_owned(), fields })
    });
    harness.running.grant("o1", "t1", 1);
    let mut other = good();
    other["template_id"] = json!("t2");
    assert_eq!(send(&harness, &other).await["errcode"], 40037);
    let missing = message(json!({"thing1": {"value": "清扫水沟"}}));
    assert_eq!(send(&harness, &missing).await["errcode"], 47003);
    let mut more = good();
    more["data"]["thing3"] = json!({"value": "x"});
    assert_eq!(send(&harness, &more).await["errcode"], 47003);
    assert_eq!(send(&harness, &good()).await["errcode"], 0);
}
