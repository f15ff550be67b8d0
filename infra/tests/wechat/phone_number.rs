//! Phone code to number, by way of the access token.

use std::sync::Arc;

use infra::wechat::{PhoneNumber, Trouble, WeChatError};
use wechat_standin::{Endpoint, Fault};

use crate::harness::{Harness, PHONE, errcode};

fn phone() -> PhoneNumber {
    PhoneNumber { country_code: 86, national_number: PHONE.to_owned() }
}

#[actix_web::test]
async fn a_code_gives_the_number() {
    let harness = Harness::new();
    let number = harness.client.phone_number(&harness.phone_code()).await.expect("a number");
    assert!(number == phone());
}

#[actix_web::test]
async fn a_country_code_sent_as_text_is_read() {
    let harness = Harness::with(|builder| builder.country_code_as_text());
    let number = harness.client.phone_number(&harness.phone_code()).await.expect("a number");
    assert!(number == phone());
}

#[actix_web::test]
async fn a_number_from_abroad_comes_without_its_country_code() {
    let harness = Harness::new();
    let code = harness.wechat.new_phone_code_abroad(852, "51234567");
    let number = harness.client.phone_number(&code).await.expect("a number");
    assert_eq!(number.country_code, 852);
    assert_eq!(number.national_number, "51234567");
}

#[actix_web::test]
async fn a_used_phone_code_and_a_login_code_are_refused() {
    let harness = Harness::new();
    let used = harness.phone_code();
    harness.client.phone_number(&used).await.expect("a number");
    for code in [used, harness.wechat.new_login_code("o-zhang")] {
        let outcome = harness.client.phone_number(&code).await;
        assert!(matches!(outcome, Err(WeChatError::CodeInvalid)), "{outcome:?}");
    }
}

#[actix_web::test]
async fn what_can_be_no_code_is_not_sent() {
    let harness = Harness::new();
    let outcome = harness.client.phone_number("").await;
    assert!(matches!(outcome, Err(WeChatError::CodeInvalid)), "{outcome:?}");
    assert_eq!(harness.wechat.calls(Endpoint::StableToken), 0);
}

#[actix_web::test]
async fn a_number_with_a_foreign_watermark_is_not_believed() {
    let harness = Harness::new();
    harness.fault(Endpoint::PhoneNumber, Fault::Watermark { appid: "wx-other".to_owned() });
    let outcome = harness.client.phone_number(&harness.phone_code()).await;
    assert!(matches!(outcome, Err(WeChatError::ForeignWatermark)), "{outcome:?}");
}

#[actix_web::test]
async fn one_token_serves_many_calls() {
    let harness = Harness::new();
    for _ in 0..3 {
        harness.client.phone_number(&harness.phone_code()).await.expect("a number");
    }
    assert_eq!(harness.wechat.calls(Endpoint::StableToken), 1);
}

#[actix_web::test]
async fn a_token_invalidated_in_between_is_replaced_and_the_call_made_once_more() {
    let harness = Harness::new();
    harness.client.phone_number(&harness.phone_code()).await.expect("a number");
    harness.fault(Endpoint::PhoneNumber, Fault::TokensRevoked);
    let number = harness.client.phone_number(&harness.phone_code()).await.expect("a number");
    assert!(number == phone());
    assert_eq!(harness.wechat.calls(Endpoint::StableToken), 2);
    assert_eq!(harness.wechat.calls(Endpoint::PhoneNumber), 3);
}

#[actix_web::test]
async fn every_way_of_refusing_a_token_is_understood() {
    for refusal in [40001, 40014, 42001] {
        let harness = Harness::new();
        harness.fault(Endpoint::PhoneNumber, errcode(refusal));
        let number = harness.client.phone_number(&harness.phone_code()).await.expect("a number");
        assert!(number == phone());
        assert_eq!(harness.wechat.calls(Endpoint::StableToken), 2);
    }
}

#[actix_web::test]
async fn a_token_refused_twice_is_a_matter_for_the_operator() {
    let harness = Harness::new();
    for _ in 0..5 {
        harness.fault(Endpoint::PhoneNumber, Fault::TokensRevoked);
    }
    match harness.client.phone_number(&harness.phone_code()).await {
        Err(WeChatError::Configuration { errcode }) => assert_eq!(errcode, 40001),
        outcome => panic!("{outcome:?}"),
    }
    assert_eq!(harness.wechat.calls(Endpoint::PhoneNumber), 2);
    assert_eq!(harness.wechat.calls(Endpoint::StableToken), 2);
}

#[actix_web::test]
async fn a_busy_wechat_is_asked_again_for_token_and_number() {
    let harness = Harness::new();
    for endpoint in [Endpoint::StableToken, Endpoint::PhoneNumber] {
        harness.fault(endpoint, errcode(-1));
    }
    let number = harness.client.phone_number(&harness.phone_code()).await.expect("a number");
    assert!(number == phone());
    assert_eq!(harness.wechat.calls(Endpoint::StableToken), 2);
    assert_eq!(harness.wechat.calls(Endpoint::PhoneNumber), 2);
}

#[actix_web::test]
async fn a_phone_code_that_may_be_spent_is_not_sent_again() {
    let harness = Harness::new();
    let (patient, impatient) = (Arc::clone(&harness.client), harness.impatient_client());
    // Fetches the token, so that only the number is waited for.
    patient.phone_number(&harness.phone_code()).await.expect("a number");
    for (client, fault, trouble) in [
        (&patient, Fault::Malformed, Trouble::Malformed),
        (&patient, Fault::Status { status: 503 }, Trouble::Status(503)),
        (&patient, Fault::Close, Trouble::Connection),
        (&impatient, Fault::Delay { millis: 3_000 }, Trouble::Timeout),
        (&patient, Fault::Oversized { bytes: 1_000_000 }, Trouble::TooLong),
    ] {
        let before = harness.wechat.calls(Endpoint::PhoneNumber);
        harness.fault(Endpoint::PhoneNumber, fault);
        match client.phone_number(&harness.phone_code()).await {
            Err(WeChatError::Busy(found)) => assert_eq!(found, trouble),
            outcome => panic!("{trouble}: {outcome:?}"),
        }
        assert_eq!(harness.wechat.calls(Endpoint::PhoneNumber), before + 1);
    }
}

#[actix_web::test]
async fn a_secret_that_yields_no_token_is_a_matter_for_the_operator() {
    let harness = Harness::new();
    let client = harness.client_with_credentials(crate::harness::APPID, "wrong");
    let outcome = client.phone_number(&harness.phone_code()).await;
    assert!(matches!(outcome, Err(WeChatError::Configuration { errcode: 40125 })), "{outcome:?}");
    assert_eq!(harness.wechat.calls(Endpoint::PhoneNumber), 0);
}

#[actix_web::test]
async fn a_token_answer_without_a_token_is_malformed() {
    let harness = Harness::new();
    harness.fault(Endpoint::StableToken, Fault::Oversized { bytes: 1 });
    let outcome = harness.client.phone_number(&harness.phone_code()).await;
    assert!(matches!(outcome, Err(WeChatError::Busy(Trouble::Malformed))), "{outcome:?}");
}
