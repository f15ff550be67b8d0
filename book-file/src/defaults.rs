//! Which values a field has when a file says nothing about it. They are learned from the book
//! itself, so that a field which is added later needs no line here.

use domain::rule_book::{Item, RuleBook};

use crate::path::{Path, Step};
use crate::tree::Tree;

/// An item with the fields that every item needs, and no other.
const LEAST_ITEM: &str = r#"{
    "code": "-", "category": "-", "name": "-", "kind": "award", "claimed_by": ["cadre"],
    "amount": {"kind": "fixed", "points": "1"}
}"#;

/// Values that need not be written.
#[derive(Clone, Debug)]
pub(crate) struct Defaults {
    book: Tree,
    item: Tree,
}

impl Defaults {
    /// The defaults for a book. What cannot be learned is taken to have none, and is written.
    pub(crate) fn of(book: &Tree) -> Self {
        Self {
            book: without_needed(book).unwrap_or(Tree::Null),
            item: item().unwrap_or(Tree::Null),
        }
    }

    /// Whether a field of the book or of an item has the value that it has anyway.
    pub(crate) fn holds(&self, path: &[Step], value: &Tree) -> bool {
        let default = match path {
            [Step::Key(field)] => self.book.get(field),
            [Step::Key(items), Step::Index(_), Step::Key(field)] if items == "items" => {
                self.item.get(field)
            }
            _ => None,
        };
        *value == Tree::Null || default == Some(value)
    }
}

/// The fields of an item that it has without being told.
fn item() -> Option<Tree> {
    let least: Tree = serde_json::from_str(LEAST_ITEM).ok()?;
    let whole = Tree::of(&least.read::<Item>().ok()?).ok()?;
    let Tree::Table(entries) = whole else { return None };
    Some(Tree::Table(entries.into_iter().filter(|(name, _)| least.get(name).is_none()).collect()))
}

/// The fields that a book without its lists has as well when they are taken out.
fn without_needed(book: &Tree) -> Option<Tree> {
    let mut shell = book.clone();
    for list in ["items", "categories", "stars"] {
        shell.put(&Path::root().key(list), Tree::List(Vec::new()));
    }
    let whole: RuleBook = shell.read().ok()?;
    let Tree::Table(entries) = shell.clone() else { return None };
    let same_without = |name: &str| {
        let mut less = shell.clone();
        less.remove(&Path::root().key(name));
        less.read::<RuleBook>().is_ok_and(|read| read == whole)
    };
    Some(Tree::Table(entries.into_iter().filter(|(name, _)| same_without(name)).collect()))
}
