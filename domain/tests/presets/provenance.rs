//! Every figure of a preset is marked as published or as our default.
//!
//! An item carries a mark of its own, `figures`, for its kind, its amount and its caps. `[provenance]`
//! lists the rest by path. An entry stands for everything below it; without an index it stands for all
//! elements, with one (`stages[1]`) or a code (`items[D-CRIME]`) for that element. Where several hold,
//! the most exact decides: one that names an element goes before the mark of the item, the mark before
//! other entries, a longer path before a shorter.

use std::collections::BTreeSet;

use domain::rule_book::RuleBook;
use toml::Value;

use super::{Preset, Provenance, preset, presets, texts};

/// One step of a path into the serialized book.
#[derive(Clone)]
struct Step {
    name: String,
    index: Option<usize>,
    code: Option<String>,
}

/// The paths of everything that is no table and no filled list, with the list empty or not.
fn leaves(value: &Value, path: &[Step], found: &mut Vec<Vec<Step>>) {
    match value {
        Value::Table(table) => {
            for (name, inner) in table {
                let step = Step { name: name.clone(), index: None, code: None };
                leaves(inner, &[path, &[step]].concat(), found);
            }
        }
        Value::Array(elements) if !elements.is_empty() => {
            for (n, element) in elements.iter().enumerate() {
                let mut path = path.to_vec();
                let last = path.last_mut().unwrap();
                last.index = Some(n);
                last.code = element.get("code").and_then(Value::as_str).map(str::to_owned);
                leaves(element, &path, found);
            }
        }
        _ => found.push(path.to_vec()),
    }
}

fn shown(path: &[Step]) -> String {
    let step = |step: &Step| match (&step.code, step.index) {
        (Some(code), _) => format!("{}[{code}]", step.name),
        (None, Some(index)) => format!("{}[{index}]", step.name),
        (None, None) => step.name.clone(),
    };
    path.iter().map(step).collect::<Vec<_>>().join(".")
}

/// How exact an entry is: elements named, then length.
type Rank = (usize, usize);

/// How exact the mark of an item is: no entry without a named element is more so.
const MARK: Rank = (0, usize::MAX);

/// How exactly an entry speaks of a path, if it does.
fn rank(entry: &str, path: &[Step]) -> Option<Rank> {
    let parts: Vec<_> = entry.split('.').collect();
    let mut named = 0;
    for (n, part) in parts.iter().enumerate() {
        let step = path.get(n)?;
        let (name, element) = match part.strip_suffix(']').and_then(|part| part.split_once('[')) {
            Some((name, element)) => (name, Some(element)),
            None => (*part, None),
        };
        if name != step.name {
            return None;
        }
        if let Some(element) = element {
            let index = step.index.map(|index| index.to_string());
            let is_meant =
                step.code.as_deref() == Some(element) || index.as_deref() == Some(element);
            if !is_meant {
                return None;
            }
            named += 1;
        }
    }
    Some((named, parts.len()))
}

fn is_marked_by_the_item(path: &[Step]) -> bool {
    matches!(path, [items, field, ..] if items.name == "items"
        && ["kind", "amount", "caps"].contains(&field.name.as_str()))
}

/// What is wrong with the marks of a book: fields without one or with two, entries without a field.
fn unclear(book: &RuleBook, provenance: &Provenance) -> Vec<String> {
    let mut paths = Vec::new();
    leaves(&Value::try_from(book).unwrap(), &[], &mut paths);
    let entries: Vec<_> = provenance.published.iter().chain(&provenance.default).collect();
    let (mut used, mut unclear) = (BTreeSet::new(), Vec::new());
    // The mark itself is no figure.
    let is_mark = |path: &[Step]| matches!(path, [items, mark] if items.name == "items" && mark.name == "figures");
    for path in paths.iter().filter(|path| !is_mark(path)) {
        let mut holding: Vec<_> = entries
            .iter()
            .enumerate()
            .filter_map(|(n, entry)| rank(entry, path).map(|rank| (rank, Some(n))))
            .collect();
        if is_marked_by_the_item(path) {
            holding.push((MARK, None));
        }
        let best = holding.iter().map(|(rank, _)| *rank).max();
        let mut deciding = holding.iter().filter(|(rank, _)| Some(*rank) == best);
        match (deciding.next(), deciding.next()) {
            (Some((_, entry)), None) => used.extend(*entry),
            (None, _) => unclear.push(format!("{} is not marked", shown(path))),
            (Some(_), Some(_)) => unclear.push(format!("{} is marked twice", shown(path))),
        }
    }
    let idle = entries.iter().enumerate().filter(|(n, _)| !used.contains(n));
    unclear.extend(idle.map(|(_, entry)| format!("{entry} decides nothing")));
    unclear
}

#[test]
fn every_field_of_every_preset_is_marked_once_and_every_entry_marks_something() {
    for (name, Preset { book, provenance }) in presets() {
        assert_eq!(unclear(&book, &provenance), [""; 0], "{name}");
    }
}

#[test]
fn a_field_without_a_mark_a_field_with_two_and_an_idle_entry_are_found() {
    let Preset { book, provenance } = preset("shuicheng");
    let with = |published: &[&str], default: &[&str]| {
        let mut changed = provenance.clone();
        changed.published.extend(published.iter().map(|&entry| entry.to_owned()));
        changed.default.extend(default.iter().map(|&entry| entry.to_owned()));
        unclear(&book, &changed)
    };
    let mut without = provenance.clone();
    without.default.retain(|entry| entry != "base_score");
    assert_eq!(unclear(&book, &without), ["base_score is not marked"]);
    let twice =
        ["base_score is marked twice", "base_score decides nothing", "base_score decides nothing"];
    assert_eq!(with(&["base_score"], &[]), twice);
    assert_eq!(with(&["items.amount"], &[]), ["items.amount decides nothing"]);
    assert_eq!(with(&["items[LAW-9].amount"], &["items[ENV-1].evidence"]), [""; 0]);
    assert_eq!(
        with(&["claim_way.stages[7].quorum"], &[]),
        ["claim_way.stages[7].quorum decides nothing"]
    );
}

#[test]
fn every_item_says_itself_whether_its_figures_are_published() {
    for (name, text) in texts() {
        let file: toml::Table = text.parse().unwrap();
        for item in file["book"]["items"].as_array().unwrap() {
            assert!(item.get("figures").is_some(), "{name} {}", item["code"]);
        }
    }
}
