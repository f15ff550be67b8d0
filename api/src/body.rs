//! Reading what a request brings: JSON bodies, values in the path, query parameters, keys. Whatever
//! cannot be read ends here, with the field that is wrong.

use std::future::{Future, Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, web};
use domain::id::UserId;
use infra::idempotency::Once;
use infra::secrets::{Lookup, Secrets, sha256};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;
use validator::{
    Validate, ValidateLength, ValidationError, ValidationErrors, ValidationErrorsKind,
};

use crate::problem::{Door, FieldError, Problem};
use crate::state::State;

/// The largest JSON body, in bytes: a bulk claim for a whole village, or a rule book.
pub const BODY_BYTES_MAX: usize = 1024 * 1024;

/// A JSON body that was read and checked against its limits, with the hash of its bytes.
pub struct Body<T> {
    /// What it says.
    pub value: T,
    /// SHA-256 of the body; it is kept nowhere as it is, see [`Key::once`].
    pub hash: Vec<u8>,
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let json = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.to_ascii_lowercase().starts_with("application/json"));
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            if !json {
                return Err(Problem::door(Door::WrongType));
            }
            let bytes = bytes.await.map_err(|error| {
                let too_large = error.as_response_error().status_code() == 413;
                Problem::door(if too_large { Door::TooLarge } else { Door::BadBody })
            })?;
            let value = read(&bytes)?;
            Ok(Self { value, hash: sha256(&bytes) })
        })
    }
}

fn read<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T, Problem> {
    if has_nul(bytes) {
        return Err(Problem::field(Door::BadBody, "", "\\u0000 is not a character of any text"));
    }
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { "" } else { path.as_str() };
        Problem::field(Door::BadBody, field, error.inner())
    })?;
    json.end().map_err(|error| Problem::field(Door::BadBody, "", error))?;
    check(&value)?;
    Ok(value)
}

/// Whether a text of a JSON body holds U+0000, which Postgres cannot store.
fn has_nul(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        let escape = rest.get(at..).unwrap_or_default();
        if escape.starts_with(b"\\u0000") {
            return true;
        }
        rest = escape.get(2..).unwrap_or_default();
    }
    false
}

/// Checks a line of text that people typed: something stands in it, and nothing invisible.
///
/// # Errors
/// `blank` or `control_character`.
pub fn filled(text: &str) -> Result<(), ValidationError> {
    if text.trim().is_empty() {
        return Err(ValidationError::new("blank"));
    }
    if text.chars().any(char::is_control) {
        return Err(ValidationError::new("control_character"));
    }
    Ok(())
}

/// Checks the limits of a value.
///
/// # Errors
/// `invalid` with every field that breaks one.
pub fn check(value: &impl Validate) -> Result<(), Problem> {
    value.validate().map_err(|errors| {
        let mut fields = Vec::new();
        collect(&errors, "", &mut fields);
        fields.sort_by(|a, b| a.field.cmp(&b.field));
        Problem::fields(Door::Invalid, fields)
    })
}

/// Checks how many characters a text has, in a body that is an enum: `validator` derives its checks
/// for structs only, and an enum of structs cannot be described with its unknown fields refused.
pub fn check_length(
    errors: &mut ValidationErrors,
    field: &'static str,
    text: &str,
    min: u64,
    max: u64,
) {
    if !text.validate_length(Some(min), Some(max), None) {
        let mut error = ValidationError::new("length");
        error.add_param("min".into(), &min);
        error.add_param("max".into(), &max);
        errors.add(field, error);
    }
}

fn collect(errors: &ValidationErrors, prefix: &str, fields: &mut Vec<FieldError>) {
    for (name, kind) in errors.errors() {
        let field = if prefix.is_empty() { name.to_string() } else { format!("{prefix}.{name}") };
        match kind {
            ValidationErrorsKind::Field(list) => fields.extend(list.iter().map(|error| {
                let limits = error.params.iter().filter(|(key, _)| *key != "value");
                let limits: Vec<_> = limits.map(|(key, limit)| format!("{key} {limit}")).collect();
                let message = format!("{} {}", error.code, limits.join(", "));
                FieldError {
                    field: field.clone(),
                    message: message.trim().to_owned(),
                    ..FieldError::default()
                }
            })),
            ValidationErrorsKind::Struct(inner) => collect(inner, &field, fields),
            ValidationErrorsKind::List(list) => {
                for (n, inner) in list {
                    collect(inner, &format!("{field}[{n}]"), fields);
                }
            }
        }
    }
}

