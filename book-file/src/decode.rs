//! From a tree to a book, with as many faults as can be found: what does not fit is told, taken
//! out, and the rest is read again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::rule_book::RuleBook;

use crate::explain::explain;
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
        if self.faults.is_empty()
            && let Ok(book) = self.tree.read()
        {
            return Ok((book, self.places));
        }
        let mut search = Search { draft: self, cut, known, stand_in, found: Vec::new() };
        search.elements();
        let book = search.rest();
        let Search { draft, found, .. } = search;
        if draft.faults.is_empty()
            && found.is_empty()
            && let Some(book) = book
        {
            return Ok((book, draft.places));
        }
        let (mut faults, sheets) = (draft.faults, draft.sheets);
        faults.extend(found);
        faults.sort_by_key(|(_, place, reason)| order(place, reason, &sheets));
        let told = faults.into_iter().map(|(path, place, reason)| FileFault {
            place,
            path: path.to_string(),
            reason,
        });
        Err(BadFile { faults: told.take(BadFile::FAULTS_MAX).collect() })
    }
}

/// What became of a fault in the tree.
enum Next {
    /// It is gone, and only it: the same part can be read again.
    Again,
    /// The part that holds it has to go.
    Out,
}

/// The search for everything that is wrong.
struct Search {
    draft: Draft,
    cut: Cut,
    /// What was told before the search.
    known: Vec<Path>,
    stand_in: Tree,
    found: Vec<(Path, Place, Reason)>,
}

impl Search {
    /// Reads each element of the lists of the book by itself, and takes out those that are wrong. So
    /// a book of a thousand items is not read again for each of its faults.
    fn elements(&mut self) {
        let Tree::Table(fields) = &self.draft.tree else { return };
        let lists = fields.iter().filter_map(|(name, value)| match value {
            Tree::List(list) => Some((Path::root().key(name), list.len())),
            _ => None,
        });
        for (list, len) in lists.collect::<Vec<_>>() {
            let mut wrong = Vec::new();
            for n in 0..len {
                if self.found.len() < BadFile::FAULTS_MAX && !self.element(&list, n) {
                    wrong.push(list.index(n));
                }
            }
            for path in wrong.iter().rev() {
                self.cut.out(&mut self.draft.tree, path, &self.stand_in);
            }
        }
    }

    /// Reads one element in a book that holds nothing else. Answers whether it can stay.
    fn element(&mut self, list: &Path, n: usize) -> bool {
        let Some(element) = self.draft.tree.at(&list.index(n)).cloned() else { return true };
        let (mut alone, own) = (self.stand_in.clone(), list.index(0));
        alone.put(list, Tree::List(vec![element]));
        while self.found.len() < BadFile::FAULTS_MAX {
            let (path, message) = match alone.read::<RuleBook>() {
                Err((path, message)) if path.starts_with(&own) => (path, message),
                // Whatever else is wrong is for the book as a whole.
                _ => break,
            };
            let (path, reason) = explain(&alone, path, &message);
            let mut original = list.index(self.cut.original_index(list, n));
            for step in path.iter().skip(own.len()) {
                original = original.step(step.clone());
            }
            if matches!(self.tell(&mut alone, &path, original, reason), Next::Out) {
                return false;
            }
            if let Some(changed) = alone.at(&own) {
                self.draft.tree.put(&list.index(n), changed.clone());
            }
        }
        true
    }

    /// Reads the book as a whole, again and again until nothing is wrong with what is left of it.
    fn rest(&mut self) -> Option<RuleBook> {
        while self.found.len() < BadFile::FAULTS_MAX {
            let (path, message) = match self.draft.tree.read() {
                Ok(book) => return Some(book),
                Err(error) => error,
            };
            let mut tree = std::mem::take(&mut self.draft.tree);
            let (path, reason) = explain(&tree, path, &message);
            let original = self.cut.original(&path);
            let next = self.tell(&mut tree, &path, original, reason);
            self.draft.tree = tree;
            let gone = matches!(next, Next::Again)
                || self.cut.out(&mut self.draft.tree, &path, &self.stand_in);
            if !gone {
                return None;
            }
        }
        None
    }

    /// Notes a fault, unless it follows from one that is told already.
    fn tell(&mut self, tree: &mut Tree, path: &Path, original: Path, reason: Reason) -> Next {
        if self.loosen(tree, path, &original, &reason) {
            return Next::Again;
        }
        let mut known = self.known.iter();
        let told = known.any(|known| known.starts_with(&original) || original.starts_with(known));
        // What is too much can go alone; all else takes what it is part of along.
        let too_much =
            matches!(reason, Reason::UnknownField { .. } | Reason::UnitWithoutQuantity { .. });
        if !told {
            let place = self.draft.places.of(&original);
            self.found.push((original, place, reason));
        }
        if too_much && tree.remove(path).is_some() { Next::Again } else { Next::Out }
    }

    /// Takes a number for a text if that is what it has to be.
    fn loosen(&mut self, tree: &mut Tree, path: &Path, original: &Path, reason: &Reason) -> bool {
        let text = matches!(reason, Reason::WrongType { expected, .. } if expected == "a string");
        if !text || !self.draft.loose.remove(original) {
            return false;
        }
        match tree.at(path) {
            Some(Tree::Int(number)) => {
                let text = Tree::Text(number.to_string());
                tree.put(path, text)
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
