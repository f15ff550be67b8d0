//! The stand-in's own addresses, `/standin/…`: what a telephone and a person do where WeChat is
//! real. Bad input is answered with HTTP 400 and `{"error": "…"}`.

use actix_web::error::InternalError;
use actix_web::{HttpResponse, rt, web};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::content::{MediaAnswer, TextAnswer};
use crate::endpoint::Endpoint;
use crate::fault::{DELAY_MILLIS_MAX, Fault, OVERSIZED_BYTES_MAX};
use crate::phone_number::CHINA;
use crate::push::message::popped_up;
use crate::push::{self, PushTarget};
use crate::state::{LoginUser, Phone, State};
use crate::subscribe::is_openid;

/// The most copies of one push.
const COPIES_MAX: u32 = 10;
/// The most accepted pop-ups at once.
const GRANTS_MAX: u32 = 10;
/// The longest openid or unionid, in bytes; WeChat's have 28.
const ID_BYTES_MAX: usize = 128;
/// The longest national phone number, in digits.
const PHONE_DIGITS_MAX: usize = 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginCodeIn {
    openid: String,
    unionid: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhoneCodeIn {
    phone_number: String,
    #[serde(default = "china")]
    country_code: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultIn {
    path: Endpoint,
    fault: Fault,
    #[serde(default = "once")]
    times: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantIn {
    openid: String,
    template_id: String,
    #[serde(default = "one")]
    times: u32,
}

fn one() -> u32 {
    1
}

fn china() -> u16 {
    CHINA
}

fn once() -> usize {
    1
}

/// A new login code, as `wx.login` gives one to the mini-program.
pub(crate) async fn login_code_create(
    state: web::Data<State>,
    body: web::Json<LoginCodeIn>,
) -> HttpResponse {
    let LoginCodeIn { openid, unionid } = body.into_inner();
    let fits = |id: &str| (1..=ID_BYTES_MAX).contains(&id.len());
    if !fits(&openid) || !unionid.as_deref().is_none_or(fits) {
        return bad_request(&format!("openid and unionid have 1 to {ID_BYTES_MAX} bytes"));
    }
    created(&state.issue_login_code(LoginUser { openid, unionid }))
}

/// A new phone code, as the button `getPhoneNumber` gives one to the mini-program.
pub(crate) async fn phone_code_create(
    state: web::Data<State>,
    body: web::Json<PhoneCodeIn>,
) -> HttpResponse {
    let PhoneCodeIn { phone_number, country_code } = body.into_inner();
    let digits = phone_number.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || !(1..=PHONE_DIGITS_MAX).contains(&phone_number.len()) {
        return bad_request(&format!("phone_number has 1 to {PHONE_DIGITS_MAX} digits, no sign"));
    }
    created(&state.issue_phone_code(Phone { country_code, national_number: phone_number }))
}

/// Lets the next calls to a path go wrong.
pub(crate) async fn fault_create(
    state: web::Data<State>,
    body: web::Json<FaultIn>,
) -> HttpResponse {
    let FaultIn { path, fault, times } = body.into_inner();
    match &fault {
        Fault::Delay { millis } if *millis > DELAY_MILLIS_MAX => {
            return bad_request(&format!("millis is at most {DELAY_MILLIS_MAX}"));
        }
        Fault::Oversized { bytes } if *bytes > OVERSIZED_BYTES_MAX => {
            return bad_request(&format!("bytes is at most {OVERSIZED_BYTES_MAX}"));
        }
        Fault::Status { status } if !(400..=599).contains(status) => {
            return bad_request("status is between 400 and 599");
        }
        Fault::Watermark { .. } if path != Endpoint::PhoneNumber => {
            return bad_request("only the phone number's answer has a watermark");
        }
        _ => {}
    }
    match state.queue_fault(path, &fault, times) {
        Ok(()) => HttpResponse::NoContent().finish(),
        Err(full) => bad_request(&full.to_string()),
    }
}

/// Lets a person accept subscribe messages, as the pop-up does; one push for each, if there is an
/// address to push to.
pub(crate) async fn grant_create(
    state: web::Data<State>,
    body: web::Json<GrantIn>,
) -> HttpResponse {
    let GrantIn { openid, template_id, times } = body.into_inner();
    if !is_openid(&openid) || !is_openid(&template_id) {
        return bad_request("openid and template_id have 1 to 128 letters, digits, - and _");
    }
    if !(1..=GRANTS_MAX).contains(&times) {
        return bad_request("times is 1 to 10");
    }
    let (now, target) = (state.now(), state.memory().contents.target.clone());
    state.memory().subscriptions.grant(&openid, &template_id, times);
    if let Some(target) = target {
        rt::spawn(async move {
            for time in 0..times {
                // A second apart: WeChat tells events of a person from each other by the second.
                let at = now + TimeDelta::seconds(i64::from(time));
                let message = popped_up(&openid, &template_id, true, at);
                push::deliver(&target, &state.setup.appid, &message, at).await;
            }
        });
    }
    HttpResponse::NoContent().finish()
}

/// Says where to push from now on.
pub(crate) async fn push_target_set(
    state: web::Data<State>,
    body: web::Json<PushTarget>,
) -> HttpResponse {
    if !(1..=COPIES_MAX).contains(&body.copies) || body.pause_millis > DELAY_MILLIS_MAX {
        return bad_request("copies is 1 to 10, pause_millis at most 120,000");
    }
    state.memory().contents.target = Some(body.into_inner());
    HttpResponse::NoContent().finish()
}

/// Pushes a message now; answers what came of every attempt.
pub(crate) async fn push_create(state: web::Data<State>, body: web::Json<Value>) -> HttpResponse {
    pushed(&state, &[body.into_inner()]).await
}

/// Pushes what was held back as late.
pub(crate) async fn late_push(state: web::Data<State>) -> HttpResponse {
    let late = state.memory().contents.take_late();
    pushed(&state, &late).await
}

async fn pushed(state: &web::Data<State>, messages: &[Value]) -> HttpResponse {
    let target = state.memory().contents.target.clone();
    let Some(target) = target else { return bad_request("no push target is set") };
    let mut list = Vec::new();
    for message in messages {
        let attempts = push::deliver(&target, &state.setup.appid, message, state.now()).await;
        list.extend(attempts.into_iter().map(|attempt| {
            json!({ "status": attempt.status, "body": attempt.body, "taken": attempt.is_taken() })
        }));
    }
    HttpResponse::Ok().json(json!({ "attempts": list }))
}

/// Says what WeChat thinks of the next text.
pub(crate) async fn text_answer_create(
    state: web::Data<State>,
    body: web::Json<TextAnswer>,
) -> HttpResponse {
    state.memory().contents.queue_text(body.into_inner());
    HttpResponse::NoContent().finish()
}

/// Says what becomes of the next picture.
pub(crate) async fn media_answer_create(
    state: web::Data<State>,
    body: web::Json<MediaAnswer>,
) -> HttpResponse {
    state.memory().contents.queue_media(body.into_inner());
    HttpResponse::NoContent().finish()
}

/// The subscribe messages that were sent, as a telephone would show them.
pub(crate) async fn message_list(state: web::Data<State>) -> HttpResponse {
    let list: Vec<_> = state
        .memory()
        .subscriptions
        .sent()
        .into_iter()
        .map(|sent| {
            json!({
                "openid": sent.openid, "template_id": sent.template_id, "page": sent.page,
                "data": sent.data, "miniprogram_state": sent.miniprogram_state,
            })
        })
        .collect();
    HttpResponse::Ok().json(json!({ "messages": list }))
}

impl State {
    pub(crate) fn issue_login_code(&self, user: LoginUser) -> String {
        let now = self.now();
        self.memory().login_codes.issue(user, now)
    }

    pub(crate) fn issue_phone_code(&self, phone: Phone) -> String {
        let now = self.now();
        self.memory().phone_codes.issue(phone, now)
    }
}

/// Reads JSON whatever its content type says, and answers what it cannot read as other bad input.
pub(crate) fn json_config() -> web::JsonConfig {
    web::JsonConfig::default().content_type_required(false).content_type(|_| true).error_handler(
        |error, _| {
            let answer = bad_request(&error.to_string());
            InternalError::from_response(error, answer).into()
        },
    )
}

fn created(code: &str) -> HttpResponse {
    HttpResponse::Created().json(json!({ "code": code }))
}

fn bad_request(error: &str) -> HttpResponse {
    HttpResponse::BadRequest().json(json!({ "error": error }))
}
