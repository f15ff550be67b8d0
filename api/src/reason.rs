//! Why somebody reads: the header `Reading-Reason`. Who supervises must give it, others need not;
//! the policy says when (`domain::policy::needs_reason`), and infra records it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use chrono::{DateTime, Utc};
use infra::reading::Why;
use percent_encoding::percent_decode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::{Door, Problem};

const NAME: &str = "Reading-Reason";
/// The shortest reason, in characters: 检查 (inspection) is one.
const CHARS_MIN: usize = 2;
/// The longest reason, in characters.
const CHARS_MAX: usize = 200;

/// The reason that came with a request, if one did.
#[derive(Clone, Debug)]
pub struct Reading(Option<String>);

impl Reading {
    /// The reason with the moment of the reading, as infra records it.
    pub fn at(self, now: DateTime<Utc>) -> Why {
        Why { reason: self.0, at: now, about: None }
    }
}

impl FromRequest for Reading {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(value) = request.headers().get(NAME) else { return ready(Ok(Self(None))) };
        ready(read(value.as_bytes()).map(|reason| Self(Some(reason))).ok_or_else(|| {
            let message = "2 to 200 characters, as UTF-8 and percent-encoded";
            Problem::field(Door::BadHeader, NAME, message)
        }))
    }
}

fn read(value: &[u8]) -> Option<String> {
    let text = percent_decode(value).decode_utf8().ok()?;
    let text = text.trim();
    let fits = (CHARS_MIN..=CHARS_MAX).contains(&text.chars().count());
    (fits && !text.chars().any(char::is_control)).then(|| text.to_owned())
}

/// How `Reading-Reason` is described.
#[derive(IntoParams, Deserialize)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes a header that `Reading` reads")]
pub struct ReadingHeader {
    /// Why this is read, 2 to 200 characters, UTF-8 with percent-encoding (`encodeURIComponent`).
    /// Supervisors need it, and so do officers of towns and counties who look at the data of a
    /// household; it is recorded in the audit log.
    #[serde(rename = "Reading-Reason")]
    #[param(max_length = 1800, example = "%E6%A0%B8%E6%9F%A5%E4%B8%BE%E6%8A%A5")]
    reading_reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_read_with_and_without_percent_signs() {
        assert_eq!(read(b"%E6%A0%B8%E6%9F%A5%E4%B8%BE%E6%8A%A5"), Some("核查举报".into()));
        assert_eq!(read("核查举报".as_bytes()), Some("核查举报".into()));
        assert_eq!(read(b" monthly%20check "), Some("monthly check".into()));
        assert_eq!(read("好".repeat(200).as_bytes()), Some("好".repeat(200)));
    }

    #[test]
    fn what_is_no_reason_is_not_read() {
        for bad in ["", "%20%20", "a", "%E6%A0", "ab%0Acd"] {
            assert_eq!(read(bad.as_bytes()), None, "{bad}");
        }
        assert_eq!(read("好".repeat(201).as_bytes()), None);
    }
}
