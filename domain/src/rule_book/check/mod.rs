//! The lint of rule books: what stands in the way of adopting a draft ([`RuleBook::faults`]), and
//! what a clerk had better look at again ([`RuleBook::warnings`]), each with its place in the book.
//!
//! Here is what the draft shows by itself. Whether it contradicts the frame of its county or town is
//! another question, which needs those books.
//!
//! A new field of the book gets its checks beside its like: `amounts`, `items`, `caps`, `stars`,
//! `ways`, `tracks`, `periods`; what several items say together is in `tallies` and `reach`; words that must not be scored
//! are in `safeguards`.

mod amounts;
mod caps;
mod items;
mod kind;
mod periods;
mod reach;
mod safeguards;
mod stars;
mod tallies;
mod tracks;
mod warnings;
mod ways;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::RuleBook;
use crate::points::{Fen, Points};

pub use kind::FaultKind;
pub use safeguards::{Forbidden, Topic, forbidden_duty, forbidden_fault};
pub use warnings::{Warning, WarningKind};

/// A fault of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Where: `items[3].amount`.
    pub place: String,
    /// What is wrong.
    pub kind: FaultKind,
}

impl RuleBook {
    /// The most categories one book may hold.
    pub const CATEGORIES_MAX: usize = 100;

    /// All faults, in the order of the book; none when it can be adopted. What several items or the
    /// items and the star table say together comes last.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Faults::default();
        faults.text("name", &self.name, 100);
        if self.base_score < Points::ZERO {
            faults.add("base_score", FaultKind::Negative);
        }
        if self.exchange_value_fen.is_some_and(|fen| fen <= Fen::ZERO) {
            faults.add("exchange_value_fen", FaultKind::NotPositive);
        }
        for (place, days) in
            [("claim_days_max", self.claim_days_max), ("appeal_days_max", self.appeal_days_max)]
        {
            if !(1..=366).contains(&days) {
                faults.add(place, FaultKind::Days);
            }
        }
        ways::check("claim_way", &self.claim_way, &mut faults);
        ways::check("rating_way", &self.rating_way, &mut faults);
        periods::of_rating_way(self, &mut faults);
        stars::check(&self.stars, &mut faults);
        tracks::check(self, &mut faults);
        periods::check(self, &mut faults);
        let categories = self.categories_checked(&mut faults);
        if !(1..=Self::ITEMS_MAX).contains(&self.items.len()) {
            faults.add("items", FaultKind::ItemCount);
        }
        let mut codes = BTreeSet::new();
        for (n, item) in self.items.iter().enumerate() {
            let place = format!("items[{n}]");
            faults.unique_code(&format!("{place}.code"), &item.code, &mut codes);
            if !categories.contains(item.category.as_str()) {
                faults.add(format!("{place}.category"), FaultKind::UnknownCategory);
            }
            items::check(&place, item, &self.stars, &mut faults);
            tracks::of_item(&place, item, self, &mut faults);
            let reviewed = self.claim_way.stage_for(item.level, 0).is_some();
            if !reviewed && !self.claim_way.stages.is_empty() {
                faults.add(format!("{place}.level"), FaultKind::LevelWithoutStage);
            }
        }
        tallies::check(&self.items, &mut faults);
        if faults.0.is_empty() {
            // Only figures that make sense by themselves can be added up.
            reach::check(self, &mut faults);
        }
        faults.0
    }

    fn categories_checked<'a>(&'a self, faults: &mut Faults) -> BTreeSet<&'a str> {
        faults.at_most("categories", self.categories.len(), Self::CATEGORIES_MAX);
        let mut codes = BTreeSet::new();
        for (n, category) in self.categories.iter().enumerate() {
            faults.unique_code(&format!("categories[{n}].code"), &category.code, &mut codes);
            let place = format!("categories[{n}].name");
            faults.text(&place, &category.name, 40);
            faults.forbidden(safeguards::of_category(&place, category));
        }
        codes
    }
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, place: impl Into<String>, kind: FaultKind) {
        self.0.push(Fault { place: place.into(), kind });
    }

    fn text(&mut self, place: &str, text: &str, chars_max: usize) {
        if text.trim().is_empty() || text.chars().count() > chars_max {
            self.add(place, FaultKind::Text);
        }
    }

    fn code(&mut self, place: &str, code: &str) {
        let fits = (1..=32).contains(&code.len())
            && code.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b));
        if !fits {
            self.add(place, FaultKind::Code);
        }
    }

    fn unique_code<'a>(&mut self, place: &str, code: &'a str, seen: &mut BTreeSet<&'a str>) {
        self.code(place, code);
        if !seen.insert(code) {
            self.add(place, FaultKind::Duplicate);
        }
    }

    fn at_most(&mut self, place: impl Into<String>, count: usize, count_max: usize) {
        if count > count_max {
            self.add(place, FaultKind::TooMany);
        }
    }

    fn positive(&mut self, place: impl Into<String>, points: Points) {
        if !points.is_positive() {
            self.add(place, FaultKind::NotPositive);
        }
    }

    /// One fault a place, however many forbidden words stand there.
    fn forbidden(&mut self, found: Vec<Forbidden>) {
        for one in found {
            let told = self
                .0
                .last()
                .is_some_and(|last| last.place == one.place && last.kind == FaultKind::Forbidden);
            if !told {
                self.add(one.place, FaultKind::Forbidden);
            }
        }
    }
}

#[cfg(test)]
mod tests;
