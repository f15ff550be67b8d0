//! Book to workbook.

use std::collections::{BTreeSet, HashSet};

use domain::rule_book::RuleBook;

use super::cell::{self, Categories, Out};
use super::rows::steps_of;
use super::sheets::{self, Column, Kind, Rows, Sheet};
use super::{CELL_CHARS_MAX, ROWS_MAX, draw, labels, parse_xlsx, settings};
use crate::defaults::Defaults;
use crate::fault::Unwritable;
use crate::path::{Path, Step};
use crate::tree::Tree;

/// The rows of a sheet below its titles, cell by cell.
pub(crate) type Lines = Vec<Vec<Option<Out>>>;

/// Writes a book. What was written is read and compared before it is handed out.
///
/// # Errors
/// [`Unwritable`]: a draft whose items cannot be told apart by their codes, or with a text longer than
/// a cell.
pub fn to_xlsx(book: &RuleBook) -> Result<Vec<u8>, Unwritable> {
    let tree = Tree::of(book).map_err(|error| Unwritable::Differs(error.to_string()))?;
    let file = to_xlsx_of(&tree)?;
    match parse_xlsx(&file) {
        Ok(read) if read.book == *book => Ok(file),
        Ok(_) => Err(Unwritable::Differs("another book".to_owned())),
        Err(bad) => Err(Unwritable::Differs(bad.to_string())),
    }
}

/// Writes a tree.
pub(crate) fn to_xlsx_of(tree: &Tree) -> Result<Vec<u8>, Unwritable> {
    let mut plan = Plan::of(tree)?;
    let mut sheets = Vec::new();
    for spec in sheets::ALL {
        let lines = plan.lines(spec)?;
        let lines_max =
            if spec.rows == Rows::List("items") { RuleBook::ITEMS_MAX } else { ROWS_MAX };
        if lines.len() > lines_max {
            return Err(Unwritable::TooManyLines);
        }
        sheets.push((spec, lines));
    }
    draw::workbook(&sheets).map_err(|error| Unwritable::Differs(error.to_string()))
}

/// What stands where.
struct Plan<'a> {
    tree: &'a Tree,
    defaults: Defaults,
    categories: Categories,
    /// The codes of the items, in their order.
    codes: Vec<&'a str>,
    /// What a cell holds already.
    written: HashSet<Path>,
}

impl<'a> Plan<'a> {
    fn of(tree: &'a Tree) -> Result<Self, Unwritable> {
        let text =
            |row: &'a Tree, name: &str| row.get(name).and_then(Tree::text).unwrap_or_default();
        let mut codes = Vec::new();
        let mut seen = HashSet::new();
        for (n, item) in list(tree.get("items")).iter().enumerate() {
            let code = text(item, "code");
            let plain = cell::half_width(code) == code
                && !code.is_empty()
                && !code
                    .contains(|c: char| c.is_whitespace() || c.is_control() || "\"[]".contains(c));
            if !plain || !seen.insert(code) {
                return Err(Unwritable::ItemCode { place: format!("items[{n}].code") });
            }
            codes.push(code);
        }
        let categories = list(tree.get("categories")).iter();
        let categories = categories.map(|r| (text(r, "code").into(), text(r, "name").into()));
        Ok(Self {
            tree,
            defaults: Defaults::of(tree),
            categories: Categories(categories.collect()),
            codes,
            written: HashSet::new(),
        })
    }

    fn lines(&mut self, spec: &Sheet) -> Result<Lines, Unwritable> {
        let root = Path::root();
        let mut lines = Vec::new();
        match spec.rows {
            Rows::Settings if spec.needed => {
                for setting in sheets::NAMED_SETTINGS {
                    let path = root.keys(setting.path);
                    let value = self.cell(&path, setting.kind);
                    let title = Some(Out::Text(setting.title.to_owned()));
                    if value.is_some() {
                        let note =
                            (!setting.hint.is_empty()).then(|| Out::Text(setting.hint.to_owned()));
                        lines.push(vec![title, value, note]);
                    }
                }
            }
            Rows::Settings => self.rest(self.tree, &root, &mut lines)?,
            Rows::List(field) => self.elements(spec, &root.key(field), None, &mut lines),
            Rows::Caps => {
                for (n, code) in self.codes.clone().into_iter().enumerate() {
                    let caps = root.key("items").index(n).key("caps");
                    self.elements(spec, &caps, Some((code, n)), &mut lines);
                }
            }
            Rows::Steps => {
                for (n, code) in self.codes.clone().into_iter().enumerate() {
                    let amount = root.key("items").index(n).key("amount");
                    let kind = self.tree.at(&amount.key("kind")).and_then(Tree::text);
                    let kind = kind.filter(|kind| labels::label(labels::AMOUNT, kind).is_some());
                    if let Some(kind) = kind {
                        let steps = amount.key(steps_of(kind));
                        self.elements(spec, &steps, Some((code, n)), &mut lines);
                    }
                }
            }
            Rows::Grades => {
                let tracks = root.key("tracks");
                let Some(Tree::List(list)) = self.tree.at(&tracks) else { return Ok(lines) };
                let named = |row: &Tree| {
                    let name = row.get("track").and_then(Tree::text);
                    name.and_then(|name| labels::label(labels::TRACK, name))
                };
                let mut seen = BTreeSet::new();
                for (n, label) in list.iter().map(named).enumerate() {
                    // Of a track that stands twice only the first is found again by its name.
                    let Some(label) = label.filter(|label| seen.insert(*label)) else { continue };
                    self.elements(
                        spec,
                        &tracks.index(n).key("grades"),
                        Some((label, 0)),
                        &mut lines,
                    );
                }
            }
            Rows::Stages => {
                for (way, label) in labels::WAY {
                    let stages = root.keys(&[way, "stages"]);
                    self.elements(spec, &stages, Some((label, 0)), &mut lines);
                }
            }
        }
        Ok(lines)
    }

