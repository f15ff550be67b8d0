//! Settings: a name with a value, or a path into the book with a value. The latter is how anything
//! travels that no sheet has a column for.

use super::cell::{self, Raw};
use super::open::Row;
use super::rows::{Making, Table};
use super::sheets;
use crate::fault::Reason;
use crate::path::Path;
use crate::tree::Tree;

/// The columns of the sheets of settings.
const NAME: usize = 0;
const VALUE: usize = 1;

impl Making {
    /// One row of settings.
    pub(crate) fn setting(&mut self, table: &Table<'_>, number: u32, row: &Row) {
        let place = table.place(number, table.header.columns.get(&NAME).copied());
        let Some((_, name)) = table.cell(row, NAME) else {
            if table.cell(row, VALUE).is_some() {
                let name = "设置".to_owned();
                self.fault(Path::root(), place, Reason::MissingField { name });
            }
            return;
        };
        let name = match name.text() {
            Ok(name) => name,
            Err(reason) => return self.fault(Path::root(), place, reason),
        };
        let value_at = table.place(number, table.header.columns.get(&VALUE).copied());
        let named = sheets::setting(&name);
        let path = match named {
            Some(column) => Some(Path::root().keys(column.path)),
            None => {
                Path::parse_with(&cell::half_width(&name), |code| self.items.get(code).copied())
                    .filter(|path| !path.is_empty())
            }
        };
        let Some(path) = path else {
            return self.fault(Path::root(), place, Reason::NotAPath { found: name });
        };
        if self.tree.at(&path).is_some() {
            let first = self.places.of(&path).zh();
            return self.fault(Path::root(), place, Reason::DuplicateRow { first });
        }
        self.places.replace(path.clone(), value_at.clone());
        let Some((_, raw)) = table.cell(row, VALUE) else { return };
        if let Some(column) = named {
            return self.value(path, value_at, raw, column);
        }
        match any_value(raw) {
            Ok(value) => {
                if matches!(value, Tree::Int(_)) {
                    self.loose.insert(path.clone());
                }
                if !self.tree.put(&path, value) {
                    // Half of the way may have been laid; the book is refused anyway.
                    self.fault(Path::root(), place, Reason::NotAPath { found: name });
                }
            }
            Err(reason) => self.fault(path, value_at, reason),
        }
    }
}

/// A value of which nobody knows the kind: JSON if it is some, else a text.
fn any_value(raw: &Raw) -> Result<Tree, Reason> {
    match raw {
        Raw::Bool(yes) => Ok(Tree::Bool(*yes)),
        raw => {
            let text = raw.text()?;
            Ok(serde_json::from_str(&text).unwrap_or(Tree::Text(text)))
        }
    }
}

/// A value as a cell of a sheet of settings holds it; `None` if none can.
pub(crate) fn written(value: &Tree) -> Option<String> {
    let text = match value {
        Tree::Text(text) => {
            let bare = cell::survives(text)
                && any_value(&Raw::Text(text.clone())).ok().as_ref() == Some(value);
            if bare { text.clone() } else { cell::json(text) }
        }
        Tree::List(list) => {
            let inner: Option<Vec<_>> = list
                .iter()
                .map(|value| match value {
                    Tree::Text(text) => Some(cell::json(text)),
                    value => written(value),
                })
                .collect();
            format!("[{}]", inner?.join(", "))
        }
        value => serde_json::to_string(value).ok()?,
    };
    let reads =
        cell::survives(&text) && any_value(&Raw::Text(text.clone())).ok().as_ref() == Some(value);
    reads.then_some(text)
}
