//! The workbook itself.

use std::fmt;

use chrono::Datelike;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use super::sheet_name::free_name;
use super::{Cell, DIGITS_MAX, ROWS_MAX, Table};

/// Why tables cannot be written.
#[derive(Debug)]
pub enum Unwritable {
    /// More than [`ROWS_MAX`] rows in one table.
    TooManyRows,
    /// What a workbook cannot hold, such as a text of more than 32,767 characters.
    Refused(XlsxError),
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyRows => write!(f, "more than {ROWS_MAX} rows"),
            Self::Refused(why) => write!(f, "{why}"),
        }
    }
}

impl std::error::Error for Unwritable {}

impl From<XlsxError> for Unwritable {
    fn from(why: XlsxError) -> Self {
        Self::Refused(why)
    }
}

/// Writes tables, one sheet each.
///
/// # Errors
/// [`Unwritable`].
pub fn to_xlsx(tables: &[Table]) -> Result<Vec<u8>, Unwritable> {
    if tables.iter().any(|table| table.rows.len() > ROWS_MAX) {
        return Err(Unwritable::TooManyRows);
    }
    let mut book = Workbook::new();
    // The same tables make the same file on any day.
    let made = ExcelDateTime::from_ymd(2020, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let mut names = Vec::new();
    for table in tables {
        let name = free_name(&table.name, &names);
        let sheet = book.add_worksheet();
        sheet.set_name(&name)?;
        names.push(name);
        write_table(sheet, table)?;
    }
    Ok(book.save_to_buffer()?)
}

/// How cells look: in the body, and in the last row.
struct Formats {
    text: Format,
    count: Format,
    amount: Format,
    day: Format,
}

impl Formats {
    fn over(base: &Format) -> Self {
        let of = |code: &str| base.clone().set_num_format(code).set_align(FormatAlign::Top);
        Self {
            // Whatever is typed over it stays what was typed.
            text: of("@").set_text_wrap(),
            count: of("0"),
            amount: of("0.00"),
            day: of("yyyy-mm-dd"),
        }
    }
}

fn write_table(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let title = Format::new().set_bold().set_background_color(Color::RGB(0x00DD_EBF7));
    let titles = Formats::over(&title);
    let body = Formats::over(&Format::new());
    let last = Formats::over(&Format::new().set_bold().set_border_top(FormatBorder::Thin));
    let note = Format::new().set_num_format("@");
    let mut row = 0;
    for line in &table.notes {
        sheet.write_string_with_format(row, 0, clean(line), &note)?;
        row += 1;
    }
    for ((column, name), n) in (0_u16..).zip(&table.columns).zip(0_usize..) {
        sheet.write_string_with_format(row, column, clean(name), &titles.text)?;
        sheet.set_column_width(column, width(table, n))?;
    }
    row += 1;
    sheet.set_freeze_panes(row, 0)?;
    for line in &table.rows {
        write_row(sheet, row, line, &body)?;
        row += 1;
    }
    write_row(sheet, row, &table.totals, &last)
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    cells: &[Cell],
    formats: &Formats,
) -> Result<(), XlsxError> {
    for (column, cell) in (0_u16..).zip(cells) {
        match cell {
            Cell::Empty => sheet.write_blank(row, column, &formats.text)?,
            Cell::Text(text) => {
                sheet.write_string_with_format(row, column, clean(text), &formats.text)?
            }
            Cell::Count(count) => {
                write_number(sheet, (row, column), &count.to_string(), &formats.count, formats)?
            }
            Cell::Fen(fen) => {
                write_number(sheet, (row, column), &fen.to_string(), &formats.amount, formats)?
            }
            Cell::Points(points) => {
                write_number(sheet, (row, column), &points.to_string(), &formats.amount, formats)?
            }
            Cell::Day(day) => {
                let day = u16::try_from(day.year())
                    .map_err(|_| XlsxError::DateTimeRangeError(day.to_string()))
                    .and_then(|year| {
                        let part = |n: u32| u8::try_from(n).unwrap_or_default();
                        ExcelDateTime::from_ymd(year, part(day.month()), part(day.day()))
                    })?;
                sheet.write_datetime_with_format(row, column, &day, &formats.day)?
            }
        };
    }
    Ok(())
}

/// Writes a decimal as a number if a spreadsheet keeps it as it is, else as text.
fn write_number<'a>(
    sheet: &'a mut Worksheet,
    (row, column): (u32, u16),
    decimal: &str,
    format: &Format,
    formats: &Formats,
) -> Result<&'a mut Worksheet, XlsxError> {
    let digits = decimal.bytes().filter(u8::is_ascii_digit).count();
    // The nearest number to a decimal of that many digits is shown as the same decimal again.
    match decimal.parse::<f64>() {
        Ok(number) if digits <= DIGITS_MAX => {
            sheet.write_number_with_format(row, column, number, format)
        }
        _ => sheet.write_string_with_format(row, column, decimal, &formats.text),
    }
}

/// A text without what XML cannot hold.
fn clean(text: &str) -> String {
    let odd = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|c| if odd(c) { '\u{fffd}' } else { c }).collect()
}

/// How wide a column is, in characters; a Chinese one counts twice. By its first rows.
fn width(table: &Table, n: usize) -> u16 {
    const ROWS_LOOKED_AT: usize = 200;
    let wide = |text: &str| text.chars().take(40).map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    let cells = table.rows.iter().take(ROWS_LOOKED_AT).chain([&table.totals]);
    let widest = cells.filter_map(|line| line.get(n)).map(|cell| match cell {
        Cell::Empty => 0,
        Cell::Text(text) => wide(text),
        Cell::Count(count) => wide(&count.to_string()),
        Cell::Fen(fen) => wide(&fen.to_string()),
        Cell::Points(points) => wide(&points.to_string()),
        Cell::Day(_) => 10,
    });
    let title: u16 = table.columns.get(n).map_or(0, |title| wide(title));
    widest.max().unwrap_or(0).max(title).saturating_add(2).min(48)
}
