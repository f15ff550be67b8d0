//! Finding the header: clerks put a title above it, and their columns in any order.

use std::collections::BTreeMap;

use super::{Cell, Column, LINES_MAX, Line, Row};
use crate::refusal::Refusal;

/// How many filled rows from the top the header is looked for in.
const HEADER_WITHIN: usize = 10;

/// The lines of a file under their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The filled lines below the header.
    pub lines: Vec<Line>,
    /// Titles of columns that a roster does not have; what stands under them is not read.
    pub ignored: Vec<String>,
}

/// Finds the header and names the cells below it.
///
/// # Errors
/// `header_invalid` with the columns that are missing or stand twice, `import_too_long`.
pub fn read(rows: Vec<Row>) -> Result<Sheet, Refusal> {
    let mut rows = rows.into_iter().filter(|row| !row.is_blank());
    let header = rows
        .by_ref()
        .take(HEADER_WITHIN)
        .find(|row| {
            let titles = columns(row);
            titles.contains(&Some(Column::Household)) || titles.contains(&Some(Column::Name))
        })
        .ok_or_else(|| Refusal::HeaderInvalid {
            missing: Column::NEEDED.iter().map(|column| column.title()).collect(),
            twice: Vec::new(),
        })?;
    let columns = columns(&header);
    let count = |column: &Column| columns.iter().filter(|known| **known == Some(*column)).count();
    let titled = |which: &dyn Fn(&&Column) -> bool, of: &[Column]| -> Vec<&'static str> {
        of.iter().filter(which).map(|column| column.title()).collect()
    };
    let missing = titled(&|column| count(column) == 0, Column::NEEDED);
    let twice = titled(&|column| count(column) > 1, Column::ALL);
    if !missing.is_empty() || !twice.is_empty() {
        return Err(Refusal::HeaderInvalid { missing, twice });
    }
    let lines: Vec<Line> = rows
        .take(LINES_MAX + 1)
        .map(|row| {
            let named = columns.iter().zip(row.cells);
            let cells: BTreeMap<_, _> =
                named.filter_map(|(column, cell)| Some(((*column)?, cell))).collect();
            Line { number: row.number, cells }
        })
        .collect();
    if lines.len() > LINES_MAX {
        return Err(Refusal::ImportTooLong { lines_max: LINES_MAX });
    }
    Ok(Sheet { lines, ignored: ignored(&header, &columns) })
}

fn columns(row: &Row) -> Vec<Option<Column>> {
    let of = |cell: &Cell| match cell {
        Cell::Text(text) => Column::of_title(text),
        Cell::Empty | Cell::DigitsLost | Cell::Broken | Cell::TooLong => None,
    };
    row.cells.iter().map(of).collect()
}

fn ignored(header: &Row, columns: &[Option<Column>]) -> Vec<String> {
    let titles =
        header.cells.iter().zip(columns).filter_map(|(cell, column)| match (cell, column) {
            (Cell::Text(text), None) => Some(text.trim().to_owned()),
            _ => None,
        });
    titles.filter(|title| !title.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, cells: &[&str]) -> Row {
        Row { number, cells: cells.iter().map(|text| Cell::Text((*text).into())).collect() }
    }

    #[test]
    fn a_header_is_found_below_a_title_and_its_columns_come_in_any_order() {
        let sheet = read(vec![
            row(1, &["云岭村花名册", "", "", ""]),
            row(3, &[" 姓 名 ", "户号*", "关系", "性别"]),
            row(4, &["", " ", "", ""]),
            row(5, &["王秀英", "001", "户主", "女"]),
        ])
        .unwrap();
        assert_eq!(sheet.ignored, ["性别"]);
        assert_eq!(sheet.lines.len(), 1);
        assert_eq!(sheet.lines[0].number, 5);
        assert_eq!(sheet.lines[0].cells[&Column::Household], Cell::Text("001".into()));
    }

    #[test]
    fn a_header_that_lacks_a_column_or_has_it_twice_is_refused_by_name() {
        let refused = read(vec![row(1, &["姓名", "户号", "电话", "手机号"])]);
        let expected =
            Refusal::HeaderInvalid { missing: vec!["与户主关系"], twice: vec!["手机号"] };
        assert_eq!(refused, Err(expected));
        let none = read(vec![row(1, &["王秀英", "001"])]);
        assert!(matches!(none, Err(Refusal::HeaderInvalid { missing, .. }) if missing.len() == 3));
    }

    #[test]
    fn a_file_with_one_line_too_many_is_refused() {
        let file = |lines: usize| {
            let filled = (0..lines).map(|_| row(2, &["001", "王秀英", "户主"]));
            [row(1, &["户号", "姓名", "与户主关系"])].into_iter().chain(filled).collect()
        };
        assert_eq!(read(file(LINES_MAX)).unwrap().lines.len(), LINES_MAX);
        let refused = read(file(LINES_MAX + 1));
        assert_eq!(refused, Err(Refusal::ImportTooLong { lines_max: LINES_MAX }));
    }
}
