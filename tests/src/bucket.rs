//! A bucket that speaks as S3 does and those that learned it from S3, as far as the store asks: for the
//! way to it, and for its faults. It also stands in for the proxy behind which all buckets lie.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::Method;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

/// How the bucket feels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// It does what it is asked.
    #[default]
    Well,
    /// It takes nothing more.
    Full,
    /// It does not answer.
    Silent,
}

#[derive(Default)]
struct Content {
    mood: Mood,
    files: BTreeMap<String, Vec<u8>>,
    asked: Vec<Asked>,
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What was to be done.
    pub method: String,
    /// The key, as [`Bucket::keys`] gives it.
    pub key: String,
    /// How it was signed; empty if it was not.
    pub authorization: String,
}

/// A running bucket.
pub struct Bucket {
    /// Where it is.
    pub endpoint: String,
    content: Arc<Mutex<Content>>,
    server: ServerHandle,
}

impl Bucket {
    /// Starts an empty one.
    pub fn start() -> Self {
        let content = Arc::new(Mutex::new(Content::default()));
        let shared = web::Data::from(Arc::clone(&content));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .app_data(web::PayloadConfig::new(32 * 1024 * 1024))
                .default_service(web::to(answer))
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { endpoint, content, server: handle }
    }

    /// Changes how it feels.
    pub fn set(&self, mood: Mood) {
        self.content.lock().expect("a lock").mood = mood;
    }

    /// The keys of what it holds, each with the bucket's name before it; with the whole host before it,
    /// where the bucket was asked as a proxy.
    pub fn keys(&self) -> Vec<String> {
        self.content.lock().expect("a lock").files.keys().cloned().collect()
    }

    /// Every request that came.
    pub fn asked(&self) -> Vec<Asked> {
        self.content.lock().expect("a lock").asked.clone()
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        drop(self.server.stop(false));
    }
}

async fn answer(
    request: HttpRequest,
    body: web::Bytes,
    content: web::Data<Mutex<Content>>,
) -> HttpResponse {
    let mood = content.lock().expect("a lock").mood;
    if mood == Mood::Silent {
        actix_web::rt::time::sleep(Duration::from_secs(60)).await;
    }
    let mut content = content.lock().expect("a lock");
    let header = request.headers().get("authorization").and_then(|value| value.to_str().ok());
    let key = format!("{}{}", request.uri().host().unwrap_or_default(), request.path());
    content.asked.push(Asked {
        method: request.method().to_string(),
        key: key.clone(),
        authorization: header.unwrap_or_default().to_owned(),
    });
    let error = |status, code: &str| {
        let text = format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>");
        HttpResponse::build(status).content_type("application/xml").body(text)
    };
    match *request.method() {
        Method::PUT if mood == Mood::Full => {
            error(actix_web::http::StatusCode::INSUFFICIENT_STORAGE, "InsufficientStorage")
        }
        Method::PUT => {
            content.files.insert(key, body.to_vec());
            HttpResponse::Ok().insert_header(("etag", "\"x\"")).finish()
        }
        Method::DELETE => {
            content.files.remove(&key);
            HttpResponse::NoContent().finish()
        }
        Method::GET | Method::HEAD => match content.files.get(&key) {
            None => error(actix_web::http::StatusCode::NOT_FOUND, "NoSuchKey"),
            Some(file) => part(&request, file),
        },
        _ => error(actix_web::http::StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed"),
    }
}

/// The part that is asked for; opendal asks for `bytes=from-to` or nothing.
fn part(request: &HttpRequest, file: &[u8]) -> HttpResponse {
    if request.method() == Method::HEAD {
        let length = u64::try_from(file.len()).expect("short");
        let mut answer = HttpResponse::Ok();
        return answer.no_chunking(length).insert_header(("etag", "\"x\"")).finish();
    }
    let range = request.headers().get("range").and_then(|value| value.to_str().ok());
    let ends = range.and_then(|text| text.strip_prefix("bytes=")?.split_once('-'));
    let Some((from, to)) = ends else { return HttpResponse::Ok().body(file.to_vec()) };
    let from: usize = from.parse().expect("a number");
    let to = to.parse().map_or(file.len() - 1, |to: usize| to.min(file.len() - 1));
    HttpResponse::PartialContent()
        .insert_header(("content-range", format!("bytes {from}-{to}/{}", file.len())))
        .body(file[from..=to].to_vec())
}
