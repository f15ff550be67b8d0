//! Tables as XLSX, for people who check and file them: a statement with its lines and totals, a list of
//! what is paid to whom.
//!
//! Values in, bytes out: no clock, no file system, no store, and the same tables make the same bytes on
//! any day. Two promises:
//!
//! - **Exact.** A spreadsheet keeps numbers in binary floating point, which holds a decimal of at most
//!   [`DIGITS_MAX`] digits so that it is shown and read again as it was. An amount with more digits is
//!   written as text, so that no figure is ever another one.
//! - **Nothing becomes a formula.** Texts are written as texts, in cells that stay texts when somebody
//!   edits them: a name such as `=1+1` is a name. Totals are values that the program added up.

mod sheet_name;
#[cfg(test)]
mod tests;
mod write;

use chrono::NaiveDate;
use domain::points::{Fen, Points};

pub use write::{Unwritable, to_xlsx};

/// The most rows of one table, so that a file stays one that an office computer opens.
pub const ROWS_MAX: usize = 100_000;
/// The most digits of a number that a spreadsheet keeps exactly.
pub const DIGITS_MAX: usize = 15;
/// The content type of the file.
pub const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A table: one sheet of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The name of the sheet. What a sheet's name cannot hold is replaced, and a name that stands twice
    /// is numbered.
    pub name: String,
    /// Lines above the table: what it is, of whom, as of when. One cell each.
    pub notes: Vec<String>,
    /// The titles of the columns.
    pub columns: Vec<String>,
    /// The rows, cell by cell in the order of the columns, at most [`ROWS_MAX`].
    pub rows: Vec<Vec<Cell>>,
    /// The last row, set off; empty for none.
    pub totals: Vec<Cell>,
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// A text.
    Text(String),
    /// A whole number.
    Count(i64),
    /// Money, shown in yuan with two decimals.
    Fen(Fen),
    /// Points, shown with two decimals.
    Points(Points),
    /// A day.
    Day(NaiveDate),
}

impl Cell {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}
