//! Book to TOML.

use std::fmt::Write;

use domain::rule_book::RuleBook;

use super::parse_toml;
use crate::defaults::Defaults;
use crate::fault::Unwritable;
use crate::path::{Path, Step};
use crate::tree::Tree;

/// How long a line may be before a list is broken into one line for each value.
const LINE_CHARS_MAX: usize = 100;

/// Writes a book. What was written is read and compared before it is handed out.
///
/// # Errors
/// [`Unwritable::Differs`] if it does not read as the same book, and
/// [`Unwritable::TooManyLines`] for one too long to be read.
pub fn to_toml(book: &RuleBook) -> Result<String, Unwritable> {
    let tree = Tree::of(book).map_err(|error| Unwritable::Differs(error.to_string()))?;
    let mut writer = Writer { defaults: Defaults::of(&tree), text: String::new() };
    let Tree::Table(fields) = &tree else {
        return Err(Unwritable::Differs("a book is a table".to_owned()));
    };
    writer.table(fields, &Path::root());
    if writer.text.len() > super::TOML_BYTES_MAX {
        return Err(Unwritable::TooManyLines);
    }
    match parse_toml(&writer.text) {
        Ok(read) if read.book == *book => Ok(writer.text),
        Ok(_) => Err(Unwritable::Differs("another book".to_owned())),
        Err(bad) => Err(Unwritable::Differs(bad.to_string())),
    }
}

struct Writer {
    defaults: Defaults,
    text: String,
}

impl Writer {
    /// The fields of a table that has a header of its own or is the file: values first, since
    /// whatever follows another header belongs to that.
    fn table(&mut self, fields: &[(String, Tree)], path: &Path) {
        let fields = fields
            .iter()
            .map(|(name, value)| (name, value, path.key(name)))
            .filter(|(_, value, path)| !self.defaults.holds(path, value))
            .collect::<Vec<_>>();
        let (with_header, lines): (Vec<_>, Vec<_>) =
            fields.into_iter().partition(|(_, value, path)| has_header(value, path));
        for (name, value, _) in lines {
            let line = format!("{} = {}", key(name), inline(value));
            if line.chars().count() > LINE_CHARS_MAX && breaks(value) {
                self.text.push_str(&format!("{} = {}\n", key(name), broken(value)));
            } else {
                self.text.push_str(&line);
                self.text.push('\n');
            }
        }
        for (_, value, path) in with_header {
            match value {
                Tree::Table(fields) => {
                    self.header("[", &path, "]");
                    self.table(fields, &path);
                }
                Tree::List(rows) => {
                    for (n, row) in rows.iter().enumerate() {
                        self.header("[[", &path, "]]");
                        if let Tree::Table(fields) = row {
                            self.table(fields, &path.index(n));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn header(&mut self, open: &str, path: &Path, close: &str) {
        let names = path.iter().filter_map(|step| match step {
            Step::Key(name) => Some(key(name)),
            Step::Index(_) => None,
        });
        let names = names.collect::<Vec<_>>().join(".");
        // Writing to a String does not fail.
        let _ = writeln!(self.text, "\n{open}{names}{close}");
    }
}

/// Whether a value gets a header. Inside of the rows of a list everything stands on one line.
fn has_header(value: &Tree, path: &Path) -> bool {
    let in_row = path.iter().any(|step| matches!(step, Step::Index(_)));
    match value {
        Tree::Table(fields) => !in_row && !fields.is_empty(),
        Tree::List(rows) => {
            !in_row && !rows.is_empty() && rows.iter().all(|row| matches!(row, Tree::Table(_)))
        }
        _ => false,
    }
}

fn breaks(value: &Tree) -> bool {
    match value {
        Tree::List(list) => !list.is_empty(),
        Tree::Table(fields) => fields.iter().any(|(_, value)| breaks(value)),
        _ => false,
    }
}

/// A value with its list broken into lines. TOML 1.0 breaks lines in lists, not in tables.
fn broken(value: &Tree) -> String {
    match value {
        Tree::List(list) => {
            let lines: String = list.iter().map(|v| format!("    {},\n", inline(v))).collect();
            format!("[\n{lines}]")
        }
        Tree::Table(fields) => {
            table_of(fields, |value| if breaks(value) { broken(value) } else { inline(value) })
        }
        _ => inline(value),
    }
}

fn inline(value: &Tree) -> String {
    match value {
        // Only for a null in a list, which no book has; reading it again tells.
        Tree::Null => "\"\"".to_owned(),
        Tree::Bool(yes) => yes.to_string(),
        Tree::Int(number) => number.to_string(),
        Tree::Text(text) => quoted(text),
        Tree::List(list) => {
            format!("[{}]", list.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        Tree::Table(fields) => table_of(fields, inline),
    }
}

fn table_of(fields: &[(String, Tree)], value_of: impl Fn(&Tree) -> String) -> String {
    let fields = fields.iter().filter(|(_, value)| *value != Tree::Null);
    let fields: Vec<_> =
        fields.map(|(name, value)| format!("{} = {}", key(name), value_of(value))).collect();
    if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
}

fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

/// A text in quotes on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                // Writing to a String does not fail.
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
