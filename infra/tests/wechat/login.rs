//! Login code to identity.

use std::sync::Arc;
use std::time::{Duration, Instant};

use infra::wechat::{Client, Limits, LoginIdentity, Trouble, WeChatError};
use wechat_standin::{Endpoint, Fault};

use crate::harness::{APPID, Harness, LIMITS, SECRET, errcode};

#[actix_web::test]
async fn a_code_gives_the_identity_though_the_answer_calls_itself_text() {
    let harness = Harness::new();
    let code = harness.wechat.new_login_code("o-zhang");
    let identity = harness.client.login(&code).await.expect("an identity");
    assert_eq!(identity, LoginIdentity { openid: "o-zhang".to_owned(), unionid: None });
}

#[actix_web::test]
async fn the_unionid_comes_along() {
    let harness = Harness::new();
    let code = harness.wechat.new_login_code_with_unionid("o-zhang", "u-zhang");
    let identity = harness.client.login(&code).await.expect("an identity");
    assert_eq!(identity.unionid.as_deref(), Some("u-zhang"));
}

#[actix_web::test]
async fn a_used_code_is_refused() {
    let harness = Harness::new();
    let code = harness.wechat.new_login_code("o-zhang");
    harness.client.login(&code).await.expect("an identity");
    let again = harness.client.login(&code).await;
    assert!(matches!(again, Err(WeChatError::CodeUsed)), "{again:?}");
}

#[actix_web::test]
async fn an_unknown_and_an_expired_code_are_refused() {
    let harness = Harness::new();
    let code = harness.wechat.new_login_code("o-zhang");
    harness.pass_seconds(300);
    for code in [code.as_str(), "never-issued"] {
        let outcome = harness.client.login(code).await;
        assert!(matches!(outcome, Err(WeChatError::CodeInvalid)), "{outcome:?}");
    }
}

#[actix_web::test]
async fn what_can_be_no_code_is_not_sent() {
    let harness = Harness::new();
    for code in [String::new(), "x".repeat(257)] {
        let outcome = harness.client.login(&code).await;
        assert!(matches!(outcome, Err(WeChatError::CodeInvalid)), "{outcome:?}");
    }
    assert_eq!(harness.wechat.calls(Endpoint::Login), 0);
}

#[actix_web::test]
async fn a_blocked_person_and_a_full_quota_have_errors_of_their_own() {
    let harness = Harness::new();
    harness.fault(Endpoint::Login, errcode(40226));
    let outcome = harness.client.login("any").await;
    assert!(matches!(outcome, Err(WeChatError::UserBlocked)), "{outcome:?}");
    for quota in [45011, 45009] {
        harness.fault(Endpoint::Login, errcode(quota));
        let outcome = harness.client.login("any").await;
        assert!(matches!(outcome, Err(WeChatError::RateLimited)), "{outcome:?}");
    }
}

#[actix_web::test]
async fn what_the_operator_has_to_mend_is_told_apart() {
    let harness = Harness::new();
    for queued in [40001, 40013, 40125, 40164, 40243, 41002, 41004, 50004, 50007, 61004] {
        harness.fault(Endpoint::Login, errcode(queued));
        match harness.client.login("any").await {
            Err(WeChatError::Configuration { errcode }) => assert_eq!(errcode, queued),
            outcome => panic!("{queued}: {outcome:?}"),
        }
    }
    let code = harness.wechat.new_login_code("o-zhang");
    for (appid, secret, expected) in [("wx0", SECRET, 40013), (APPID, "wrong", 40125)] {
        match harness.client_with_credentials(appid, secret).login(&code).await {
            Err(WeChatError::Configuration { errcode }) => assert_eq!(errcode, expected),
            outcome => panic!("{expected}: {outcome:?}"),
        }
    }
}

#[actix_web::test]
async fn an_unheard_of_errcode_is_passed_on() {
    let harness = Harness::new();
    harness.fault(Endpoint::Login, errcode(99_999));
    let outcome = harness.client.login("any").await;
    assert!(matches!(outcome, Err(WeChatError::Other { errcode: 99_999 })), "{outcome:?}");
}

