//! The preset rule books that come with the program: data, read from TOML.

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
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The publication.
    pub source: String,
    /// Fields with published figures.
    pub published: Vec<String>,
    /// Fields with our figures.
    pub default: Vec<String>,
}

/// The names of the presets with their text.
const PRESETS: &[(&str, &str)] =
    &[("shuicheng", include_str!("../../domain/presets/shuicheng.toml"))];

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
    fn every_preset_is_readable_and_could_be_adopted_as_it_is() {
        for name in names() {
            let preset = load(name).unwrap().unwrap();
            assert_eq!(preset.book.faults(), [], "{name}");
            assert!(!preset.provenance.published.is_empty(), "{name}");
        }
        assert!(load("nowhere").unwrap().is_none());
    }
}
