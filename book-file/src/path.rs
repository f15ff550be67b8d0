//! Where something stands in a book, written as the domain writes it: `items[3].amount`.

use std::fmt;

/// The most steps of a path that somebody wrote; a book has nothing deeper than eight. Whatever walks
/// a tree goes one call deeper with each step.
const STEPS_MAX: usize = 24;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Step {
    /// Into a table, by name.
    Key(String),
    /// Into a list; the first is 0.
    Index(usize),
}

/// A place in a book.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Path(Vec<Step>);

impl std::ops::Deref for Path {
    type Target = [Step];

    fn deref(&self) -> &[Step] {
        &self.0
    }
}

impl From<&[Step]> for Path {
    fn from(steps: &[Step]) -> Self {
        Self(steps.to_vec())
    }
}

impl Path {
    /// The book as a whole.
    pub(crate) const fn root() -> Self {
        Self(Vec::new())
    }

    /// From here into a table.
    pub(crate) fn key(&self, name: &str) -> Self {
        self.step(Step::Key(name.to_owned()))
    }

    /// From here into a list.
    pub(crate) fn index(&self, n: usize) -> Self {
        self.step(Step::Index(n))
    }

    /// From here on.
    pub(crate) fn step(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// From here through several tables.
    pub(crate) fn keys(&self, names: &[&str]) -> Self {
        names.iter().fold(self.clone(), |path, name| path.key(name))
    }

    /// The path of that text; `None` if it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::parse_with(text, |_| None)
    }

    /// As [`Path::parse`], where a name in quotes, as in `items["ENV-1"]`, becomes a number.
    pub(crate) fn parse_with(
        text: &str,
        mut number_of: impl FnMut(&str) -> Option<usize>,
    ) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if steps.len() == STEPS_MAX {
                return None;
            }
            if let Some(inner) = rest.strip_prefix("[\"") {
                let (name, after) = inner.split_once("\"]")?;
                steps.push(Step::Index(number_of(name)?));
                rest = after;
            } else if let Some(inner) = rest.strip_prefix('[') {
                let (number, after) = inner.split_once(']')?;
                steps.push(Step::Index(number.parse().ok()?));
                rest = after;
            } else {
                let name_on = if steps.is_empty() { rest } else { rest.strip_prefix('.')? };
                let end = name_on.find(['.', '[']).unwrap_or(name_on.len());
                let (name, after) = name_on.split_at(end);
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
                if name.is_empty() || !name.chars().all(is_name) {
                    return None;
                }
                steps.push(Step::Key(name.to_owned()));
                rest = after;
            }
        }
        Some(Self(steps))
    }

    /// The path that serde followed.
    pub(crate) fn of_segments(path: &serde_path_to_error::Path) -> Self {
        use serde_path_to_error::Segment;
        let step = |segment: &Segment| match segment {
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Enum { variant } => Some(Step::Key(variant.clone())),
            Segment::Unknown => None,
        };
        Self(path.iter().map_while(step).collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(name) if n == 0 => f.write_str(name)?,
                Step::Key(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_the_domain_writes_it_and_read_again() {
        for text in
            ["items[3].amount", "name", "claim_way.stages[0].quorum", "stars[1]", "a[0][1].b"]
        {
            assert_eq!(Path::parse(text).unwrap().to_string(), text);
        }
        let named =
            Path::parse_with("items[\"ENV-1.2\"].new", |code| (code == "ENV-1.2").then_some(7));
        assert_eq!(named.unwrap().to_string(), "items[7].new");
        assert!(Path::parse("a.a.a.a.a.a.a.a.a.a.a.a").is_some());
        assert_eq!(Path::parse(&"[0]".repeat(STEPS_MAX + 1)), None);
        for wrong in ["items[", "items[x]", ".a", "a..b", "a b", "基础分", "items[\"X\"].a", "[0]a"]
        {
            assert_eq!(Path::parse(wrong), None, "{wrong}");
        }
    }
}
