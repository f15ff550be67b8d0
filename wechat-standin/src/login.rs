//! `GET /sns/jscode2session`: who has this login code?
//!
//! The openid is the person's name within the mini-program. The session key comes along because
//! WeChat sends it; it opens nothing here.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::answer::{self, Refusal};
use crate::codes::Rejected;
use crate::endpoint::Endpoint;
use crate::state::{LoginUser, State};

/// A persona's login code is this and the persona's key.
const PERSONA_PREFIX: &str = "demo-";

pub(crate) async fn jscode2session(
    state: web::Data<State>,
    query: web::Query<HashMap<String, String>>,
) -> HttpResponse {
    let now = state.now();
    answer::render(session(&state, &query, now), Endpoint::Login.content_type(), now)
}

fn session(
    state: &State,
    query: &HashMap<String, String>,
    now: DateTime<Utc>,
) -> Result<Value, Refusal> {
    let given = |name: &str| query.get(name).map(String::as_str).filter(|value| !value.is_empty());
    state.check_app(given("appid"), given("secret"))?;
    if given("grant_type") != Some("authorization_code") {
        return Err(Refusal::INVALID_GRANT_TYPE);
    }
    let code = given("js_code").ok_or(Refusal::CODE_MISSING)?;
    let user = redeem(state, code, now)?;

    let session_key = STANDARD.encode(Uuid::now_v7().as_bytes());
    let mut body = json!({ "session_key": session_key, "openid": user.openid });
    if let Some(unionid) = user.unionid {
        body["unionid"] = Value::from(unionid);
    }
    Ok(body)
}

/// Takes the code. One refused by the rate limit is not used up.
fn redeem(state: &State, code: &str, now: DateTime<Utc>) -> Result<LoginUser, Refusal> {
    let mut memory = state.memory();
    let user = match state.persona_of(code, PERSONA_PREFIX) {
        Some(persona) => LoginUser { openid: persona.openid.clone(), unionid: None },
        None => memory.login_codes.look_up(code, now).map_err(|rejected| match rejected {
            Rejected::Unknown => Refusal::INVALID_CODE,
            Rejected::Used => Refusal::CODE_USED,
        })?,
    };
    let limit = state.setup.logins_per_minute;
    if !memory.calls_per_minute.admits(&format!("login {}", user.openid), limit, now) {
        return Err(Refusal::MINUTE_QUOTA);
    }
    memory.login_codes.use_up(code);
    Ok(user)
}

impl State {
    /// Checks what login and token calls both send.
    pub(crate) fn check_app(
        &self,
        appid: Option<&str>,
        secret: Option<&str>,
    ) -> Result<(), Refusal> {
        let appid = appid.ok_or(Refusal::APPID_MISSING)?;
        if appid != self.setup.appid {
            return Err(Refusal::INVALID_APPID);
        }
        let secret = secret.ok_or(Refusal::SECRET_MISSING)?;
        if secret != self.setup.secret {
            return Err(Refusal::INVALID_SECRET);
        }
        Ok(())
    }
}
