//! The values of fields, within WeChat's limits.
//!
//! WeChat does not say what a character is. Lengths are counted here in UTF-16 units, as a
//! mini-program counts them: never less than code points, so that a value is short enough by either.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

use super::{Fact, FieldKind};
use crate::calendar::shanghai;
use crate::points::{Fen, Points};

const THING_MAX: usize = 20;
const LONG_MAX: usize = 32;
const SYMBOL_MAX: usize = 5;
const PHONE_MAX: usize = 17;
const CAR_MAX: usize = 8;
const NAME_MAX: usize = 10;
const PHRASE_MAX: usize = 5;
/// The most money an amount can say: ten digits with the two of the fen.
const FEN_MAX: i64 = 9_999_999_999;

/// A value that WeChat takes in a field of its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    kind: FieldKind,
    text: String,
}

impl Value {
    /// The kind of field that it fits.
    pub const fn kind(&self) -> FieldKind {
        self.kind
    }

    /// What is sent.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A value from words. A thing is cut to its length with `…`; everything else fits or is `None`,
    /// since half a number is another number. Times, dates, amounts are made from facts.
    pub fn from_words(kind: FieldKind, words: &str) -> Option<Self> {
        let text = in_one_line(words);
        let fits = match kind {
            FieldKind::Thing => return thing(&text),
            FieldKind::Number => is_number(&text),
            FieldKind::Letter => {
                text.len() <= LONG_MAX && text.bytes().all(|sign| sign.is_ascii_alphabetic())
            }
            FieldKind::Symbol => units(&text) <= SYMBOL_MAX && text.chars().all(is_sign),
            FieldKind::CharacterString => {
                text.len() <= LONG_MAX && text.bytes().all(|sign| sign.is_ascii_graphic())
            }
            FieldKind::PhoneNumber => {
                let allowed = |sign: u8| sign.is_ascii_digit() || b"+-()".contains(&sign);
                text.len() <= PHONE_MAX && text.bytes().all(allowed)
            }
            FieldKind::CarNumber => is_car_number(&text),
            FieldKind::Name => units(&text) <= NAME_MAX && text.chars().all(is_han),
            FieldKind::Phrase => units(&text) <= PHRASE_MAX && text.chars().all(is_han),
            FieldKind::Time | FieldKind::Date | FieldKind::Amount => false,
        };
        (fits && !text.is_empty()).then_some(Self { kind, text })
    }

    /// A value that says one fact: a number of points without its sign, which WeChat does not take;
    /// the day of a moment; and whatever fits as words.
    pub fn from_fact(kind: FieldKind, fact: &Fact) -> Option<Self> {
        let text = match (kind, fact) {
            (FieldKind::Time, Fact::Moment(moment)) => moment_of(*moment),
            (FieldKind::Date, Fact::Moment(moment)) => {
                date_of(moment.with_timezone(&shanghai()).date_naive())
            }
            (FieldKind::Date, Fact::Day(day)) => date_of(*day),
            (FieldKind::Amount, Fact::Money(fen)) => amount(*fen)?,
            (FieldKind::Number, Fact::Points(points)) => {
                let size = points.hundredths().checked_abs()?;
                return Self::from_words(kind, &Points::from_hundredths(size).to_string());
            }
            _ => return Self::from_words(kind, &fact.words()),
        };
        Some(Self { kind, text })
    }
}

/// Twelve months of the calendar as WeChat writes them: `2019年10月1日`.
pub(super) fn date_of(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// A moment in the village as WeChat writes it: `2019年10月1日 15:01`.
pub(super) fn moment_of(moment: DateTime<Utc>) -> String {
    let here = moment.with_timezone(&shanghai());
    format!("{} {:02}:{:02}", date_of(here.date_naive()), here.hour(), here.minute())
}

fn amount(fen: Fen) -> Option<String> {
    (0..=FEN_MAX).contains(&fen.get()).then(|| format!("{fen}元"))
}

fn thing(text: &str) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    let text = if units(text) <= THING_MAX { text.to_owned() } else { cut(text) };
    Some(Value { kind: FieldKind::Thing, text })
}

/// As much of the text as leaves room for the sign that says so.
fn cut(text: &str) -> String {
    let mut kept = String::new();
    let mut left = THING_MAX - 1;
    for sign in text.chars() {
        match left.checked_sub(sign.len_utf16()) {
            Some(rest) => left = rest,
            None => break,
        }
        kept.push(sign);
    }
    let mut kept = kept.trim_end().to_owned();
    kept.push('…');
    kept
}

/// The text without line breaks and other signs that are not seen, and without space around it or
/// doubled in it: WeChat refuses some of them.
fn in_one_line(text: &str) -> String {
    let seen = |sign: char| if sign.is_control() || is_invisible(sign) { ' ' } else { sign };
    let text: String = text.chars().map(seen).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Signs of Unicode that steer others and show nothing.
const fn is_invisible(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Digits with at most one point, inside.
fn is_number(text: &str) -> bool {
    let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|sign| sign.is_ascii_digit());
    text.len() <= LONG_MAX && digits(whole) && digits(places)
}

fn is_sign(sign: char) -> bool {
    !sign.is_alphanumeric() && !sign.is_whitespace()
}

/// Letters and digits; the first and the last may be Chinese.
fn is_car_number(text: &str) -> bool {
    let signs: Vec<char> = text.chars().collect();
    let last = signs.len().saturating_sub(1);
    let fits = |(at, sign): (usize, &char)| {
        sign.is_ascii_alphanumeric() || ((at == 0 || at == last) && is_han(*sign))
    };
    units(text) <= CAR_MAX && signs.iter().enumerate().all(fits)
}

/// Whether it is a Chinese character of the Basic Multilingual Plane. The rarer ones beyond are
/// refused by more systems than WeChat.
const fn is_han(sign: char) -> bool {
    matches!(sign, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}
