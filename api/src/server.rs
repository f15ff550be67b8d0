//! The HTTP server: routes, limits, and what every answer has in common.

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::http::header;
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use tracing_actix_web::TracingLogger;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::body::BODY_BYTES_MAX;
use crate::problem::{Door, Problem, in_the_clients_language};
use crate::routes;
use crate::spans::PathOnly;
use crate::state::State;

/// Starts answering on a listener.
///
/// # Errors
/// When the listener cannot be used.
pub fn start(state: State, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
    // Each worker has a thread pool of its own: together they are as many as there are connections.
    let connections = usize::try_from(state.db.connections_max()).unwrap_or(1);
    let blocking_threads = connections.div_ceil(workers.max(1));
    let state = web::Data::new(state);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(web::Data::clone(&state))
            .app_data(web::PayloadConfig::new(BODY_BYTES_MAX))
            .service(web::scope("/v1").configure(routes::all))
            .route("/healthz", web::get().to(healthz))
            .route("/openapi.json", web::get().to(document))
            .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/openapi.json")))
            .route("/docs", web::get().to(to_docs))
            .default_service(web::to(no_such_route))
            .wrap(from_fn(in_the_clients_language))
            .wrap(
                DefaultHeaders::new()
                    .add((header::CACHE_CONTROL, "no-store"))
                    .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff")),
            )
            .wrap(TracingLogger::<PathOnly>::new())
    })
    .workers(workers)
    .worker_max_blocking_threads(blocking_threads)
    .shutdown_timeout(10)
    .disable_signals()
    .listen(listener)?
    .run();
    Ok(server)
}

/// Whether the server can do its work: 200, or 503 while the database is away.
async fn healthz(state: web::Data<State>) -> Result<HttpResponse, Problem> {
    state.run(|db| db.ping()).await?;
    Ok(HttpResponse::Ok().json(serde_json::json!({"status": "ok"})))
}

/// The OpenAPI document.
async fn document() -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(crate::openapi::text())
}

async fn to_docs() -> HttpResponse {
    HttpResponse::Found().insert_header((header::LOCATION, "/docs/")).finish()
}

/// An address that exists, asked with another method, is answered 405; all others 404.
async fn no_such_route(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let known = request.resource_map().has_resource(request.path());
    Err(Problem::door(if known { Door::WrongMethod } else { Door::NoRoute }))
}
