//! The workbook itself: titles, formats, lists to choose from.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties,
    ExcelDateTime, Format, FormatAlign, Formula, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::cell::Out;
use super::guide;
use super::labels;
use super::sheets::{self, Column, GUIDE, Kind, NAMED_SETTINGS, Rows, Sheet};
use super::write::{Lines, width};

/// How many rows below the titles are prepared for a clerk to fill in.
const PREPARED_ROWS: u32 = 1_000;

/// The file with a guide and these sheets.
pub(crate) fn workbook(sheets: &[(&'static Sheet, Lines)]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // The same book makes the same file on any day.
    let made = ExcelDateTime::from_ymd(2020, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let title =
        Format::new().set_bold().set_background_color(Color::RGB(0x00DD_EBF7)).set_text_wrap();
    let needed = title.clone().set_background_color(Color::RGB(0x00FC_E4D6));
    // Whatever is typed stays what was typed.
    let text = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
    let plain = Format::new().set_align(FormatAlign::Top);
    let formats = Formats { title, needed, text, plain };
    write_guide(book.add_worksheet(), &formats)?;
    for (spec, lines) in sheets {
        write_sheet(book.add_worksheet(), spec, lines, &formats)?;
    }
    book.save_to_buffer()
}

struct Formats {
    title: Format,
    needed: Format,
    text: Format,
    plain: Format,
}

fn write_guide(sheet: &mut Worksheet, formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_name(GUIDE)?;
    let mut row = 0;
    for line in guide::INTRODUCTION {
        sheet.write_string(row, 0, *line)?;
        row += 1;
    }
    row += 1;
    for (n, title) in (0_u16..).zip(["工作表", "列", "必填", "填法"]) {
        sheet.write_string_with_format(row, n, title, &formats.title)?;
    }
    for line in guide::lines() {
        row += 1;
        for (n, text) in (0_u16..).zip(&line) {
            sheet.write_string_with_format(row, n, text, &formats.text)?;
        }
    }
    for (n, width) in (0_u16..).zip([14_u16, 20, 8, 90]) {
        sheet.set_column_width(n, width)?;
    }
    Ok(())
}

fn write_sheet(
    sheet: &mut Worksheet,
    spec: &Sheet,
    lines: &Lines,
    formats: &Formats,
) -> Result<(), XlsxError> {
    sheet.set_name(spec.name)?;
    for ((at, column), n) in (0_u16..).zip(spec.columns).zip(0_usize..) {
        let format = if column.needed { &formats.needed } else { &formats.title };
        sheet.set_column_width(at, width(column, n, lines))?;
        let body = if column.kind == Kind::Whole { &formats.plain } else { &formats.text };
        sheet.set_column_format(at, body)?;
        sheet.write_string_with_format(0, at, column.title, format)?;
        if spec.rows != Rows::Settings {
            validate(sheet, spec, column, 1, PREPARED_ROWS, at)?;
        }
    }
    for (row, line) in (1_u32..).zip(lines) {
        for (at, cell) in (0_u16..).zip(line) {
            match cell {
                Some(Out::Text(text)) => {
                    sheet.write_string_with_format(row, at, text, &formats.text)?;
                }
                Some(Out::Whole(number)) => {
                    sheet.write_number_with_format(row, at, *number, &formats.plain)?;
                }
                None => {}
            }
        }
        if spec.rows == Rows::Settings
            && let Some(Some(Out::Text(name))) = line.first()
            && let Some(setting) = NAMED_SETTINGS.iter().find(|setting| setting.title == name)
        {
            validate(sheet, spec, setting, row, row, 1)?;
        }
    }
    // Points are texts on purpose.
    let last = u16::try_from(spec.columns.len()).unwrap_or(1).saturating_sub(1);
    sheet.ignore_error_range(1, 0, PREPARED_ROWS, last, IgnoreError::NumberStoredAsText)?;
    let first_free = if matches!(spec.rows, Rows::List("items")) { 3 } else { 1 };
    sheet.set_freeze_panes(1, first_free)?;
    Ok(())
}

/// What can be chosen, or a hint, for the cells of a column.
fn validate(
    sheet: &mut Worksheet,
    spec: &Sheet,
    column: &Column,
    first: u32,
    last: u32,
    at: u16,
) -> Result<(), XlsxError> {
    let known = |known: labels::Labels| known.iter().map(|(_, label)| *label).collect::<Vec<_>>();
    let rule = match (column.kind, spec.owners()) {
        (Kind::Label(labels), _) | (Kind::Owner, Some(labels)) => {
            DataValidation::new().allow_list_strings(&known(labels))?
        }
        (Kind::YesNo, _) => DataValidation::new().allow_list_strings(&["是", "否"])?,
        (Kind::Duration, _) => DataValidation::new()
            .allow_list_strings(&["本周期", "本年", "1年", "2年", "3年", "5年"])?
            // Others can be typed.
            .set_error_style(DataValidationErrorStyle::Information),
        (Kind::Category, _) => column_of("分类", "分类名称")?,
        (Kind::Owner, None) => column_of(sheets::ITEMS.name, "编号")?,
        (Kind::Whole, _) => {
            DataValidation::new().allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0))
        }
        (Kind::Labels(labels), _) => DataValidation::new()
            .allow_any_value()
            .set_input_message(format!("可填一个或几个，用顿号隔开：{}", labels::all(labels)))?,
        _ => return Ok(()),
    };
    sheet.add_data_validation(first, at, last, at, &rule.ignore_blank(true))?;
    Ok(())
}

/// A choice of what stands in a column of another sheet; other things can be typed.
fn column_of(sheet: &str, title: &str) -> Result<DataValidation, XlsxError> {
    let spec = Sheet::of_name(sheet);
    let n = spec.and_then(|spec| spec.column_of(title)).unwrap_or_default();
    let letters = crate::fault::column_letters(u32::try_from(n).unwrap_or_default());
    let last = PREPARED_ROWS + 1;
    let range = format!("='{sheet}'!${letters}$2:${letters}${last}");
    Ok(DataValidation::new()
        .allow_list_formula(Formula::new(range))
        .set_error_style(DataValidationErrorStyle::Warning))
}
