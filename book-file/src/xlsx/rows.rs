//! The rows of the sheets as parts of the book.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::cell::{self, Categories, Raw};
use super::header::Header;
use super::labels;
use super::open::Row;
use super::sheets::{Column, Kind, Rows, Sheet};
use crate::fault::{Place, Reason};
use crate::path::Path;
use crate::places::Places;
use crate::tree::Tree;

/// What was read so far.
#[derive(Debug, Default)]
pub(crate) struct Making {
    pub(crate) tree: Tree,
    pub(crate) places: Places,
    pub(crate) faults: Vec<(Path, Place, Reason)>,
    pub(crate) loose: BTreeSet<Path>,
    pub(crate) categories: Categories,
    /// The items by their codes, for the sheets of details.
    pub(crate) items: HashMap<String, usize>,
    /// What is absent because a sheet is, which is told already.
    pub(crate) silent: Vec<Path>,
    /// The names of the sheets, in their order.
    pub(crate) order: Vec<Arc<str>>,
    /// Sheets and columns that are no part of a book.
    pub(crate) ignored: Vec<(Place, String)>,
}

/// A sheet that is being read.
pub(crate) struct Table<'a> {
    pub(crate) spec: &'static Sheet,
    pub(crate) name: Arc<str>,
    pub(crate) header: &'a Header,
}

impl Table<'_> {
    /// The place of a row, or of one of its cells.
    pub(crate) fn place(&self, row: u32, column: Option<u32>) -> Place {
        let row = Some(row.saturating_add(1));
        Place::Sheet { sheet: Arc::clone(&self.name), row, column }
    }

    /// The cell of a column of the specification.
    pub(crate) fn cell<'r>(&self, row: &'r Row, which: usize) -> Option<(u32, &'r Raw)> {
        let at = *self.header.columns.get(&which)?;
        row.get(&at).map(|raw| (at, raw))
    }

    /// Whether nothing that is read stands in a row.
    pub(crate) fn is_blank(&self, row: &Row) -> bool {
        !self.header.columns.iter().any(|(which, at)| {
            row.contains_key(at)
                && self.spec.columns.get(*which).is_some_and(|column| {
                    column.kind != Kind::Note || self.spec.rows == Rows::Settings
                })
        })
    }
}

impl Making {
    /// Notes a fault.
    pub(crate) fn fault(&mut self, path: Path, place: Place, reason: Reason) {
        self.faults.push((path, place, reason));
    }

    /// Reads the rows of a sheet.
    pub(crate) fn rows<'r>(
        &mut self,
        table: &Table<'_>,
        rows: impl Iterator<Item = (u32, &'r Row)>,
    ) {
        let mut owner = None;
        for (number, row) in rows {
            match table.spec.rows {
                Rows::Settings => self.setting(table, number, row),
                Rows::List(list) => {
                    let path = Path::root().key(list);
                    let base = self.next_of(&path);
                    self.row(table, number, row, &base);
                    if list == "items" {
                        self.item(table, number, &base);
                    }
                }
                Rows::Steps | Rows::Caps | Rows::Stages | Rows::Grades => {
                    if let Some(read) = self.owner(table, number, row, &owner) {
                        let list = self.list_of(table.spec.rows, &read);
                        self.places.insert(list.clone(), table.place(number, None));
                        let base = self.next_of(&list);
                        self.row(table, number, row, &base);
                        owner = Some(read);
                    } else {
                        owner = None;
                    }
                }
            }
        }
    }

    /// The next element of a list.
    fn next_of(&self, list: &Path) -> Path {
        let len = match self.tree.at(list) {
            Some(Tree::List(list)) => list.len(),
            _ => 0,
        };
        list.index(len)
    }

    /// One row as an element.
    fn row(&mut self, table: &Table<'_>, number: u32, row: &Row, base: &Path) {
        self.tree.put(base, Tree::Table(Vec::new()));
        self.places.insert(base.clone(), table.place(number, None));
        for (which, at) in &table.header.columns {
            let Some(column) = table.spec.columns.get(*which) else { continue };
            if matches!(column.kind, Kind::Note | Kind::Owner) {
                continue;
            }
            let path = base.keys(column.path);
            self.places.insert(path.clone(), table.place(number, Some(*at)));
            if let Some(raw) = row.get(at) {
                self.value(path, table.place(number, Some(*at)), raw, column);
            }
        }
        self.both_limits(table, number, base);
    }

    /// Puts the value of a cell where it belongs.
    pub(crate) fn value(&mut self, path: Path, place: Place, raw: &Raw, column: &Column) {
        match cell::read(raw, column.kind, &self.categories) {
            Ok(None) => {}
            Ok(Some(value)) => {
                self.tree.put(&path, value);
            }
            Err(reason) => self.fault(path, place, reason),
        }
    }

