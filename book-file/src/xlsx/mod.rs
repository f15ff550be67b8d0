//! Rule books as workbooks that a clerk fills in: one sheet for each kind of thing, Chinese titles,
//! lists to choose from.
//!
//! Reading order: [`sheets`] says which sheets and columns there are and what part of a book each
//! holds; [`cell`] turns a cell into a value and back; [`open`] reads a file without believing it,
//! [`header`] finds the titles, [`read`] makes a tree of the rows; [`mod@write`] goes the other way. What
//! no sheet knows stands in the sheet 其他设置, by its path in the book: so nothing is lost when a
//! field is added to the book before it has a column here.

mod cell;
mod draw;
mod duration;
mod guide;
mod header;
mod labels;
mod open;
mod read;
mod rows;
mod settings;
mod sheets;
#[cfg(test)]
mod tests;
mod write;

pub use read::parse_xlsx;
pub use write::to_xlsx;

/// The largest workbook, in bytes.
pub const XLSX_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The most filled rows of a sheet of details; a book has 1,000 items.
pub const ROWS_MAX: usize = 6_000;
/// The most characters of one cell.
pub const CELL_CHARS_MAX: usize = 4_000;
