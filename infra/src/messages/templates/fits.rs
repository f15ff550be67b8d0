//! Whether what a field says can be a value of its kind, whatever the facts will be.

use domain::subscription::{FactKind, FieldKind, Value};

use super::pattern::{Pattern, Piece};

/// The longest signature of points, counts and ids in signs.
const POINTS_SIGNS: usize = 16;
const COUNT_SIGNS: usize = 20;
const ID_SIGNS: usize = 32;
/// The longest of a field of 32 signs.
const LONG_MAX: usize = 32;

/// What keeps a pattern from its field, in words for who wrote it; none if it fits. `of` says what
/// each fact is.
pub(super) fn fault(
    kind: FieldKind,
    pattern: &Pattern,
    of: &dyn Fn(&str) -> Option<FactKind>,
) -> Option<String> {
    match &pattern.0[..] {
        [Piece::Words(words)] => words_fault(kind, words),
        [Piece::Fact(name)] => match of(name) {
            Some(fact) if takes(kind, fact) => None,
            Some(_) => Some(format!("{} cannot say {{{name}}}: {}", kind.as_str(), wants(kind))),
            None => None,
        },
        pieces => mixed_fault(kind, pieces, of),
    }
}

fn words_fault(kind: FieldKind, words: &str) -> Option<String> {
    match Value::from_words(kind, words) {
        Some(value) if value.as_str() == words => None,
        _ => Some(format!("“{words}” does not fit {}: {}", kind.as_str(), wants(kind))),
    }
}

/// Which facts a field can say alone.
const fn takes(kind: FieldKind, fact: FactKind) -> bool {
    use FactKind as F;
    match kind {
        FieldKind::Thing => true,
        FieldKind::Phrase | FieldKind::Name => matches!(fact, F::Word),
        FieldKind::CharacterString => matches!(fact, F::Points | F::Count | F::Id),
        FieldKind::Number => matches!(fact, F::Points | F::Count),
        FieldKind::Time => matches!(fact, F::Moment),
        FieldKind::Date => matches!(fact, F::Moment | F::Day),
        FieldKind::Amount => matches!(fact, F::Money),
        FieldKind::Letter | FieldKind::Symbol | FieldKind::PhoneNumber | FieldKind::CarNumber => {
            false
        }
    }
}

fn mixed_fault(
    kind: FieldKind,
    pieces: &[Piece],
    of: &dyn Fn(&str) -> Option<FactKind>,
) -> Option<String> {
    match kind {
        FieldKind::Thing => None,
        FieldKind::CharacterString => {
            let signs = |piece: &Piece| match piece {
                Piece::Words(words) => {
                    let plain = words.bytes().all(|sign| sign.is_ascii_graphic());
                    plain.then_some(words.len())
                }
                Piece::Fact(name) => match of(name) {
                    Some(FactKind::Points) => Some(POINTS_SIGNS),
                    Some(FactKind::Count) => Some(COUNT_SIGNS),
                    Some(FactKind::Id) => Some(ID_SIGNS),
                    // Told elsewhere that there is no such fact.
                    None => Some(0),
                    Some(_) => None,
                },
            };
            let all: Option<usize> = pieces.iter().map(signs).sum();
            let fits = all.is_some_and(|all| all <= LONG_MAX);
            (!fits).then(|| format!("this may not fit {}: {}", kind.as_str(), wants(kind)))
        }
        _ => Some(format!("{} says one thing alone: {}", kind.as_str(), wants(kind))),
    }
}

/// What a field takes, for people.
const fn wants(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Thing => "words of up to 20 characters, longer facts are cut",
        FieldKind::Number => "a fact that is points or a count, or up to 32 digits",
        FieldKind::Letter => "up to 32 letters",
        FieldKind::Symbol => "up to 5 signs",
        FieldKind::CharacterString => {
            "facts that are points, counts or ids, and up to 32 letters, digits and signs in all"
        }
        FieldKind::Time => "a fact that is a moment",
        FieldKind::Date => "a fact that is a day or a moment",
        FieldKind::Amount => "a fact that is money",
        FieldKind::PhoneNumber => "up to 17 digits and signs",
        FieldKind::CarNumber => "up to 8 letters and digits",
        FieldKind::Name => "up to 10 Chinese characters, or a fact that is one of our words",
        FieldKind::Phrase => "up to 5 Chinese characters, or a fact that is one of our words",
    }
}
