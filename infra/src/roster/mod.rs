//! Importing the roster: the file is read here, understood by `domain::roster`, and written in a
//! few statements whatever its length.
//!
//! One import of a village runs at a time (the village's row is locked), so that two clerks with
//! the same file do not write everybody twice.

mod csv;
mod write;
mod xlsx;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::id::{GridId, VillageId};
use domain::import::BadLine;
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::roster::{self, CELL_CHARS_MAX, Cell, Entry, Keyed, LINES_MAX, Plan, Row};
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::cards;
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::places::lock_in_tx;
use crate::schema::grids;
use crate::secrets::{Lookup, Secrets};

pub(crate) use csv::{line_of as csv_line_of, text as csv_text};

/// The largest file, in bytes.
pub const FILE_BYTES_MAX: usize = 10 * 1024 * 1024;
/// The most rows that are looked at: the lines with a title, a header and some blank rows.
const ROWS_MAX: usize = LINES_MAX + 1_000;
/// The most columns that are looked at.
const COLUMNS_MAX: usize = 64;

/// Whether an import is only tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nothing is written; bad lines are told beside the counts.
    DryRun,
    /// Everything is written, or nothing if a line is bad.
    Real,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many lines the file has below its header.
    pub lines: usize,
    /// Titles of columns that were not read.
    pub ignored_columns: Vec<String>,
    /// What is wrong; nothing would be written.
    pub bad_lines: Vec<BadLine>,
    /// Households that are new.
    pub households_added: usize,
    /// Households whose head or grid changes.
    pub households_changed: usize,
    /// People who are new.
    pub villagers_added: usize,
    /// People of whom something changes.
    pub villagers_changed: usize,
    /// People who are on the roster exactly so.
    pub villagers_unchanged: usize,
}

/// Imports a file, or says what it would do.
///
/// # Errors
/// `import_invalid` with every bad line (not from a dry run), `import_too_long`, `header_invalid`,
/// `file_unreadable`, `forbidden`, `not_found`.
pub fn import(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    file: &[u8],
    mode: Mode,
    now: DateTime<Utc>,
) -> Result<Outcome, Error> {
    let permit = allows(actor, Action::RosterImport, &Target::village(db.place(village)?))?;
    let sheet = roster::read(rows(file)?)?;
    let outcome =
        Outcome { lines: sheet.lines.len(), ignored_columns: sheet.ignored, ..Outcome::default() };
    let today = day_of(now);
    if mode == Mode::DryRun {
        return db.read(|c| {
            let planned = roster::check(&sheet.lines, &grids_of(c, village)?, today).map_or_else(
                |bad| Ok(Err(bad)),
                |entries| {
                    let keyed = keyed(db.secrets(), &entries);
                    write::planned(c, village, &keyed)
                },
            )?;
            Ok(match planned {
                Ok(plan) => counted(&outcome, &plan),
                Err(bad_lines) => Outcome { bad_lines: told(bad_lines), ..outcome.clone() },
            })
        });
    }
    let refused = |bad| Error::from(Refusal::ImportInvalid { lines: told(bad) });
    db.write(|tx| {
        lock_in_tx(tx, village)?;
        let entries =
            roster::check(&sheet.lines, &grids_of(tx, village)?, today).map_err(refused)?;
        let keyed = keyed(db.secrets(), &entries);
        let plan = write::planned(tx, village, &keyed)?.map_err(refused)?;
        write::write_in_tx(tx, db.secrets(), village, &plan, &keyed, now)?;
        cards::block_deceased_in_tx(tx, village, (actor.user, permit.role), None, now)?;
        let done = counted(&outcome, &plan);
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "roster_import",
                subject: None,
                reason: None,
                detail: Some(serde_json::json!({
                    "lines": done.lines,
                    "households_added": done.households_added,
                    "households_changed": done.households_changed,
                    "villagers_added": done.villagers_added,
                    "villagers_changed": done.villagers_changed,
                })),
            },
        )?;
        Ok(done)
    })
}

/// The rows of a file, which is told by its content: names of files and types that clients state
/// are often wrong.
fn rows(file: &[u8]) -> Result<Vec<Row>, Error> {
    const OLD_EXCEL: &[u8] = b"\xD0\xCF\x11\xE0";
    if file.starts_with(b"PK\x03\x04") {
        xlsx::rows(file)
    } else if file.starts_with(OLD_EXCEL) {
        Err(Refusal::FileUnreadable.into())
    } else {
        csv::rows(file)
    }
}

fn too_long() -> Error {
    Refusal::ImportTooLong { lines_max: LINES_MAX }.into()
}

fn text_cell(text: &str) -> Cell {
    if text.is_empty() {
        Cell::Empty
    } else if text.chars().nth(usize::from(CELL_CHARS_MAX)).is_some() {
        Cell::TooLong
    } else {
        Cell::Text(text.to_owned())
    }
}

fn grids_of(c: &mut PgConnection, village: VillageId) -> Result<BTreeMap<String, GridId>, Error> {
    let known: Vec<(String, Uuid)> = grids::table
        .filter(grids::village_id.eq(village.0))
        .select((grids::name, grids::id))
        .load(c)?;
    Ok(known.into_iter().map(|(name, id)| (name, GridId(id))).collect())
}

fn keyed<'a>(secrets: &Secrets, entries: &'a [Entry]) -> Vec<Keyed<'a>> {
    let key = |entry: &'a Entry| Keyed {
        entry,
        id_key: entry.id_number.as_ref().map(|n| secrets.lookup(Lookup::IdNumber, n.expose())),
        phone_key: entry.phone.as_ref().map(|p| secrets.lookup(Lookup::Phone, p.expose())),
        fresh_villager: id::new(),
        fresh_household: id::new(),
    };
    entries.iter().map(key).collect()
}

/// The bad lines as they are told: all flaws of all lines; of a file with more flaws than a file
/// can have lines, the first of each line.
fn told(mut bad: Vec<BadLine>) -> Vec<BadLine> {
    if bad.len() > LINES_MAX {
        bad.dedup_by_key(|bad| bad.line);
    }
    bad
}

fn counted(outcome: &Outcome, plan: &Plan) -> Outcome {
    let households_added = plan.households.iter().filter(|household| household.is_new).count();
    let villagers_added = plan.villagers.iter().filter(|villager| villager.is_new).count();
    Outcome {
        households_added,
        households_changed: plan.households.len() - households_added,
        villagers_added,
        villagers_changed: plan.villagers.len() - villagers_added,
        villagers_unchanged: plan.unchanged,
        ..outcome.clone()
    }
}