    /// The elements of a list, each as a line.
    fn elements(
        &mut self,
        spec: &Sheet,
        path: &Path,
        owner: Option<(&str, usize)>,
        lines: &mut Lines,
    ) {
        let Some(Tree::List(elements)) = self.tree.at(path) else { return };
        for n in 0..elements.len() {
            let base = path.index(n);
            let line = spec.columns.iter().map(|column| match (column.kind, owner) {
                (Kind::Owner, Some((name, _))) => Some(Out::Text(name.to_owned())),
                (Kind::Note, Some((_, item))) => {
                    let name = Path::root().key("items").index(item).key("name");
                    let name = self.tree.at(&name).and_then(Tree::text)?;
                    let fits = cell::survives(name) && !name.is_empty();
                    fits.then(|| Out::Text(name.to_owned()))
                }
                (Kind::Note | Kind::Owner, _) => None,
                (kind, _) => self.cell(&base.keys(column.path), kind),
            });
            let line = line.collect();
            lines.push(line);
        }
        // The sheet says that there is a list, even if nothing is in it.
        self.written.insert(path.clone());
    }

    /// The cell of a value; it is remembered as written.
    fn cell(&mut self, path: &Path, kind: Kind) -> Option<Out> {
        let value = self.tree.at(path)?;
        let unsaid = match value {
            Tree::Null => true,
            Tree::Bool(false) => self.defaults.holds(path, value),
            Tree::List(list) => list.is_empty() && self.defaults.holds(path, value),
            _ => false,
        };
        if unsaid {
            return None;
        }
        let out = cell::write(value, kind, &self.categories)?;
        self.written.insert(path.clone());
        Some(out)
    }

    /// What no cell holds yet, by its path.
    fn rest(&self, value: &Tree, path: &Path, lines: &mut Lines) -> Result<(), Unwritable> {
        let written = self.written.contains(path);
        if self.defaults.holds(path, value) {
            return Ok(());
        }
        match value {
            Tree::Table(fields) if !fields.is_empty() && !written => {
                for (name, value) in fields {
                    self.rest(value, &path.key(name), lines)?;
                }
            }
            // Whatever else the elements of a written list hold.
            Tree::List(elements) if elements.iter().any(Tree::is_branch) => {
                for (n, value) in elements.iter().enumerate() {
                    self.rest(value, &path.index(n), lines)?;
                }
            }
            _ if written || self.is_element(path, value) => {}
            value => {
                let place = || path.to_string();
                let text = settings::written(value)
                    .ok_or_else(|| Unwritable::TextTooLong { place: place() })?;
                lines.push(vec![Some(Out::Text(self.named(path))), Some(Out::Text(text))]);
            }
        }
        Ok(())
    }

    /// Whether a line stands for an element that holds nothing else.
    fn is_element(&self, path: &Path, value: &Tree) -> bool {
        let before = path.get(..path.len().saturating_sub(1)).unwrap_or_default();
        *value == Tree::Table(Vec::new()) && self.written.contains(&Path::from(before))
    }

    /// A path with the code of the item instead of its number, which a clerk may change by adding a
    /// line.
    fn named(&self, path: &Path) -> String {
        match path.get(..).unwrap_or_default() {
            [Step::Key(items), Step::Index(n), rest @ ..] if items == "items" => {
                let code = self.codes.get(*n).copied().unwrap_or_default();
                let rest = Path::from(rest).to_string();
                format!("items[\"{code}\"].{rest}")
            }
            _ => path.to_string(),
        }
    }
}

fn list(value: Option<&Tree>) -> &[Tree] {
    if let Some(Tree::List(list)) = value { list } else { &[] }
}

/// The widest text that a column needs, in characters; a Chinese one counts twice.
pub(crate) fn width(column: &Column, n: usize, lines: &Lines) -> u16 {
    let of = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<u16>();
    let cells = lines.iter().take(CELL_CHARS_MAX).filter_map(|line| line.get(n)?.as_ref());
    let widest = cells.map(|out| match out {
        Out::Text(text) => of(&text.chars().take(40).collect::<String>()),
        Out::Whole(_) => 6,
    });
    widest.max().unwrap_or(0).max(of(column.title)).saturating_add(2).min(48)
}
