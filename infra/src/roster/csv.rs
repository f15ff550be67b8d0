//! Reading a CSV file as clerks' programs write it: UTF-8 with or without a mark, UTF-16 with one,
//! or GB 18030 (which holds GBK and GB 2312); separated by commas, semicolons or tabs.

use csv::{ReaderBuilder, StringRecord};
use domain::refusal::Refusal;
use domain::roster::{Cell, Row};
use encoding_rs::{Encoding, GB18030};

use super::{COLUMNS_MAX, ROWS_MAX, text_cell};
use crate::error::Error;

/// The rows of a CSV file.
///
/// # Errors
/// `file_unreadable` if it is no text in one of these encodings, `import_too_long`.
pub(crate) fn rows(file: &[u8]) -> Result<Vec<Row>, Error> {
    let text = text(file)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| Refusal::FileUnreadable)? {
        if rows.len() == ROWS_MAX {
            return Err(super::too_long());
        }
        let cells: Vec<Cell> = record.iter().take(COLUMNS_MAX).map(text_cell).collect();
        rows.push(Row { number: line_of(&text, &record), cells });
    }
    Ok(rows)
}

/// The number of the line in which a record begins. The reader states where it went on after the
/// record before, which may be some blank lines above.
pub(crate) fn line_of(text: &str, record: &StringRecord) -> u32 {
    let Some(position) = record.position() else { return 0 };
    let from = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let skipped = blank.filter(|byte| **byte == b'\n').count();
    u32::try_from(position.line())
        .unwrap_or(u32::MAX)
        .saturating_add(u32::try_from(skipped).unwrap_or(u32::MAX))
}

/// The file as text.
///
/// # Errors
/// `file_unreadable`.
pub(crate) fn text(file: &[u8]) -> Result<String, Error> {
    let (encoding, mark) = match Encoding::for_bom(file) {
        Some(marked) => marked,
        None if std::str::from_utf8(file).is_ok() => (encoding_rs::UTF_8, 0),
        None => (GB18030, 0),
    };
    let rest = file.get(mark..).unwrap_or_default();
    let text = encoding
        .decode_without_bom_handling_and_without_replacement(rest)
        .ok_or(Refusal::FileUnreadable)?;
    // No text file has a NUL; a program or a picture does.
    if text.contains('\0') {
        return Err(Refusal::FileUnreadable.into());
    }
    Ok(text.into_owned())
}

/// What separates the cells of the first line that has any separator.
fn delimiter(text: &str) -> u8 {
    let most = |line: &str| {
        let counts = [b',', b'\t', b';'].map(|c| (line.bytes().filter(|b| *b == c).count(), c));
        counts.into_iter().filter(|(count, _)| *count > 0).max_by_key(|(count, _)| *count)
    };
    text.lines().take(10).find_map(most).map_or(b',', |(_, separator)| separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &[u8]) -> Vec<(u32, Vec<Cell>)> {
        rows(file).unwrap().into_iter().map(|row| (row.number, row.cells)).collect()
    }

    fn cells(texts: &[&str]) -> Vec<Cell> {
        texts.iter().map(|text| text_cell(text)).collect()
    }

    #[test]
    fn every_encoding_that_clerks_programs_write_is_read() {
        let text = "户号,姓名\r\n001,王秀英\r\n";
        let (gbk, _, _) = encoding_rs::GBK.encode(text);
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(text.replace(',', "\t").encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let marked = format!("\u{feff}{text}");
        for file in [text.as_bytes(), marked.as_bytes(), &gbk, &utf16] {
            let expected = [(1, cells(&["户号", "姓名"])), (2, cells(&["001", "王秀英"]))];
            assert_eq!(read(file), expected);
        }
    }

    #[test]
    fn a_line_keeps_its_number_behind_blank_lines_and_a_cell_of_two_lines() {
        let file = "姓名;备注\r\n\r\n\r\n王秀英;\"第一行\n第二行\"\r\n李大山;\n";
        let numbers: Vec<_> = read(file.as_bytes()).iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [1, 4, 6]);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for file in [&b"\xFF\xD8\xFF\xE0\x00\x10JFIF"[..], b"a,b\0c", &[0x81]] {
            assert!(matches!(rows(file), Err(Error::Refused(Refusal::FileUnreadable))));
        }
    }
}
