//! Files that mean no good: refused in time and memory that a book needs.

use std::io::{Cursor, Write};

use super::super::{CELL_CHARS_MAX, ROWS_MAX, XLSX_BYTES_MAX};
use super::*;

#[test]
fn files_that_are_no_workbook_are_refused() {
    let empty_zip = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
    for file in [&b""[..], b"PK\x03\x04", empty_zip, b"name = \"book\""] {
        assert_eq!(faults(file), [("整个文件".to_owned(), "unreadable", String::new())]);
    }
    assert_eq!(faults(&vec![0; XLSX_BYTES_MAX + 1])[0].1, "too_large");
}

#[test]
fn a_small_file_that_unpacks_to_a_large_one_is_refused_before_it_is_unpacked() {
    let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    packed.start_file("xl/sharedStrings.xml", options).unwrap();
    let zeros = vec![b'0'; 1024 * 1024];
    for _ in 0..40 {
        packed.write_all(&zeros).unwrap();
    }
    let file = packed.finish().unwrap().into_inner();
    assert!(file.len() < XLSX_BYTES_MAX);
    assert_eq!(faults(&file)[0].1, "too_much");
}

#[test]
fn more_rows_than_a_book_has_are_refused_at_the_first_that_is_too_many() {
    let mut grid = Grid::whole();
    for row in 1..=1_001 {
        for column in 0..30 {
            grid.sheet("条目").remove(&(row, column));
        }
        grid.put("条目", row, 0, &format!("X-{row}"));
    }
    let told = grid.faults();
    assert!(told.contains(&("条目 第 1002 行".to_owned(), "too_many_rows", String::new())));
    let mut grid = Grid::whole();
    for row in 0..8_000 {
        grid.put("上限", row + 10, 0, "P-TRAIN");
    }
    let told = grid.faults();
    assert!(told.iter().any(|fault| fault.1 == "too_many_rows"), "{:?}", told.last());
    let file = grid.file_with(|name, sheet| {
        if name == "上限" {
            for row in 0..=u32::try_from(ROWS_MAX).unwrap() {
                for column in 10..40 {
                    sheet.write_number(row, column, row).unwrap();
                }
            }
        }
    });
    assert_eq!(faults(&file)[0].1, "too_much");
}

#[test]
fn a_long_text_is_refused_at_its_cell_and_not_copied_for_each_of_its_cells() {
    let mut grid = Grid::whole();
    let long = "长".repeat(CELL_CHARS_MAX + 1);
    let place = grid.set("条目", "N-DUMP", "改正办法", &long);
    assert_eq!(grid.faults(), [(place, "cell_too_long", "items[6].cure".to_owned())]);
    // One text of 4,000 characters in 3,000 cells: 36 MB if each were kept.
    let mut grid = Grid::whole();
    let text = "长".repeat(CELL_CHARS_MAX);
    for row in 10..3_010 {
        grid.put("上限", row, 0, &text);
    }
    assert_eq!(grid.faults()[0].1, "too_much");
}

/// The parts of a workbook whose one sheet is 条目 and holds this.
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
                 <sheet name=\"条目\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("{XML}<worksheet xmlns=\"{MAIN}\">{sheet_data}</worksheet>"),
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
fn cells_and_merged_regions_that_claim_to_be_anywhere_are_never_believed() {
    let cell = |at: &str, inner: &str| {
        workbook(&format!("<sheetData><row r=\"1\"><c r=\"{at}\" {inner}</c></row></sheetData>"))
    };
    let text = "t=\"inlineStr\"><is><t>编号</t></is>";
    let names =
        ["B3", "XFD1048576", "", "0", "A0", "1A", "A99999999999", "ZZZZZZZZZZZ1", "A-1", "表1"];
    let inners = ["t=\"s\"><v>99</v>", "t=\"zz\"><v>1</v>", "><v>1", "t=\"e\"><v>#N/A</v>"];
    let files = names.map(|at| cell(at, text)).into_iter();
    for file in files.chain(inners.map(|inner| cell("A1", inner))) {
        let told = faults(&file);
        assert!(
            told.iter().all(|f| ["unreadable", "missing_sheet", "missing_column"].contains(&f.1))
        );
    }
    let merged = "<mergeCell ref=\"A1:A1048576\"/>".repeat(100_000);
    let row = format!("<row r=\"1\"><c r=\"A1\" {text}</c></row>");
    let file = workbook(&format!(
        "<sheetData>{row}</sheetData><mergeCells count=\"1\">{merged}</mergeCells>"
    ));
    assert!(!faults(&file).is_empty());
}
