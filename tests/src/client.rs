//! A person with an app: sends requests, reads answers.

use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// Somebody who uses the API.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base_url: String,
    /// The access token, if signed in.
    pub token: Option<String>,
    /// The refresh token, if signed in.
    pub refresh_token: Option<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, `Null` if it is no JSON.
    pub body: Value,
}

impl Answer {
    /// Checks the status and gives the body.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{:#}", self.body);
        self.body
    }

    /// Checks that this is the problem with that status and code.
    #[track_caller]
    pub fn expect_problem(self, status: u16, code: &str) -> Value {
        let kind = self.headers.get("content-type").map(|value| value.to_str().unwrap_or_default());
        assert_eq!((self.status.as_u16(), self.code()), (status, code), "{:#}", self.body);
        assert_eq!(kind, Some("application/problem+json"));
        self.body
    }

    /// The code of a problem, empty if there is none.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

impl Client {
    /// Somebody who is not signed in.
    pub fn new(base_url: &str) -> Self {
        // Nobody needs certificates on the way to this machine, and reading them takes long.
        let http = reqwest::Client::builder().tls_certs_only([]).build().expect("a client");
        Self { http, base_url: base_url.to_owned(), token: None, refresh_token: None }
    }

    /// The same person, signed in with a code.
    pub async fn sign_in(mut self, code: &str) -> Self {
        let tokens = self.post("/v1/sessions", json!({"code": code, "client": "test"})).await;
        let tokens = tokens.expect(201);
        self.token = tokens["access_token"].as_str().map(str::to_owned);
        self.refresh_token = tokens["refresh_token"].as_str().map(str::to_owned);
        self
    }

    /// A request to be filled in by hand.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base_url));
        match &self.token {
            Some(token) => request.header(AUTHORIZATION, format!("Bearer {token}")),
            None => request,
        }
    }

    /// Sends a request and reads the answer.
    pub async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = response.bytes().await.expect("a body");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status, headers, body }
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// GET with a reason, as those who supervise need it.
    pub async fn read(&self, path: &str) -> Answer {
        let request = self.request(Method::GET, path);
        self.send(request.header("reading-reason", "quarterly inspection")).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// POST, with an idempotency key of its own.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.post_with_key(path, body, &uuid::Uuid::now_v7().to_string()).await
    }

    /// POST with a key.
    pub async fn post_with_key(&self, path: &str, body: Value, key: &str) -> Answer {
        let request = self.request(Method::POST, path).header("idempotency-key", key).json(&body);
        self.send(request).await
    }

    /// PUT.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    /// POST of one file as a form, as `wx.uploadFile` sends it.
    pub async fn upload(&self, path: &str, file: &[u8], name: &str) -> Answer {
        let part = reqwest::multipart::Part::bytes(file.to_vec()).file_name(name.to_owned());
        let form = reqwest::multipart::Form::new().part("file", part);
        self.send(self.request(Method::POST, path).multipart(form)).await
    }
}
