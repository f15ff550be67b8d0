//! Reading the first visible sheet of an XLSX file.
//!
//! Such a file is packed, and a small one can unpack to gigabytes. So it is measured first, by
//! unpacking it into nothing up to a limit; then the sheet is read cell by cell, and neither the
//! size that it states nor where its cells claim to be is believed.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, copy, sink};
use std::panic::catch_unwind;

use calamine::{Data, DataRef, Reader, SheetType, SheetVisible, Xlsx};
use domain::refusal::Refusal;
use domain::roster::{Cell, Row};
use zip::ZipArchive;

use super::{COLUMNS_MAX, ROWS_MAX, text_cell};
use crate::error::Error;

/// The most bytes that all parts of a file unpack to: ten times what 20,000 full lines need.
const UNPACKED_BYTES_MAX: u64 = 96 * 1024 * 1024;
/// The most parts in a file; a workbook of twenty sheets has about fifty.
const PARTS_MAX: usize = 500;
/// Numbers from here on have more digits than a spreadsheet keeps (15).
const EXACT_BELOW: f64 = 1e15;

/// The rows of the first visible sheet, those that hold something.
///
/// # Errors
/// `file_unreadable`, `import_too_long`.
pub(crate) fn rows(file: &[u8]) -> Result<Vec<Row>, Error> {
    measure(file)?;
    // Calamine panics on some made-up files, such as a cell whose name overflows a number (0.38).
    // It holds nothing but the file, which is dropped.
    catch_unwind(|| first_sheet(file)).unwrap_or_else(|_| Err(Refusal::FileUnreadable.into()))
}

fn first_sheet(file: &[u8]) -> Result<Vec<Row>, Error> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).map_err(|_| Refusal::FileUnreadable)?;
    let sheet = book
        .sheets_metadata()
        .iter()
        .find(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .ok_or(Refusal::FileUnreadable)?;
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|_| Refusal::FileUnreadable)?;
    let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(|_| Refusal::FileUnreadable)? {
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let read = read(cell.get_value());
        if read == Cell::Empty || column >= COLUMNS_MAX {
            continue;
        }
        if rows.len() == ROWS_MAX && !rows.contains_key(&row) {
            return Err(super::too_long());
        }
        let row = rows.entry(row).or_default();
        if row.len() <= column {
            row.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = row.get_mut(column) {
            *place = read;
        }
    }
    Ok(rows.into_iter().map(|(row, cells)| Row { number: row.saturating_add(1), cells }).collect())
}

/// Unpacks every part into nothing, up to the limit.
fn measure(file: &[u8]) -> Result<(), Error> {
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(|_| Refusal::FileUnreadable)?;
    if archive.len() > PARTS_MAX {
        return Err(Refusal::FileUnreadable.into());
    }
    let mut left = UNPACKED_BYTES_MAX;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(|_| Refusal::FileUnreadable)?;
        let unpacked =
            copy(&mut part.take(left), &mut sink()).map_err(|_| Refusal::FileUnreadable)?;
        left -= unpacked;
        if left == 0 {
            return Err(super::too_long());
        }
    }
    Ok(())
}

/// A cell as text. A formula counts by the value that was computed when the file was saved.
fn read(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::SharedString(text) => text_cell(text),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text_cell(text)
        }
        DataRef::Int(number) => number_cell(*number as f64),
        DataRef::Float(number) => number_cell(*number),
        DataRef::Bool(yes) => text_cell(if *yes { "是" } else { "否" }),
        DataRef::DateTime(_) => text_cell(&Data::from(value.clone()).to_string()),
        DataRef::Error(_) => Cell::Broken,
    }
}

/// A number as it was typed: 13900000001, not 1.3900000001E10.
fn number_cell(number: f64) -> Cell {
    if number.abs() < EXACT_BELOW { Cell::Text(number.to_string()) } else { Cell::DigitsLost }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_number_is_written_as_it_was_typed_as_long_as_no_digit_is_lost() {
        assert_eq!(number_cell(13_900_000_001.0), Cell::Text("13900000001".into()));
        assert_eq!(number_cell(1.0), Cell::Text("1".into()));
        assert_eq!(number_cell(3.5), Cell::Text("3.5".into()));
        assert_eq!(number_cell(110_105_194_912_310_020.0), Cell::DigitsLost);
        assert_eq!(number_cell(f64::NAN), Cell::DigitsLost);
    }

    #[test]
    fn a_small_file_that_unpacks_to_a_large_one_is_refused_before_it_is_unpacked() {
        let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        packed.start_file("xl/sharedStrings.xml", options).unwrap();
        let zeros = vec![b'0'; 1024 * 1024];
        for _ in 0..100 {
            packed.write_all(&zeros).unwrap();
        }
        let file = packed.finish().unwrap().into_inner();
        assert!(file.len() < super::super::FILE_BYTES_MAX);
        let refused = rows(&file);
        assert!(matches!(refused, Err(Error::Refused(Refusal::ImportTooLong { .. }))));
    }

    /// A workbook whose one sheet holds this.
    fn workbook(sheet_data: &str) -> Vec<u8> {
        const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
        const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let relation = |kind: &str, target: &str| {
            format!(
                "{XML}<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" \
                 Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>"
            )
        };
        let parts = [
            ("_rels/.rels", relation("officeDocument", "xl/workbook.xml")),
            ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml")),
            (
                "xl/workbook.xml",
                format!(
                    "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>\
                     <sheet name=\"1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
                ),
            ),
            (
                "xl/worksheets/sheet1.xml",
                format!(
                    "{XML}<worksheet xmlns=\"{MAIN}\"><sheetData>{sheet_data}</sheetData></worksheet>"
                ),
            ),
        ];
        let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            packed.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            packed.write_all(text.as_bytes()).unwrap();
        }
        packed.finish().unwrap().into_inner()
    }

    #[test]
    fn cells_that_claim_to_be_anywhere_are_read_or_refused_and_never_believed() {
        let cell = |at: &str, inner: &str| {
            workbook(&format!("<row r=\"1\"><c r=\"{at}\" {inner}</c></row>"))
        };
        let text = "t=\"inlineStr\"><is><t>户号</t></is>";
        let read = rows(&cell("B3", text)).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!((read[0].number, read[0].cells.len()), (3, 2));
        // Beyond the columns that are looked at.
        assert_eq!(rows(&cell("XFD1048576", text)).unwrap(), []);
        // Names that are none, a shared string or a type that does not exist, a cell that breaks
        // off: refused, or read as one row with little in it; never more, and never a panic.
        let names = ["", "0", "A0", "1A", "A99999999999", "ZZZZZZZZZZZ1", "A-1", "表1"];
        let inners = ["t=\"s\"><v>99</v>", "t=\"zz\"><v>1</v>", "><v>1"];
        let made_up = names.map(|at| cell(at, text)).into_iter();
        for file in made_up.chain(inners.map(|inner| cell("A1", inner))) {
            match rows(&file) {
                Ok(read) => assert!(read.len() <= 1 && read.iter().all(|r| r.cells.len() <= 64)),
                Err(Error::Refused(refusal)) => assert_eq!(refusal, Refusal::FileUnreadable),
                Err(other) => panic!("{other}"),
            }
        }
    }

    #[test]
    fn a_file_that_is_no_workbook_is_refused() {
        for file in [&b""[..], b"PK\x03\x04", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"] {
            assert!(matches!(rows(file), Err(Error::Refused(Refusal::FileUnreadable))));
        }
    }
}
