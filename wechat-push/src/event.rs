//! What a push says.

use aws_lc_rs::digest::{SHA256, digest};
use domain::content::Answer;
use serde_json::Value;

use crate::words::{answer_of, number, trace_id_of};

/// The longest openid or template id taken, in bytes; WeChat's have 28 and 43.
const ID_BYTES_MAX: usize = 128;
/// The most templates taken from one push; the mini-program can ask for three at a time.
const TEMPLATES_MAX: usize = 20;

/// Something that WeChat tells us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PushEvent {
    /// It looked at a photo (`wxa_media_check`).
    MediaChecked {
        /// Its name for the question.
        trace_id: String,
        /// What it says.
        answer: Answer,
        /// Its label, 100 for normal.
        label: Option<i32>,
    },
    /// Somebody accepted or rejected subscribe messages (`subscribe_msg_popup_event`,
    /// `subscribe_msg_change_event`).
    SubscriptionChanged {
        /// Who.
        openid: String,
        /// Where they did: an accepted pop-up is good for one message, the settings only reject.
        way: SubscriptionWay,
        /// Template by template.
        changes: Vec<SubscriptionChange>,
        /// What tells this push from others: a repetition has the same.
        id: Vec<u8>,
    },
    /// What became of subscribe messages (`subscribe_msg_sent_event`).
    MessageSent {
        /// To whom.
        openid: String,
        /// Message by message.
        results: Vec<MessageResult>,
        /// What tells this push from others: a repetition has the same.
        id: Vec<u8>,
    },
    /// Anything else.
    Other,
}

/// Where somebody accepted or rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionWay {
    /// In the pop-up of `wx.requestSubscribeMessage`.
    Popup,
    /// In the settings of the mini-program.
    Settings,
}

/// What somebody said to one template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionChange {
    /// The template.
    pub template_id: String,
    /// Whether they accept it.
    pub accepted: bool,
}

/// What became of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageResult {
    /// The template.
    pub template_id: String,
    /// WeChat's id of the message.
    pub msg_id: String,
    /// 0 for delivered.
    pub error_code: i32,
}

/// What a message says. What lacks something is `Other`: there is nothing to be done with it.
pub(super) fn of(message: &Value) -> PushEvent {
    let known = match text(message, "Event") {
        Some("wxa_media_check") => media_checked(message),
        Some("subscribe_msg_popup_event") => {
            let list = list(message, "SubscribeMsgPopupEvent");
            subscription_changed(message, &list, SubscriptionWay::Popup)
        }
        Some("subscribe_msg_change_event") => {
            let list = list(message, "SubscribeMsgChangeEvent");
            subscription_changed(message, &list, SubscriptionWay::Settings)
        }
        Some("subscribe_msg_sent_event") => message_sent(message),
        _ => None,
    };
    known.unwrap_or(PushEvent::Other)
}

fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field)?.as_str()
}

/// An id of WeChat's: letters, digits and signs, so that it can be stored and compared.
fn id(value: &Value, field: &str) -> Option<String> {
    let id = text(value, field)?;
    let fits = (1..=ID_BYTES_MAX).contains(&id.len());
    (fits && id.bytes().all(|byte| byte.is_ascii_graphic())).then(|| id.to_owned())
}

fn media_checked(message: &Value) -> Option<PushEvent> {
    let trace_id = trace_id_of(message)?;
    let failed = message.get("errcode").is_some_and(|errcode| number(errcode) != Some(0));
    let result = message.get("result").filter(|result| result.is_object() && !failed);
    let answer = match result {
        None => Answer::Failed,
        Some(result) => text(result, "suggest").map_or(Answer::Unreadable, answer_of),
    };
    let label = result.and_then(|result| number(result.get("label")?));
    Some(PushEvent::MediaChecked { trace_id, answer, label })
}

/// The `List` of an event: in JSON beside the other fields, in XML within an element of its own; an
/// object where it has only one.
fn list<'a>(message: &'a Value, wrapper: &str) -> Vec<&'a Value> {
    let found = message.get("List").or_else(|| message.get(wrapper)?.get("List"));
    match found {
        Some(Value::Array(list)) => list.iter().take(TEMPLATES_MAX).collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

fn subscription_changed(
    message: &Value,
    list: &[&Value],
    way: SubscriptionWay,
) -> Option<PushEvent> {
    let changes: Vec<_> = list
        .iter()
        .filter_map(|one| {
            Some(SubscriptionChange {
                template_id: id(one, "TemplateId")?,
                accepted: text(one, "SubscribeStatusString")? == "accept",
            })
        })
        .collect();
    let openid = id(message, "FromUserName")?;
    let id = identity(message, &format!("{changes:?}"))?;
    Some(PushEvent::SubscriptionChanged { openid, way, changes, id })
}

fn message_sent(message: &Value) -> Option<PushEvent> {
    let results: Vec<_> = list(message, "SubscribeMsgSentEvent")
        .iter()
        .filter_map(|one| {
            Some(MessageResult {
                template_id: id(one, "TemplateId")?,
                msg_id: id(one, "MsgID").or_else(|| Some(one.get("MsgID")?.to_string()))?,
                error_code: number(one.get("ErrorCode")?)?,
            })
        })
        .collect();
    let openid = id(message, "FromUserName")?;
    let id = identity(message, &format!("{results:?}"))?;
    Some(PushEvent::MessageSent { openid, results, id })
}

/// WeChat names events by who did them and when, to the second. What they say belongs to it too: two
/// messages may be sent to somebody within a second.
fn identity(message: &Value, says: &str) -> Option<Vec<u8>> {
    let time = match message.get("CreateTime")? {
        Value::String(time) => time.trim().to_owned(),
        Value::Number(time) => time.to_string(),
        _ => return None,
    };
    let (openid, event) = (text(message, "FromUserName")?, text(message, "Event")?);
    let whole = [openid, &time, event, says].join("\n");
    Some(digest(&SHA256, whole.as_bytes()).as_ref().to_vec())
}
