//! What a client has to be told.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Url;
use thiserror::Error;

/// Where the client gets the time from.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The secret of the mini-program. Its `Debug` does not show it.
#[derive(Clone)]
pub struct AppSecret(String);

impl AppSecret {
    /// Takes the secret as WeChat's console shows it.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AppSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppSecret(…)")
    }
}

/// Whom to ask and in whose name.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://api.weixin.qq.com`, or where a stand-in listens. The paths are put behind it.
    pub base_url: String,
    /// The id of the mini-program, `wx…`.
    pub appid: String,
    /// Its secret.
    pub secret: AppSecret,
}

/// How long the client waits for what. [`Limits::default`] is for production.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For a connection; 2 s.
    pub connect_max: Duration,
    /// For one HTTP call, connection included; 8 s.
    pub call_max: Duration,
    /// Before the first repetition after "system busy"; doubled each time, five times at most. 1 s.
    pub backoff_first: Duration,
    /// For all that one sign-in or one telephone number needs, repetitions included; 45 s, since
    /// `wx.request` gives up after 60.
    pub whole_max: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_max: Duration::from_secs(2),
            call_max: Duration::from_secs(8),
            backoff_first: Duration::from_secs(1),
            whole_max: Duration::from_secs(45),
        }
    }
}

/// Why no client could be made.
#[derive(Debug, Error)]
pub enum SettingsError {
    /// Not an address of HTTP or HTTPS, or one with a name, a query or a fragment in it.
    #[error("the WeChat base URL is not a plain http or https address")]
    BaseUrl,
    /// The appid is empty.
    #[error("the WeChat appid is empty")]
    AppidEmpty,
    /// The secret is empty.
    #[error("the WeChat app secret is empty")]
    SecretEmpty,
    /// TLS could not be set up, most often because the system has no CA certificates.
    #[error("the HTTPS client for WeChat cannot be set up (are CA certificates installed?)")]
    Http(#[source] reqwest::Error),
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    Random,
}

impl Settings {
    /// Checks what can be checked without asking WeChat; gives the base URL.
    pub(super) fn check(&self) -> Result<Url, SettingsError> {
        if self.appid.is_empty() {
            return Err(SettingsError::AppidEmpty);
        }
        if self.secret.0.is_empty() {
            return Err(SettingsError::SecretEmpty);
        }
        let url = Url::parse(&self.base_url).map_err(|_| SettingsError::BaseUrl)?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if plain { Ok(url) } else { Err(SettingsError::BaseUrl) }
    }
}
