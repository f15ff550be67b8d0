//! What is logged of a request: its path, never its query. A query can say where a villager stands, or for
//! whom somebody looks.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage};
use tracing::Span;
use tracing::field::Empty;
use tracing_actix_web::{DefaultRootSpanBuilder, RequestId, RootSpanBuilder};

/// The span around a request, with the fields that `tracing-actix-web` has by default.
#[derive(Clone, Copy, Debug)]
pub struct PathOnly;

impl RootSpanBuilder for PathOnly {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let route = request.match_pattern().unwrap_or_else(|| "default".to_owned());
        let agent = request.headers().get("user-agent").and_then(|value| value.to_str().ok());
        let connection = request.connection_info();
        let id = request.extensions().get::<RequestId>().copied();
        tracing::info_span!(
            "HTTP request",
            http.method = %request.method(),
            http.route = route,
            http.flavor = ?request.version(),
            http.scheme = connection.scheme(),
            http.host = connection.host(),
            http.client_ip = connection.realip_remote_addr().unwrap_or_default(),
            http.user_agent = agent.unwrap_or_default(),
            http.target = request.path(),
            http.status_code = Empty,
            otel.name = %format_args!("{} {route}", request.method()),
            otel.kind = "server",
            otel.status_code = Empty,
            trace_id = Empty,
            request_id = id.map(display),
            exception.message = Empty,
            exception.details = Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        DefaultRootSpanBuilder::on_request_end(span, outcome);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use actix_web::test::TestRequest;
    use tracing_subscriber::fmt::format::FmtSpan;

    use super::*;

    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn where_a_villager_stands_is_not_logged() {
        let (log, uri) = (Log::default(), "/v1/villages/7/shops?latitude_e6=26541234&cursor=x");
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_span_events(FmtSpan::NEW)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            PathOnly::on_request_start(&TestRequest::with_uri(uri).to_srv_request());
        });
        let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert!(logged.contains("/v1/villages/7/shops"), "{logged}");
        assert!(!logged.contains("latitude") && !logged.contains("26541234"), "{logged}");
        assert!(!logged.contains('?'), "{logged}");
    }
}
