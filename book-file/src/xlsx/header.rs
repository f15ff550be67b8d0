//! Finding the titles: clerks put a heading above them, their columns in any order, and sometimes
//! titles in two rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::open::{RawSheet, Row};
use super::sheets::Sheet;
use crate::fault::{Place, Reason};

/// How many filled rows from the top the titles are looked for in.
const WITHIN: usize = 10;
/// So many titles make a header; one alone may be a heading.
const TITLES_MIN: usize = 2;

/// Which column is which.
#[derive(Debug)]
pub(crate) struct Header {
    /// The number of the column in the file by its number in the sheet's specification.
    pub(crate) columns: BTreeMap<usize, u32>,
    /// The number of the last row of titles.
    pub(crate) row: u32,
    /// Columns that were not understood, with their titles.
    pub(crate) ignored: Vec<(u32, String)>,
}

/// Finds the titles.
///
/// # Errors
/// `missing_column` for each one that is needed, `column_twice`.
pub(crate) fn find(
    spec: &Sheet,
    sheet: &RawSheet,
    name: &Arc<str>,
) -> Result<Header, Vec<(Place, Reason)>> {
    let place = |row: Option<u32>, column: Option<u32>| Place::Sheet {
        sheet: Arc::clone(name),
        row: row.map(|row| row.saturating_add(1)),
        column,
    };
    let with = |titles_min: usize| {
        let mut rows = sheet.rows.iter();
        let enough = |(_, row): &(&u32, &Row)| titles(spec, row).len() >= titles_min;
        let found = rows.by_ref().take(WITHIN).find(enough);
        found.map(|found| (found, rows))
    };
    let found = with(TITLES_MIN).or_else(|| with(1));
    let needed = spec.columns.iter().enumerate().filter(|(_, column)| column.needed);
    let Some(((first, row), mut rows)) = found else {
        let missing = needed
            .map(|(_, column)| (place(None, None), Reason::MissingColumn { title: column.title }));
        return Err(missing.collect());
    };
    let (mut last, mut titles_found, mut texts) = (*first, titles(spec, row), texts(row));
    if let Some((second, row)) = rows.next() {
        let more = titles(spec, row);
        if more.len() == row.len() {
            last = *second;
            texts.extend(self::texts(row));
            titles_found.extend(more);
        }
    }
    let mut columns: BTreeMap<usize, u32> = BTreeMap::new();
    let mut faults = Vec::new();
    for (at, which) in &titles_found {
        if columns.insert(*which, *at).is_some()
            && let Some(column) = spec.columns.get(*which)
        {
            let reason = Reason::ColumnTwice { title: column.title };
            faults.push((place(Some(last), Some(*at)), reason));
        }
    }
    for (n, column) in needed {
        if !columns.contains_key(&n) {
            let reason = Reason::MissingColumn { title: column.title };
            faults.push((place(Some(last), None), reason));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let ignored = texts.into_iter().filter(|(at, _)| !titles_found.contains_key(at));
    Ok(Header { columns, row: last, ignored: ignored.collect() })
}

/// The titles of a row that are known, by column.
fn titles(spec: &Sheet, row: &Row) -> BTreeMap<u32, usize> {
    let known = texts(row).into_iter();
    known.filter_map(|(at, text)| Some((at, spec.column_of(&text)?))).collect()
}

fn texts(row: &Row) -> BTreeMap<u32, String> {
    row.iter().filter_map(|(at, raw)| Some((*at, raw.text().ok()?))).collect()
}