/// Values in the path.
pub struct InPath<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for InPath<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let read = web::Path::<T>::from_request(request, payload).into_inner();
        ready(read.map(|path| Self(path.into_inner())).map_err(|_| Problem::door(Door::BadPath)))
    }
}

/// Query parameters, checked against their limits.
pub struct InQuery<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for InQuery<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let read = web::Query::<T>::from_request(request, payload)
            .into_inner()
            .map_err(|error| Problem::field(Door::BadQuery, "", error))
            .and_then(|query| check(&query.0).map(|()| Self(query.into_inner())));
        ready(read)
    }
}

/// The key that lets a request be repeated without being done twice: header `Idempotency-Key`.
#[derive(Clone, Debug)]
pub struct Key {
    key: String,
    what: String,
    secrets: Secrets,
}

impl Key {
    /// The request of this user with this body, to be done once.
    pub fn once(self, user: UserId, body_hash: &[u8]) -> Once {
        let asked = [self.what.as_bytes(), &[0], body_hash].concat();
        let request_hash = self.secrets.lookup_bytes(Lookup::Request, &asked);
        Once { user, key: self.key, request_hash }
    }
}

impl FromRequest for Key {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let key = request.headers().get("idempotency-key").and_then(|value| value.to_str().ok());
        let fits = |key: &&str| {
            (8..=64).contains(&key.len())
                && key.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        };
        let what = format!("{} {}", request.method(), request.path());
        let Some(state) = request.app_data::<web::Data<State>>() else {
            return ready(Err(Problem::door(Door::Bug)));
        };
        let secrets = state.db.secrets().clone();
        ready(
            key.filter(fits)
                .map(|key| Self { key: key.to_owned(), what, secrets })
                .ok_or(Problem::door(Door::KeyMissing)),
        )
    }
}

/// A key that a client may send and need not.
#[derive(Clone, Debug)]
pub struct OptionalKey(pub Option<Key>);

impl FromRequest for OptionalKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !request.headers().contains_key("idempotency-key") {
            return ready(Ok(Self(None)));
        }
        ready(Key::from_request(request, payload).into_inner().map(|key| Self(Some(key))))
    }
}

/// How an `Idempotency-Key` that need not be sent is described.
#[derive(IntoParams, Deserialize)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes a header that `OptionalKey` reads")]
pub struct OptionalKeyHeader {
    /// A key made by the client, such as a UUID, sent again with every repeat of the same request:
    /// a repeat gets the first answer and does nothing. Kept for a day.
    #[serde(rename = "Idempotency-Key")]
    #[param(
        min_length = 8,
        max_length = 64,
        pattern = "^[A-Za-z0-9_-]{8,64}$",
        example = "3f9c1d2e-7a51-4f0e-9b1c-2d8e6f7a0b11"
    )]
    idempotency_key: Option<String>,
}

/// How `Idempotency-Key` is described.
#[derive(IntoParams, Deserialize)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes a header that `Key` reads")]
pub struct KeyHeader {
    /// A key made by the client, such as a UUID, sent again with every repeat of the same request:
    /// a repeat gets the first answer and does nothing. Kept for a day.
    #[serde(rename = "Idempotency-Key")]
    #[param(
        min_length = 8,
        max_length = 64,
        pattern = "^[A-Za-z0-9_-]{8,64}$",
        example = "3f9c1d2e-7a51-4f0e-9b1c-2d8e6f7a0b11"
    )]
    idempotency_key: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_found_and_a_backslash_before_u0000_is_none() {
        assert!(has_nul(br#"{"a":"x\u0000"}"#));
        assert!(has_nul(br#"{"a":"\\\u0000"}"#));
        assert!(!has_nul(br#"{"a":"\\u0000"}"#));
        assert!(!has_nul(br#"{"a":"\n\u4e00"}"#));
    }
}
