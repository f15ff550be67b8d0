//! Rule books as files: out of the store and of the presets, and in. What is in a file is the matter of
//! `book_file`; here it is who may, and what the store cannot hold.

use book_file::{BadFile, FileFault, Read, Reason};
use chrono::NaiveDate;
use domain::actor::Actor;
use domain::id::{RuleBookId, VillageId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::rule_book::RuleBook;
use serde_json::Value;

use super::{as_json, show};
use crate::db::Db;
use crate::error::Error;
use crate::presets;

/// The largest file that is read, in bytes.
pub const FILE_BYTES_MAX: usize = if book_file::XLSX_BYTES_MAX > book_file::TOML_BYTES_MAX {
    book_file::XLSX_BYTES_MAX
} else {
    book_file::TOML_BYTES_MAX
};

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text, for those who edit text.
    Toml,
    /// A workbook that a clerk fills in.
    Xlsx,
}

/// A book as a file.
///
/// # Errors
/// [`Error::BookUnwritable`] for a draft that this kind of file cannot hold.
pub fn write(book: &RuleBook, format: Format) -> Result<Vec<u8>, Error> {
    Ok(match format {
        Format::Toml => book_file::to_toml(book)?.into_bytes(),
        Format::Xlsx => book_file::to_xlsx(book)?,
    })
}

/// The whole book of a village as a file, with its number. A draft is given to those who may read drafts,
/// as it comes to under the layers above it.
///
/// # Errors
/// Those of [`show`] and [`write()`]; `rule_book_contradicts` for a draft that is not whole.
pub fn export(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: RuleBookId,
    format: Format,
    today: NaiveDate,
) -> Result<(i32, Vec<u8>), Error> {
    let shown = show(db, actor, village, id, today)?;
    let number = shown.row.number;
    Ok((number, write(&shown.whole()?, format)?))
}

/// A preset as a file. What is known of its figures is no part of the book and stays out.
///
/// # Errors
/// `not_found`, and those of [`write()`].
pub fn export_preset(name: &str, format: Format) -> Result<Vec<u8>, Error> {
    let preset = presets::load(name)?.ok_or(Refusal::NotFound)?;
    write(&preset.book, format)
}

/// Reads the file of somebody who may write drafts. Nothing is changed.
///
/// # Errors
/// `forbidden`, `not_found`; [`Error::BadBookFile`] with everything that is wrong.
pub fn read(db: &Db, actor: &Actor, village: VillageId, file: &[u8]) -> Result<Read, Error> {
    allows(actor, Action::RuleBookManage, &Target::village(db.place(village)?))?;
    let read = book_file::parse(file)?;
    let mut paths = Vec::new();
    find_nul(&as_json(&read.book)?, String::new(), &mut paths);
    if paths.is_empty() {
        return Ok(read);
    }
    let nul = |path| (path, Reason::NulCharacter);
    Err(bad(&read, paths.into_iter().map(nul)).into())
}

/// The refusal of a file that was read, by paths into its book and what is wrong there.
pub fn bad(read: &Read, faults: impl Iterator<Item = (String, Reason)>) -> BadFile {
    let placed =
        faults.map(|(path, reason)| FileFault { place: read.places.locate(&path), path, reason });
    BadFile { faults: placed.take(BadFile::FAULTS_MAX).collect() }
}

/// Where a text holds U+0000, which TOML can write and Postgres cannot store.
fn find_nul(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains('\0') => found.push(path),
        Value::Array(list) => {
            for (n, inner) in list.iter().enumerate() {
                find_nul(inner, format!("{path}[{n}]"), found);
            }
        }
        Value::Object(map) => {
            for (name, inner) in map {
                let dot = if path.is_empty() { "" } else { "." };
                find_nul(inner, format!("{path}{dot}{name}"), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_found_at_its_path_in_the_book() {
        let book = serde_json::json!({"name": "a", "items": [{"name": "b"}, {"name": "c\u{0}"}]});
        let mut found = Vec::new();
        find_nul(&book, String::new(), &mut found);
        assert_eq!(found, ["items[1].name"]);
    }
}
