//! TOML to book.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{SEPARATORS_MAX, TOML_BYTES_MAX};
use crate::Read;
use crate::decode::Draft;
use crate::fault::{BadFile, FileFault, Place, Reason};
use crate::path::Path;
use crate::places::Places;
use crate::tree::Tree;

/// Reads a book. A file like those of the presets, with `[book]` and `[provenance]`, is read as
/// well; what it says about provenance is no part of a book.
///
/// # Errors
/// Everything that is wrong, each with line and column.
pub fn parse_toml(text: &str) -> Result<Read, BadFile> {
    if text.len() > TOML_BYTES_MAX {
        return Err(BadFile::whole(Reason::TooLarge { bytes_max: TOML_BYTES_MAX }));
    }
    if text.bytes().filter(|b| matches!(b, b',' | b'\n')).count() > SEPARATORS_MAX {
        return Err(BadFile::whole(Reason::TooMuch));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::of(text);
    let (root, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        // What could be recovered is not what somebody wrote: its other faults would mislead.
        let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
        let mut errors = errors;
        errors.sort_by_key(start);
        let faults = errors.iter().take(BadFile::FAULTS_MAX).map(|error| FileFault {
            place: lines.place(start(error)),
            path: String::new(),
            reason: Reason::Syntax { detail: error.message().to_owned() },
        });
        return Err(BadFile { faults: faults.collect() });
    }
    let mut reader = Reader { lines: &lines, places: Places::default(), faults: Vec::new() };
    let root = root.into_inner();
    let book = root.iter().find(|(name, _)| name.get_ref() == "book");
    let tree = match book.map(|(_, value)| value) {
        Some(value) if value.get_ref().is_table() => {
            for (name, _) in root.iter() {
                if !matches!(name.get_ref().as_ref(), "book" | "provenance") {
                    let name_at = lines.place(name.span().start);
                    let name = name.get_ref().to_string();
                    let path = Path::root().key(&name);
                    reader.faults.push((path, name_at, Reason::UnknownField { name }));
                }
            }
            reader.places.insert(Path::root(), lines.place(value.span().start));
            reader.value(value, &Path::root())
        }
        _ => reader.table(&root, &Path::root()),
    };
    let Reader { places, faults, .. } = reader;
    Draft { tree, places, faults, silent: Vec::new(), loose: BTreeSet::new(), sheets: Vec::new() }
        .into_book()
        .map(Read::new)
}

struct Reader<'a> {
    lines: &'a Lines<'a>,
    places: Places,
    faults: Vec<(Path, Place, Reason)>,
}

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>, path: &Path) -> Tree {
        let mut entries = Vec::with_capacity(table.len());
        for (name, value) in table {
            let path = path.key(name.get_ref());
            self.places.insert(path.clone(), self.lines.place(name.span().start));
            entries.push((name.get_ref().to_string(), self.value(value, &path)));
        }
        Tree::Table(entries)
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, path: &Path) -> Tree {
        let place = self.lines.place(value.span().start);
        match value.get_ref() {
            DeValue::String(text) => Tree::Text(text.to_string()),
            DeValue::Boolean(yes) => Tree::Bool(*yes),
            DeValue::Integer(number) => {
                let digits = number.as_str().replace('_', "");
                i64::from_str_radix(&digits, number.radix()).map_or_else(
                    |_| self.wrong(path, place, &digits, "a number of at most 64 bits"),
                    Tree::Int,
                )
            }
            DeValue::Float(number) => {
                let found = number.as_str().to_owned();
                let expected = format!("a text, \"{found}\", or a whole number");
                self.wrong(path, place, &found, &expected)
            }
            // A day may stand without quotes.
            DeValue::Datetime(when) => Tree::Text(when.to_string()),
            DeValue::Array(list) => {
                let mut values = Vec::with_capacity(list.len());
                for (n, value) in list.iter().enumerate() {
                    let path = path.index(n);
                    self.places.insert(path.clone(), self.lines.place(value.span().start));
                    values.push(self.value(value, &path));
                }
                Tree::List(values)
            }
            DeValue::Table(table) => self.table(table, path),
        }
    }

    fn wrong(&mut self, path: &Path, place: Place, found: &str, expected: &str) -> Tree {
        let reason = Reason::WrongType { found: found.to_owned(), expected: expected.to_owned() };
        self.faults.push((path.clone(), place, reason));
        Tree::Null
    }
}

/// Where the lines of a text begin.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        let after = text.match_indices('\n').map(|(n, _)| n + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    fn place(&self, byte: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= byte);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..byte).unwrap_or_default().chars().count();
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Place::Text { line: number(line), column: number(before + 1) }
    }
}
