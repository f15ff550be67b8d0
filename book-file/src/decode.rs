//! From a tree to a book, with as many faults as can be found: what does not fit is told, taken
//! out, and the rest is read again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::points::Points;
use domain::rule_book::RuleBook;

use crate::fault::{BadFile, FileFault, Place, Reason};
use crate::path::{Path, Step};
use crate::places::Places;
use crate::tree::Tree;

/// What a reader made of a file.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The values.
    pub(crate) tree: Tree,
    /// Where they stand.
    pub(crate) places: Places,
    /// What is wrong already, with the path that is therefore absent or not to be believed.
    pub(crate) faults: Vec<(Path, Place, Reason)>,
    /// What is absent for a reason that is told already.
    pub(crate) silent: Vec<Path>,
    /// Numbers that may be meant as texts: typed in a cell whose kind nobody knew.
    pub(crate) loose: BTreeSet<Path>,
    /// The sheets of a workbook, in their order; none for a text.
    pub(crate) sheets: Vec<Arc<str>>,
}

/// Stand-ins for what is missing, so that the search for faults can go on behind it. No book is
/// ever made of them: where one is used there is a fault.
const STAND_IN: &str = r#"{
    "name": "-", "subject": "household", "cycle": "year", "base_score": "0", "claim_days_max": 1,
    "appeal_days_max": 1, "claim_way": {"stages": [], "notice_days": 0},
    "rating_way": {"stages": [], "notice_days": 0}, "stars": [], "categories": [], "items": []
}"#;

impl Draft {
    /// The book, or everything that is wrong.
    pub(crate) fn into_book(mut self) -> Result<(RuleBook, Places), BadFile> {
        let mut cut = Cut::default();
        let stand_in: Tree = serde_json::from_str(STAND_IN).unwrap_or(Tree::Null);
        let told = self.faults.iter().map(|(path, ..)| path).chain(&self.silent);
        let known: Vec<Path> = told.filter(|path| !path.is_empty()).cloned().collect();
        // From the end, so that the numbers in lists still hold; each element once.
        let parts: BTreeSet<Path> = known.iter().map(part).collect();
        for path in parts.iter().rev() {
            cut.out(&mut self.tree, path, &stand_in);
        }
        let mut faults = Vec::new();
        loop {
            if faults.len() >= BadFile::FAULTS_MAX {
                break;
            }
            let (path, message) = match self.tree.read::<RuleBook>() {
                Ok(book) if faults.is_empty() && self.faults.is_empty() => {
                    return Ok((book, self.places));
                }
                Ok(_) => break,
                Err(error) => error,
            };
            let (path, reason) = explain(&self.tree, path, &message);
            let original = cut.original(&path);
            if self.loosen(&path, &original, &reason) {
                continue;
            }
            let covered = known
                .iter()
                .any(|known| known.starts_with(&original) || original.starts_with(known));
            // What is too much can go alone; all else takes what it is part of along.
            let too_much =
                matches!(reason, Reason::UnknownField { .. } | Reason::UnitWithoutQuantity { .. });
            if !covered {
                faults.push((original.clone(), self.places.of(&original), reason));
            }
            let gone = too_much && self.tree.remove(&path).is_some();
            if !gone && !cut.out(&mut self.tree, &path, &stand_in) {
                break;
            }
        }
        self.faults.extend(faults);
        let sheets = self.sheets;
        self.faults.sort_by_key(|(_, place, reason)| order(place, reason, &sheets));
        let told = self.faults.into_iter().map(|(path, place, reason)| FileFault {
            place,
            path: path.to_string(),
            reason,
        });
        Err(BadFile { faults: told.take(BadFile::FAULTS_MAX).collect() })
    }

    /// Takes a number for a text if that is what it has to be.
    fn loosen(&mut self, path: &Path, original: &Path, reason: &Reason) -> bool {
        let text = matches!(reason, Reason::WrongType { expected, .. } if expected == "a string");
        if !text || !self.loose.remove(original) {
            return false;
        }
        match self.tree.at(path) {
            Some(Tree::Int(number)) => {
                let text = Tree::Text(number.to_string());
                self.tree.put(path, text)
            }
            _ => false,
        }
    }
}

