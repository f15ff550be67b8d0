//! Rule books as files: TOML for those who edit text, XLSX that a clerk fills in.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use book_file::{Read, Reason};
use domain::calendar::day_of;
use domain::id::{RuleBookId, VillageId};
use infra::error::Error;
use infra::rule_books::file::{self, FILE_BYTES_MAX, Format};
use infra::rule_books::{self, Shown, Text};
use infra::secrets::sha256;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::answer;
use super::book::Book;
use super::out::{RuleBookOut, RuleBookTrialOut};
use crate::answers::Failures;
use crate::body::{InPath, InQuery, Key, KeyHeader, check};
use crate::problem::{FieldError, Language, Problem};
use crate::session::Acting;
use crate::state::State;
use crate::upload::OneFile;

/// Which kind of file.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FormatQuery {
    /// `toml`: text; `xlsx`: a workbook.
    #[param(inline)]
    format: FormatName,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FormatName {
    /// Text in UTF-8, for those who edit text.
    Toml,
    /// A workbook that a clerk fills in.
    Xlsx,
}

impl FormatName {
    const fn format(self) -> Format {
        match self {
            Self::Toml => Format::Toml,
            Self::Xlsx => Format::Xlsx,
        }
    }

    fn answer(self, name: &str, bytes: Vec<u8>) -> HttpResponse {
        let (media, extension) = match self {
            Self::Toml => ("application/toml", "toml"),
            Self::Xlsx => {
                ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
            }
        };
        let disposition = format!("attachment; filename=\"{name}.{extension}\"");
        HttpResponse::Ok()
            .content_type(media)
            .insert_header((header::CONTENT_DISPOSITION, disposition))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(bytes)
    }
}

/// A rule book as a file, up to 4 MiB (4,194,304 bytes).
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, max_length = 4_194_304)]
#[expect(dead_code, reason = "describes an answer that is sent as bytes")]
pub struct BookFile(Vec<u8>);

/// A form with a rule book.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes a body that `OneFile` reads")]
pub struct BookFileForm {
    /// XLSX, or TOML in UTF-8, up to 4 MiB (4,194,304 bytes); told by its content.
    #[schema(value_type = String, format = Binary, max_length = 4_194_304)]
    file: Vec<u8>,
}

/// A rule book as a file
///
/// `rule-book-2.xlsx`: every sheet has Chinese titles and lists to choose from; the sheet 说明
/// explains them. `rule-book-2.toml`: in the form of the presets. Either can be imported again and
/// makes the same book. Drafts are given to those who may write them. A draft that a workbook cannot hold,
/// such as one with two items of one code, is refused with `rule_book_unwritable`.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        ("rule_book_id" = Uuid, Path, description = "The rule book."),
        FormatQuery,
    ),
    responses(
        (
            status = 200,
            description = "The file, for downloading.",
            content(
                (BookFile = "application/toml"),
                (BookFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            )
        ),
        Failures
    )
)]
#[get("/villages/{village_id}/rule-books/{rule_book_id}/file")]
pub async fn rule_book_export(
    acting: Acting,
    state: Data<State>,
    path: InPath<(Uuid, Uuid)>,
    query: InQuery<FormatQuery>,
) -> Result<HttpResponse, Problem> {
    let (village, id) = (VillageId(path.0.0), RuleBookId(path.0.1));
    let format = query.0.format;
    let today = day_of(state.clock.now());
    let (number, bytes) = state
        .run(move |db| file::export(db, &acting.actor, village, id, format.format(), today))
        .await?;
    Ok(format.answer(&format!("rule-book-{number}"), bytes))
}

