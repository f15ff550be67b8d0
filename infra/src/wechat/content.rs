//! Content security: what WeChat thinks of a text or a photo that people would show to others.

use domain::content::{Answer, Scene};
use serde_json::{Value, json};
use thiserror::Error;
use wechat_push::words::{answer_of, number, trace_id_of};

use super::client::Client;
use super::error::{Trouble, WeChatError};

/// WeChat's number for pictures; 1 is for sound.
const MEDIA_PICTURE: u8 = 2;
/// The version of both calls that answers with `suggest`.
const VERSION: u8 = 2;

/// A text to be looked at.
#[derive(Clone, Copy)]
pub struct TextCheck<'a> {
    /// Who wrote it. WeChat must have seen them in the last two hours.
    pub openid: &'a str,
    /// Where it will stand.
    pub scene: Scene,
    /// The text, of at most 2,500 characters ([`domain::content::parts`]).
    pub content: &'a str,
    /// What stands above it.
    pub title: Option<&'a str>,
    /// What its author is called there.
    pub nickname: Option<&'a str>,
}

/// A picture to be looked at, later.
#[derive(Clone, Copy)]
pub struct MediaCheck<'a> {
    /// Who uploaded it.
    pub openid: &'a str,
    /// Where it will stand.
    pub scene: Scene,
    /// Where WeChat can fetch it, at most 10 MB.
    pub media_url: &'a str,
}

/// What WeChat said of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChecked {
    /// Pass, review or risky; unreadable for what we do not know.
    pub answer: Answer,
    /// WeChat's label, 100 for normal.
    pub label: Option<i32>,
    /// WeChat's name for the answer.
    pub trace_id: Option<String>,
}

/// Why WeChat did not look at it.
#[derive(Debug, Error)]
pub enum CheckError {
    /// WeChat does not know the author (40003, 43104), or did not see them lately (61010, also said
    /// wrongly).
    #[error("WeChat does not know the author (errcode {errcode})")]
    AuthorUnknown {
        /// WeChat's number for the reason.
        errcode: i64,
    },
    /// What may befall any call.
    #[error(transparent)]
    WeChat(#[from] WeChatError),
}

impl Client {
    /// What does WeChat say of this text? (`msg_sec_check`)
    ///
    /// # Errors
    /// See [`CheckError`].
    pub async fn text_check(&self, text: &TextCheck<'_>) -> Result<TextChecked, CheckError> {
        let mut body = json!({
            "content": text.content,
            "version": VERSION,
            "scene": number_of(text.scene),
            "openid": text.openid,
        });
        for (field, value) in [("title", text.title), ("nickname", text.nickname)] {
            if let Some(value) = value {
                body[field] = value.into();
            }
        }
        Ok(read_text_checked(&self.check("/wxa/msg_sec_check", &body).await?)?)
    }

    /// Asks WeChat to look at a picture (`media_check_async`). Answers WeChat's name for the question:
    /// the answer comes to the push endpoint, within 30 minutes if at all.
    ///
    /// # Errors
    /// See [`CheckError`].
    pub async fn media_check(&self, media: &MediaCheck<'_>) -> Result<String, CheckError> {
        let body = json!({
            "media_url": media.media_url,
            "media_type": MEDIA_PICTURE,
            "version": VERSION,
            "scene": number_of(media.scene),
            "openid": media.openid,
        });
        let answer = self.check("/wxa/media_check_async", &body).await?;
        trace_id_of(&answer).ok_or(CheckError::WeChat(WeChatError::Busy(Trouble::Malformed)))
    }

    async fn check(&self, path: &str, body: &Value) -> Result<Value, CheckError> {
        match self.in_time(self.call_with_token(path, body)).await {
            Err(WeChatError::Other { errcode: errcode @ (40003 | 43104 | 61010) }) => {
                Err(CheckError::AuthorUnknown { errcode })
            }
            outcome => Ok(outcome?),
        }
    }
}

const fn number_of(scene: Scene) -> u8 {
    match scene {
        Scene::Profile => 1,
        Scene::Comment => 2,
        Scene::Forum => 3,
        Scene::SocialLog => 4,
    }
}

fn read_text_checked(answer: &Value) -> Result<TextChecked, WeChatError> {
    let result = answer.get("result").filter(|result| result.is_object());
    let suggest = result.and_then(|result| result.get("suggest")).and_then(Value::as_str);
    let suggest = suggest.ok_or(WeChatError::Busy(Trouble::Malformed))?;
    Ok(TextChecked {
        answer: answer_of(suggest),
        label: result.and_then(|result| number(result.get("label")?)),
        trace_id: trace_id_of(answer),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_numbers_or_texts_and_an_unknown_suggest_is_no_pass() {
        for (suggest, label, answer) in [
            ("risky", json!(20001), Answer::Risky),
            ("pass", json!("100"), Answer::Pass),
            ("review", json!(null), Answer::Review),
            ("ok", json!(100), Answer::Unreadable),
        ] {
            let number = label.as_i64().or(label.as_str().and_then(|text| text.parse().ok()));
            let body =
                json!({"result": {"suggest": suggest, "label": label}, "trace_id": "60ae120f"});
            let read = read_text_checked(&body).unwrap();
            let label = number.and_then(|number| i32::try_from(number).ok());
            assert_eq!(read, TextChecked { answer, label, trace_id: Some("60ae120f".into()) });
        }
    }

    #[test]
    fn an_answer_without_a_result_is_malformed() {
        for body in [json!({}), json!({"result": null}), json!({"result": {"label": 100}})] {
            let read = read_text_checked(&body);
            assert!(matches!(read, Err(WeChatError::Busy(Trouble::Malformed))), "{body}");
        }
    }
}
