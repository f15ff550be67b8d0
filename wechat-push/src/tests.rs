//! WeChat's own examples, and what is not WeChat's.

use domain::content::Answer;
use serde_json::json;

use super::*;

const APPID: &str = "wxba5fad812f8e6fb9";
/// WeChat's example of a sealed push.
const SEALED: &str = "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMk\
    Uyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuF\
    UPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfB\
    gRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=";
const SAFE: Signed<'_> = Signed {
    signature: "",
    timestamp: "1714112445",
    nonce: "415670741",
    msg_signature: "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
};

fn key() -> AesKey {
    AesKey::new(&"A".repeat(43)).unwrap()
}

fn receiver(mode: PushMode) -> Receiver {
    Receiver::new(PushSettings { token: "AAAAA".into(), appid: APPID.into(), mode })
}

fn plain(body: &Value) -> Result<PushEvent, PushError> {
    let signed = Signed {
        signature: "899cf89e464efb63f54ddac96b0a0a235f53aa78",
        timestamp: "1714037059",
        nonce: "486452656",
        msg_signature: "",
    };
    receiver(PushMode::Plain).open(signed, body.to_string().as_bytes())
}

#[test]
fn the_question_of_the_console_is_known_by_its_signature() {
    let signed = Signed {
        signature: "f464b24fc39322e44b38aa78f5edd27bd1441696",
        timestamp: "1714036504",
        nonce: "1514711492",
        msg_signature: "",
    };
    let receiver = receiver(PushMode::Safe(key()));
    assert_eq!(receiver.verify(signed), Ok(()));
    for wrong in [
        Signed { signature: "", ..signed },
        Signed { signature: "f464b24fc39322e44b38aa78f5edd27bd1441697", ..signed },
        Signed { timestamp: "1714036505", ..signed },
        Signed { nonce: "", ..signed },
    ] {
        assert_eq!(receiver.verify(wrong), Err(PushError::Signature));
    }
}

#[test]
fn wechats_example_is_opened() {
    let (message, appid) = key().decrypt(SEALED).unwrap();
    assert_eq!((message.len(), appid), (167, APPID.as_bytes().to_vec()));
    let message: Value = serde_json::from_slice(&message).unwrap();
    assert_eq!(message["Event"], "debug_demo");
    let body = json!({"ToUserName": "gh_97417a04a28d", "Encrypt": SEALED}).to_string();
    let xml =
        format!("<xml><ToUserName>gh</ToUserName><Encrypt><![CDATA[{SEALED}]]></Encrypt></xml>");
    for body in [body, xml] {
        let opened = receiver(PushMode::Safe(key())).open(SAFE, body.as_bytes());
        assert_eq!(opened, Ok(PushEvent::Other));
    }
}

#[test]
fn a_sealed_push_with_a_wrong_signature_or_for_another_app_is_not_opened() {
    let body = json!({"Encrypt": SEALED}).to_string();
    let receiver = receiver(PushMode::Safe(key()));
    for wrong in [
        Signed { msg_signature: "", ..SAFE },
        Signed { msg_signature: "046e02f8204d34f8ba5fa3b1db94908f3df2e9b4", ..SAFE },
        Signed { nonce: "415670742", ..SAFE },
    ] {
        assert_eq!(receiver.open(wrong, body.as_bytes()), Err(PushError::Signature));
    }
    let settings =
        PushSettings { token: "AAAAA".into(), appid: "wx1".into(), mode: PushMode::Safe(key()) };
    let other = Receiver::new(settings);
    assert_eq!(other.open(SAFE, body.as_bytes()), Err(PushError::Sealed));
    let another_key = AesKey::new(&"B".repeat(43)).unwrap();
    let mode = PushMode::Safe(another_key);
    let opened = super::tests::receiver(mode).open(SAFE, body.as_bytes());
    assert_eq!(opened, Err(PushError::Sealed));
}

#[test]
fn in_safe_mode_nothing_plain_is_taken() {
    let body = json!({"Event": "wxa_media_check", "trace_id": "1", "result": {"suggest": "pass"}});
    let opened = receiver(PushMode::Safe(key())).open(SAFE, body.to_string().as_bytes());
    assert_eq!(opened, Err(PushError::Signature));
}

#[test]
fn what_is_neither_json_nor_xml_is_unreadable() {
    for body in ["", "[]", "null", "{", "<xml>", "success", "\u{feff}{}"] {
        let safe = receiver(PushMode::Safe(key()));
        assert_eq!(safe.open(SAFE, body.as_bytes()), Err(PushError::Unreadable), "{body}");
    }
    let long = json!({"Event": "x".repeat(PUSH_BYTES_MAX)});
    assert_eq!(plain(&long), Err(PushError::Unreadable));
}

