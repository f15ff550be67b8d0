//! The preset rule books, read from their files: what each place published is in them as published,
//! every figure is marked, and each of them could be adopted as it stands.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test tells a failure by panicking, in what its tests share too"
)]

mod places;
mod provenance;
mod wendeng;

use std::collections::BTreeMap;
use std::path::PathBuf;

use domain::rule_book::{ItemKind, RuleBook};
use serde::Deserialize;

/// A file of `domain/presets`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Preset {
    provenance: Provenance,
    book: RuleBook,
}

/// Which fields hold published figures, and which our defaults.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Provenance {
    source: String,
    published: Vec<String>,
    default: Vec<String>,
}

/// The text of every file, by the name of the preset.
fn texts() -> BTreeMap<String, String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("presets");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn presets() -> BTreeMap<String, Preset> {
    let read = |(name, text): (String, String)| match toml::from_str(&text) {
        Ok(preset) => (name, preset),
        Err(error) => panic!("{name}: {error}"),
    };
    texts().into_iter().map(read).collect()
}

fn preset(name: &str) -> Preset {
    presets().remove(name).unwrap()
}

#[test]
fn each_of_the_five_places_has_a_preset_that_can_be_read() {
    let found = presets();
    let names: Vec<_> = found.keys().map(String::as_str).collect();
    assert_eq!(names, ["jinping", "longwo", "qingcheng", "shuicheng", "wendeng"]);
    for (name, preset) in &found {
        assert!(!preset.provenance.source.trim().is_empty(), "{name}");
        assert!(!preset.provenance.published.is_empty(), "{name}");
    }
}

#[test]
fn a_preset_could_be_adopted_as_it_is() {
    for (name, preset) in presets() {
        let faults = preset.book.faults();
        assert_eq!(faults, [], "{name}");
    }
}

#[test]
fn a_preset_survives_being_written_and_read() {
    for (name, preset) in presets() {
        let text = toml::to_string(&preset.book).unwrap();
        assert_eq!(toml::from_str::<RuleBook>(&text).unwrap(), preset.book, "{name}");
    }
}

#[test]
fn a_fault_needs_evidence_and_earns_nothing() {
    use domain::rule_book::EvidenceNeed;
    for (name, preset) in presets() {
        for item in preset.book.items.iter().filter(|item| item.kind != ItemKind::Award) {
            assert_ne!(item.evidence, EvidenceNeed::None, "{name} {}", item.code);
            assert!(item.counts_for.is_empty(), "{name} {}: a fault earns nothing", item.code);
        }
    }
}
