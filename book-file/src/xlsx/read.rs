//! Workbook to book.

use std::sync::Arc;

use domain::rule_book::RuleBook;

use super::ROWS_MAX;
use super::cell::Categories;
use super::header::{self, Header};
use super::labels;
use super::open::{RawSheet, Row, open};
use super::rows::{Making, Table};
use super::sheets::{self, Rows, Sheet};
use crate::Read;
use crate::decode::Draft;
use crate::fault::{BadFile, Place, Reason};
use crate::path::Path;
use crate::tree::Tree;

/// Reads a book.
///
/// # Errors
/// Everything that is wrong, each with sheet, row and column: as many faults at once as there are, up
/// to [`BadFile::FAULTS_MAX`].
pub fn parse_xlsx(file: &[u8]) -> Result<Read, BadFile> {
    let Making { tree, places, faults, loose, silent, order, ignored, .. } = making(file)?;
    let draft = Draft { tree, places, faults, silent, loose, sheets: order };
    let read = draft.into_book().map_err(titled)?;
    Ok(Read { ignored, ..Read::new(read) })
}

/// Reads the sheets into a tree.
///
/// # Errors
/// What makes a file none that can be read at all.
pub(crate) fn making(file: &[u8]) -> Result<Making, BadFile> {
    let wanted = |name: &str| Sheet::of_name(name).is_some();
    let file = open(file, wanted).map_err(BadFile::whole)?;
    let mut making = Making {
        order: file.iter().map(|sheet| Arc::from(sheet.name.as_str())).collect(),
        ..Making::default()
    };
    for sheet in &file {
        if Sheet::of_name(&sheet.name).is_none() && sheet.name.trim() != sheets::GUIDE {
            let name = Arc::from(sheet.name.as_str());
            making.ignored.push((whole_sheet(&name), sheet.name.clone()));
        }
    }
    for spec in sheets::ALL {
        if let Some((name, header)) = sheet(&mut making, spec, &file) {
            making.ignored.extend(header.ignored.into_iter().map(|(column, title)| {
                let row = Some(header.row.saturating_add(1));
                (Place::Sheet { sheet: Arc::clone(&name), row, column: Some(column) }, title)
            }));
        }
    }
    making.empty_lists();
    Ok(making)
}

/// The same faults with the titles of the columns instead of the names in the book.
fn titled(mut bad: BadFile) -> BadFile {
    for fault in &mut bad.faults {
        let title = Path::parse(&fault.path).and_then(|path| sheets::title_of(&path));
        match (&mut fault.reason, title) {
            (Reason::MissingField { name } | Reason::UnknownField { name }, Some(title)) => {
                title.clone_into(name);
            }
            (Reason::UnitWithoutQuantity { kind }, _) => {
                if let Some(label) = labels::label(labels::AMOUNT, kind) {
                    label.clone_into(kind);
                }
            }
            _ => {}
        }
    }
    bad
}

fn whole_sheet(name: &Arc<str>) -> Place {
    Place::Sheet { sheet: Arc::clone(name), row: None, column: None }
}

/// Reads one sheet, if the file has it.
fn sheet(
    making: &mut Making,
    spec: &'static Sheet,
    file: &[RawSheet],
) -> Option<(Arc<str>, Header)> {
    let mut with_name = file
        .iter()
        .filter(|sheet| Sheet::of_name(&sheet.name).is_some_and(|known| known.name == spec.name));
    let lists = lists(spec);
    let Some(raw) = with_name.next() else {
        if spec.needed {
            let reason = Reason::MissingSheet { name: spec.name };
            making.lacks(&fills(spec), Place::File, reason);
        }
        return None;
    };
    let name: Arc<str> = Arc::from(raw.name.as_str());
    if let Some(second) = with_name.next() {
        let second = Arc::from(second.name.as_str());
        making.lacks(&[], whole_sheet(&second), Reason::SheetTwice { name: spec.name });
    }
    if raw.rows.is_empty() && !spec.needed {
        return None;
    }
    let header = match header::find(spec, raw, &name) {
        Ok(header) => header,
        Err(faults) => {
            for (place, reason) in faults {
                making.lacks(&fills(spec), place, reason);
            }
            return None;
        }
    };
    let table = Table { spec, name: Arc::clone(&name), header: &header };
    for list in &lists {
        making.places.insert(list.clone(), whole_sheet(&name));
        making.tree.put(list, Tree::List(Vec::new()));
    }
    let below = raw.rows.iter().map(|(number, row)| (*number, row));
    let mut rows: Vec<(u32, &Row)> =
        below.filter(|(number, row)| *number > header.row && !table.is_blank(row)).collect();
    let rows_max = rows_max(spec);
    if let Some((number, _)) = rows.get(rows_max) {
        let place = table.place(*number, None);
        making.fault(Path::root(), place, Reason::TooManyRows { rows_max });
        rows.truncate(rows_max);
    }
    making.rows(&table, rows.into_iter());
    for part in fills(spec) {
        // Whoever looks for a setting that has no row is sent to the sheet.
        making.places.insert(part, whole_sheet(&name));
    }
    if spec.rows == Rows::List("categories") {
        making.know_categories();
    }
    Some((name, header))
}

/// The lists of the book that a sheet fills by itself.
fn lists(spec: &Sheet) -> Vec<Path> {
    match spec.rows {
        Rows::List(list) => vec![Path::root().key(list)],
        Rows::Stages => {
            let ways = spec.owners().unwrap_or_default().iter();
            ways.map(|(way, _)| Path::root().keys(&[way, "stages"])).collect()
        }
        Rows::Settings | Rows::Steps | Rows::Caps | Rows::Grades => Vec::new(),
    }
}

/// What would be missing in the book without a sheet.
fn fills(spec: &Sheet) -> Vec<Path> {
    if spec.rows == Rows::Settings && spec.needed {
        sheets::NAMED_SETTINGS.iter().map(|setting| Path::root().keys(setting.path)).collect()
    } else {
        lists(spec)
    }
}

fn rows_max(spec: &Sheet) -> usize {
    if spec.rows == Rows::List("items") { RuleBook::ITEMS_MAX } else { ROWS_MAX }
}

impl Making {
    /// Notes that a sheet cannot be read. What it fills is absent for that reason and no other.
    fn lacks(&mut self, filled: &[Path], place: Place, reason: Reason) {
        self.silent.extend_from_slice(filled);
        self.fault(Path::root(), place, reason);
    }

    fn know_categories(&mut self) {
        let Some(Tree::List(list)) = self.tree.get("categories") else { return };
        let text = |row: &Tree, name: &str| {
            row.get(name).and_then(Tree::text).unwrap_or_default().to_owned()
        };
        self.categories =
            Categories(list.iter().map(|r| (text(r, "code"), text(r, "name"))).collect());
    }
}
