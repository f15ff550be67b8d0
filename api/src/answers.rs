//! The errors that every operation can answer, described once for the OpenAPI document.

use utoipa::IntoResponses;

use crate::problem::ProblemOut;

/// What can go wrong with any operation.
#[derive(IntoResponses)]
pub enum Failures {
    /// The path, a header, a query parameter or the body cannot be read.
    #[response(status = 400, content_type = "application/problem+json")]
    Unreadable(ProblemOut),
    /// No access token, or one that no longer holds.
    #[response(status = 401, content_type = "application/problem+json")]
    SignIn(ProblemOut),
    /// The actor may know of the thing but not do this.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemOut),
    /// It does not exist, or the actor may not know that it does.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(ProblemOut),
    /// The thing has moved on, somebody was faster, or the first request is still under way.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(ProblemOut),
    /// The body is larger than allowed.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(ProblemOut),
    /// The operation does not take this content type.
    #[response(status = 415, content_type = "application/problem+json")]
    WrongType(ProblemOut),
    /// A limit or a rule of the village stands against it.
    #[response(status = 422, content_type = "application/problem+json")]
    Rule(ProblemOut),
    /// Too many tries.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(ProblemOut),
    /// A mistake of ours.
    #[response(status = 500, content_type = "application/problem+json")]
    Bug(ProblemOut),
    /// The database, WeChat or the disk is away: repeat the request in a moment.
    #[response(status = 503, content_type = "application/problem+json")]
    Away(ProblemOut),
}