/// From the top of the file down; what concerns a sheet as a whole first.
fn order(place: &Place, reason: &Reason, sheets: &[Arc<str>]) -> (usize, u32, u32) {
    match place {
        Place::File => (0, 0, 0),
        Place::Text { line, column } => (0, *line, *column),
        Place::Sheet { sheet, row, column } => {
            let n = sheets.iter().position(|known| known == sheet).unwrap_or(sheets.len());
            if matches!(reason, Reason::TooManyRows { .. }) {
                return (n + 1, 0, 0);
            }
            (n + 1, row.unwrap_or(0), column.unwrap_or(0))
        }
    }
}

/// What is taken out of the book for the sake of a path: the element of the outermost list on the
/// way, else the field of the book.
fn part(path: &Path) -> Path {
    let list = path.iter().position(|step| matches!(step, Step::Index(_)));
    Path::from(path.get(..=list.unwrap_or(0)).unwrap_or_default())
}

/// What was taken out of lists, so that a number in a list that became shorter can be told as the
/// number it had in the file.
#[derive(Default)]
struct Cut(BTreeMap<Path, BTreeSet<usize>>);

impl Cut {
    /// Takes out what holds a fault: the element of the outermost list on the way to it, else the
    /// field of the book, for which something else stands in. Answers `false` if nothing changed.
    fn out(&mut self, tree: &mut Tree, path: &Path, stand_in: &Tree) -> bool {
        let part = part(path);
        if let [before @ .., Step::Index(index)] = &*part {
            if tree.remove(&part).is_none() {
                return false;
            }
            let original = self.original_index(before, *index);
            self.0.entry(Path::from(before)).or_default().insert(original);
            return true;
        }
        let before = tree.at(&part).cloned();
        match stand_in.at(&part) {
            Some(instead) if !part.is_empty() && before.as_ref() != Some(instead) => {
                tree.put(&part, instead.clone())
            }
            _ => tree.remove(&part).is_some(),
        }
    }

    fn original_index(&self, list: &[Step], index: usize) -> usize {
        let mut original = index;
        for gone in self.0.get(&Path::from(list)).into_iter().flatten() {
            if *gone <= original {
                original += 1;
            }
        }
        original
    }

    fn original(&self, path: &Path) -> Path {
        let part = part(path);
        let mut steps = path.to_vec();
        if let [before @ .., Step::Index(index)] = &*part
            && let Some(step) = steps.get_mut(before.len())
        {
            *step = Step::Index(self.original_index(before, *index));
        }
        Path::from(steps.as_slice())
    }
}

/// What serde meant, and where exactly. Inside of a table with a kind serde tells the place of the
/// table only, so the value that it complains about is looked for.
fn explain(tree: &Tree, path: Path, message: &str) -> (Path, Reason) {
    let named = |prefix: &str| {
        let rest = message.strip_prefix(prefix)?;
        rest.split_once('`').map(|(name, after)| (name.to_owned(), after.to_owned()))
    };
    if let Some((name, _)) = named("unknown field `") {
        let owner = if path.last() == Some(&Step::Key(name.clone())) {
            Path::from(path.get(..path.len() - 1).unwrap_or_default())
        } else {
            path
        };
        let at = find(tree, &owner, &|path, _| path.last() == Some(&Step::Key(name.clone())));
        let at = at.unwrap_or_else(|| owner.key(&name));
        let holder = at.get(..at.len() - 1).and_then(|holder| tree.at(holder));
        let kind = holder.and_then(|holder| holder.get("kind")).and_then(Tree::text);
        return match kind {
            Some(kind) if name == "unit" => {
                (at, Reason::UnitWithoutQuantity { kind: kind.to_owned() })
            }
            _ => (at, Reason::UnknownField { name }),
        };
    }
    if let Some((name, _)) = named("missing field `") {
        return (path.key(&name), Reason::MissingField { name });
    }
    if let Some((found, after)) = named("unknown variant `") {
        let expected = after.split_once("expected ").map_or("", |(_, list)| list);
        let expected = expected.trim_start_matches("one of ").replace('`', "");
        let at = find(tree, &path, &|path, value| {
            value.text() == Some(found.as_str()) || path.last() == Some(&Step::Key(found.clone()))
        });
        return (at.unwrap_or(path), Reason::UnknownValue { found, expected });
    }
    for prefix in ["invalid type: ", "invalid value: "] {
        if let Some((found, expected)) =
            message.strip_prefix(prefix).and_then(|rest| rest.rsplit_once(", expected "))
        {
            let at = find(tree, &path, &|_, value| unexpected(value) == found);
            let reason =
                Reason::WrongType { found: found.to_owned(), expected: expected.to_owned() };
            return (at.unwrap_or(path), reason);
        }
    }
    if message.starts_with("not points") {
        let at =
            tree.at(&path).filter(|value| value.is_branch()).and_then(|_| culprit(tree, &path));
        let at = at.unwrap_or(path);
        let found = tree.at(&at).and_then(Tree::text).unwrap_or_default().to_owned();
        return (at, Reason::NotPoints { found });
    }
    (path, Reason::Invalid { detail: message.to_owned() })
}

