//! Where each part of a book stands in its file.

use std::collections::BTreeMap;

use crate::fault::Place;
use crate::path::{Path, Step};

/// Where each part of a book stands in the file that it was read from.
#[derive(Clone, Debug, Default)]
pub struct Places(BTreeMap<Path, Place>);

impl Places {
    /// Notes the place of a part, unless it has one.
    pub(crate) fn insert(&mut self, path: Path, place: Place) {
        self.0.entry(path).or_insert(place);
    }

    /// As [`Places::insert`], and what stood there goes.
    pub(crate) fn replace(&mut self, path: Path, place: Place) {
        self.0.insert(path, place);
    }

    /// The place of a fault that the domain found, such as `items[3].amount`: of that very part, or
    /// else of the smallest part around it that has one. [`Place::File`] for a text that is no path.
    pub fn locate(&self, place: &str) -> Place {
        Path::parse(place).map_or(Place::File, |path| self.of(&path))
    }

    pub(crate) fn of(&self, path: &[Step]) -> Place {
        (0..=path.len())
            .rev()
            .filter_map(|len| path.get(..len))
            .find_map(|part| self.exactly(part))
            .unwrap_or(Place::File)
    }

    /// The place of this part alone: its own, or that of its kind, or of the first thing in it.
    pub(crate) fn exactly(&self, path: &[Step]) -> Option<Place> {
        let path = Path::from(path);
        let own = self.0.get(&path).or_else(|| self.0.get(&path.key("kind")));
        let first = || {
            let (inner, place) = self.0.range(&path..).next()?;
            (!path.is_empty() && inner.starts_with(&path)).then_some(place)
        };
        own.or_else(first).cloned()
    }
}
