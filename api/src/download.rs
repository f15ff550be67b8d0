//! Tables for downloading, as XLSX.

use actix_web::HttpResponse;
use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};
use table_file::{MEDIA_TYPE, Table, to_xlsx};
use utoipa::ToSchema;

use crate::problem::{Door, Problem};

/// A workbook, for downloading.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary, max_length = 33_554_432)]
#[expect(dead_code, reason = "describes an answer that is sent as bytes")]
pub struct TableFile(Vec<u8>);

/// Writes tables and answers them as a file with two names: one in ASCII for old clients, such as
/// `statement-2026-10`, and one in Chinese; both without the extension.
///
/// # Errors
/// A bug if what was to be written is more than a workbook holds: whoever makes tables bounds them.
pub fn xlsx(ascii: &str, name: &str, tables: &[Table]) -> Result<HttpResponse, Problem> {
    let bytes = to_xlsx(tables).map_err(|why| {
        tracing::error!(%why, "answered 500: a table cannot be written");
        Problem::door(Door::Bug)
    })?;
    let extended = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: format!("{name}.xlsx").into_bytes(),
    };
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(format!("{ascii}.xlsx")),
            DispositionParam::FilenameExt(extended),
        ],
    };
    Ok(HttpResponse::Ok()
        .content_type(MEDIA_TYPE)
        .insert_header(disposition)
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // Money and names: not for the caches between here and the office.
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .body(bytes))
}