/// A preset as a file
///
/// The book without what is known of its figures, to be filled in and imported.
#[utoipa::path(
    tag = "admin",
    params(
        (
            "name" = String, Path, description = "The name of the preset.", max_length = 40,
            example = "shuicheng"
        ),
        FormatQuery,
    ),
    responses(
        (
            status = 200,
            description = "The file, for downloading.",
            content(
                (BookFile = "application/toml"),
                (BookFile = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
            )
        ),
        Failures
    )
)]
#[get("/rule-book-presets/{name}/file")]
pub async fn rule_book_preset_export(
    _acting: Acting,
    state: Data<State>,
    path: InPath<String>,
    query: InQuery<FormatQuery>,
) -> Result<HttpResponse, Problem> {
    let (name, format) = (path.0, query.0.format);
    let (name, bytes) = state
        .run(move |_| {
            let bytes = file::export_preset(&name, format.format())?;
            Ok((name, bytes))
        })
        .await?;
    Ok(format.answer(&name, bytes))
}

/// Whether it is only tried.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BookImportQuery {
    /// True: nothing is changed, and the answer says what would be.
    #[serde(default)]
    #[param(default = false)]
    dry_run: bool,
}

/// What was done with a file.
enum Done {
    Tried(Box<Read>),
    Drafted(Box<Shown>),
}

/// Import a draft from a file
///
/// One XLSX or TOML file, told by its content, of up to 4 MiB (413 beyond), in the form of what
/// `rule_book_export` gives; a sheet of details has up to 6,000 lines, a cell 4,000 characters.
///
/// A file that cannot be read as a book is refused with `rule_book_file_invalid`, and nothing is
/// changed: `errors` has up to 100 entries, each with its `place` in the file (line and column, or
/// sheet and cell), a stable `code`, and the `field` of the book.
///
/// A book that can be read makes a draft, as `rule_book_create` does, even with faults: they stand in
/// the way of its adoption. A dry run answers them with their places in the file, changes nothing and
/// leaves the key unused.
#[utoipa::path(
    tag = "admin",
    params(
        ("village_id" = Uuid, Path, description = "The village."),
        BookImportQuery,
        KeyHeader,
    ),
    request_body(content = BookFileForm, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "The draft with its faults.", body = RuleBookOut),
        (status = 200, description = "A dry run: what would be.", body = RuleBookTrialOut),
        Failures
    )
)]
#[post("/villages/{village_id}/rule-book-files")]
pub async fn rule_book_import(
    acting: Acting,
    state: Data<State>,
    request: HttpRequest,
    path: InPath<Uuid>,
    query: InQuery<BookImportQuery>,
    key: Key,
    upload: OneFile<FILE_BYTES_MAX>,
) -> Result<HttpResponse, Problem> {
    let (now, village, dry_run) = (state.clock.now(), VillageId(path.0), query.0.dry_run);
    let done = state
        .run(move |db| {
            let actor = &acting.actor;
            let read = file::read(db, actor, village, &upload.bytes)?;
            within_limits(&read)?;
            if dry_run {
                return Ok(Done::Tried(Box::new(read)));
            }
            let once = key.once(actor.user, &sha256(&upload.bytes));
            let text = Text::Whole(Box::new(read.book));
            let row = rule_books::draft(db, actor, village, &text, &once, now)?;
            Ok(Done::Drafted(Box::new(rule_books::written(db, row, day_of(now))?)))
        })
        .await?;
    Ok(match done {
        Done::Tried(read) => {
            let language = Language::of(request.headers());
            HttpResponse::Ok().json(RuleBookTrialOut::of(&read, language)?)
        }
        Done::Drafted(row) => HttpResponse::Created().json(answer(*row, &request)?),
    })
}

/// Holds a book against the limits of the door, which no other way into the store goes beyond.
fn within_limits(read: &Read) -> Result<(), Error> {
    let bug = |problem: Problem| Error::Bug(format!("a book from a file: {problem}"));
    let book = Book::of(&read.book).map_err(bug)?;
    let Err(broken) = check(&book) else { return Ok(()) };
    let beyond = |one: FieldError| (one.field, Reason::BeyondLimit { limit: one.message });
    Err(file::bad(read, broken.into_fields().into_iter().map(beyond)).into())
}
