//! Content security: `POST /wxa/msg_sec_check` for texts, `POST /wxa/media_check_async` for pictures.
//!
//! A text is answered at once. A picture is fetched after the call was answered, and what WeChat
//! thinks of it is pushed. Everything passes unless a test, or a word of the builder's, says otherwise.

use std::collections::{HashMap, VecDeque};

use actix_web::{HttpResponse, rt, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::{self, Refusal};
use crate::endpoint::Endpoint;
use crate::push::message::media_checked;
use crate::push::{self, PushTarget};
use crate::stable_token::parse;
use crate::state::State;
use crate::subscribe::is_openid;

/// Characters of a text, at most.
const TEXT_CHARS_MAX: usize = 2_500;
/// Bytes of a picture, at most.
const MEDIA_BYTES_MAX: usize = 10 * 1024 * 1024;
/// Calls admitted in a minute.
const TEXTS_PER_MINUTE: u32 = 4_000;
const MEDIA_PER_MINUTE: u32 = 2_000;
/// Answers that may be queued, and late pushes that may wait.
const QUEUED_MAX: usize = 1_000;

/// What WeChat thinks of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suggest {
    /// Nothing against it.
    Pass,
    /// A person should look.
    Review,
    /// Something against it.
    Risky,
}

impl Suggest {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Review => "review",
            Self::Risky => "risky",
        }
    }

    const fn label(self) -> u32 {
        match self {
            Self::Pass => 100,
            Self::Review => 20012,
            Self::Risky => 20006,
        }
    }
}

/// What becomes of the next text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextAnswer {
    /// WeChat says what it thinks.
    Says(Suggest),
    /// An answer without a result.
    NoResult,
    /// A result that nobody knows.
    Strange,
}

/// What becomes of the next picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaAnswer {
    /// The answer is pushed as soon as the picture was fetched.
    Says(Suggest),
    /// It is pushed before the call itself is answered.
    Early(Suggest),
    /// It is pushed when somebody says so ([`Running::push_late`](crate::Running::push_late)).
    Late(Suggest),
    /// Nothing is pushed.
    Never,
    /// WeChat could not fetch the picture (-1008), whether it could or not.
    NotFetched,
    /// A push without a result.
    NoResult,
    /// A push with a result that nobody knows.
    Strange,
}

/// Queued answers, late pushes, and where to push.
#[derive(Default)]
pub(crate) struct Contents {
    texts: VecDeque<TextAnswer>,
    media: VecDeque<MediaAnswer>,
    late: Vec<Value>,
    pub(crate) target: Option<PushTarget>,
}

impl Contents {
    /// Queues an answer to a text; the oldest is dropped where too many wait.
    pub(crate) fn queue_text(&mut self, answer: TextAnswer) {
        if self.texts.len() >= QUEUED_MAX {
            self.texts.pop_front();
        }
        self.texts.push_back(answer);
    }

    /// Queues an answer to a picture; the oldest is dropped where too many wait.
    pub(crate) fn queue_media(&mut self, answer: MediaAnswer) {
        if self.media.len() >= QUEUED_MAX {
            self.media.pop_front();
        }
        self.media.push_back(answer);
    }

    pub(crate) fn take_late(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.late)
    }
}

#[derive(Deserialize)]
struct TextIn {
    content: Option<String>,
    version: Option<u8>,
    scene: Option<u8>,
    openid: Option<String>,
}

#[derive(Deserialize)]
struct MediaIn {
    media_url: Option<String>,
    media_type: Option<u8>,
    version: Option<u8>,
    scene: Option<u8>,
    openid: Option<String>,
}

type Query = web::Query<HashMap<String, String>>;

fn token(query: &Query) -> Option<&str> {
    query.get("access_token").map(String::as_str).filter(|token| !token.is_empty())
}

/// Who and for what, as both calls have it. Version 1 is gone (our choice of code).
fn check_author(
    version: Option<u8>,
    scene: Option<u8>,
    openid: Option<String>,
) -> Result<String, Refusal> {
    if version != Some(2) {
        return Err(Refusal::BAD_JSON);
    }
    if !scene.is_some_and(|scene| (1..=4).contains(&scene)) {
        return Err(Refusal::INVALID_SCENE);
    }
    openid.filter(|openid| is_openid(openid)).ok_or(Refusal::INVALID_OPENID)
}

pub(crate) async fn msg_sec_check(
    state: web::Data<State>,
    query: Query,
    body: web::Bytes,
) -> HttpResponse {
    let now = state.now();
    let outcome = check_text(&state, token(&query), &body, now);
    answer::render(outcome, Endpoint::TextCheck.content_type(), now)
}

fn check_text(
    state: &State,
    token: Option<&str>,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let mut memory = state.memory();
    memory.tokens.check(token, now)?;
    let asked: TextIn = parse(body)?;
    check_author(asked.version, asked.scene, asked.openid)?;
    let content = asked.content.filter(|text| !text.is_empty()).ok_or(Refusal::EMPTY_BODY)?;
    if content.chars().count() > TEXT_CHARS_MAX {
        return Err(Refusal::TOO_LONG);
    }
    if !memory.calls_per_minute.admits("msg_sec_check", TEXTS_PER_MINUTE, now) {
        return Err(Refusal::MINUTE_QUOTA);
    }
    let by_word = state.setup.words.iter().find(|(word, _)| content.contains(word.as_str()));
    let said = memory.contents.texts.pop_front();
    let said = said.or(by_word.map(|(_, suggest)| TextAnswer::Says(*suggest)));
    let mut answer = json!({ "errcode": 0, "errmsg": "ok", "trace_id": answer::rid(now) });
    match said.unwrap_or(TextAnswer::Says(Suggest::Pass)) {
        TextAnswer::Says(suggest) => {
            answer["result"] = json!({ "suggest": suggest.as_str(), "label": suggest.label() });
            answer["detail"] = detail(suggest);
        }
        TextAnswer::NoResult => {}
        TextAnswer::Strange => answer["result"] = json!({ "suggest": "maybe", "label": 1 }),
    }
    Ok(answer)
}

