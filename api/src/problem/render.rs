//! How a problem is written: in the language of the client, which is known only when the answer
//! leaves.

use std::fmt;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use super::{FieldError, Problem};

/// The body of every error (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "about:blank", "title": "Unprocessable Entity", "status": 422,
    "code": "deed_in_future", "detail": "日期还没到,不能提前申报。"
}))]
pub struct ProblemOut {
    /// Always `about:blank`: the code tells which problem it is.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// The words of the HTTP status.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// The stable code to branch on.
    #[schema(example = "deed_in_future")]
    code: &'static str,
    /// What to tell people: Chinese, or English if `Accept-Language` prefers it.
    detail: String,
    /// What is wrong with which field.
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    errors: Vec<FieldError>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Chinese,
    English,
}

impl Language {
    /// English if it stands before any Chinese in `Accept-Language`; else Chinese.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let first = wanted.unwrap_or_default().split(',').map(str::trim).find_map(|range| {
            let range = range.to_ascii_lowercase();
            if range.starts_with("en") {
                Some(Self::English)
            } else if range.starts_with("zh") {
                Some(Self::Chinese)
            } else {
                None
            }
        });
        first.unwrap_or(Self::Chinese)
    }
}

impl Problem {
    /// The answer, in a language.
    pub(crate) fn response(&self, language: Language) -> HttpResponse {
        let status = self.status();
        let errors = self.field_errors(language);
        let body = ProblemOut {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code: self.code(),
            detail: self.words(language),
            errors,
        };
        let mut response = HttpResponse::build(status);
        if status.as_u16() == 401 {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if matches!(status.as_u16(), 429 | 503) {
            response.insert_header((header::RETRY_AFTER, "5"));
        }
        let mut response = response.json(body);
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> actix_web::http::StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.response(Language::Chinese)
    }
}

/// Middleware that writes problems in the client's language.
///
/// # Errors
/// Those of the service.
pub async fn in_the_clients_language<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, actix_web::Error> {
    let language = Language::of(request.headers());
    let response = next.call(request).await?;
    let problem = response.response().error().and_then(|e| e.as_error::<Problem>()).cloned();
    Ok(match problem {
        Some(problem) if language == Language::English => {
            let (request, _) = response.into_parts();
            ServiceResponse::new(request, problem.response(language)).map_into_right_body()
        }
        _ => response.map_into_left_body(),
    })
}
