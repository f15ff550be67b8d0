//! `POST /cgi-bin/message/subscribe/send`: a message for who accepted one. An accepted pop-up is good
//! for one message; they are counted by person and template.

mod fields;

use std::collections::{BTreeMap, HashMap, VecDeque};

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{self, Refusal};
use crate::endpoint::Endpoint;
use crate::stable_token::parse;
use crate::state::State;

/// Messages remembered; the oldest is dropped.
const SENT_MAX: usize = 10_000;
/// Persons and templates whose grants are counted, at most.
const GRANTS_MAX: usize = 100_000;
/// The longest page with its parameters, in bytes (our choice).
const PAGE_BYTES_MAX: usize = 1_024;
/// Fields of a message, at most.
const FIELDS_MAX: usize = 5;

/// A template of the mini-program's account, where the builder names some: without any, every
/// template is known and takes any fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: String,
    /// The names of its fields, such as `thing1`: a message must have just these.
    pub fields: Vec<String>,
}

/// A message that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMessage {
    /// To whom.
    pub openid: String,
    /// By which template.
    pub template_id: String,
    /// Which page it opens.
    pub page: Option<String>,
    /// The fields.
    pub data: BTreeMap<String, String>,
    /// Which version of the mini-program it opens.
    pub miniprogram_state: Option<String>,
}

/// Grants and messages.
#[derive(Default)]
pub(crate) struct Subscriptions {
    grants: HashMap<(String, String), u32>,
    sent: VecDeque<SentMessage>,
}

impl Subscriptions {
    pub(crate) fn grant(&mut self, openid: &str, template_id: &str, times: u32) {
        let key = (openid.to_owned(), template_id.to_owned());
        if self.grants.len() < GRANTS_MAX || self.grants.contains_key(&key) {
            let left = self.grants.entry(key).or_insert(0);
            *left = left.saturating_add(times);
        }
    }

    pub(crate) fn left(&self, openid: &str, template_id: &str) -> u32 {
        let key = (openid.to_owned(), template_id.to_owned());
        self.grants.get(&key).copied().unwrap_or(0)
    }

    pub(crate) fn sent(&self) -> Vec<SentMessage> {
        self.sent.iter().cloned().collect()
    }

    fn send(&mut self, message: SentMessage) -> Result<(), Refusal> {
        let key = (message.openid.clone(), message.template_id.clone());
        match self.grants.get_mut(&key) {
            Some(left) if *left > 0 => *left -= 1,
            _ => return Err(Refusal::NOT_ACCEPTED),
        }
        if self.sent.len() >= SENT_MAX {
            self.sent.pop_front();
        }
        self.sent.push_back(message);
        Ok(())
    }
}

#[derive(Deserialize)]
struct SendIn {
    touser: Option<String>,
    template_id: Option<String>,
    page: Option<String>,
    data: Option<BTreeMap<String, FieldIn>>,
    miniprogram_state: Option<String>,
}

#[derive(Deserialize)]
struct FieldIn {
    value: Value,
}

pub(crate) async fn subscribe_send(
    state: web::Data<State>,
    query: web::Query<HashMap<String, String>>,
    body: web::Bytes,
) -> HttpResponse {
    let now = state.now();
    let token = query.get("access_token").map(String::as_str).filter(|token| !token.is_empty());
    let outcome = send(&state, token, &body, now);
    answer::render(outcome, Endpoint::SubscribeSend.content_type(), now)
}

fn send(
    state: &State,
    token: Option<&str>,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let mut memory = state.memory();
    memory.tokens.check(token, now)?;
    let asked: SendIn = parse(body)?;
    let openid = asked.touser.filter(|openid| is_openid(openid)).ok_or(Refusal::INVALID_OPENID)?;
    let template_id =
        asked.template_id.filter(|id| !id.is_empty()).ok_or(Refusal::INVALID_TEMPLATE)?;
    let templates = &state.setup.templates;
    let template = templates.iter().find(|template| template.id == template_id);
    if template.is_none() && !templates.is_empty() {
        return Err(Refusal::INVALID_TEMPLATE);
    }
    if asked.page.as_deref().is_some_and(|page| !is_page(page)) {
        return Err(Refusal::INVALID_PAGE);
    }
    let data = fields::checked(
        asked.data.unwrap_or_default().into_iter().map(|(name, field)| (name, field.value)),
        template.map(|template| template.fields.as_slice()),
    )?;
    memory.subscriptions.send(SentMessage {
        openid,
        template_id,
        page: asked.page,
        data,
        miniprogram_state: asked.miniprogram_state,
    })?;
    Ok(json!({ "errcode": 0, "errmsg": "ok" }))
}

/// Whether a text looks like an openid. Whom the stand-in has seen does not matter.
pub(crate) fn is_openid(text: &str) -> bool {
    let sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=128).contains(&text.len()) && text.bytes().all(sign)
}

/// A page has no leading slash; which pages there are, the stand-in does not know.
fn is_page(page: &str) -> bool {
    !page.is_empty() && page.len() <= PAGE_BYTES_MAX && !page.starts_with('/')
}
