//! Reading a workbook without believing it.
//!
//! Such a file is packed, and a small one can unpack to gigabytes. So it is measured first, by
//! unpacking it into nothing up to a limit; then its sheets are read cell by cell, and neither the
//! size that they state nor where their cells claim to be is believed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{Cursor, Read, copy, sink};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, Xlsx};
use zip::ZipArchive;

use super::cell::Raw;
use super::{CELL_CHARS_MAX, ROWS_MAX, XLSX_BYTES_MAX};
use crate::fault::Reason;

/// The most bytes that all parts of a file unpack to.
const UNPACKED_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// The most parts in a file; a workbook of ten sheets has about thirty.
const PARTS_MAX: usize = 300;
/// The most columns that are looked at; the widest sheet has thirty.
const COLUMNS_MAX: u32 = 64;
/// The most filled cells of all sheets together.
const CELLS_MAX: usize = 150_000;
/// The most bytes of text in all cells together.
const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The most sheets; those of a book are nine.
const SHEETS_MAX: usize = 50;
/// Numbers from here on have more digits than a spreadsheet keeps (15).
const EXACT_BELOW: f64 = 1e15;

/// The filled cells of a row by column.
pub(crate) type Row = BTreeMap<u32, Raw>;

/// A sheet of a file.
#[derive(Debug)]
pub(crate) struct RawSheet {
    /// Its name in the file.
    pub(crate) name: String,
    /// Its filled rows by number; the first is 0. None if nobody asked for the sheet.
    pub(crate) rows: BTreeMap<u32, Row>,
}

/// The sheets of a file; the rows of those that `wanted` says yes to.
///
/// # Errors
/// `too_large`, `unreadable`, `too_much`.
pub(crate) fn open(file: &[u8], wanted: fn(&str) -> bool) -> Result<Vec<RawSheet>, Reason> {
    if file.len() > XLSX_BYTES_MAX {
        return Err(Reason::TooLarge { bytes_max: XLSX_BYTES_MAX });
    }
    measure(file)?;
    // Calamine panics on some made-up files, such as a cell whose name overflows a number (0.38).
    // It holds nothing but the file, which is dropped.
    catch_unwind(AssertUnwindSafe(|| sheets(file, wanted))).unwrap_or(Err(Reason::Unreadable))
}

fn sheets(file: &[u8], wanted: fn(&str) -> bool) -> Result<Vec<RawSheet>, Reason> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(|_| Reason::Unreadable)?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    if names.len() > SHEETS_MAX {
        return Err(Reason::TooMuch);
    }
    let mut left = Budget { cells: CELLS_MAX, text_bytes: TEXT_BYTES_MAX };
    let mut sheets = Vec::new();
    for name in names {
        let mut rows = BTreeMap::new();
        if wanted(&name) {
            rows = read_rows(&mut book, &name, &mut left)?;
            fill_merged(&mut book, &name, &mut rows, &mut left)?;
        }
        sheets.push(RawSheet { name, rows });
    }
    Ok(sheets)
}

/// What may still be read.
struct Budget {
    cells: usize,
    text_bytes: usize,
}

impl Budget {
    fn take(&mut self, raw: &Raw) -> Result<(), Reason> {
        let bytes = match raw {
            Raw::Text(text) | Raw::Number(text) | Raw::Broken(text) => text.len(),
            Raw::Bool(_) | Raw::Date | Raw::DigitsLost | Raw::TooLong => 0,
        };
        self.cells = self.cells.checked_sub(1).ok_or(Reason::TooMuch)?;
        self.text_bytes = self.text_bytes.checked_sub(bytes).ok_or(Reason::TooMuch)?;
        Ok(())
    }
}

fn read_rows(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    left: &mut Budget,
) -> Result<BTreeMap<u32, Row>, Reason> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| Reason::Unreadable)?;
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(|_| Reason::Unreadable)? {
        let (row, column) = cell.get_position();
        let Some(raw) = read(cell.get_value()) else { continue };
        if column >= COLUMNS_MAX {
            continue;
        }
        left.take(&raw)?;
        // One more than may be, so that whoever reads the sheet can tell where it is too long.
        if rows.len() > ROWS_MAX + HEADER_ROWS && !rows.contains_key(&row) {
            break;
        }
        rows.entry(row).or_default().insert(column, raw);
    }
    Ok(rows)
}

/// The most merged regions of a sheet that are looked at.
const MERGED_MAX: usize = 2_000;

/// Rows above the first line of a sheet that do not count against its limit.
const HEADER_ROWS: usize = 20;

/// What stands in a cell that was merged with those below it holds for each of their rows that has
/// anything else in it.
fn fill_merged(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    rows: &mut BTreeMap<u32, Row>,
    left: &mut Budget,
) -> Result<(), Reason> {
    let merged = book.merge_cells_by_sheet_name(name).map_err(|_| Reason::Unreadable)?;
    for region in merged.into_iter().take(MERGED_MAX) {
        let ((first, column), (last, last_column)) = (region.start, region.end);
        if column != last_column || first >= last {
            continue;
        }
        let Some(raw) = rows.get(&first).and_then(|row| row.get(&column)).cloned() else {
            continue;
        };
        for (_, row) in rows.range_mut(first + 1..=last) {
            if let Entry::Vacant(cell) = row.entry(column) {
                left.take(&raw)?;
                cell.insert(raw.clone());
            }
        }
    }
    Ok(())
}

/// Unpacks every part into nothing, up to the limit.
fn measure(file: &[u8]) -> Result<(), Reason> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Reason::Unreadable)?;
    if archive.len() > PARTS_MAX {
        return Err(Reason::TooMuch);
    }
    let mut left = UNPACKED_BYTES_MAX;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|_| Reason::Unreadable)?;
        let unpacked = copy(&mut part.take(left), &mut sink()).map_err(|_| Reason::Unreadable)?;
        left = left.saturating_sub(unpacked);
        if left == 0 {
            return Err(Reason::TooMuch);
        }
    }
    Ok(())
}

/// A cell as it stands. A formula counts by the value that was computed when the file was saved.
fn read(value: &DataRef<'_>) -> Option<Raw> {
    let text = |text: &str| {
        // A character is at most four bytes: a long text is not copied to be counted.
        let fits = text.len() <= CELL_CHARS_MAX * 4 && text.chars().count() <= CELL_CHARS_MAX;
        if fits { Raw::Text(text.to_owned()) } else { Raw::TooLong }
    };
    let raw = match value {
        DataRef::Empty => return None,
        DataRef::SharedString(shared) => text(shared),
        DataRef::String(own) => text(own),
        DataRef::Int(number) => Raw::Number(number.to_string()),
        // The only fraction in this program, and nothing is reckoned with it: it is written as
        // short as it can be, which is what was typed.
        DataRef::Float(number) if number.abs() < EXACT_BELOW => Raw::Number(number.to_string()),
        DataRef::Float(_) => Raw::DigitsLost,
        DataRef::Bool(yes) => Raw::Bool(*yes),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Raw::Date,
        DataRef::Error(error) => Raw::Broken(error.to_string()),
    };
    if raw.is_blank() { None } else { Some(raw) }
}
