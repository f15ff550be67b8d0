//! Files, as `wx.uploadFile` sends them: a form with one file in the field `file` and nothing else.

use std::future::Future;
use std::pin::Pin;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::TryStreamExt;
use utoipa::ToSchema;

use crate::problem::{Door, Problem};

/// The one file of a form, of at most so many bytes. What the client says of its name and type is
/// not looked at.
pub struct OneFile<const BYTES_MAX: usize> {
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that `OneFile` reads")]
pub struct FileIn {
    /// The file.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

impl<const BYTES_MAX: usize> FromRequest for OneFile<BYTES_MAX> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = Multipart::from_request(request, payload);
        Box::pin(async move {
            let mut form = form.await.map_err(|_| Problem::door(Door::WrongType))?;
            let mut file = None;
            while let Some(mut field) = form.try_next().await.map_err(|e| of_form(&e))? {
                let name = field.name().unwrap_or_default().to_owned();
                if name != "file" || file.is_some() {
                    let why = "the form has one field, `file`, once";
                    return Err(Problem::field(Door::BadBody, &name, why));
                }
                let bytes = read(&mut field, BYTES_MAX).await;
                drop(field);
                if bytes.is_err() {
                    read_to_the_end(&mut form).await;
                }
                file = Some(bytes?);
            }
            let bytes = file.ok_or_else(|| Problem::field(Door::BadBody, "file", "missing"))?;
            Ok(Self { bytes })
        })
    }
}

/// Reads what follows a file that was refused, if it is only the end of the form: a connection that
/// is closed with something unread loses the answer on its way to the client.
pub(crate) async fn read_to_the_end(form: &mut Multipart) {
    drop(form.try_next().await);
}

/// Reads a file up to its limit. Somewhat more is read and dropped, so that a client which is still
/// sending gets to see the answer.
async fn read(field: &mut Field, bytes_max: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut dropped = 0;
    while let Some(chunk) = field.try_next().await.map_err(|e| of_form(&e))? {
        if dropped == 0 && bytes.len() + chunk.len() <= bytes_max {
            bytes.extend_from_slice(&chunk);
        } else {
            dropped += chunk.len();
        }
        if dropped > bytes_max {
            break;
        }
    }
    if dropped > 0 { Err(Problem::door(Door::TooLarge)) } else { Ok(bytes) }
}

fn of_form(error: &MultipartError) -> Problem {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible => Problem::door(Door::WrongType),
        other => Problem::field(Door::BadBody, "", other),
    }
}
