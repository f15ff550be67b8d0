//! What happens to a call before it is answered: counting, the missing Content-Length, faults.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};

use crate::answer::{self, Refusal};
use crate::endpoint::Endpoint;
use crate::fault::Fault;
use crate::state::State;

/// Put into a request whose answer shall carry another appid in its watermark.
#[derive(Clone)]
pub(crate) struct ForeignWatermark(pub(crate) String);

/// The middleware around every WeChat call; the stand-in's own addresses do not pass it.
pub(crate) async fn gate(
    state: web::Data<State>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    let Some(endpoint) = Endpoint::of_path(request.path()) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let fault = {
        let mut memory = state.memory();
        *memory.calls.entry(endpoint).or_insert(0) += 1;
        memory.faults.get_mut(&endpoint).and_then(|waiting| waiting.pop_front())
    };
    if request.method() == Method::POST && !request.headers().contains_key(header::CONTENT_LENGTH) {
        return Ok(request.into_response(HttpResponse::PreconditionFailed().finish()));
    }
    if let Some(fault) = fault
        && let Some(answer) = befall(&state, &request, endpoint, fault).await
    {
        return Ok(request.into_response(answer));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Lets the fault happen. Where it is itself the answer, that is returned; else the call goes on.
async fn befall(
    state: &State,
    request: &ServiceRequest,
    endpoint: Endpoint,
    fault: Fault,
) -> Option<HttpResponse> {
    tracing::debug!(path = endpoint.path(), ?fault, "a queued fault happens");
    match fault {
        Fault::Errcode { errcode, errmsg } => {
            let refusal = Refusal::asked_for(errcode, errmsg);
            return Some(answer::render(Err(refusal), endpoint.content_type(), state.now()));
        }
        Fault::Delay { millis } => {
            actix_web::rt::time::sleep(Duration::from_millis(millis)).await;
        }
        Fault::Hold => state.held().await,
        Fault::Status { status } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let page = format!("<html><body><h1>{status}</h1></body></html>");
            return Some(HttpResponse::build(status).content_type("text/html").body(page));
        }
        Fault::Malformed => {
            let half = r#"{"errcode":0,"errmsg":"o"#;
            return Some(HttpResponse::Ok().content_type(endpoint.content_type()).body(half));
        }
        Fault::Oversized { bytes } => {
            let body = format!(r#"{{"errcode":0,"padding":"{}"}}"#, "x".repeat(bytes));
            return Some(HttpResponse::Ok().content_type(endpoint.content_type()).body(body));
        }
        Fault::Close => return Some(HttpResponse::Ok().body(BrokenOff)),
        Fault::TokensRevoked => state.memory().tokens.revoke_all(),
        Fault::Watermark { appid } => {
            request.extensions_mut().insert(ForeignWatermark(appid));
        }
    }
    None
}

impl Endpoint {
    /// What the call says its body is, right or wrong.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Login => answer::TEXT,
            Self::StableToken
            | Self::PhoneNumber
            | Self::TextCheck
            | Self::MediaCheck
            | Self::SubscribeSend => answer::JSON,
        }
    }
}

/// A body that promises bytes and fails before the first, upon which actix closes the connection.
struct BrokenOff;

impl MessageBody for BrokenOff {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(64)
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<web::Bytes, Self::Error>>> {
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::ConnectionAborted))))
    }

    fn try_into_bytes(self) -> Result<web::Bytes, Self>
    where
        Self: Sized,
    {
        Err(self)
    }
}
