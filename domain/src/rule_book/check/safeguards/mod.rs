//! What a book must not score (safeguards 15.2 and 15.3), read off its words: petitioning and
//! complaints, speech, belief, family planning, health, poverty, kinship, and statutory benefits.
//!
//! The words stand in [`rules`]. A word alone says little: a village may well thank somebody for
//! helping a poor household or for reporting fake goods, and mark down a cadre who leaks a
//! complaint. So a rule says on which side of the book a word is forbidden, which longer phrases only
//! look like it (加入学习 holds 入学), and which words around it turn it into something good. It is a
//! net for honest mistakes, not a proof; the assembly reads the rest.
//!
//! That no statutory benefit can depend on points needs no words: there is no way to express it.
//! All that a book can set in motion is a star with its star credit and its share of a price
//! ([`StarRow`](crate::rule_book::StarRow)), redeemable points and dividend weight
//! ([`CountsFor`](crate::rule_book::CountsFor)), and a pause of redeeming
//! ([`Suspension`](crate::rule_book::Suspension)): the village's own purses. No field takes a free
//! consequence, and unknown fields are refused when a book is read. A test takes these types apart
//! field by field, so that a new consequence cannot come in unseen.

mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::kind::kinds;
use crate::rule_book::{Amount, Category, Item, ItemKind};
use rules::{RULES, Rule, TO, TO_SCORE, TURNED_AFTER, TURNED_BEFORE, TURNED_LOOKALIKES, VOID};

kinds! {
    /// What must not be scored.
    pub enum Topic {
        /// Petitioning (信访), for or against.
        Petitioning => "petitioning",
        /// Reporting and complaining, against; or keeping silent, for.
        Complaints => "complaints",
        /// Speech.
        Speech => "speech",
        /// Belief.
        Belief => "belief",
        /// Family planning.
        FamilyPlanning => "family_planning",
        /// Health.
        Health => "health",
        /// Poverty.
        Poverty => "poverty",
        /// Kinship.
        Kinship => "kinship",
        /// Minimum living allowance, pension, schooling, medical care.
        StatutoryBenefit => "statutory_benefit",
    }
}

/// A place of a book that scores what must not be scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// Where: `items[3].name`.
    pub place: String,
    /// What it scores.
    pub topic: Topic,
    /// The word that shows it.
    pub word: &'static str,
}

impl crate::rule_book::RuleBook {
    /// Everything that is refused as [`FaultKind::Forbidden`](super::FaultKind::Forbidden), with the
    /// topic and the word, so that a clerk sees what to write otherwise.
    pub fn forbidden(&self) -> Vec<Forbidden> {
        let categories = self.categories.iter().enumerate();
        let of_categories =
            categories.flat_map(|(n, one)| of_category(&format!("categories[{n}].name"), one));
        let items = self.items.iter().enumerate();
        let of_items = items.flat_map(|(n, item)| of_item(&format!("items[{n}]"), item));
        of_categories.chain(of_items).collect()
    }
}

/// On which side of the book a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    /// It is rewarded.
    Award,
    /// It is held against somebody.
    Adverse,
    /// It is asked of somebody who wants to put something right.
    Cure,
    /// It is the name of a group of items.
    Group,
}

pub(super) fn of_category(place: &str, category: &Category) -> Vec<Forbidden> {
    found(place, "", &category.name, Side::Group)
}

pub(super) fn of_item(place: &str, item: &Item) -> Vec<Forbidden> {
    let side = match item.kind {
        ItemKind::Award => Side::Award,
        ItemKind::Deduction | ItemKind::DirectGrade | ItemKind::Veto => Side::Adverse,
    };
    let mut all = found(&format!("{place}.name"), "", &item.name, side);
    match &item.amount {
        Amount::Choice { options } => {
            for (n, option) in options.iter().enumerate() {
                let place = format!("{place}.amount.options[{n}].name");
                all.extend(found(&place, &item.name, &option.name, side));
            }
        }
        Amount::PerUnit { unit, .. } => {
            all.extend(found(&format!("{place}.amount.unit"), &item.name, unit, side));
        }
        Amount::CumulativeTiers(one) => {
            all.extend(found(&format!("{place}.amount.unit"), &item.name, &one.unit, side));
        }
        Amount::MarginalTiers(one) => {
            all.extend(found(&format!("{place}.amount.unit"), &item.name, &one.unit, side));
        }
        Amount::Fixed { .. } | Amount::Range { .. } => {}
    }
    if let Some(cure) = &item.cure {
        all.extend(found(&format!("{place}.cure"), "", cure, Side::Cure));
    }
    all
}

/// The word in the name or description of a duty post, or in a pledge, that shows that it is about
/// what must not be scored. What is done under it is rewarded by items that do not say so themselves.
pub fn forbidden_duty(text: &str) -> Option<&'static str> {
    found("", "", text, Side::Award).first().map(|one| one.word)
}