fn checked(more: Value) -> Value {
    let mut body = json!({
        "ToUserName": "gh_1", "FromUserName": "o1", "CreateTime": 1_762_329_554, "MsgType": "event",
        "Event": "wxa_media_check", "appid": APPID, "trace_id": "690b03d2-301f6111-35ffbd44",
        "version": 2,
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    body
}

#[test]
fn an_answer_about_a_photo_is_a_pass_only_if_it_says_so() {
    for (more, answer, label) in [
        (json!({"result": {"suggest": "pass", "label": "100"}}), Answer::Pass, Some(100)),
        (
            json!({"errcode": 0, "result": {"suggest": "risky", "label": 20002}}),
            Answer::Risky,
            Some(20002),
        ),
        (json!({"errcode": "0", "result": {"suggest": "review"}}), Answer::Review, None),
        (json!({"detail": [], "errcode": -1008, "errmsg": "下载错误"}), Answer::Failed, None),
        (json!({"errcode": -1008, "result": {"suggest": "pass"}}), Answer::Failed, None),
        (json!({"errcode": null, "result": {"suggest": "pass"}}), Answer::Failed, None),
        (json!({}), Answer::Failed, None),
        (json!({"result": "pass"}), Answer::Failed, None),
        (json!({"result": {}}), Answer::Unreadable, None),
        (json!({"result": {"suggest": "PASS"}}), Answer::Unreadable, None),
        (json!({"result": {"suggest": true, "label": []}}), Answer::Unreadable, None),
    ] {
        let trace_id = "690b03d2-301f6111-35ffbd44".to_owned();
        let expected = PushEvent::MediaChecked { trace_id, answer, label };
        assert_eq!(plain(&checked(more.clone())), Ok(expected), "{more}");
    }
}

#[test]
fn an_answer_of_another_app_or_with_a_strange_name_is_not_taken() {
    assert_eq!(plain(&checked(json!({"appid": "wx1"}))), Err(PushError::Sealed));
    for trace_id in [json!(""), json!("a b"), json!("a\u{0}"), json!(7), json!("x".repeat(129))] {
        let body = checked(json!({"trace_id": trace_id, "result": {"suggest": "pass"}}));
        assert_eq!(plain(&body), Ok(PushEvent::Other), "{trace_id}");
    }
}

#[test]
fn a_single_list_is_an_object_and_a_time_may_be_a_text() {
    let accepted =
        json!({"TemplateId": "t1", "SubscribeStatusString": "accept", "PopupScene": "0"});
    let rejected = json!({"TemplateId": "t2", "SubscribeStatusString": "reject"});
    let event = |list: Value, time: Value| {
        json!({"FromUserName": "o1", "CreateTime": time, "MsgType": "event",
            "Event": "subscribe_msg_popup_event", "List": list})
    };
    let one = plain(&event(accepted.clone(), json!("1620973045"))).unwrap();
    let PushEvent::SubscriptionChanged { openid, way, changes, id } = one else {
        panic!("{one:?}")
    };
    assert_eq!((openid.as_str(), way), ("o1", SubscriptionWay::Popup));
    let t1 = SubscriptionChange { template_id: "t1".into(), accepted: true };
    assert_eq!(changes, std::slice::from_ref(&t1));
    let again = plain(&event(json!([accepted]), json!(1_620_973_045))).unwrap();
    let PushEvent::SubscriptionChanged { id: same, .. } = again else { panic!("{again:?}") };
    assert_eq!(id, same);
    let both = plain(&event(json!([accepted, rejected]), json!(1_620_973_046))).unwrap();
    let PushEvent::SubscriptionChanged { changes, id: other, .. } = both else { panic!() };
    let t2 = SubscriptionChange { template_id: "t2".into(), accepted: false };
    assert_eq!(changes, [t1, t2]);
    assert_ne!(id, other);
}

#[test]
fn what_became_of_messages_is_read_from_json_and_from_xml() {
    let json = json!({"FromUserName": "o1", "CreateTime": "1620963428", "Event":
        "subscribe_msg_sent_event", "List": {"TemplateId": "t1", "MsgID": "1864323726461255680",
        "ErrorCode": "0", "ErrorStatus": "success"}});
    let xml = "<xml><FromUserName><![CDATA[o1]]></FromUserName><CreateTime>1620963428</CreateTime>\
        <MsgType><![CDATA[event]]></MsgType><Event><![CDATA[subscribe_msg_sent_event]]></Event>\
        <SubscribeMsgSentEvent><List><TemplateId><![CDATA[t1]]></TemplateId>\
        <MsgID>1864323726461255680</MsgID><ErrorCode>0</ErrorCode>\
        <ErrorStatus><![CDATA[success]]></ErrorStatus></List></SubscribeMsgSentEvent></xml>";
    let from_json = plain(&json).unwrap();
    let read = read(xml.as_bytes()).unwrap();
    assert_eq!(event::of(&read), from_json);
    let PushEvent::MessageSent { results, .. } = from_json else { panic!() };
    let msg_id = "1864323726461255680".to_owned();
    assert_eq!(results, [MessageResult { template_id: "t1".into(), msg_id, error_code: 0 }]);
}

#[test]
fn no_secret_is_printed() {
    let printed = format!("{:?}", receiver(PushMode::Safe(key())));
    assert!(!printed.contains("AAAAA"), "{printed}");
}
