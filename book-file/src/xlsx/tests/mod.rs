//! Workbooks as clerks fill them in, well and badly.

mod hostile;
mod kind;
mod loss;
mod refused;

use std::collections::BTreeMap;

use rust_xlsxwriter::{Workbook, Worksheet};

use super::cell::Raw;
use super::open::open;
use super::{parse_xlsx, to_xlsx};
use crate::books;

/// A workbook as texts, to be changed before it is written again.
#[derive(Clone)]
struct Grid(Vec<(String, Cells)>);

/// Texts by row and column.
type Cells = BTreeMap<(u32, u16), String>;

impl Grid {
    /// The book with everything, as it is handed out.
    fn whole() -> Self {
        let file = to_xlsx(&books::whole()).unwrap();
        let sheets = open(&file, |_| true).unwrap();
        let texts = sheets.into_iter().map(|sheet| {
            let cells = sheet.rows.into_iter().flat_map(|(row, cells)| {
                cells.into_iter().map(move |(column, raw)| match raw {
                    Raw::Text(text) | Raw::Number(text) => {
                        ((row, u16::try_from(column).unwrap()), text)
                    }
                    other => panic!("{other:?}"),
                })
            });
            (sheet.name, cells.collect())
        });
        Self(texts.collect())
    }

    fn sheet(&mut self, name: &str) -> &mut Cells {
        let found = self.0.iter_mut().find(|(known, _)| known == name);
        &mut found.unwrap_or_else(|| panic!("no sheet {name}")).1
    }

    /// The number of the column under a title.
    fn column(&mut self, sheet: &str, title: &str) -> u16 {
        let cells = self.sheet(sheet).iter();
        let mut found = cells.filter(|((row, _), text)| *row == 0 && *text == title);
        found.next().unwrap_or_else(|| panic!("no column {title}")).0.1
    }

    /// The number of the row in whose column a text stands.
    fn row(&mut self, sheet: &str, title: &str, text: &str) -> u32 {
        let column = self.column(sheet, title);
        let mut cells = self.sheet(sheet).iter();
        cells.find(|((_, at), known)| *at == column && *known == text).unwrap().0.0
    }

    /// Writes into a cell, by the text in the first column of its row; an empty text clears it.
    /// Answers the place.
    fn set(&mut self, sheet: &str, first: &str, title: &str, text: &str) -> String {
        let own = self.sheet(sheet).get(&(0, 0)).cloned().unwrap();
        let row = self.row(sheet, &own, first);
        let column = self.column(sheet, title);
        self.put(sheet, row, column, text)
    }

    fn put(&mut self, sheet: &str, row: u32, column: u16, text: &str) -> String {
        if text.is_empty() {
            self.sheet(sheet).remove(&(row, column));
        } else {
            self.sheet(sheet).insert((row, column), text.to_owned());
        }
        format!("{sheet}!{}{}", crate::column_letters(u32::from(column)), row + 1)
    }

    fn file(&self) -> Vec<u8> {
        self.file_with(|_, _| {})
    }

    /// The file, after somebody had their way with its sheets.
    fn file_with(&self, then: impl Fn(&str, &mut Worksheet)) -> Vec<u8> {
        let mut book = Workbook::new();
        for (name, cells) in &self.0 {
            let sheet = book.add_worksheet();
            sheet.set_name(name).unwrap();
            for ((row, column), text) in cells {
                sheet.write_string(*row, *column, text).unwrap();
            }
            then(name, sheet);
        }
        book.save_to_buffer().unwrap()
    }

    /// What is told of the file: place, code, path.
    fn faults(&self) -> Vec<(String, &'static str, String)> {
        faults(&self.file())
    }
}

fn faults(file: &[u8]) -> Vec<(String, &'static str, String)> {
    let bad = parse_xlsx(file).unwrap_err();
    let told = bad.faults.iter();
    told.map(|fault| (fault.place.zh(), fault.code(), fault.path.clone())).collect()
}
