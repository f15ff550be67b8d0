//! Words with facts in braces.

use domain::subscription::{Fact, FieldKind, Value};

use crate::messages::facts::Told;

/// What stands for words of people that were not given.
const NOTHING: &str = "无";

/// Words with facts in braces, such as `扣{points}分`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern(pub(super) Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Words(String),
    /// The name of a fact.
    Fact(String),
}

impl Pattern {
    /// Reads a pattern; none if its braces do not match, or if it is empty.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let words_end = rest.find(['{', '}']).unwrap_or(rest.len());
            let (words, after) = rest.split_at_checked(words_end)?;
            if !words.is_empty() {
                pieces.push(Piece::Words(words.to_owned()));
            }
            rest = match after.strip_prefix('{') {
                None if after.is_empty() => after,
                None => return None,
                Some(inside) => {
                    let (name, after) = inside.split_once('}')?;
                    if name.is_empty() || name.contains('{') {
                        return None;
                    }
                    pieces.push(Piece::Fact(name.to_owned()));
                    after
                }
            };
        }
        (!pieces.is_empty()).then_some(Self(pieces))
    }

    /// The names of the facts in it.
    pub(super) fn facts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Fact(name) => Some(name.as_str()),
            Piece::Words(_) => None,
        })
    }

    /// The value that it makes for a field of that kind.
    pub(super) fn value(&self, kind: FieldKind, told: &Told<'_>) -> Option<Value> {
        match &self.0[..] {
            [Piece::Fact(name)] => {
                let fact = told.fact(name).unwrap_or_else(|| Fact::Text(NOTHING.to_owned()));
                // Words of people may hold nothing that can be shown.
                let otherwise = || Value::from_words(kind, NOTHING);
                let made = Value::from_fact(kind, &fact);
                if kind == FieldKind::Thing { made.or_else(otherwise) } else { made }
            }
            _ => Value::from_words(kind, &self.words(told)),
        }
    }

    /// All of it in words.
    pub(super) fn words(&self, told: &Told<'_>) -> String {
        let words = |piece: &Piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Fact(name) => {
                told.fact(name).map_or_else(|| NOTHING.to_owned(), |fact| fact.words())
            }
        };
        self.0.iter().map(words).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_words_and_facts_in_any_order() {
        let words = |text: &str| Piece::Words(text.to_owned());
        let fact = |name: &str| Piece::Fact(name.to_owned());
        for (text, pieces) in [
            ("公示中", vec![words("公示中")]),
            ("{points}", vec![fact("points")]),
            ("扣{points}分", vec![words("扣"), fact("points"), words("分")]),
            ("{a}{b}", vec![fact("a"), fact("b")]),
        ] {
            assert_eq!(Pattern::parse(text), Some(Pattern(pieces)), "{text}");
        }
        for bad in ["", "{", "}", "{}", "{a", "a}", "{{a}}", "{a}}"] {
            assert_eq!(Pattern::parse(bad), None, "{bad}");
        }
    }
}