#[actix_web::test]
async fn a_busy_wechat_is_asked_again() {
    let harness = Harness::new();
    harness.fault(Endpoint::Login, errcode(-1));
    harness.fault(Endpoint::Login, errcode(-1));
    let code = harness.wechat.new_login_code("o-zhang");
    assert_eq!(harness.client.login(&code).await.expect("an identity").openid, "o-zhang");
    assert_eq!(harness.wechat.calls(Endpoint::Login), 3);
}

#[actix_web::test]
async fn a_busy_wechat_is_asked_again_five_times_at_most_and_ever_later() {
    let harness = Harness::new();
    for _ in 0..10 {
        harness.fault(Endpoint::Login, errcode(-1));
    }
    let backoff_first = Duration::from_millis(10);
    let client = harness.client_with_limits(Limits { backoff_first, ..LIMITS });
    let asked = Instant::now();
    let outcome = client.login("any").await;
    assert!(matches!(outcome, Err(WeChatError::Busy(Trouble::SystemBusy))), "{outcome:?}");
    assert_eq!(harness.wechat.calls(Endpoint::Login), 6);
    // 10 + 20 + 40 + 80 + 160 ms.
    assert!(asked.elapsed() >= backoff_first * 31, "{:?}", asked.elapsed());
}

/// Asks once and tells the trouble; the code must not have been sent a second time.
async fn trouble_with(harness: &Harness, client: &Arc<Client>, fault: Fault) -> Trouble {
    let before = harness.wechat.calls(Endpoint::Login);
    harness.fault(Endpoint::Login, fault);
    let code = harness.wechat.new_login_code("o-zhang");
    let outcome = client.login(&code).await;
    assert_eq!(harness.wechat.calls(Endpoint::Login), before + 1);
    match outcome {
        Err(WeChatError::Busy(trouble)) => trouble,
        outcome => panic!("{outcome:?}"),
    }
}

#[actix_web::test]
async fn an_answer_that_is_none_is_not_asked_for_again() {
    let harness = Harness::new();
    let client = &harness.client;
    let trouble = async |fault| trouble_with(&harness, client, fault).await;
    assert_eq!(trouble(Fault::Malformed).await, Trouble::Malformed);
    assert_eq!(trouble(Fault::Status { status: 500 }).await, Trouble::Status(500));
    assert_eq!(trouble(Fault::Status { status: 502 }).await, Trouble::Status(502));
    assert_eq!(trouble(Fault::Close).await, Trouble::Connection);
    assert_eq!(trouble(Fault::Oversized { bytes: 64 * 1024 }).await, Trouble::TooLong);
    let impatient = harness.impatient_client();
    let late = Fault::Delay { millis: 3_000 };
    assert_eq!(trouble_with(&harness, &impatient, late).await, Trouble::Timeout);
    // And after all that it works.
    let code = harness.wechat.new_login_code("o-zhang");
    assert_eq!(client.login(&code).await.expect("an identity").openid, "o-zhang");
}

#[actix_web::test]
async fn a_slow_answer_within_the_limit_is_waited_for() {
    let harness = Harness::new();
    harness.fault(Endpoint::Login, Fault::Delay { millis: 300 });
    let code = harness.wechat.new_login_code("o-zhang");
    assert_eq!(harness.client.login(&code).await.expect("an identity").openid, "o-zhang");
}

#[actix_web::test]
async fn repetitions_end_with_the_time_for_the_whole() {
    let harness = Harness::new();
    for _ in 0..10 {
        harness.fault(Endpoint::Login, errcode(-1));
    }
    let limits = Limits {
        backoff_first: Duration::from_secs(60),
        whole_max: Duration::from_millis(200),
        ..LIMITS
    };
    let outcome = harness.client_with_limits(limits).login("any").await;
    assert!(matches!(outcome, Err(WeChatError::Busy(Trouble::Timeout))), "{outcome:?}");
}

#[actix_web::test]
async fn nobody_there_is_a_failed_connection() {
    let harness = Harness::new();
    let client = Arc::clone(&harness.client);
    harness.wechat.stop().await;
    let outcome = client.login("any").await;
    assert!(matches!(outcome, Err(WeChatError::Busy(Trouble::Connection))), "{outcome:?}");
}