    /// A cap limits either the deeds or the points.
    fn both_limits(&mut self, table: &Table<'_>, number: u32, base: &Path) {
        if table.spec.rows != Rows::Caps {
            return;
        }
        let limit = base.key("limit");
        if matches!(self.tree.at(&limit), Some(Tree::Table(both)) if both.len() > 1) {
            let both = "次数上限、分值上限".to_owned();
            let place = self.places.exactly(&limit.key("points"));
            let place = place.unwrap_or_else(|| table.place(number, None));
            self.fault(limit, place, Reason::OneOfTwo { both });
        }
    }

    /// Remembers an item by its code, once.
    fn item(&mut self, table: &Table<'_>, number: u32, base: &Path) {
        let code = base.key("code");
        let Some(text) = self.tree.at(&code).and_then(Tree::text).map(str::to_owned) else {
            return;
        };
        let this = match base.last() {
            Some(crate::path::Step::Index(n)) => *n,
            _ => return,
        };
        if let Some(first) = self.items.get(&text) {
            let first = self.places.of(&Path::root().key("items").index(*first).key("code"));
            let place = self.places.exactly(&code);
            let place = place.unwrap_or_else(|| table.place(number, None));
            self.fault(code, place, Reason::DuplicateRow { first: first.zh() });
        } else {
            self.items.insert(text, this);
        }
    }

    /// What a row of details belongs to: what it says, or else what the one above belongs to.
    fn owner(
        &mut self,
        table: &Table<'_>,
        number: u32,
        row: &Row,
        above: &Option<Path>,
    ) -> Option<Path> {
        let which = table.spec.columns.iter().position(|column| column.kind == Kind::Owner)?;
        let place = table.place(number, table.header.columns.get(&which).copied());
        let title = table.spec.columns.get(which).map_or("", |column| column.title);
        let read = match table.cell(row, which) {
            None => Ok(None),
            Some((_, raw)) => {
                let kind = table.spec.owners().map_or(Kind::Owner, Kind::Label);
                cell::read(raw, kind, &self.categories)
            }
        };
        let name = match read {
            Ok(Some(Tree::Text(name))) => name,
            Ok(_) if above.is_some() => return above.clone(),
            Ok(_) => {
                let name = title.to_owned();
                self.fault(Path::root(), place, Reason::MissingField { name });
                return None;
            }
            Err(reason) => {
                self.fault(Path::root(), place, reason);
                return None;
            }
        };
        match table.spec.rows {
            Rows::Stages => return Some(Path::root().key(&name)),
            Rows::Grades => {
                let track = self.track(&name);
                if track.is_none() {
                    let label = labels::label(labels::TRACK, &name).unwrap_or_default();
                    self.fault(Path::root(), place, Reason::UnknownTrack { name: label.into() });
                }
                return track;
            }
            _ => {}
        }
        match self.items.get(&name) {
            Some(n) => Some(Path::root().key("items").index(*n)),
            None => {
                self.fault(Path::root(), place, Reason::UnknownItem { code: name });
                None
            }
        }
    }

    /// The row of a track that was read before.
    fn track(&self, name: &str) -> Option<Path> {
        let Some(Tree::List(tracks)) = self.tree.get("tracks") else { return None };
        let named = |row: &Tree| row.get("track").and_then(Tree::text) == Some(name);
        tracks.iter().position(named).map(|n| Path::root().key("tracks").index(n))
    }

    /// The list that a row of details is an element of.
    fn list_of(&self, rows: Rows, owner: &Path) -> Path {
        match rows {
            Rows::Caps => owner.key("caps"),
            Rows::Steps => {
                let kind = self.tree.at(&owner.keys(&["amount", "kind"])).and_then(Tree::text);
                owner.keys(&["amount", steps_of(kind.unwrap_or_default())])
            }
            Rows::Grades => owner.key("grades"),
            Rows::Stages | Rows::List(_) | Rows::Settings => owner.key("stages"),
        }
    }

    /// Lists that nobody filled in are empty, so that the domain says what is missing.
    pub(crate) fn empty_lists(&mut self) {
        let count = match self.tree.get("items") {
            Some(Tree::List(items)) => items.len(),
            _ => 0,
        };
        for n in 0..count {
            let amount = Path::root().key("items").index(n).key("amount");
            let kind = self.tree.at(&amount.key("kind")).and_then(Tree::text);
            if let Some(kind @ ("choice" | "cumulative_tiers" | "marginal_tiers")) = kind {
                let list = amount.key(steps_of(kind));
                if self.tree.at(&list).is_none() {
                    self.tree.put(&list, Tree::List(Vec::new()));
                }
            }
        }
    }
}

/// The list of steps that a kind of amount has.
pub(crate) fn steps_of(kind: &str) -> &'static str {
    if kind == "choice" { "options" } else { "tiers" }
}
