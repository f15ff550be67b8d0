//! The bytes of a photo, at a signed link: for `<image>` of mini-programs and for WeChat's check of
//! pictures, which send no token.

use std::ops::Range;

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    self, ETag, EntityTag, Header, HeaderValue, IfNoneMatch, IfRange, Range as RangeHeader,
};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use domain::id::VillageId;
use infra::photos;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answers::Failures;
use crate::body::InPath;
use crate::problem::{Door, Language, Problem, ProblemOut};
use crate::state::State;

/// The bytes of a photo.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, max_length = 10_485_760)]
#[expect(dead_code, reason = "describes an answer that is sent piece by piece")]
pub struct PhotoBytes(Vec<u8>);

/// Fetch a photo or its thumbnail
///
/// At a link that another operation gave (`url`, `thumbnail_url`), for one to two hours; 403
/// `link_invalid` or `link_expired` otherwise. With `ETag`, `If-None-Match` (304), `Range` of one part
/// (206, 416) and `If-Range`; a browser may keep it as long as the link holds.
#[utoipa::path(
    tag = "mini-program",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        (
            "ticket" = String, Path, description = "Until when the link holds, and its signature.",
            max_length = 60,
        ),
        ("file" = String, Path, description = "The file's SHA-256, and `.jpg`.", max_length = 68),
    ),
    responses(
        (status = 200, description = "The picture.", content_type = "image/jpeg", body = PhotoBytes),
        (status = 206, description = "A part of it.", content_type = "image/jpeg", body = PhotoBytes),
        (status = 304, description = "The client has it."),
        (
            status = 416,
            description = "The part does not lie in it.",
            content_type = "application/problem+json",
            body = ProblemOut
        ),
        Failures
    )
)]
#[get("/photos/{village_id}/{ticket}/{file}")]
pub async fn photo_file_show(
    state: Data<State>,
    request: HttpRequest,
    path: InPath<(Uuid, String, String)>,
) -> Result<HttpResponse, Problem> {
    let (village, ticket, file) = (VillageId(path.0.0), &path.0.1, &path.0.2);
    let now = state.clock.now();
    let (address, until) = state.links.read(village, ticket, file, now)?;
    let length = state.run(move |db| photos::length(db, village, address)).await?;
    let tag = EntityTag::new_strong(address.to_string());
    let seconds = (until - now).num_seconds();
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header(ETag(tag.clone()))
        .insert_header((header::CACHE_CONTROL, format!("private, max-age={seconds}, immutable")));
    if has_it(&request, &tag) {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).finish());
    }
    answer
        .content_type("image/jpeg")
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CONTENT_DISPOSITION, "inline"));
    let part = match wanted(&request, &tag, length) {
        Wanted::Whole => 0..length,
        Wanted::Part(part) => {
            let told = format!("bytes {}-{}/{length}", part.start, part.end.saturating_sub(1));
            answer.status(StatusCode::PARTIAL_CONTENT).insert_header((header::CONTENT_RANGE, told));
            part
        }
        Wanted::Outside => return Ok(outside(&request, length)),
    };
    let size = part.end - part.start;
    let bytes = photos::open(&state.db, village, address, part).await?;
    Ok(answer.body(SizedStream::new(size, bytes)))
}

/// Whether the client has the file already.
fn has_it(request: &HttpRequest, tag: &EntityTag) -> bool {
    let known = request.headers().contains_key(header::IF_NONE_MATCH);
    known
        && match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|theirs| theirs.weak_eq(tag)),
            Err(_) => false,
        }
}

/// What of a file is asked for.
enum Wanted {
    Whole,
    Part(Range<u64>),
    Outside,
}

/// Which part a request asks for. One in words that are not known, or several at once, is the whole
/// (RFC 9110, 14.2); so is one of a file that the client had in another version.
fn wanted(request: &HttpRequest, tag: &EntityTag, length: u64) -> Wanted {
    let Some(range) = request.headers().get(header::RANGE) else { return Wanted::Whole };
    let range = range.to_str().ok().and_then(|text| text.parse().ok());
    let Some(RangeHeader::Bytes(parts)) = range else { return Wanted::Whole };
    let ([part], true) = (parts.as_slice(), same_version(request, tag)) else {
        return Wanted::Whole;
    };
    match part.to_satisfiable_range(length) {
        Some((first, last)) => Wanted::Part(first..last.saturating_add(1)),
        None => Wanted::Outside,
    }
}

fn same_version(request: &HttpRequest, tag: &EntityTag) -> bool {
    if !request.headers().contains_key(header::IF_RANGE) {
        return true;
    }
    matches!(IfRange::parse(request), Ok(IfRange::EntityTag(theirs)) if theirs.strong_eq(tag))
}

/// The part that is asked for does not lie in the file, which is so long.
fn outside(request: &HttpRequest, length: u64) -> HttpResponse {
    let language = Language::of(request.headers());
    let mut answer = Problem::door(Door::NoSuchPart).response(language);
    if let Ok(told) = HeaderValue::from_str(&format!("bytes */{length}")) {
        answer.headers_mut().insert(header::CONTENT_RANGE, told);
    }
    answer
}
