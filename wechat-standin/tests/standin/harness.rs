//! A stand-in with a clock that stands still until told, and short ways to call it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::DateTime;
use reqwest::Response;
use serde_json::{Value, json};
use wechat_standin::{Builder, Running, StandIn};

pub(crate) const APPID: &str = "wx5f0c9ab2d3e4f607";
pub(crate) const SECRET: &str = "0123456789abcdef0123456789abcdef";
/// 2026-01-01T08:00:00+08:00.
const START: i64 = 1_767_225_600;

pub(crate) struct Harness {
    pub(crate) running: Running,
    pub(crate) http: reqwest::Client,
    seconds: Arc<AtomicI64>,
}

impl Harness {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(set_up: impl FnOnce(Builder) -> Builder) -> Self {
        let seconds = Arc::new(AtomicI64::new(START));
        let read = Arc::clone(&seconds);
        let clock = Arc::new(move || {
            DateTime::from_timestamp(read.load(Ordering::SeqCst), 0).expect("within range")
        });
        let builder = set_up(StandIn::builder(APPID, SECRET).clock(clock));
        let running = builder.start(("127.0.0.1", 0)).expect("a free port");
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { running, http, seconds }
    }

    /// Lets time pass on the stand-in's clock.
    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.base_url())
    }

    pub(crate) async fn get(&self, path: &str, query: &[(&str, &str)]) -> Response {
        self.http.get(self.url(path)).query(query).send().await.expect("an answer")
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Response {
        self.http.post(self.url(path)).json(body).send().await.expect("an answer")
    }

    pub(crate) async fn login(&self, code: &str) -> Value {
        let query = [
            ("appid", APPID),
            ("secret", SECRET),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ];
        json_of(self.get("/sns/jscode2session", &query).await).await
    }

    pub(crate) async fn token_answer(&self, force: bool) -> Value {
        let body = json!({
            "grant_type": "client_credential",
            "appid": APPID,
            "secret": SECRET,
            "force_refresh": force,
        });
        json_of(self.post("/cgi-bin/stable_token", &body).await).await
    }

    pub(crate) async fn token(&self) -> String {
        self.token_answer(false).await["access_token"].as_str().expect("a token").to_owned()
    }

    pub(crate) async fn phone(&self, token: &str, code: &str) -> Value {
        let path = format!("/wxa/business/getuserphonenumber?access_token={token}");
        json_of(self.post(&path, &json!({ "code": code })).await).await
    }
}

/// The body as JSON, whatever the content type says.
pub(crate) async fn json_of(response: Response) -> Value {
    assert_eq!(response.status(), 200);
    serde_json::from_slice(&response.bytes().await.expect("a body")).expect("JSON")
}
