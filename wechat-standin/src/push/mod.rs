//! What WeChat pushes: to one address, plain or sealed, as JSON or XML, again and again until it is
//! taken.

pub(crate) mod message;
mod seal;

use std::sync::OnceLock;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use seal::{Sealed, seal};

/// How often a push is repeated that is not taken.
const REPETITIONS_MAX: u32 = 3;
/// How long an answer is waited for.
const ANSWER_MAX: Duration = Duration::from_secs(5);
/// The longest answer that is looked at, in bytes.
const ANSWER_BYTES_MAX: usize = 1_024;

/// Where to push, and how. In JSON for the stand-in's own address `/standin/push-target`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushTarget {
    /// The address, without a query.
    pub url: String,
    /// The token of the console (令牌).
    pub token: String,
    /// The key of the console (43 characters) for safe mode; plain mode without.
    pub aes_key: Option<String>,
    /// JSON or XML.
    #[serde(default)]
    pub format: PushFormat,
    /// How often each push is sent, repetitions of what was not taken apart.
    #[serde(default = "once")]
    pub copies: u32,
    /// Milliseconds between a push that was not taken and its repetition; WeChat's are five seconds.
    #[serde(default = "five_seconds")]
    pub pause_millis: u64,
}

fn once() -> u32 {
    1
}

fn five_seconds() -> u64 {
    5_000
}

/// The form of pushes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PushFormat {
    /// JSON.
    #[default]
    Json,
    /// XML.
    Xml,
}

/// What one attempt to push came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushAttempt {
    /// The HTTP status, if there was an answer in time.
    pub status: Option<u16>,
    /// What the answer said.
    pub body: String,
}

impl PushAttempt {
    /// Whether WeChat takes it for taken.
    pub fn is_taken(&self) -> bool {
        self.status == Some(200) && (self.body.is_empty() || self.body == "success")
    }
}

/// A client for all pushes and fetches. It speaks plain HTTP only: nothing here is to reach far.
pub(crate) fn http() -> Option<&'static reqwest::Client> {
    static CLIENT: OnceLock<Option<reqwest::Client>> = OnceLock::new();
    CLIENT
        .get_or_init(|| {
            let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
            // Connections of one runtime are of no use in another.
            builder.pool_max_idle_per_host(0).timeout(ANSWER_MAX).build().ok()
        })
        .as_ref()
}

/// Asks the address whether it is ours, as the console does when it is set. True if it answers with
/// what it was sent.
pub(crate) async fn verify(target: &PushTarget, now: DateTime<Utc>) -> bool {
    let echo = Uuid::now_v7().simple().to_string();
    let (timestamp, nonce) = (now.timestamp().to_string(), nonce());
    let signature = seal::signature(&[&target.token, &timestamp, &nonce]);
    let query = [
        ("signature", signature.as_str()),
        ("timestamp", &timestamp),
        ("nonce", &nonce),
        ("echostr", &echo),
    ];
    let Some(http) = http() else { return false };
    match http.get(&target.url).query(&query).send().await {
        Ok(answer) => answer.text().await.is_ok_and(|text| text == echo),
        Err(_) => false,
    }
}

/// Pushes a message, as often as the target wants and until it is taken. Answers every attempt.
pub(crate) async fn deliver(
    target: &PushTarget,
    appid: &str,
    message: &Value,
    now: DateTime<Utc>,
) -> Vec<PushAttempt> {
    let mut attempts = Vec::new();
    for _ in 0..target.copies {
        for repetition in 0..=REPETITIONS_MAX {
            if repetition > 0 {
                tokio::time::sleep(Duration::from_millis(target.pause_millis)).await;
            }
            let attempt = attempt(target, appid, message, now).await;
            let taken = attempt.is_taken();
            tracing::debug!(status = attempt.status, taken, "pushed");
            attempts.push(attempt);
            if taken {
                break;
            }
        }
    }
    attempts
}

async fn attempt(
    target: &PushTarget,
    appid: &str,
    message: &Value,
    now: DateTime<Utc>,
) -> PushAttempt {
    let none = PushAttempt { status: None, body: String::new() };
    let (timestamp, nonce) = (now.timestamp().to_string(), nonce());
    let signature = seal::signature(&[&target.token, &timestamp, &nonce]);
    let mut query = vec![("signature", signature), ("timestamp", timestamp), ("nonce", nonce)];
    if let Some(openid) = message["FromUserName"].as_str() {
        query.push(("openid", openid.to_owned()));
    }
    let mut body = message::written(message, target.format);
    if let Some(key) = &target.aes_key {
        let random = *Uuid::now_v7().as_bytes();
        let stamp = (query[1].1.clone(), query[2].1.clone());
        let Some(sealed) = seal(&target.token, key, appid, (&stamp.0, &stamp.1), &body, random)
        else {
            return none;
        };
        query.push(("encrypt_type", "aes".to_owned()));
        query.push(("msg_signature", sealed.msg_signature));
        let envelope = serde_json::json!({
            "ToUserName": message["ToUserName"], "Encrypt": sealed.encrypt,
        });
        body = message::written(&envelope, target.format);
    }
    let kind = match target.format {
        PushFormat::Json => "application/json",
        PushFormat::Xml => "text/xml",
    };
    let Some(http) = http() else { return none };
    let request = http.post(&target.url).query(&query).header("content-type", kind).body(body);
    match request.send().await {
        Ok(answer) => {
            let status = answer.status().as_u16();
            let mut body = answer.text().await.unwrap_or_default();
            if body.len() > ANSWER_BYTES_MAX {
                body.clear();
            }
            PushAttempt { status: Some(status), body }
        }
        Err(_) => none,
    }
}

/// A random number, as WeChat puts one into every push.
fn nonce() -> String {
    let (_, random) = Uuid::now_v7().as_u64_pair();
    (random % 1_000_000_000).to_string()
}
