//! The stand-in's own addresses, `/standin/…`: what a telephone and a person do where WeChat is
//! real. Bad input is answered with HTTP 400 and `{"error": "…"}`.

use actix_web::error::InternalError;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use crate::endpoint::Endpoint;
use crate::fault::{DELAY_MILLIS_MAX, Fault, OVERSIZED_BYTES_MAX};
use crate::phone_number::CHINA;
use crate::state::{LoginUser, Phone, State};
use crate::subscribe::is_openid;

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

/// Lets a person accept subscribe messages, as the pop-up does.
pub(crate) async fn grant_create(
    state: web::Data<State>,
    body: web::Json<GrantIn>,
) -> HttpResponse {
    let GrantIn { openid, template_id, times } = body.into_inner();
    if !is_openid(&openid) || !is_openid(&template_id) {
        return bad_request("openid and template_id have 1 to 128 letters, digits, - and _");
    }
    state.memory().subscriptions.grant(&openid, &template_id, times);
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
