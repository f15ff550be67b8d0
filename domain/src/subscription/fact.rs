//! What the values of a message are made from.

use chrono::{DateTime, NaiveDate, Utc};

use super::value::{date_of, moment_of};
use crate::points::{Fen, Points};

/// What a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// Words of people, of any length.
    Text,
    /// One of our own words, of at most five Chinese characters.
    Word,
    /// Points with their sign.
    Points,
    /// Money.
    Money,
    /// How many.
    Count,
    /// A moment.
    Moment,
    /// A day.
    Day,
    /// An id: digits and letters.
    Id,
}

/// Something that a message may say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Words of people, of any length.
    Text(String),
    /// One of our own words, of at most five Chinese characters.
    Word(&'static str),
    /// Points with their sign.
    Points(Points),
    /// Money.
    Money(Fen),
    /// How many.
    Count(u64),
    /// A moment.
    Moment(DateTime<Utc>),
    /// A day.
    Day(NaiveDate),
    /// An id: digits and letters.
    Id(String),
}

impl Fact {
    /// What it is.
    pub const fn kind(&self) -> FactKind {
        match self {
            Self::Text(_) => FactKind::Text,
            Self::Word(_) => FactKind::Word,
            Self::Points(_) => FactKind::Points,
            Self::Money(_) => FactKind::Money,
            Self::Count(_) => FactKind::Count,
            Self::Moment(_) => FactKind::Moment,
            Self::Day(_) => FactKind::Day,
            Self::Id(_) => FactKind::Id,
        }
    }

    /// In words, to stand in a sentence.
    pub fn words(&self) -> String {
        match self {
            Self::Text(text) | Self::Id(text) => text.clone(),
            Self::Word(word) => (*word).to_owned(),
            Self::Points(points) => points.to_string(),
            Self::Money(fen) => format!("{fen}元"),
            Self::Count(count) => count.to_string(),
            Self::Moment(moment) => moment_of(*moment),
            Self::Day(day) => date_of(*day),
        }
    }
}