/// The first value below a path that answers a description.
fn find(tree: &Tree, below: &Path, is: &dyn Fn(&Path, &Tree) -> bool) -> Option<Path> {
    let top = tree.at(below)?;
    let mut waiting = vec![(below.clone(), top)];
    while let Some((path, value)) = waiting.pop() {
        if path != *below && is(&path, value) || path == *below && !value.is_branch() {
            return Some(path);
        }
        match value {
            Tree::Table(entries) => {
                waiting.extend(entries.iter().rev().map(|(name, value)| (path.key(name), value)));
            }
            Tree::List(list) => {
                waiting.extend(list.iter().enumerate().rev().map(|(n, v)| (path.index(n), v)));
            }
            _ => {}
        }
    }
    None
}

/// As serde writes what it did not expect.
fn unexpected(value: &Tree) -> String {
    match value {
        Tree::Null => "null".to_owned(),
        Tree::Bool(yes) => format!("boolean `{yes}`"),
        Tree::Int(number) => format!("integer `{number}`"),
        Tree::Text(text) => format!("string {text:?}"),
        Tree::List(_) => "sequence".to_owned(),
        Tree::Table(_) => "map".to_owned(),
    }
}

/// The text below a path that should be points and is not: the one without which the complaint
/// goes away.
fn culprit(tree: &Tree, below: &Path) -> Option<Path> {
    let texts = tree
        .at(below)?
        .leaves()
        .into_iter()
        .filter(|(_, leaf)| leaf.text().is_some_and(|text| text.parse::<Points>().is_err()));
    let candidates: Vec<Path> = texts
        .map(|(inner, _)| inner.iter().fold(below.clone(), |path, step| path.step(step.clone())))
        .collect();
    // Only the one element matters; a book of a thousand is not read for each candidate.
    let (alone, offset) = alone(tree, below);
    let goes_away = |path: &&Path| {
        let mut changed = alone.clone();
        let path = moved(path, offset);
        changed.put(&path, Tree::Text("1".to_owned()))
            && match changed.read::<RuleBook>() {
                Ok(_) => true,
                // A kind that does not exist is another complaint, not the end of this one.
                Err((at, message)) => {
                    at != moved(below, offset) && !message.starts_with("unknown variant `1`")
                }
            }
    };
    candidates.iter().find(goes_away).or_else(|| candidates.iter().find(named_points)).cloned()
}

/// The tree with nothing but the element on the way to a path in its list, and how many before it
/// went.
fn alone(tree: &Tree, path: &Path) -> (Tree, usize) {
    let mut alone = tree.clone();
    if let [field, Step::Index(n), ..] = path.get(..).unwrap_or_default()
        && let Some(Tree::List(list)) = alone.at_mut(std::slice::from_ref(field))
        && *n < list.len()
    {
        *list = vec![list.swap_remove(*n)];
        return (alone, *n);
    }
    (alone, 0)
}

fn moved(path: &Path, offset: usize) -> Path {
    let mut steps = path.to_vec();
    if let Some(Step::Index(n)) = steps.get_mut(1) {
        *n -= offset.min(*n);
    }
    Path::from(steps.as_slice())
}

fn named_points(path: &&Path) -> bool {
    matches!(path.last(), Some(Step::Key(name)) if name.starts_with("points"))
}
