//! What an answer of WeChat looks like.

use std::borrow::Cow;

use actix_web::HttpResponse;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

/// `jscode2session` sends JSON and calls it text.
pub(crate) const TEXT: &str = "text/plain";
/// The others call it JSON, with a parameter that no standard knows.
pub(crate) const JSON: &str = "application/json; encoding=utf-8";

/// A business "no" of WeChat: HTTP status 200, a number and a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    errcode: i64,
    errmsg: Cow<'static, str>,
}

impl Refusal {
    pub(crate) const INVALID_CREDENTIAL: Self =
        Self::fixed(40001, "invalid credential, access_token is invalid or not latest");
    pub(crate) const INVALID_GRANT_TYPE: Self = Self::fixed(40002, "invalid grant_type");
    pub(crate) const INVALID_OPENID: Self = Self::fixed(40003, "invalid openid");
    pub(crate) const INVALID_TEMPLATE: Self = Self::fixed(40037, "invalid template_id");
    pub(crate) const INVALID_SCENE: Self = Self::fixed(40129, "invalid scene");
    pub(crate) const INVALID_PAGE: Self = Self::fixed(41030, "invalid page");
    pub(crate) const NOT_ACCEPTED: Self = Self::fixed(43101, "user refuse to accept the msg");
    pub(crate) const TOO_LONG: Self = Self::fixed(45002, "content size out of limit");
    pub(crate) const INVALID_APPID: Self = Self::fixed(40013, "invalid appid");
    pub(crate) const INVALID_CODE: Self = Self::fixed(40029, "invalid code");
    pub(crate) const INVALID_SECRET: Self = Self::fixed(40125, "invalid appsecret");
    pub(crate) const CODE_USED: Self = Self::fixed(40163, "code been used");
    pub(crate) const TOKEN_MISSING: Self = Self::fixed(41001, "access_token missing");
    pub(crate) const APPID_MISSING: Self = Self::fixed(41002, "appid missing");
    pub(crate) const SECRET_MISSING: Self = Self::fixed(41004, "appsecret missing");
    pub(crate) const CODE_MISSING: Self = Self::fixed(41008, "missing code");
    pub(crate) const TOKEN_EXPIRED: Self = Self::fixed(42001, "access_token expired");
    pub(crate) const GET_REQUIRED: Self = Self::fixed(43001, "require GET method");
    pub(crate) const POST_REQUIRED: Self = Self::fixed(43002, "require POST method");
    pub(crate) const EMPTY_BODY: Self = Self::fixed(44002, "empty post data");
    pub(crate) const DAY_QUOTA: Self = Self::fixed(45009, "reach max api daily quota limit");
    pub(crate) const MINUTE_QUOTA: Self =
        Self::fixed(45011, "api minute-quota reach limit, must slower, retry next minute");
    pub(crate) const BAD_JSON: Self = Self::fixed(47001, "data format error");

    const fn fixed(errcode: i64, errmsg: &'static str) -> Self {
        Self { errcode, errmsg: Cow::Borrowed(errmsg) }
    }

    /// A field of a message that is missing, strange or too long.
    pub(crate) fn argument(name: &str) -> Self {
        let errmsg = format!("argument invalid! data.{name}.value invalid");
        Self { errcode: 47003, errmsg: Cow::Owned(errmsg) }
    }

    /// A refusal that a queued fault asks for.
    pub(crate) fn asked_for(errcode: i64, errmsg: String) -> Self {
        Self { errcode, errmsg: Cow::Owned(errmsg) }
    }
}

/// Puts an outcome into HTTP. A success carries only the fields given to it: WeChat leaves
/// `errcode` out where it pleases.
pub(crate) fn render(
    outcome: Result<Value, Refusal>,
    content_type: &'static str,
    now: DateTime<Utc>,
) -> HttpResponse {
    let body = outcome.unwrap_or_else(|Refusal { errcode, errmsg }| {
        json!({ "errcode": errcode, "errmsg": format!("{errmsg}, rid: {}", rid(now)) })
    });
    HttpResponse::Ok().content_type(content_type).body(body.to_string())
}

/// WeChat's name for one request, by which its support finds it: the time and two random numbers,
/// in hexadecimal.
pub(crate) fn rid(now: DateTime<Utc>) -> String {
    let (_, random) = Uuid::now_v7().as_u64_pair();
    format!("{:08x}-{:08x}-{:08x}", now.timestamp(), random & 0xffff_ffff, random >> 32)
}
