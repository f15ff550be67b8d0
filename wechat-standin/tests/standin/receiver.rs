//! An address that takes pushes, and has a picture.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt, web};

/// A push that came.
#[derive(Clone, Debug)]
pub(crate) struct Push {
    pub(crate) query: String,
    pub(crate) body: String,
}

#[derive(Default)]
struct Inbox {
    pushes: Vec<Push>,
    statuses: Vec<u16>,
}

pub(crate) struct Receiver {
    base_url: String,
    inbox: Arc<Mutex<Inbox>>,
}

impl Receiver {
    /// Answers with these statuses, then with 200.
    pub(crate) fn start(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base_url = format!("http://{}", listener.local_addr().expect("an address"));
        let statuses = statuses.iter().rev().copied().collect();
        let inbox = Arc::new(Mutex::new(Inbox { pushes: Vec::new(), statuses }));
        let shared = web::Data::from(Arc::clone(&inbox));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/push", web::post().to(take))
                .route("/picture.jpg", web::get().to(picture))
        });
        let server = server.workers(1).disable_signals().listen(listener).expect("a server").run();
        rt::spawn(server);
        Self { base_url, inbox }
    }

    pub(crate) fn url(&self) -> String {
        format!("{}/push", self.base_url)
    }

    pub(crate) fn picture_url(&self) -> String {
        format!("{}/picture.jpg", self.base_url)
    }

    /// The oldest push that was not looked at.
    pub(crate) async fn next(&self) -> Push {
        for _ in 0..400 {
            {
                let mut inbox = self.inbox.lock().expect("the inbox");
                if !inbox.pushes.is_empty() {
                    return inbox.pushes.remove(0);
                }
            }
            rt::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("no push came");
    }
}

async fn take(inbox: web::Data<Mutex<Inbox>>, request: HttpRequest, body: String) -> HttpResponse {
    let mut inbox = inbox.lock().expect("the inbox");
    inbox.pushes.push(Push { query: request.query_string().to_owned(), body });
    match inbox.statuses.pop() {
        None | Some(200) => HttpResponse::Ok().body("success"),
        Some(_) => HttpResponse::InternalServerError().finish(),
    }
}

async fn picture() -> HttpResponse {
    HttpResponse::Ok().content_type("image/jpeg").body("a picture")
}
