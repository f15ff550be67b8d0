//! What is wrong with a file, and where.

use std::fmt;
use std::sync::Arc;

pub use crate::reason::Reason;

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The file as a whole.
    File,
    /// In a TOML file. Both count from 1; columns are characters.
    Text {
        /// The line.
        line: u32,
        /// The character in the line.
        column: u32,
    },
    /// In a workbook.
    Sheet {
        /// The name of the sheet.
        sheet: Arc<str>,
        /// The number of the row; the first is 1. Without it, the sheet as a whole.
        row: Option<u32>,
        /// The column, as [`column_letters`] names it; the first is 0. Without it, the whole row.
        column: Option<u32>,
    },
}

impl Place {
    /// The place for people: `第 3 行第 5 列`, `条目!D5`.
    pub fn zh(&self) -> String {
        match self {
            Self::File => "整个文件".to_owned(),
            Self::Text { line, column } => format!("第 {line} 行第 {column} 列"),
            Self::Sheet { sheet, row: None, .. } => format!("工作表“{sheet}”"),
            Self::Sheet { sheet, row: Some(row), column: None } => format!("{sheet} 第 {row} 行"),
            Self::Sheet { sheet, row: Some(row), column: Some(column) } => {
                format!("{sheet}!{}{row}", column_letters(*column))
            }
        }
    }

    /// The place for people: `line 3, column 5`, `条目!D5`.
    pub fn en(&self) -> String {
        match self {
            Self::File => "the file".to_owned(),
            Self::Text { line, column } => format!("line {line}, column {column}"),
            Self::Sheet { sheet, row: None, .. } => format!("sheet {sheet}"),
            Self::Sheet { sheet, row: Some(row), column: None } => format!("{sheet}, row {row}"),
            Self::Sheet { .. } => self.zh(),
        }
    }
}

/// The letters of a column of a spreadsheet: 0 is A, 26 is AA.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = Some(column);
    while let Some(n) = left {
        // Below 26, so it fits.
        letters.push(char::from(b'A' + u8::try_from(n % 26).unwrap_or(0)));
        left = (n / 26).checked_sub(1);
    }
    letters.iter().rev().collect()
}

/// One fault of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// Where in the file.
    pub place: Place,
    /// Where in the book, as the domain writes it: `items[3].amount`. Empty for the book as a whole.
    pub path: String,
    /// What is wrong.
    pub reason: Reason,
}

impl FileFault {
    /// The stable code that clients branch on.
    pub const fn code(&self) -> &'static str {
        self.reason.code()
    }
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place.en(), self.code(), self.reason.en())
    }
}

/// A file that cannot be taken, with its faults in the order of the file; never none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadFile {
    /// What is wrong, at most [`BadFile::FAULTS_MAX`].
    pub faults: Vec<FileFault>,
}

impl BadFile {
    /// The most faults that are told at once.
    pub const FAULTS_MAX: usize = 100;

    pub(crate) fn whole(reason: Reason) -> Self {
        Self { faults: vec![FileFault { place: Place::File, path: String::new(), reason }] }
    }
}

impl fmt::Display for BadFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, fault) in self.faults.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for BadFile {}

/// Why a book cannot be written. Every book that the domain finds no fault with can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritable {
    /// The sheets refer to items by their codes, and this one is empty, stands twice or has
    /// characters that a code does not have. As TOML it can be written.
    ItemCode {
        /// Which item: `items[3].code`.
        place: String,
    },
    /// A text is longer than a cell that is read again ([`crate::CELL_CHARS_MAX`]).
    TextTooLong {
        /// Which text: `items[3].cure`.
        place: String,
    },
    /// More items than a book may hold, or more lines than a sheet that is read again.
    TooManyLines,
    /// What was written does not read as the same book: a bug, and better no file than a wrong one.
    Differs(String),
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ItemCode { place } => write!(f, "{place}: not a code that a sheet can refer to"),
            Self::TextTooLong { place } => write!(f, "{place}: longer than a cell"),
            Self::TooManyLines => f.write_str("too many lines for a sheet"),
            Self::Differs(why) => write!(f, "what was written does not read as the book: {why}"),
        }
    }
}

impl std::error::Error for Unwritable {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        for (column, letters) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (702, "AAA")]
        {
            assert_eq!(column_letters(column), letters);
        }
    }
}
