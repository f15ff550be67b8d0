//! Where each part of a book stands in its file.

use std::collections::HashMap;

use crate::fault::Place;
use crate::path::{Path, Step};

/// Where each part of a book stands in the file that it was read from.
#[derive(Clone, Debug, Default)]
pub struct Places(HashMap<Path, Place>);

impl Places {
    pub(crate) fn insert(&mut self, path: Path, place: Place) {
        self.0.entry(path).or_insert(place);
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

    /// The place of this part alone. A table without a place of its own stands where its kind does.
    pub(crate) fn exactly(&self, path: &[Step]) -> Option<Place> {
        let path = Path::from(path);
        self.0.get(&path).or_else(|| self.0.get(&path.key("kind"))).cloned()
    }
}
