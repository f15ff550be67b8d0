//! Subscribe messages: a note in WeChat's own list of messages, for who accepted one.

use serde_json::{Map, Value, json};
use thiserror::Error;

use super::client::Client;
use super::error::WeChatError;

/// Which version of the mini-program opens when somebody taps the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MiniprogramState {
    /// 开发版.
    Developer,
    /// 体验版.
    Trial,
    /// 正式版.
    Formal,
}

impl MiniprogramState {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Developer => "developer",
            Self::Trial => "trial",
            Self::Formal => "formal",
        }
    }
}

/// A subscribe message. Its fields must fit WeChat's limits already: one that does not is refused as
/// a whole ([`SubscribeError::ArgumentInvalid`]).
#[derive(Clone, Copy)]
pub struct SubscribeMessage<'a> {
    /// To whom.
    pub openid: &'a str,
    /// Which template of the mini-program's account.
    pub template_id: &'a str,
    /// The page that opens, without a leading slash; none for no link.
    pub page: Option<&'a str>,
    /// Name and value of each field, such as `thing1`.
    pub data: &'a [(&'a str, &'a str)],
    /// Which version opens.
    pub state: MiniprogramState,
}

/// Why a message was not sent. All but the last are WeChat's final word about this message.
#[derive(Debug, Error)]
pub enum SubscribeError {
    /// The person has not accepted such a message, or each accepted one was sent (43101): an outcome.
    #[error("the person has accepted no more of these messages")]
    NotAccepted,
    /// WeChat does not know the openid, or it is of another mini-program (40003, 43104).
    #[error("WeChat does not know the openid")]
    OpenidUnknown,
    /// The account has no such template (40037).
    #[error("WeChat does not know the template")]
    TemplateUnknown,
    /// The mini-program has no such page (41030).
    #[error("WeChat does not know the page")]
    PageUnknown,
    /// A field is missing, unknown or breaks its limit (47003).
    #[error("WeChat does not accept a field of the message")]
    ArgumentInvalid,
    /// What may befall any call; [`WeChatError::Other`] is final too, the others may pass.
    #[error(transparent)]
    WeChat(#[from] WeChatError),
}

impl Client {
    /// Sends a subscribe message. A timeout leaves open whether it was sent.
    ///
    /// # Errors
    /// See [`SubscribeError`].
    pub async fn subscribe_send(
        &self,
        message: &SubscribeMessage<'_>,
    ) -> Result<(), SubscribeError> {
        let path = "/cgi-bin/message/subscribe/send";
        let body = body(message);
        match self.in_time(self.call_with_token(path, &body)).await {
            Ok(_) => Ok(()),
            Err(WeChatError::Other { errcode }) => Err(by_errcode(errcode)),
            Err(error) => Err(error.into()),
        }
    }
}

fn body(message: &SubscribeMessage<'_>) -> Value {
    let fields: Map<String, Value> = message
        .data
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!({ "value": value })))
        .collect();
    let mut body = json!({
        "touser": message.openid,
        "template_id": message.template_id,
        "data": fields,
        "miniprogram_state": message.state.as_str(),
        "lang": "zh_CN",
    });
    if let Some(page) = message.page {
        body["page"] = page.into();
    }
    body
}

fn by_errcode(errcode: i64) -> SubscribeError {
    match errcode {
        43101 => SubscribeError::NotAccepted,
        40003 | 43104 => SubscribeError::OpenidUnknown,
        40037 => SubscribeError::TemplateUnknown,
        41030 => SubscribeError::PageUnknown,
        47003 => SubscribeError::ArgumentInvalid,
        _ => WeChatError::Other { errcode }.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_without_a_page_has_no_link() {
        let mut message = SubscribeMessage {
            openid: "o1",
            template_id: "t1",
            page: None,
            data: &[("thing1", "清扫"), ("number2", "3")],
            state: MiniprogramState::Formal,
        };
        let expected = json!({
            "touser": "o1", "template_id": "t1", "miniprogram_state": "formal", "lang": "zh_CN",
            "data": { "thing1": { "value": "清扫" }, "number2": { "value": "3" } },
        });
        assert_eq!(body(&message), expected);
        message.page = Some("pages/claim?id=1");
        assert_eq!(body(&message)["page"], "pages/claim?id=1");
    }
}