fn detail(suggest: Suggest) -> Value {
    json!([{
        "strategy": "content_model", "errcode": 0, "suggest": suggest.as_str(),
        "label": suggest.label(), "prob": 90,
    }])
}

pub(crate) async fn media_check_async(
    state: web::Data<State>,
    query: Query,
    body: web::Bytes,
) -> HttpResponse {
    let now = state.now();
    let outcome = match admit_media(&state, token(&query), &body, now) {
        Ok(admitted) => {
            let trace_id = admitted.trace_id.clone();
            look_at(&state, admitted, now).await;
            Ok(json!({ "errcode": 0, "errmsg": "ok", "trace_id": trace_id }))
        }
        Err(refusal) => Err(refusal),
    };
    answer::render(outcome, Endpoint::MediaCheck.content_type(), now)
}

/// A picture that WeChat will look at.
struct Admitted {
    trace_id: String,
    openid: String,
    media_url: String,
    said: MediaAnswer,
    target: Option<PushTarget>,
}

fn admit_media(
    state: &State,
    token: Option<&str>,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<Admitted, Refusal> {
    let mut memory = state.memory();
    memory.tokens.check(token, now)?;
    let asked: MediaIn = parse(body)?;
    let openid = check_author(asked.version, asked.scene, asked.openid)?;
    let picture = asked.media_type == Some(2);
    let media_url = asked.media_url.filter(|url| picture && url.starts_with("http"));
    let media_url = media_url.ok_or(Refusal::BAD_JSON)?;
    if !memory.calls_per_minute.admits("media_check_async", MEDIA_PER_MINUTE, now) {
        return Err(Refusal::MINUTE_QUOTA);
    }
    let said = memory.contents.media.pop_front().unwrap_or(MediaAnswer::Says(Suggest::Pass));
    let target = memory.contents.target.clone();
    Ok(Admitted { trace_id: answer::rid(now), openid, media_url, said, target })
}

/// Looks at the picture and pushes what there is to say, when it is time.
async fn look_at(state: &web::Data<State>, admitted: Admitted, now: DateTime<Utc>) {
    let appid = state.setup.appid.clone();
    let message =
        |more: &Value| media_checked(&appid, &admitted.openid, &admitted.trace_id, more, now);
    let failed = json!({
        "detail": [], "errcode": -1008, "errmsg": "下载错误,请检查媒体链接是否有效",
    });
    match admitted.said {
        MediaAnswer::Never => return,
        MediaAnswer::Late(suggest) => {
            let mut memory = state.memory();
            if memory.contents.late.len() < QUEUED_MAX {
                memory.contents.late.push(message(&result(suggest)));
            }
            return;
        }
        _ => {}
    }
    let Some(target) = admitted.target.clone() else { return };
    let unseen = state.setup.takes_media_unseen;
    match admitted.said {
        MediaAnswer::Early(suggest) => {
            push::deliver(&target, &appid, &message(&result(suggest)), now).await;
        }
        MediaAnswer::Says(suggest) => {
            let (good, bad) = (message(&result(suggest)), message(&failed));
            let url = admitted.media_url.clone();
            rt::spawn(async move {
                let fetched = unseen || is_picture(&url).await;
                let said = if fetched { good } else { bad };
                push::deliver(&target, &appid, &said, now).await;
            });
        }
        MediaAnswer::NotFetched | MediaAnswer::NoResult | MediaAnswer::Strange => {
            let said = match admitted.said {
                MediaAnswer::NotFetched => message(&failed),
                MediaAnswer::Strange => message(&json!({ "result": { "suggest": "maybe" } })),
                _ => message(&json!({ "detail": [] })),
            };
            rt::spawn(async move {
                push::deliver(&target, &appid, &said, now).await;
            });
        }
        MediaAnswer::Never | MediaAnswer::Late(_) => {}
    }
}

/// Labels of pictures are texts.
fn result(suggest: Suggest) -> Value {
    let label = suggest.label().to_string();
    json!({
        "result": { "suggest": suggest.as_str(), "label": label },
        "detail": [{ "strategy": "content_model", "errcode": 0, "suggest": suggest.as_str(),
            "label": label, "prob": 90 }],
    })
}

/// Whether there is a picture at the address, of at most ten MB.
async fn is_picture(url: &str) -> bool {
    let Some(http) = push::http() else { return false };
    let Ok(mut answer) = http.get(url).send().await else { return false };
    let kind = answer.headers().get("content-type").and_then(|value| value.to_str().ok());
    if answer.status().as_u16() != 200 || !kind.is_some_and(|kind| kind.starts_with("image/")) {
        return false;
    }
    let mut bytes = 0;
    while let Ok(Some(chunk)) = answer.chunk().await {
        bytes += chunk.len();
        if bytes > MEDIA_BYTES_MAX {
            return false;
        }
    }
    bytes > 0
}
