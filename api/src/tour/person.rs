//! The people of the tour, and the telling of what they do.

use chrono::{DateTime, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::boot::Failed;

/// Where the tour plays, and who is signed in.
pub(super) struct Stage {
    http: reqwest::Client,
    url: String,
    steps: u32,
}

/// Somebody who is signed in.
#[derive(Clone)]
pub(super) struct Person {
    who: &'static str,
    token: String,
}

/// What to send besides the path.
pub(super) enum Send {
    /// GET.
    Get,
    /// POST of a JSON body, with an idempotency key of its own.
    Post(Value),
    /// POST with a key that was used before, or will be.
    PostWithKey(Value, String),
    /// POST of a picture, as `wx.uploadFile` does.
    Upload(Vec<u8>),
}

impl Stage {
    pub(super) fn new(url: &str) -> Self {
        Self { http: reqwest::Client::new(), url: url.to_owned(), steps: 0 }
    }

    /// Tells the next step.
    pub(super) fn narrate(&mut self, text: &str) {
        self.steps += 1;
        println!("\n{:>2}. {text}", self.steps);
    }

    /// Signs a person of the demo in.
    pub(super) async fn sign_in(&self, who: &'static str) -> Result<Person, Failed> {
        let code = json!({"code": format!("demo-{who}"), "client": "tour"});
        let nobody = Person { who, token: String::new() };
        let tokens = self.ask(&nobody, "/v1/sessions", Send::Post(code), 201).await?;
        Ok(Person { who, token: text(&tokens, "/access_token")?.to_owned() })
    }

    /// Sends a request, tells it with its answer in short, and checks the status.
    pub(super) async fn ask(
        &self,
        person: &Person,
        path: &str,
        send: Send,
        status: u16,
    ) -> Result<Value, Failed> {
        let method = if matches!(send, Send::Get) { Method::GET } else { Method::POST };
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.url));
        if !person.token.is_empty() {
            request = request.bearer_auth(&person.token);
        }
        let mut said = String::new();
        request = match send {
            Send::Get => request,
            Send::Post(body) => {
                said = body.to_string();
                request.header("idempotency-key", Uuid::now_v7().to_string()).json(&body)
            }
            Send::PostWithKey(body, key) => {
                said = body.to_string();
                request.header("idempotency-key", key).json(&body)
            }
            Send::Upload(bytes) => {
                said = format!("({} bytes)", bytes.len());
                let file = reqwest::multipart::Part::bytes(bytes).file_name("photo.png");
                request.multipart(reqwest::multipart::Form::new().part("file", file))
            }
        };
        println!("    {} {method} {} {}", person.who, shortened(path, 90), shortened(&said, 160));
        let response = request.send().await?;
        let came = response.status().as_u16();
        let bytes = response.bytes().await?;
        let answer: Value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        // Tokens are nobody's business, not even a demo's.
        let shown = match answer.get("access_token") {
            Some(_) => "(tokens)".to_owned(),
            None => shortened(&answer.to_string(), 200),
        };
        println!("    {came} {shown}");
        if came == status {
            Ok(answer)
        } else {
            Err(Failed(format!("{path} answered {came}, not {status}: {answer:#}")))
        }
    }

    /// Somebody at a counter who signs in nowhere.
    pub(super) async fn look(&self, path: &str, body: Value, status: u16) -> Result<Value, Failed> {
        let counter = Person { who: "the counter", token: String::new() };
        self.ask(&counter, path, Send::Post(body), status).await
    }

    /// The demo's time.
    pub(super) async fn now(&self) -> Result<DateTime<Utc>, Failed> {
        let answer = self.http.get(format!("{}/v1/demo/clock", self.url)).send().await?;
        let answer: Value = serde_json::from_slice(&answer.bytes().await?)?;
        Ok(DateTime::parse_from_rfc3339(text(&answer, "/now")?)?.with_timezone(&Utc))
    }

    /// Lets time pass, up to a moment.
    pub(super) async fn wait_until(&mut self, moment: DateTime<Utc>) -> Result<(), Failed> {
        let seconds = (moment - self.now().await?).num_seconds().max(1);
        let url = format!("{}/v1/demo/clock", self.url);
        let answer = self.http.post(url).json(&json!({"seconds": seconds})).send().await?;
        if answer.status() != 200 {
            return Err(Failed(format!("the clock cannot be moved: {}", answer.status())));
        }
        self.narrate(&format!("Time passes: it is {} now.", crate::time::shown(self.now().await?)));
        Ok(())
    }
}

fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most).collect();
    format!("{head} …")
}

/// The text at a place of an answer.
pub(super) fn text<'a>(answer: &'a Value, place: &str) -> Result<&'a str, Failed> {
    let found = answer.pointer(place).and_then(Value::as_str);
    found.ok_or_else(|| Failed(format!("no text at {place} in {answer:#}")))
}

/// The whole number at a place of an answer.
pub(super) fn number(answer: &Value, place: &str) -> Result<i64, Failed> {
    let found = answer.pointer(place).and_then(Value::as_i64);
    found.ok_or_else(|| Failed(format!("no number at {place} in {answer:#}")))
}

/// Ends the tour if something is not as it should be.
pub(super) fn expect<T: PartialEq + std::fmt::Debug>(
    what: &str,
    came: &T,
    expected: &T,
) -> Result<(), Failed> {
    if came == expected {
        Ok(())
    } else {
        Err(Failed(format!("{what}: {came:?}, not {expected:?}")))
    }
}
