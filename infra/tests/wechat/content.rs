//! Content security and subscribe messages, against the stand-in.

use domain::content::{Answer, Scene};
use infra::wechat::{
    CheckError, MediaCheck, MiniprogramState, SubscribeError, SubscribeMessage, TextCheck, Trouble,
    WeChatError,
};
use wechat_standin::{Endpoint, Fault, Suggest, TextAnswer};

use crate::harness::{Harness, errcode};

fn text(content: &str) -> TextCheck<'_> {
    TextCheck { openid: "o1", scene: Scene::Comment, content, title: None, nickname: None }
}

fn message<'a>(data: &'a [(&'a str, &'a str)]) -> SubscribeMessage<'a> {
    let state = MiniprogramState::Formal;
    SubscribeMessage { openid: "o1", template_id: "t1", page: Some("pages/claim"), data, state }
}

#[actix_web::test]
async fn a_text_is_judged_in_every_scene() {
    let harness = Harness::new();
    for scene in Scene::ALL {
        let check = TextCheck {
            scene: *scene,
            title: Some("标题"),
            nickname: Some("老王"),
            ..text("一句话")
        };
        let checked = harness.client.text_check(&check).await.unwrap();
        assert_eq!((checked.answer, checked.label), (Answer::Pass, Some(100)));
        assert!(checked.trace_id.is_some());
    }
    for (suggest, answer) in [(Suggest::Review, Answer::Review), (Suggest::Risky, Answer::Risky)] {
        harness.wechat.queue_text_answer(TextAnswer::Says(suggest));
        assert_eq!(harness.client.text_check(&text("一句话")).await.unwrap().answer, answer);
    }
    harness.wechat.queue_text_answer(TextAnswer::Strange);
    let strange = harness.client.text_check(&text("一句话")).await.unwrap();
    assert_eq!(strange.answer, Answer::Unreadable);
    harness.wechat.queue_text_answer(TextAnswer::NoResult);
    let none = harness.client.text_check(&text("一句话")).await;
    assert!(matches!(none, Err(CheckError::WeChat(WeChatError::Busy(Trouble::Malformed)))));
}

#[actix_web::test]
async fn an_author_whom_wechat_does_not_know_is_told_apart() {
    let harness = Harness::new();
    for code in [40003, 43104, 61010] {
        harness.fault(Endpoint::TextCheck, errcode(code));
        let refused = harness.client.text_check(&text("一句话")).await;
        assert!(matches!(refused, Err(CheckError::AuthorUnknown { errcode }) if errcode == code));
    }
    harness.fault(Endpoint::TextCheck, errcode(-1));
    harness.fault(Endpoint::TextCheck, Fault::TokensRevoked);
    assert_eq!(harness.client.text_check(&text("一句话")).await.unwrap().answer, Answer::Pass);
}

#[actix_web::test]
async fn a_picture_is_asked_about_by_its_address() {
    let harness = Harness::new();
    let media = MediaCheck { openid: "o1", scene: Scene::Forum, media_url: "http://x/1.jpg" };
    let (one, other) =
        (harness.client.media_check(&media).await, harness.client.media_check(&media).await);
    assert_ne!(one.unwrap(), other.unwrap());
    harness.fault(Endpoint::MediaCheck, Fault::Malformed);
    let broken = harness.client.media_check(&media).await;
    assert!(matches!(broken, Err(CheckError::WeChat(WeChatError::Busy(Trouble::Malformed)))));
}

#[actix_web::test]
async fn every_refusal_of_a_message_is_a_value() {
    let harness = Harness::new();
    let good = [("thing1", "清扫水沟")];
    let send = |data| {
        let client = harness.client.clone();
        async move { client.subscribe_send(&message(data)).await }
    };
    assert!(matches!(send(&good).await, Err(SubscribeError::NotAccepted)));
    harness.wechat.grant("o1", "t1", 1);
    let bad = [("phrase1", "太长的短语了")];
    assert!(matches!(send(&bad).await, Err(SubscribeError::ArgumentInvalid)));
    assert!(send(&good).await.is_ok());
    assert_eq!(harness.wechat.sent_messages()[0].page.as_deref(), Some("pages/claim"));
    for (code, expected) in [
        (40003, "OpenidUnknown"),
        (43104, "OpenidUnknown"),
        (40037, "TemplateUnknown"),
        (41030, "PageUnknown"),
        (43101, "NotAccepted"),
        (45009, "WeChat(RateLimited)"),
        (99999, "WeChat(Other { errcode: 99999 })"),
    ] {
        harness.fault(Endpoint::SubscribeSend, errcode(code));
        assert_eq!(format!("{:?}", send(&good).await.unwrap_err()), expected);
    }
}
