//! A photo on its way in.

use std::sync::Arc;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use domain::id::VillageId;
use domain::photo::BYTES_MAX;
use futures_util::StreamExt;
use infra::photos::{self, Upload};
use utoipa::ToSchema;
use uuid::Uuid;

use super::PhotoOut;
use crate::answers::Failures;
use crate::body::InPath;
use crate::problem::{Door, Problem};
use crate::session::Acting;
use crate::state::State;
use crate::upload::read_to_the_end;

/// The longest `name`, in bytes.
const NAME_BYTES_MAX: usize = 1_000;
/// How much of a file that is too large is read and thrown away, so that the sender hears why.
const SURPLUS_BYTES_MAX: usize = 20 * 1024 * 1024;

/// A form with one photo.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that is read piece by piece")]
pub struct PhotoForm {
    /// JPEG, PNG or WebP, up to 10 MB (10,485,760 bytes) and 51 million pixels; told by its content.
    #[schema(value_type = String, format = Binary, max_length = 10_485_760)]
    file: Vec<u8>,
    /// What the client calls it. It may be sent, up to 1,000 bytes, and is not kept.
    #[schema(max_length = 1000)]
    name: Option<String>,
}

/// Upload a photo
///
/// One a request, in the field `file`, as `wx.uploadFile` sends it. Up to 10 MB (413 beyond) and 51
/// million pixels, 16,384 a side (422 `photo_too_large`). JPEG, PNG or WebP by content (415 otherwise;
/// `heic_not_taken` for HEIC, HEIF and AVIF: let `wx.compressImage` convert), whole and readable (422
/// `file_unreadable`). The picture is made anew as a JPEG of at most 2560 pixels a side, upright, and
/// nothing else of the file is kept: no place, no time, no phone. Of an animation the first picture is
/// taken, and what is transparent becomes white. At most 60 photos a day that are not used for
/// anything; what is not used within a day is removed. Whoever uploads a photo uses it, once: its id
/// goes into `evidence_ids` of a claim, or into a report.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village.")),
    request_body(content = PhotoForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Kept.", body = PhotoOut), Failures)
)]
#[post("/villages/{village_id}/photos")]
pub async fn photo_upload(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    form: Multipart,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let actor = Arc::clone(&acting.actor);
    state.run(move |db| photos::may_upload(db, &actor, village, now)).await?;
    let upload = receive(&state, form).await?;
    let (db, decoders) = (&state.db, &state.decoders);
    let photo = photos::take_in(db, decoders, acting.actor, village, upload, now).await?;
    Ok(HttpResponse::Created().json(PhotoOut::of(&state, village, &photo)))
}

/// Reads the form to its end.
async fn receive(state: &State, mut form: Multipart) -> Result<Upload, Problem> {
    let mut file = None;
    while let Some(field) = form.next().await {
        let mut field = field.map_err(|error| unreadable(&error))?;
        match field.name().unwrap_or_default() {
            "file" if file.is_none() => {
                let taken = take(&mut field, Upload::begin(&state.db)).await;
                drop(field);
                if taken.is_err() {
                    read_to_the_end(&mut form).await;
                }
                file = Some(taken?);
            }
            "file" => return Err(Problem::field(Door::BadBody, "file", "one file a request")),
            "name" => match field.bytes(NAME_BYTES_MAX).await {
                Ok(name) => drop(name.map_err(|error| unreadable(&error))?),
                Err(_) => return Err(Problem::field(Door::Invalid, "name", "too long")),
            },
            other => {
                let other: String = other.chars().take(100).collect();
                return Err(Problem::field(Door::BadBody, &other, "unknown field"));
            }
        }
    }
    file.ok_or_else(|| Problem::field(Door::BadBody, "file", "missing"))
}

async fn take(field: &mut Field, mut upload: Upload) -> Result<Upload, Problem> {
    let mut surplus = 0;
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(|error| unreadable(&error))?;
        if surplus == 0 && upload.bytes() + piece.len() <= BYTES_MAX {
            upload.push(&piece).await?;
        } else {
            surplus += piece.len();
            if surplus > SURPLUS_BYTES_MAX {
                break;
            }
        }
    }
    if surplus == 0 { Ok(upload) } else { Err(Problem::door(Door::TooLarge)) }
}

fn unreadable(error: &MultipartError) -> Problem {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible => Problem::door(Door::WrongType),
        _ => Problem::field(Door::BadBody, "", error),
    }
}
