//! Divisions: the list of them, and their import from a table of codes and names.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use csv::{ReaderBuilder, StringRecord};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::DivisionId;
use domain::import::{BadLine, Flaw};
use domain::place::may_import;
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::audit::{self, Deed, NO_VILLAGE};
use crate::db::Db;
use crate::error::Error;
use crate::places::{BadDivision, DivisionRow, NewDivision, division_in_tx, import_in_tx};
use crate::roster::{csv_line_of, csv_text};
use crate::schema::divisions;

/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 1024 * 1024;
/// The most lines below the header: a province has about 20,000 villages.
pub const LINES_MAX: usize = 30_000;

/// The divisions right under one, or all counties, by code.
///
/// # Errors
/// `not_found` if there is no such division.
pub fn list(
    db: &Db,
    parent: Option<DivisionId>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<DivisionRow>, Error> {
    db.read(|c| {
        let mut query = divisions::table
            .filter(divisions::code.gt(after.unwrap_or_default()))
            .order(divisions::code)
            .limit(limit)
            .select(DivisionRow::as_select())
            .into_boxed();
        let Some(parent) = parent else {
            return Ok(query.filter(divisions::level.eq("county")).load(c)?);
        };
        let above = division_in_tx(c, parent)?;
        query = query.filter(divisions::county_id.eq(above.county_id));
        query = match above.level.as_str() {
            "county" => query.filter(divisions::level.eq("town")),
            "town" => {
                query.filter(divisions::town_id.eq(parent.0)).filter(divisions::level.eq("village"))
            }
            // Nothing lies under a village.
            _ => return Ok(Vec::new()),
        };
        Ok(query.load(c)?)
    })
}

/// Imports divisions from a CSV file; a code that is known gets the new name. Answers how many
/// lines there were.
///
/// # Errors
/// `import_invalid` with every bad line, `import_too_long`, `header_invalid`, `file_unreadable`,
/// `forbidden`.
pub fn import(db: &Db, actor: &Actor, file: &[u8], now: DateTime<Utc>) -> Result<usize, Error> {
    let (numbers, lines): (Vec<u32>, Vec<NewDivision>) = read(file)?.into_iter().unzip();
    db.write(|tx| {
        let counties: Vec<(String, Uuid)> = divisions::table
            .filter(divisions::level.eq("county"))
            .select((divisions::code, divisions::id))
            .load(tx)?;
        let counties: BTreeMap<String, DivisionId> =
            counties.into_iter().map(|(code, id)| (code, DivisionId(id))).collect();
        let codes = lines.iter().map(|line| line.code.as_str());
        let permit = may_import(actor, codes, &counties)?;
        let told = |bad: &BadDivision| {
            let place = bad.line.saturating_sub(1);
            let name = lines.get(place).map(|line| line.name.as_str());
            let (field, flaw) = flaw_of(bad.field, name.unwrap_or_default());
            BadLine { line: numbers.get(place).copied().unwrap_or_default(), field, flaw }
        };
        let done = import_in_tx(tx, &lines, now)?
            .map_err(|bad| Refusal::ImportInvalid { lines: bad.iter().map(told).collect() })?;
        audit::record_in_tx(
            tx,
            &Deed {
                village: NO_VILLAGE,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "division_import",
                subject: None,
                reason: None,
                detail: Some(serde_json::json!({"lines": done})),
            },
        )?;
        Ok(done)
    })
}

fn flaw_of(field: &str, name: &str) -> (&'static str, Flaw) {
    match field {
        "name" if name.trim().is_empty() => ("name", Flaw::Missing),
        "name" => ("name", Flaw::TooLong { chars_max: 60 }),
        "parent" => ("code", Flaw::DivisionParent),
        "twice" => ("code", Flaw::DivisionTwice),
        _ => ("code", Flaw::DivisionCode),
    }
}

/// The lines of the file with their numbers.
fn read(file: &[u8]) -> Result<Vec<(u32, NewDivision)>, Error> {
    let unreadable = |_| Refusal::FileUnreadable;
    let text = csv_text(file)?;
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let titles = reader.headers().map_err(unreadable)?;
    let column = |names: [&str; 2]| titles.iter().position(|title| names.contains(&title.trim()));
    let (code, name) = (column(["code", "代码"]), column(["name", "名称"]));
    let (Some(code), Some(name)) = (code, name) else {
        let needed = [("code", code), ("name", name)];
        let missing = needed.iter().filter(|(_, found)| found.is_none()).map(|(title, _)| *title);
        return Err(Refusal::HeaderInvalid { missing: missing.collect(), twice: vec![] }.into());
    };
    let mut lines = Vec::new();
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(unreadable)? {
        let cell = |place| record.get(place).unwrap_or_default().trim().to_owned();
        let (code, name) = (cell(code), cell(name));
        if code.is_empty() && name.is_empty() {
            continue;
        }
        if lines.len() == LINES_MAX {
            return Err(Refusal::ImportTooLong { lines_max: LINES_MAX }.into());
        }
        lines.push((csv_line_of(&text, &record), NewDivision { code, name }));
    }
    Ok(lines)
}
