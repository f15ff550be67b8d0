//! Rule books as files: TOML for those who edit text, XLSX that a clerk can fill in.
//!
//! Bytes in, bytes out: no file system, no clock, no store. Reading order: a reader ([`toml_file`],
//! [`xlsx`]) makes a [`tree`] of values of a file and remembers where each stands ([`places`]);
//! [`decode`] makes a book of the tree and tells every fault with its place. Writers go from the tree
//! too, so a field that is added to the book later is neither lost nor needs a change here; and they
//! read what they wrote before they hand it out, so that a round trip loses nothing.
//!
//! Whether a book can be adopted is for the domain to say; [`Read::faults`] tells its faults with
//! their places in the file.

mod decode;
mod defaults;
mod explain;
mod fault;
mod path;
mod places;
mod reason;
mod toml_file;
mod tree;
mod xlsx;

pub use fault::{BadFile, FileFault, Place, Reason, Unwritable, column_letters};
pub use places::Places;
pub use toml_file::{TOML_BYTES_MAX, parse_toml, to_toml};
pub use xlsx::{CELL_CHARS_MAX, ROWS_MAX, XLSX_BYTES_MAX, parse_xlsx, to_xlsx};

#[cfg(test)]
mod books;
#[cfg(test)]
mod tests;

use domain::rule_book::{Fault, RuleBook};

/// Reads a book from a file of either kind, told by its content: an archive or an old binary workbook
/// is taken for a workbook, anything else for TOML.
///
/// # Errors
/// Those of [`parse_xlsx`] and [`parse_toml`]; [`Reason::NotText`] for neither.
pub fn parse(file: &[u8]) -> Result<Read, BadFile> {
    // What an XLS file begins with: "not an XLSX workbook" says more to its owner than "not text".
    const XLS: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
    if file.starts_with(b"PK") || file.starts_with(XLS) {
        return parse_xlsx(file);
    }
    match std::str::from_utf8(file) {
        Ok(text) => parse_toml(text),
        Err(_) => Err(BadFile::whole(Reason::NotText)),
    }
}

/// A book with the places of its parts in the file that it was read from.
#[derive(Clone, Debug)]
pub struct Read {
    /// The book. It may have faults that stand in the way of its adoption.
    pub book: RuleBook,
    /// Where its parts stand.
    pub places: Places,
    /// Sheets and columns of a workbook that are no part of a book and were not read, each with its
    /// place; none for TOML.
    pub ignored: Vec<(Place, String)>,
}

impl Read {
    pub(crate) fn new((book, places): (RuleBook, Places)) -> Self {
        Self { book, places, ignored: Vec::new() }
    }

    /// What stands in the way of adopting the book, each with its place in the file.
    pub fn faults(&self) -> Vec<(Place, Fault)> {
        let faults = self.book.faults().into_iter();
        faults.map(|fault| (self.places.locate(&fault.place), fault)).collect()
    }
}
