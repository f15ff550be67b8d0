//! Evidence: pictures in, one a request as `wx.uploadFile` sends them, and out again.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::body::SizedStream;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use domain::evidence::BYTES_MAX;
use domain::id::{EvidenceId, VillageId};
use futures_util::StreamExt;
use infra::evidence::{self, Stored, Upload};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::InPath;
use crate::problem::{Door, Problem};
use crate::reason::{Reading, ReadingHeader};
use crate::session::Acting;
use crate::state::State;
use crate::upload::read_to_the_end;

/// The longest `name`, in bytes.
const NAME_BYTES_MAX: usize = 1_000;
/// How much of a file that is too large is read and thrown away, so that the sender hears why.
const SURPLUS_BYTES_MAX: usize = 20 * 1024 * 1024;

/// A form with one file.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a form that is read piece by piece")]
pub struct EvidenceForm {
    /// JPEG, PNG or WebP, up to 10 MB (10,485,760 bytes); told by its content.
    #[schema(value_type = String, format = Binary, max_length = 10_485_760)]
    file: Vec<u8>,
    /// What the client calls it. It may be sent, up to 1,000 bytes, and is not kept.
    #[schema(max_length = 1000)]
    name: Option<String>,
}

/// The bytes of a picture.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, max_length = 10_485_760)]
#[expect(dead_code, reason = "describes an answer that is sent piece by piece")]
pub struct Picture(Vec<u8>);

/// A file that was taken.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "media_type": "image/jpeg", "bytes": 384_122,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub struct EvidenceOut {
    /// Its id, for `evidence_ids`.
    id: Uuid,
    /// What it is.
    media_type: &'static str,
    /// How long it is.
    bytes: usize,
    /// Its SHA-256, in hexadecimal digits.
    sha256: String,
}

impl From<Stored> for EvidenceOut {
    fn from(stored: Stored) -> Self {
        Self {
            id: stored.id.0,
            media_type: stored.media.as_str(),
            bytes: stored.bytes,
            sha256: hex::encode(stored.sha256),
        }
    }
}

/// Upload a picture
///
/// One a request, in the field `file`, as `wx.uploadFile` sends it. Up to 10 MB (413 beyond). JPEG,
/// PNG or WebP by content (415 otherwise), not cut off (422). At most 60 files a day that are not
/// used for a claim. Whoever uploads a file uses it, once.
#[utoipa::path(
    tag = "mini-program",
    params(("village_id" = Uuid, Path, description = "The village.")),
    request_body(content = EvidenceForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Kept.", body = EvidenceOut), Failures)
)]
#[post("/villages/{village_id}/evidence")]
pub async fn evidence_upload(
    acting: Acting,
    state: Data<State>,
    path: InPath<Uuid>,
    form: Multipart,
) -> Result<HttpResponse, Problem> {
    let (village, now) = (VillageId(path.0), state.clock.now());
    let actor = std::sync::Arc::clone(&acting.actor);
    state.run(move |db| evidence::may_upload(db, &actor, village, now)).await?;
    let stored = receive(&state, village, form).await?;
    let row = stored.clone();
    let recorded =
        state.run(move |db| evidence::record(db, &acting.actor, village, &row, now)).await;
    if let Err(problem) = recorded {
        evidence::forget(&state.db, village, &stored).await;
        return Err(problem);
    }
    Ok(HttpResponse::Created().json(EvidenceOut::from(stored)))
}

/// Reads the form to its end. Nothing stays in the store unless all of it is right.
async fn receive(
    state: &State,
    village: VillageId,
    mut form: Multipart,
) -> Result<Stored, Problem> {
    let mut file = None;
    let read = read(state, village, &mut form, &mut file).await;
    match (read, file) {
        (Ok(()), Some(file)) => Ok(file.finish().await?),
        (Ok(()), None) => Err(Problem::field(Door::BadBody, "file", "missing")),
        (Err(problem), file) => {
            if let Some(file) = file {
                file.discard().await;
            }
            Err(problem)
        }
    }
}

async fn read(
    state: &State,
    village: VillageId,
    form: &mut Multipart,
    file: &mut Option<Upload>,
) -> Result<(), Problem> {
    while let Some(field) = form.next().await {
        let mut field = field.map_err(|error| unreadable(&error))?;
        match field.name().unwrap_or_default() {
            "file" if file.is_none() => {
                let upload = file.insert(Upload::begin(&state.db, village).await?);
                let taken = take(&mut field, upload).await;
                drop(field);
                if taken.is_err() {
                    read_to_the_end(form).await;
                }
                taken?;
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
    Ok(())
}

async fn take(field: &mut Field, upload: &mut Upload) -> Result<(), Problem> {
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
    if surplus == 0 { Ok(()) } else { Err(Problem::door(Door::TooLarge)) }
}

fn unreadable(error: &MultipartError) -> Problem {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible => Problem::door(Door::WrongType),
        _ => Problem::field(Door::BadBody, "", error),
    }
}

/// Look at a picture
///
/// For the households whose claims it supports, for whoever uploaded it, for officers and
/// supervisors.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("evidence_id" = Uuid, Path, description = "The file."),
        ReadingHeader,
    ),
    responses(
        (
            status = 200,
            description = "The bytes: `image/jpeg`, `image/png` or `image/webp`, up to 10 MB.",
            content_type = "image/*",
            body = Picture
        ),
        Failures
    )
)]
#[get("/villages/{village_id}/evidence/{evidence_id}")]
pub async fn evidence_show(
    acting: Acting,
    state: Data<State>,
    reading: Reading,
    path: InPath<(Uuid, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (village, id) = (VillageId(path.0.0), EvidenceId(path.0.1));
    let why = reading.at(state.clock.now());
    let known = state.run(move |db| evidence::find(db, &acting.actor, village, id, &why)).await?;
    let bytes = evidence::open(&state.db, village, id).await?;
    Ok(HttpResponse::Ok()
        .content_type(known.media.as_str())
        .insert_header((header::CONTENT_DISPOSITION, "inline"))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(SizedStream::new(known.bytes, bytes)))
}
