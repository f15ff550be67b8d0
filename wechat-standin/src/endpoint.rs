//! The WeChat calls the stand-in knows.

use serde::{Deserialize, Serialize};

/// A WeChat call. In JSON it is written as its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Endpoint {
    /// `GET /sns/jscode2session`: login code to openid.
    #[serde(rename = "/sns/jscode2session")]
    Login,
    /// `POST /cgi-bin/stable_token`: appid and secret to access token.
    #[serde(rename = "/cgi-bin/stable_token")]
    StableToken,
    /// `POST /wxa/business/getuserphonenumber`: phone code to phone number.
    #[serde(rename = "/wxa/business/getuserphonenumber")]
    PhoneNumber,
    /// `POST /wxa/msg_sec_check`: what WeChat thinks of a text.
    #[serde(rename = "/wxa/msg_sec_check")]
    TextCheck,
    /// `POST /wxa/media_check_async`: a picture to be looked at; the answer is pushed.
    #[serde(rename = "/wxa/media_check_async")]
    MediaCheck,
    /// `POST /cgi-bin/message/subscribe/send`: a message to who accepted one.
    #[serde(rename = "/cgi-bin/message/subscribe/send")]
    SubscribeSend,
}

impl Endpoint {
    /// Every endpoint, in the order of the README.
    pub const ALL: [Self; 6] = [
        Self::Login,
        Self::StableToken,
        Self::PhoneNumber,
        Self::TextCheck,
        Self::MediaCheck,
        Self::SubscribeSend,
    ];

    /// The path of the call, from the root of the server.
    pub fn path(self) -> &'static str {
        match self {
            Self::Login => "/sns/jscode2session",
            Self::StableToken => "/cgi-bin/stable_token",
            Self::PhoneNumber => "/wxa/business/getuserphonenumber",
            Self::TextCheck => "/wxa/msg_sec_check",
            Self::MediaCheck => "/wxa/media_check_async",
            Self::SubscribeSend => "/cgi-bin/message/subscribe/send",
        }
    }

    /// The endpoint with this path.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.path() == path)
    }
}
