//! What a book is before it is a [`RuleBook`](domain::rule_book::RuleBook): names with values, in
//! their order. Files are read into a tree and written from one, so that a field which is added to
//! the book later is carried along without a line here.

use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::path::{Path, Step};

/// A value. There are no fractions: points are texts, money is whole fen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tree {
    /// Not there.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
    /// Values one after the other.
    List(Vec<Tree>),
    /// Values with names, each name once.
    Table(Vec<(String, Tree)>),
}

impl Tree {
    /// The value of a name in a table.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Table(entries) = self else { return None };
        entries.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// What stands at a path.
    pub(crate) fn at(&self, path: &[Step]) -> Option<&Self> {
        path.iter().try_fold(self, |tree, step| match (tree, step) {
            (Self::Table(_), Step::Key(name)) => tree.get(name),
            (Self::List(list), Step::Index(n)) => list.get(*n),
            _ => None,
        })
    }

    /// What stands at a path, to be changed.
    pub(crate) fn at_mut(&mut self, path: &[Step]) -> Option<&mut Self> {
        path.iter().try_fold(self, |tree, step| match (tree, step) {
            (Self::Table(entries), Step::Key(name)) => {
                entries.iter_mut().find(|(known, _)| known == name).map(|(_, value)| value)
            }
            (Self::List(list), Step::Index(n)) => list.get_mut(*n),
            _ => None,
        })
    }

    /// Puts a value at a path, with the tables and lists on the way to it. What stood there goes.
    /// Answers `false` if the path leads through a value that is no table or list, or past the end
    /// of a list.
    pub(crate) fn put(&mut self, path: &[Step], value: Self) -> bool {
        let Some((step, rest)) = path.split_first() else {
            *self = value;
            return true;
        };
        if *self == Self::Null {
            *self = match step {
                Step::Key(_) => Self::Table(Vec::new()),
                Step::Index(_) => Self::List(Vec::new()),
            };
        }
        match (self, step) {
            (Self::Table(entries), Step::Key(name)) => {
                if let Some((_, known)) = entries.iter_mut().find(|(known, _)| known == name) {
                    return known.put(rest, value);
                }
                let mut new = Self::Null;
                let done = new.put(rest, value);
                entries.push((name.clone(), new));
                done
            }
            (Self::List(list), Step::Index(n)) => {
                if *n == list.len() {
                    list.push(Self::Null);
                }
                list.get_mut(*n).is_some_and(|known| known.put(rest, value))
            }
            _ => false,
        }
    }

    /// Takes away what stands at a path.
    pub(crate) fn remove(&mut self, path: &[Step]) -> Option<Self> {
        let (last, before) = path.split_last()?;
        match (self.at_mut(before)?, last) {
            (Self::Table(entries), Step::Key(name)) => {
                let n = entries.iter().position(|(known, _)| known == name)?;
                Some(entries.remove(n).1)
            }
            (Self::List(list), Step::Index(n)) if *n < list.len() => Some(list.remove(*n)),
            _ => None,
        }
    }

    /// Everything that is no table or list, with its path; empty ones too.
    pub(crate) fn leaves(&self) -> Vec<(Path, &Self)> {
        let mut found = Vec::new();
        self.collect_leaves(&Path::root(), &mut found);
        found
    }

    fn collect_leaves<'a>(&'a self, here: &Path, found: &mut Vec<(Path, &'a Self)>) {
        match self {
            Self::Table(entries) if !entries.is_empty() => {
                for (name, value) in entries {
                    value.collect_leaves(&here.key(name), found);
                }
            }
            Self::List(list) if !list.is_empty() => {
                for (n, value) in list.iter().enumerate() {
                    value.collect_leaves(&here.index(n), found);
                }
            }
            leaf => found.push((here.clone(), leaf)),
        }
    }

    /// Whether it is a table or list.
    pub(crate) const fn is_branch(&self) -> bool {
        matches!(self, Self::Table(_) | Self::List(_))
    }

    /// The text, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Reads a type from it.
    ///
    /// # Errors
    /// Where the type does not fit, and why.
    pub(crate) fn read<T: for<'de> Deserialize<'de>>(&self) -> Result<T, (Path, String)> {
        let value = serde_json::to_value(self).map_err(|e| (Path::root(), e.to_string()))?;
        serde_path_to_error::deserialize(&value).map_err(|error| {
            let path = Path::of_segments(error.path());
            (path, error.into_inner().to_string())
        })
    }

    /// The tree of a value.
    ///
    /// # Errors
    /// If it holds a fraction or a number beyond 64 bits, which no book does.
    pub(crate) fn of<T: Serialize>(value: &T) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&serde_json::to_string(value)?)
    }
}

impl Serialize for Tree {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(yes) => serializer.serialize_bool(*yes),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => {
                let mut seq = serializer.serialize_seq(Some(list.len()))?;
                list.iter().try_for_each(|value| seq.serialize_element(value))?;
                seq.end()
            }
            Self::Table(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                entries.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value without fractions")
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(yes))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Int(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Tree, E> {
        i64::try_from(number).map(Tree::Int).map_err(|_| E::custom("a number beyond 64 bits"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element()? {
            list.push(value);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries: Vec<(String, Tree)> = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Table(entries))
    }
}
