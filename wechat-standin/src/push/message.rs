//! The messages that are pushed, and how they are written.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::PushFormat;

/// To whom WeChat says that it pushes: the mini-program's original id.
const TO: &str = "gh_0000000000000";

/// What WeChat thinks of a picture.
pub(crate) fn media_checked(
    appid: &str,
    openid: &str,
    trace_id: &str,
    more: &Value,
    now: DateTime<Utc>,
) -> Value {
    let mut message = json!({
        "ToUserName": TO, "FromUserName": openid, "CreateTime": now.timestamp(),
        "MsgType": "event", "Event": "wxa_media_check", "appid": appid, "trace_id": trace_id,
        "version": 2,
    });
    if let (Some(message), Some(more)) = (message.as_object_mut(), more.as_object()) {
        message.extend(more.clone());
    }
    message
}

/// Somebody answered the pop-up for one template. The time is a text here.
pub(crate) fn popped_up(
    openid: &str,
    template_id: &str,
    accepted: bool,
    now: DateTime<Utc>,
) -> Value {
    let said = if accepted { "accept" } else { "reject" };
    json!({
        "ToUserName": TO, "FromUserName": openid, "CreateTime": now.timestamp().to_string(),
        "MsgType": "event", "Event": "subscribe_msg_popup_event",
        "List": [{"TemplateId": template_id, "SubscribeStatusString": said, "PopupScene": "0"}],
    })
}

/// A message in its form. In JSON a list of one is an object; in XML lists lie in an element of their
/// own, which is named after the event.
pub(super) fn written(message: &Value, format: PushFormat) -> String {
    let mut message = message.clone();
    let wrapper = match message["Event"].as_str() {
        Some("subscribe_msg_popup_event") => "SubscribeMsgPopupEvent",
        Some("subscribe_msg_change_event") => "SubscribeMsgChangeEvent",
        Some("subscribe_msg_sent_event") => "SubscribeMsgSentEvent",
        _ => "",
    };
    if !wrapper.is_empty()
        && let Some(fields) = message.as_object_mut()
        && let Some(list) = fields.remove("List")
    {
        match (format, list) {
            (PushFormat::Xml, list) => {
                fields.insert(wrapper.to_owned(), json!({ "List": list }));
            }
            (PushFormat::Json, Value::Array(mut one)) if one.len() == 1 => {
                fields.insert("List".to_owned(), one.remove(0));
            }
            (PushFormat::Json, list) => {
                fields.insert("List".to_owned(), list);
            }
        }
    }
    match format {
        PushFormat::Json => message.to_string(),
        PushFormat::Xml => {
            let mut xml = String::new();
            element(&mut xml, "xml", &message);
            xml
        }
    }
}

fn element(xml: &mut String, name: &str, value: &Value) {
    if let Value::Array(list) = value {
        for one in list {
            element(xml, name, one);
        }
        return;
    }
    xml.push_str(&format!("<{name}>"));
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                element(xml, name, value);
            }
        }
        // The end of a CDATA section cannot stand in one.
        Value::String(text) => {
            xml.push_str(&format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>")));
        }
        other => xml.push_str(&other.to_string()),
    }
    xml.push_str(&format!("</{name}>"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_one_is_an_object_in_json_and_lies_deeper_in_xml() {
        let message = popped_up("o1", "t1", true, DateTime::UNIX_EPOCH);
        let json: Value = serde_json::from_str(&written(&message, PushFormat::Json)).unwrap();
        assert_eq!(json["List"]["TemplateId"], "t1");
        assert_eq!(json["CreateTime"], "0");
        let xml = written(&message, PushFormat::Xml);
        let deeper = "<SubscribeMsgPopupEvent><List><PopupScene><![CDATA[0]]></PopupScene>";
        assert!(xml.starts_with("<xml>") && xml.contains(deeper), "{xml}");
    }
}
