//! Which sheets and columns there are, and what part of a book each holds.

mod details;
mod items;
mod settings;
mod tracks;

use super::labels::{self, Labels};
use crate::path::{Path, Step};
use details::{CAPS, CATEGORIES, STARS, STEPS, WAYS};
pub(crate) use items::ITEMS;
pub(crate) use settings::NAMED_SETTINGS;
use settings::{OTHER_SETTINGS, SETTINGS};
use tracks::{GRADES, TRACKS};

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text.
    Text,
    /// A code: spaces do not matter, full-width letters are taken as plain ones.
    Code,
    /// A whole number from 0 up.
    Whole,
    /// Points.
    Points,
    /// Yuan; the book has fen.
    Yuan,
    /// A share such as 8%; the book has basis points.
    Percent,
    /// 是 or 否.
    YesNo,
    /// One of several.
    Label(Labels),
    /// Some of several, with 、 between them.
    Labels(Labels),
    /// A duration, in words.
    Duration,
    /// A category, by name or code.
    Category,
    /// Which item or way the row belongs to. In a row without it, the one above.
    Owner,
    /// For the reader's eye only.
    Note,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// What stands over it.
    pub(crate) title: &'static str,
    /// What may stand over it too.
    pub(crate) aliases: &'static [&'static str],
    /// What it holds, from the row's part of the book on.
    pub(crate) path: &'static [&'static str],
    /// How it is written.
    pub(crate) kind: Kind,
    /// Whether a sheet without it makes no book.
    pub(crate) needed: bool,
    /// For the guide.
    pub(crate) hint: &'static str,
}

/// What the rows of a sheet are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    /// A name or path with its value.
    Settings,
    /// The elements of a list of the book.
    List(&'static str),
    /// Options or tiers of the items.
    Steps,
    /// Caps of the items.
    Caps,
    /// Stages of the ways.
    Stages,
    /// Grades of the tracks.
    Grades,
}

/// A sheet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sheet {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its other names.
    pub(crate) aliases: &'static [&'static str],
    /// What its rows are.
    pub(crate) rows: Rows,
    /// Whether a file without it makes no book.
    pub(crate) needed: bool,
    /// Its columns.
    pub(crate) columns: &'static [Column],
}

/// The sheet that explains the others; it is not read.
pub(crate) const GUIDE: &str = "说明";

/// Every sheet that is read, in the order in which they are read: details after their items, and
/// what stands by its path last.
pub(crate) const ALL: &[Sheet] =
    &[SETTINGS, CATEGORIES, ITEMS, STEPS, CAPS, STARS, TRACKS, GRADES, WAYS, OTHER_SETTINGS];

const fn column(
    title: &'static str,
    aliases: &'static [&'static str],
    path: &'static [&'static str],
    kind: Kind,
    hint: &'static str,
) -> Column {
    Column { title, aliases, path, kind, needed: false, hint }
}

const fn needed(column: Column) -> Column {
    Column { needed: true, ..column }
}

impl Sheet {
    /// The sheet of that name.
    pub(crate) fn of_name(name: &str) -> Option<&'static Self> {
        let name = bare(name);
        ALL.iter().find(|sheet| bare(sheet.name) == name || sheet.aliases.contains(&name.as_str()))
    }

    /// The number of the column of that title.
    pub(crate) fn column_of(&self, title: &str) -> Option<usize> {
        position(self.columns, title)
    }

    /// What the rows belong to: the names in the book with what people call them.
    pub(crate) const fn owners(&self) -> Option<Labels> {
        match self.rows {
            Rows::Stages => Some(labels::WAY),
            Rows::Grades => Some(labels::TRACK),
            _ => None,
        }
    }
}

/// What people call a part of the book: the title of its column or setting.
pub(crate) fn title_of(path: &Path) -> Option<&'static str> {
    let names = |steps: &[Step]| -> Option<Vec<String>> {
        let names = steps.iter().map(|step| match step {
            Step::Key(name) => Some(name.clone()),
            Step::Index(_) => None,
        });
        names.collect()
    };
    let columns = match path.iter().rposition(|step| matches!(step, Step::Index(_))) {
        None => return title_in(NAMED_SETTINGS, &names(path)?),
        Some(n) => match path.get(n.checked_sub(1)?)? {
            Step::Key(list) => match list.as_str() {
                "categories" => CATEGORIES.columns,
                "items" => ITEMS.columns,
                "options" | "tiers" => STEPS.columns,
                "caps" => CAPS.columns,
                "stars" => STARS.columns,
                "stages" => WAYS.columns,
                "tracks" => TRACKS.columns,
                "grades" => GRADES.columns,
                _ => return None,
            },
            Step::Index(_) => return None,
        },
    };
    let n = path.iter().rposition(|step| matches!(step, Step::Index(_)))?;
    title_in(columns, &names(path.get(n + 1..)?)?)
}

/// Of the very part, or else of the first column that holds something of it.
fn title_in(columns: &'static [Column], names: &[String]) -> Option<&'static str> {
    if names.is_empty() {
        return None;
    }
    let exact = columns.iter().find(|column| column.path == names);
    let inner = || columns.iter().find(|c| c.path.get(..names.len()).is_some_and(|p| p == names));
    exact.or_else(inner).map(|column| column.title)
}

/// The setting of that name.
pub(crate) fn setting(title: &str) -> Option<&'static Column> {
    position(NAMED_SETTINGS, title).and_then(|n| NAMED_SETTINGS.get(n))
}

/// A title is found before another's alias.
fn position(columns: &[Column], title: &str) -> Option<usize> {
    let title = bare(title);
    let by_title = columns.iter().position(|column| bare(column.title) == title);
    by_title.or_else(|| columns.iter().position(|column| column.aliases.contains(&title.as_str())))
}

/// A title without what does not matter: spaces, width of characters, the star of needed columns.
fn bare(title: &str) -> String {
    let kept = super::cell::half_width(title);
    kept.chars().filter(|c| !c.is_whitespace() && *c != '*').collect::<String>().to_lowercase()
}
