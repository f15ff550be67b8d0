//! `POST /wxa/business/getuserphonenumber`: which number has this phone code?
//!
//! The code comes from the button `getPhoneNumber`, not from `wx.login`; neither is accepted for
//! the other. A used code is refused as invalid: 40163 is documented for the login only.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{self, Refusal};
use crate::endpoint::Endpoint;
use crate::gate::ForeignWatermark;
use crate::stable_token::parse;
use crate::state::{Phone, State};

/// A persona's phone code is this and the persona's key.
const PERSONA_PREFIX: &str = "demo-phone-";
/// The country code of mainland China, where most numbers are from.
pub(crate) const CHINA: u16 = 86;

#[derive(Deserialize)]
struct PhoneNumberIn {
    code: Option<String>,
}

pub(crate) async fn getuserphonenumber(
    state: web::Data<State>,
    query: web::Query<HashMap<String, String>>,
    watermark: Option<web::ReqData<ForeignWatermark>>,
    body: web::Bytes,
) -> HttpResponse {
    let now = state.now();
    let token = query.get("access_token").map(String::as_str).filter(|token| !token.is_empty());
    let appid =
        watermark.map_or_else(|| state.setup.appid.clone(), |foreign| foreign.into_inner().0);
    let outcome = redeem(&state, token, &body, now)
        .map(|phone| phone_info(&phone, &appid, state.setup.country_code_is_text, now));
    answer::render(outcome, Endpoint::PhoneNumber.content_type(), now)
}

fn redeem(
    state: &State,
    token: Option<&str>,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<Phone, Refusal> {
    let mut memory = state.memory();
    memory.tokens.check(token, now)?;
    let asked: PhoneNumberIn = parse(body)?;
    let code = asked.code.filter(|code| !code.is_empty()).ok_or(Refusal::CODE_MISSING)?;
    if let Some(persona) = state.persona_of(&code, PERSONA_PREFIX) {
        return Ok(Phone { country_code: CHINA, national_number: persona.phone.clone() });
    }
    let phone = memory.phone_codes.look_up(&code, now).map_err(|_| Refusal::INVALID_CODE)?;
    memory.phone_codes.use_up(&code);
    Ok(phone)
}

fn phone_info(phone: &Phone, appid: &str, country_code_is_text: bool, now: DateTime<Utc>) -> Value {
    let Phone { country_code, national_number } = phone;
    // Foreign numbers come with their country code; how it is joined on is not documented.
    let full = match *country_code {
        CHINA => national_number.clone(),
        abroad => format!("{abroad}{national_number}"),
    };
    // Documented as text, shown as a number.
    let country_code = match country_code_is_text {
        true => Value::from(country_code.to_string()),
        false => Value::from(*country_code),
    };
    json!({
        "errcode": 0,
        "errmsg": "ok",
        "phone_info": {
            "phoneNumber": full,
            "purePhoneNumber": national_number,
            "countryCode": country_code,
            "watermark": { "timestamp": now.timestamp(), "appid": appid },
        },
    })
}
