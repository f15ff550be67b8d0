//! What may be asked of WeChat.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::call::{Call, Line, WhenBusy};
use super::error::{Trouble, WeChatError};
use super::renewal::Tokens;
use super::settings::{Clock, Limits, Settings, SettingsError};
use super::token_store::TokenStore;

/// The longest code sent on to WeChat, in bytes; its codes have 32 to 64.
const CODE_BYTES_MAX: usize = 256;
/// The longest openid or unionid accepted, in bytes; WeChat's have 28.
const ID_BYTES_MAX: usize = 128;
/// The longest national telephone number accepted, in digits; the plan of the ITU ends at 15.
const PHONE_DIGITS_MAX: usize = 15;

/// Who signed in, as WeChat names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginIdentity {
    /// The person's name within this mini-program.
    pub openid: String,
    /// The person's name across the operator's apps, where the account is tied to WeChat's Open
    /// Platform.
    pub unionid: Option<String>,
}

/// A telephone number that WeChat has verified. Its `Debug` does not show the number.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber {
    /// 86 for mainland China.
    pub country_code: u16,
    /// Digits only, without the country code.
    pub national_number: String,
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneNumber")
            .field("country_code", &self.country_code)
            .finish_non_exhaustive()
    }
}

/// Calls WeChat in the name of one mini-program. Make one and share it. Needs a tokio runtime with
/// time and I/O, such as actix has.
pub struct Client {
    settings: Settings,
    line: Line,
    tokens: Tokens,
    whole_max: Duration,
}

impl Client {
    /// Prepares a client. Nothing is sent yet.
    ///
    /// # Errors
    /// Where the settings cannot be right, or the system lacks what HTTPS needs.
    pub fn new(
        settings: Settings,
        limits: Limits,
        store: Arc<dyn TokenStore>,
        clock: Clock,
    ) -> Result<Self, SettingsError> {
        let line = Line::new(&settings, &limits)?;
        let tokens = Tokens::new(store, clock)?;
        Ok(Self { settings, line, tokens, whole_max: limits.whole_max })
    }

    /// Who got this code from `wx.login`? The code is spent by the question.
    ///
    /// # Errors
    /// [`WeChatError::CodeInvalid`], [`WeChatError::CodeUsed`], [`WeChatError::UserBlocked`], and
    /// what may befall any call. After [`WeChatError::Busy`] too, a new code is needed.
    pub async fn login(&self, code: &str) -> Result<LoginIdentity, WeChatError> {
        check_code(code)?;
        let query = [
            ("appid", self.settings.appid.as_str()),
            ("secret", self.settings.secret.expose()),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ];
        let call = Call { path: "/sns/jscode2session", query: &query, body: None };
        let answer =
            self.in_time(async { Ok(self.line.call(&call, WhenBusy::BackOff).await?) }).await?;
        // The session key in the answer is dropped with it: whoever has it could decrypt what
        // WeChat hands to the mini-program, and nothing here needs that.
        read_identity(answer).map_err(WeChatError::Busy)
    }

    /// Which number has the person whose button `getPhoneNumber` gave this code? The code is spent
    /// by the question, and most operators pay for it: ask once for each binding.
    ///
    /// # Errors
    /// [`WeChatError::CodeInvalid`], [`WeChatError::ForeignWatermark`], and what may befall any
    /// call. After [`WeChatError::Busy`] too, a new code is needed.
    pub async fn phone_number(&self, code: &str) -> Result<PhoneNumber, WeChatError> {
        check_code(code)?;
        let path = "/wxa/business/getuserphonenumber";
        let body = json!({ "code": code });
        let answer = self.in_time(self.call_with_token(path, &body)).await?;
        read_phone_number(answer, &self.settings.appid)
    }

    /// POSTs with an access token. Where WeChat refuses the token, another is fetched and the call
    /// made once more: a call refused so has done nothing.
    pub(super) async fn call_with_token(
        &self,
        path: &str,
        body: &Value,
    ) -> Result<Value, WeChatError> {
        let token = self.tokens.usable(None, &self.line, &self.settings).await?;
        let query = [("access_token", token.expose())];
        let call = Call { path, query: &query, body: Some(body) };
        match self.line.call(&call, WhenBusy::BackOff).await {
            Err(failure) if failure.is_of_token() => {}
            outcome => return Ok(outcome?),
        }
        let token = self.tokens.usable(Some(&token), &self.line, &self.settings).await?;
        let query = [("access_token", token.expose())];
        let call = Call { path, query: &query, body: Some(body) };
        Ok(self.line.call(&call, WhenBusy::BackOff).await?)
    }