/// The word in the name of a category of nuisances that shows that it is about what must not be held
/// against anybody.
pub fn forbidden_fault(text: &str) -> Option<&'static str> {
    found("", "", text, Side::Adverse).first().map(|one| one.word)
}

/// What a text scores that it must not. `context` is the name of the item to which an option or a
/// unit belongs: "照顾残疾邻居" is help for its option "重度残疾" too.
fn found(place: &str, context: &str, text: &str, side: Side) -> Vec<Forbidden> {
    let (context, text) = (squeezed(context), squeezed(text));
    let suspects = suspects(&text).into_iter().filter_map(|n| RULES.get(n));
    let hits = suspects.filter(|rule| rule.sides.contains(&side)).filter_map(|rule| {
        let context = if rule.is_state { context.as_str() } else { "" };
        let mut clauses = text.split(|c: char| rule.separators().contains(c));
        let word = clauses.find_map(|clause| rule.scored_in(context, clause, side))?;
        Some(Forbidden { place: place.to_owned(), topic: rule.topic, word })
    });
    hits.collect()
}

/// The rules of which a word stands in the text, by their numbers. Nearly every text has none, and a
/// book may have tens of thousands of texts: so they are gone through once, by the first character
/// of every word.
fn suspects(text: &str) -> BTreeSet<usize> {
    static BY_FIRST: LazyLock<BTreeMap<char, Vec<(usize, &str)>>> = LazyLock::new(|| {
        let mut by_first: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (n, rule) in RULES.iter().enumerate() {
            for word in rule.words.split_whitespace() {
                by_first
                    .entry(word.chars().next().unwrap_or_default())
                    .or_default()
                    .push((n, word));
            }
        }
        by_first
    });
    let words = text.char_indices().filter_map(|(at, first)| {
        let rest = text.get(at..).unwrap_or_default();
        let words = BY_FIRST.get(&first)?.iter();
        Some(words.filter(move |(_, word)| rest.starts_with(word)).map(|(n, _)| *n))
    });
    words.flatten().collect()
}

/// Without blanks and dots between the characters.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"·•".contains(*c)).collect()
}

impl Rule {
    /// Where a clause ends. People list the states of those they help with the mark of enumeration
    /// (帮扶孤寡、残疾老人), so it ends a clause only where a list is one of deeds.
    const fn separators(&self) -> &'static str {
        if self.is_state { "，,；;。" } else { "，,；;。、/／" }
    }

    fn scored_in(&self, context: &str, clause: &str, side: Side) -> Option<&'static str> {
        let clause = blanked(clause, self.lookalikes);
        self.words.split_whitespace().find(|word| {
            clause.match_indices(word).any(|(at, _)| {
                let (before, rest) = clause.split_at(at);
                let after = rest.strip_prefix(word).unwrap_or_default();
                self.is_scored(&format!("{context}{before}"), word, after, side)
            })
        })
    }

    /// Whether the word means what it says, between what stands before and after it.
    fn is_scored(&self, before: &str, word: &str, after: &str, side: Side) -> bool {
        let turned = !self.turned.contains(&side) || is_turned(before, word, after);
        let protects = matches!(side, Side::Adverse | Side::Cure)
            && self.protect.split_whitespace().any(|word| before.contains(word));
        let helps = side != Side::Adverse
            && (holds_unvoided(before, self.help)
                || holds_unvoided(after, self.help)
                || (self.is_state && is_for_them(before, after)));
        turned && !protects && !helps
    }
}

/// Whether a complaint is one that was not made, was taken back, or is counted to be few.
fn is_turned(before: &str, word: &str, after: &str) -> bool {
    let before = blanked(before, TURNED_LOOKALIKES);
    let near: String = before.chars().rev().take(4).collect::<Vec<_>>().into_iter().rev().collect();
    rules::TURNED_WORDS.split_whitespace().any(|one| one == word)
        || TURNED_BEFORE.split_whitespace().any(|word| near.contains(word))
        || TURNED_AFTER.split_whitespace().any(|word| after.starts_with(word))
}

/// Whether one of the words of help stands there, and not as something that one receives, asks for
/// or refuses.
fn holds_unvoided(text: &str, words: &str) -> bool {
    words.split_whitespace().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let before = text.split_at(at).0;
            !VOID.split_whitespace().any(|void| before.ends_with(void))
        })
    })
}

/// Whether something is done for those of whom the next word speaks: 为贫困户修房; and not 列为贫困户, nor
/// 给低保户加分.
fn is_for_them(before: &str, after: &str) -> bool {
    holds_unvoided(before, TO) && !TO_SCORE.split_whitespace().any(|word| after.contains(word))
}

fn blanked(text: &str, phrases: &str) -> String {
    phrases.split_whitespace().fold(text.to_owned(), |text, phrase| text.replace(phrase, "□"))
}
