//! Workbooks as people download them.

use std::io::Cursor;

use calamine::{Reader, Xlsx, open_workbook_from_rs};
use reqwest::Method;

use crate::Client;

/// Downloads a workbook: how it is to be called, and the cells of one of its sheets that hold something,
/// row by row.
pub async fn cells(client: &Client, path: &str, sheet: &str) -> (String, Vec<String>) {
    let response = client.request(Method::GET, path).send().await.expect("an answer");
    assert_eq!(response.status().as_u16(), 200);
    let named = response.headers()["content-disposition"].to_str().expect("ASCII").to_owned();
    (named, cells_in(&response.bytes().await.expect("a body"), sheet))
}

/// The cells of a sheet of a workbook that hold something, row by row.
pub fn cells_in(bytes: &[u8], sheet: &str) -> Vec<String> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range(sheet).expect("the sheet");
    let cells = range.rows().flatten().map(ToString::to_string);
    cells.filter(|cell| !cell.is_empty()).collect()
}