    /// Puts the limit on everything that one question needs.
    pub(super) async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, WeChatError>>,
    ) -> Result<T, WeChatError> {
        match tokio::time::timeout(self.whole_max, work).await {
            Ok(outcome) => outcome,
            Err(_) => Err(WeChatError::Busy(Trouble::Timeout)),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// What no code of WeChat's can be is not sent on.
fn check_code(code: &str) -> Result<(), WeChatError> {
    let fits = (1..=CODE_BYTES_MAX).contains(&code.len());
    if fits { Ok(()) } else { Err(WeChatError::CodeInvalid) }
}

fn read_identity(answer: Value) -> Result<LoginIdentity, Trouble> {
    #[derive(Deserialize)]
    struct Session {
        openid: String,
        unionid: Option<String>,
    }
    let Session { openid, unionid } =
        serde_json::from_value(answer).map_err(|_| Trouble::Malformed)?;
    // Some accounts are told that they have no unionid by an empty one.
    let unionid = unionid.filter(|unionid| !unionid.is_empty());
    let fits = |id: &str| (1..=ID_BYTES_MAX).contains(&id.len());
    if !fits(&openid) || !unionid.as_deref().is_none_or(fits) {
        return Err(Trouble::Malformed);
    }
    Ok(LoginIdentity { openid, unionid })
}

fn read_phone_number(answer: Value, appid: &str) -> Result<PhoneNumber, WeChatError> {
    #[derive(Deserialize)]
    struct PhoneAnswer {
        phone_info: PhoneInfo,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct PhoneInfo {
        pure_phone_number: String,
        country_code: CountryCode,
        watermark: Watermark,
    }
    /// WeChat documents a text and shows a number.
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum CountryCode {
        Number(u16),
        Text(String),
    }
    #[derive(Deserialize)]
    struct Watermark {
        appid: String,
    }

    const MALFORMED: WeChatError = WeChatError::Busy(Trouble::Malformed);
    let PhoneAnswer { phone_info } = serde_json::from_value(answer).map_err(|_| MALFORMED)?;
    if phone_info.watermark.appid != appid {
        return Err(WeChatError::ForeignWatermark);
    }
    let country_code = match phone_info.country_code {
        CountryCode::Number(code) => code,
        CountryCode::Text(code) => code.parse().map_err(|_| MALFORMED)?,
    };
    let national_number = phone_info.pure_phone_number;
    let digits = national_number.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || !(1..=PHONE_DIGITS_MAX).contains(&national_number.len()) {
        return Err(MALFORMED);
    }
    Ok(PhoneNumber { country_code, national_number })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(number: &str, country_code: Value) -> Value {
        json!({ "phone_info": {
            "purePhoneNumber": number,
            "countryCode": country_code,
            "watermark": { "appid": "wx1", "timestamp": 1_637_744_274 },
        }})
    }

    #[test]
    fn a_country_code_may_be_a_number_or_a_text_with_or_without_plus() {
        for code in [json!(86), json!("86"), json!("+86")] {
            let phone = read_phone_number(answer("13800000001", code), "wx1").expect("read");
            assert_eq!(phone.country_code, 86);
            assert_eq!(phone.national_number, "13800000001");
        }
    }

    #[test]
    fn a_number_that_is_none_is_malformed() {
        for (number, code) in [
            ("", json!(86)),
            ("+8613800000001", json!(86)),
            ("1380000000a", json!(86)),
            ("1234567890123456", json!(86)),
            ("13800000001", json!("")),
            ("13800000001", json!("中国")),
            ("13800000001", json!(70_000)),
            ("13800000001", json!(null)),
        ] {
            let outcome = read_phone_number(answer(number, code.clone()), "wx1");
            let malformed = matches!(outcome, Err(WeChatError::Busy(Trouble::Malformed)));
            assert!(malformed, "{number} {code}: {outcome:?}");
        }
    }

    #[test]
    fn an_identity_without_openid_is_malformed() {
        for answer in [json!({}), json!({ "openid": "" }), json!({ "openid": "o".repeat(129) })] {
            assert_eq!(read_identity(answer), Err(Trouble::Malformed));
        }
    }

    #[test]
    fn an_empty_unionid_is_none() {
        let identity = read_identity(json!({ "openid": "o", "unionid": "" })).expect("read");
        assert_eq!(identity, LoginIdentity { openid: "o".to_owned(), unionid: None });
    }
}
