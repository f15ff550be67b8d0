//! The preset rule books that come with the program: data, read from TOML. What is in them is tested in
//! `domain/tests/presets`; this is only the way to them.

use domain::rule_book::RuleBook;
use serde::Deserialize;

use crate::error::Error;

/// A preset with what is known of its figures.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Where its figures come from.
    pub provenance: Provenance,
    /// The book.
    pub book: RuleBook,
}

/// Which figures a place published, and which are our defaults.
///
/// An item says it itself for its kind, amount and caps (`figures`). The rest is listed here by path into
/// the book: an entry stands for everything below it, `stages[1]` and `items[D-CRIME]` for one element
/// by its number or code, and the most exact entry decides. Every field is covered by exactly one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The publications.
    pub source: String,
    /// Fields with published figures.
    pub published: Vec<String>,
    /// Fields with our figures.
    pub default: Vec<String>,
}

/// The names of the presets with their text.
const PRESETS: &[(&str, &str)] = &[
    ("shuicheng", include_str!("../../domain/presets/shuicheng.toml")),
    ("longwo", include_str!("../../domain/presets/longwo.toml")),
    ("qingcheng", include_str!("../../domain/presets/qingcheng.toml")),
    ("wendeng", include_str!("../../domain/presets/wendeng.toml")),
    ("jinping", include_str!("../../domain/presets/jinping.toml")),
];

/// The names of all presets.
pub fn names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}

/// The preset of that name.
///
/// # Errors
/// [`Error::Bug`] if our own file cannot be read.
pub fn load(name: &str) -> Result<Option<Preset>, Error> {
    let found = PRESETS.iter().find(|(known, _)| *known == name);
    found
        .map(|(name, text)| {
            toml::from_str(text).map_err(|error| Error::Bug(format!("preset {name}: {error}")))
        })
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_among_the_presets_is_one_and_can_be_loaded() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../domain/presets");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let mut files: Vec<_> =
            files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
        let mut known: Vec<_> = names().collect();
        files.sort();
        known.sort_unstable();
        assert_eq!(known, files);
        for name in names() {
            assert!(!load(name).unwrap().unwrap().book.items.is_empty(), "{name}");
        }
        assert!(load("nowhere").unwrap().is_none());
    }
}
