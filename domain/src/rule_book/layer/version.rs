//! Versions in time: which version of each layer holds on a day, and the book that they make.
//! Nothing adopted is ever edited; a version ends where the next begins.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Layer, Merged, Stack};

/// Where a version stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// Not adopted.
    Draft,
    /// Adopted, and not in force yet.
    Adopted,
    /// In force.
    InForce,
    /// Followed by a version that is in force.
    Superseded,
}

impl VersionState {
    /// The state on a day of a version that comes into force on `in_force_from` (a draft without
    /// it), when the adopted version that follows it comes into force on `next_in_force_from`.
    pub fn on(
        day: NaiveDate,
        in_force_from: Option<NaiveDate>,
        next_in_force_from: Option<NaiveDate>,
    ) -> Self {
        match (in_force_from, next_in_force_from) {
            (None, _) => Self::Draft,
            (Some(from), _) if day < from => Self::Adopted,
            (Some(_), Some(next)) if next <= day => Self::Superseded,
            (Some(_), _) => Self::InForce,
        }
    }
}

/// A version of a layer, or of what stands for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version<T> {
    /// The first day of an adopted version; a draft has none.
    pub in_force_from: Option<NaiveDate>,
    /// What it says.
    pub layer: T,
}

/// All versions of one layer, the oldest first and drafts before all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versions<T>(Vec<Version<T>>);

impl<T> Default for Versions<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<Vec<Version<T>>> for Versions<T> {
    fn from(mut versions: Vec<Version<T>>) -> Self {
        versions.sort_by_key(|version| version.in_force_from);
        Self(versions)
    }
}

impl<T> Versions<T> {
    /// What holds on a day: the newest adopted version that has come into force by then.
    pub fn on(&self, day: NaiveDate) -> Option<&T> {
        let begun = |version: &&Version<T>| version.in_force_from.is_some_and(|from| from <= day);
        self.0.iter().rev().find(begun).map(|version| &version.layer)
    }

    /// Each version with its state on a day.
    pub fn states_on(&self, day: NaiveDate) -> impl Iterator<Item = (&Version<T>, VersionState)> {
        let next = self.0.iter().skip(1).map(|next| next.in_force_from).chain([None]);
        self.0.iter().zip(next).map(move |(version, next)| {
            (version, VersionState::on(day, version.in_force_from, next))
        })
    }

    /// The first day of each adopted version.
    pub fn first_days(&self) -> impl Iterator<Item = NaiveDate> {
        self.0.iter().filter_map(|version| version.in_force_from)
    }
}

/// All versions of the layers that make the book of one village.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// The frames of its county.
    pub county: Versions<Layer>,
    /// The manuals of its town.
    pub town: Versions<Layer>,
    /// Its own.
    pub village: Versions<Layer>,
}

impl Timeline {
    /// The layers in force on a day.
    pub fn stack_on(&self, day: NaiveDate) -> Stack<'_> {
        Stack {
            county: self.county.on(day),
            town: self.town.on(day),
            village: self.village.on(day),
        }
    }

    /// The merge by which a deed of that day is judged, whenever it is certified. There is none
    /// before the village adopted a book of its own, however short: nobody takes part but by their
    /// own assembly and pledge (safeguard 15.1).
    pub fn book_on(&self, day: NaiveDate) -> Option<Merged> {
        let stack = self.stack_on(day);
        stack.village.map(|_| stack.merge())
    }

    /// The days from which another merge may hold, beginning with the village's first book.
    pub fn first_days(&self) -> BTreeSet<NaiveDate> {
        let above = self.county.first_days().chain(self.town.first_days());
        let all = above.chain(self.village.first_days());
        let first = self.village.first_days().min();
        all.filter(|day| first.is_some_and(|first| *day >= first)).collect()
    }
}
