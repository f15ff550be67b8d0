//! One call over HTTP: sent, read within limits, understood as far as `errcode`.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode, Url};
use serde::Deserialize;
use serde_json::Value;

use super::error::{Failure, Trouble};
use super::settings::{Limits, Settings, SettingsError};

/// The longest answer read, in bytes. The longest that WeChat sends here has less than one KiB.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// How often a call is repeated after "system busy".
const REPETITIONS_MAX: u32 = 5;
/// The longest request id taken into the log.
const RID_CHARS_MAX: usize = 64;

/// What to ask. With a body it is a POST, without one a GET.
pub(super) struct Call<'a> {
    /// From the root, such as `/sns/jscode2session`. This is what the log shows of the address.
    pub(super) path: &'a str,
    /// Holds secrets: not for the log.
    pub(super) query: &'a [(&'a str, &'a str)],
    pub(super) body: Option<&'a Value>,
}

/// What a call does when WeChat says that it is busy.
#[derive(Clone, Copy)]
pub(super) enum WhenBusy {
    BackOff,
    GiveUp,
}

/// The line to WeChat.
pub(super) struct Line {
    http: reqwest::Client,
    /// Without a slash at its end.
    base_url: String,
    backoff_first: Duration,
}

impl Line {
    pub(super) fn new(settings: &Settings, limits: &Limits) -> Result<Self, SettingsError> {
        let url = settings.check()?;
        let mut http = reqwest::Client::builder()
            .connect_timeout(limits.connect_max)
            .timeout(limits.call_max)
            // A redirect would carry the secret in the query elsewhere.
            .redirect(Policy::none())
            .referer(false);
        if url.scheme() == "http" {
            // Reading the system's CA certificates fails where there are none, and nobody needs
            // them to reach a stand-in.
            http = http.tls_certs_only([]);
        }
        if is_loopback(&url) {
            http = http.no_proxy();
        }
        Ok(Self {
            http: http.build().map_err(SettingsError::Http)?,
            base_url: url.as_str().trim_end_matches('/').to_owned(),
            backoff_first: limits.backoff_first,
        })
    }

    /// Makes the call. "System busy" is tried again, since WeChat has then done nothing; whatever
    /// else goes wrong is not, since it may have.
    pub(super) async fn call(
        &self,
        call: &Call<'_>,
        when_busy: WhenBusy,
    ) -> Result<Value, Failure> {
        let repetitions = match when_busy {
            WhenBusy::BackOff => REPETITIONS_MAX,
            WhenBusy::GiveUp => 0,
        };
        for repetition in 0..repetitions {
            match self.call_once(call).await {
                Err(Failure::BUSY) => {
                    let pause = self.backoff_first.saturating_mul(2_u32.pow(repetition));
                    tokio::time::sleep(pause).await;
                }
                outcome => return outcome,
            }
        }
        self.call_once(call).await
    }

    async fn call_once(&self, call: &Call<'_>) -> Result<Value, Failure> {
        let outcome = match self.exchange(call).await {
            Ok(body) => understand(&body),
            Err(trouble) => Err(Unanswered::Trouble(trouble)),
        };
        outcome.map_err(|unanswered| match unanswered {
            Unanswered::Refused { errcode, rid } => {
                tracing::info!(path = call.path, errcode, rid, "WeChat refused");
                Failure::Refused { errcode }
            }
            Unanswered::Trouble(trouble) => {
                tracing::warn!(path = call.path, %trouble, "WeChat did not answer as it should");
                Failure::Trouble(trouble)
            }
        })
    }

    async fn exchange(&self, call: &Call<'_>) -> Result<Vec<u8>, Trouble> {
        let url = format!("{}{}", self.base_url, call.path);
        let request = match call.body {
            // Built from one piece, so that it has a Content-Length: WeChat answers 412 without.
            Some(body) => self.http.post(url).json(body),
            None => self.http.get(url),
        };
        let response = request.query(call.query).send().await.map_err(trouble_of)?;
        match response.status() {
            StatusCode::OK => read(response).await,
            status => Err(Trouble::Status(status.as_u16())),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Reads the body whatever its content type says: that of a login is `text/plain`.
async fn read(mut response: Response) -> Result<Vec<u8>, Trouble> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(trouble_of)? {
        if body.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(Trouble::TooLong);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn trouble_of(error: reqwest::Error) -> Trouble {
    let timed_out = error.is_timeout();
    // With its URL the error would hold the secret or the token.
    tracing::debug!(error = ?error.without_url(), "the exchange with WeChat failed");
    if timed_out { Trouble::Timeout } else { Trouble::Connection }
}

enum Unanswered {
    Refused { errcode: i64, rid: Option<String> },
    Trouble(Trouble),
}

#[derive(Deserialize)]
struct Envelope {
    /// Left out by some successes.
    #[serde(default)]
    errcode: i64,
    #[serde(default)]
    errmsg: String,
}

fn understand(body: &[u8]) -> Result<Value, Unanswered> {
    const MALFORMED: Unanswered = Unanswered::Trouble(Trouble::Malformed);
    let body: Value = serde_json::from_slice(body).map_err(|_| MALFORMED)?;
    // Serde would also read the envelope from a list.
    if !body.is_object() {
        return Err(MALFORMED);
    }
    let Envelope { errcode, errmsg } = Envelope::deserialize(&body).map_err(|_| MALFORMED)?;
    match errcode {
        0 => Ok(body),
        _ => Err(Unanswered::Refused { errcode, rid: rid_of(&errmsg) }),
    }
}

/// The id by which WeChat's support finds the request. The rest of the text stays out of the log:
/// nobody promises what is in it.
fn rid_of(errmsg: &str) -> Option<String> {
    let (_, after) = errmsg.rsplit_once("rid:")?;
    let rid: String = after
        .trim_start()
        .chars()
        .take_while(|sign| sign.is_ascii_hexdigit() || *sign == '-')
        .take(RID_CHARS_MAX)
        .collect();
    (!rid.is_empty()).then_some(rid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rid_is_found_with_and_without_a_comma() {
        let rid = Some("6129ee10-272863a4-64d75414".to_owned());
        assert_eq!(rid_of("invalid code, rid: 6129ee10-272863a4-64d75414"), rid);
        assert_eq!(rid_of("at https://mmbizurl.cn/s/Jt rid: 6129ee10-272863a4-64d75414 x"), rid);
        assert_eq!(rid_of("invalid code"), None);
        assert_eq!(rid_of("rid: "), None);
    }

    #[test]
    fn only_addresses_of_this_machine_are_loopback() {
        for (url, loopback) in [
            ("http://127.0.0.1:8089", true),
            ("http://[::1]:8089", true),
            ("http://localhost:8089", true),
            ("https://api.weixin.qq.com", false),
            ("http://10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(url).expect("a URL")), loopback, "{url}");
        }
    }

    #[test]
    fn an_answer_without_errcode_is_a_success() {
        assert!(understand(br#"{"openid":"o"}"#).is_ok());
        assert!(understand(br#"{"errcode":0}"#).is_ok());
    }

    #[test]
    fn an_answer_that_is_no_object_is_malformed() {
        for body in [&b"[]"[..], b"null", b"1", b"", b"<html>", br#"{"errcode":"0"}"#] {
            let outcome = understand(body);
            assert!(matches!(outcome, Err(Unanswered::Trouble(Trouble::Malformed))), "{body:?}");
        }
    }
}
