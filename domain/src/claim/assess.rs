//! What a claim is worth among the other deeds of its account: tiers that add up, doubling of repeated
//! faults, exclusivity and caps, in this order, each with what it did.
//!
//! Order of arrival: which of several deeds is declared first does not change what all of them come
//! to in tiers, in exclusivity (section 4: a higher one that arrives later replaces the lower) and
//! under a cap on points. A cap on the number of deeds keeps those that were certified first, and a
//! fault that is recorded late doubles none that was certified before it.
//!
//! Certifying looks back only. Where a claim falls or is put right later, what the others come to is
//! reckoned anew by [`super::reassess`].

mod same_deed;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Claim;
use crate::id::{ClaimId, VillagerId};
use crate::points::Points;
use crate::refusal::Refusal;
use crate::rule_book::{
    Amount, Cap, CapScope, CumulativeTiers, Cut, Earlier, Item, ItemKind, RuleBook, Tier,
};

/// A deed of the same account that counts already: certified or later, not taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Its claim.
    pub claim: ClaimId,
    /// The item, by the book that judged it.
    pub item_code: String,
    /// What that does to the score.
    pub kind: ItemKind,
    /// Who did it.
    pub person: VillagerId,
    /// When.
    pub happened_on: NaiveDate,
    /// The last day on which it counts.
    pub counts_until: NaiveDate,
    /// How many units.
    pub quantity: Option<u32>,
    /// Before exclusivity and caps.
    pub worth: Points,
    /// What of the steps of its tally it took up; nothing where nothing adds up.
    pub topped_up: Points,
    /// What it was granted; nothing while it yields.
    pub granted: Points,
    /// Whether another claim of the same deed counts instead.
    pub yields: bool,
    /// The deed, if several claims are of one.
    pub deed: Option<ClaimId>,
}

/// What moved an amount on its way from the item to the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Adjustment {
    /// The panel filled in the points of a range.
    FilledIn {
        /// What it filled in.
        points: Points,
    },
    /// Cumulative tiers: the sum of all units, and what earlier claims took up of it.
    ToppedUp {
        /// The units with this claim.
        units: u32,
        /// What the sum is worth.
        reached: Points,
        /// What earlier claims took up.
        before: Points,
    },
    /// The same fault while an earlier one still counts.
    Doubled {
        /// The earlier one.
        because_of: ClaimId,
        /// What comes on top.
        points: Points,
    },
    /// Those who answered an objection said what it is worth.
    Corrected {
        /// The right amount.
        points: Points,
    },
    /// Another claim of the same deed counts instead.
    YieldsTo {
        /// Which.
        claim: ClaimId,
        /// What does not count.
        points: Points,
    },
    /// Another claim of the same deed counted until this one came. Now this one does; or the one to
    /// which this one yields, where only this one shows that they are of the same deed.
    Replaces {
        /// Which.
        claim: ClaimId,
        /// What that one was granted.
        points: Points,
    },
    /// A cap cut it.
    Cut(Cut),
}

/// What a claim comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assessment {
    /// Before exclusivity and caps.
    pub worth: Points,
    /// What counts.
    pub granted: Points,
    /// How it came about.
    pub adjustments: Vec<Adjustment>,
}

impl RuleBook {
    /// The steps of everything that adds up with this item.
    fn tiers_of<'a>(&'a self, item: &'a Item) -> impl Iterator<Item = &'a Tier> {
        let added_up = self.items.iter().filter(move |other| tally(other) == tally(item));
        added_up.filter_map(|other| cumulative(other)).flat_map(|one| one.tiers.iter())
    }
}

impl Adjustment {
    /// What a claim of cumulative tiers takes up of its tally: never below zero.
    pub(super) fn topped_up(&self) -> Option<Points> {
        let Self::ToppedUp { reached, before, .. } = self else { return None };
        Some(Points::from_hundredths((reached.hundredths() - before.hundredths()).max(0)))
    }
}

/// What the units of an item add up in.
fn tally(item: &Item) -> Option<&str> {
    cumulative(item).map(|one| one.tally.as_deref().unwrap_or(&item.code))
}

fn cumulative(item: &Item) -> Option<&CumulativeTiers> {
    match &item.amount {
        Amount::CumulativeTiers(one) => Some(one),
        _ => None,
    }
}

/// Reckons what a claim comes to. `others` are the deeds of its account that were certified before
/// and not taken back, those that yield included; what does not bear on it does no harm.
///
/// # Errors
/// `item_unknown` when the book is not the one that judges the claim; `amount_out_of_range`.
pub fn assess(claim: &Claim, book: &RuleBook, others: &[Counted]) -> Result<Assessment, Refusal> {
    let item = book.item(&claim.item_code).ok_or(Refusal::ItemUnknown)?;
    let (rivals, apart) = same_deed::parted(claim, book, item, others);
    let mut adjustments = Vec::new();
    let worth = worth(claim, book, item, others, &mut adjustments);
    let worth = doubled(claim, item, worth, &apart, &mut adjustments)?;
    let worth = corrected(claim, worth, &mut adjustments);
    let standing: Vec<_> = rivals.into_iter().filter(|rival| !rival.yields).collect();
    let best =
        standing.iter().max_by_key(|rival| (rank(rival.kind, rival.worth), Reverse(rival.claim)));
    // Of two that are worth the same, the first keeps its place.
    let yields_to = best.filter(|best| rank(best.kind, best.worth) >= rank(item.kind, worth));
    let give_way =
        standing.iter().filter(|rival| yields_to.is_none_or(|to| to.claim != rival.claim));
    adjustments.extend(
        give_way.map(|rival| Adjustment::Replaces { claim: rival.claim, points: rival.granted }),
    );
    if let Some(to) = yields_to {
        adjustments.push(Adjustment::YieldsTo { claim: to.claim, points: worth });
        return Ok(Assessment { worth, granted: Points::ZERO, adjustments });
    }
    let earlier: Vec<_> = apart
        .iter()
        .filter(|other| other.item_code == item.code)
        .map(|other| Earlier {
            member: other.person,
            happened_on: other.happened_on,
            points: other.granted,
        })
        .collect();
    let allowance =
        Cap::apply(&item.caps, worth, claim.person, claim.happened_on, book.cycle, &earlier);
    adjustments.extend(allowance.cuts.into_iter().map(Adjustment::Cut));
    Ok(Assessment { worth, granted: allowance.granted, adjustments })
}

/// Which of several claims of one deed counts: the direct grade, or else the highest.
const fn rank(kind: ItemKind, points: Points) -> (bool, Points) {
    (matches!(kind, ItemKind::DirectGrade), points)
}

/// What the claim is worth by the amount of its item.
fn worth(
    claim: &Claim,
    book: &RuleBook,
    item: &Item,
    others: &[Counted],
    adjustments: &mut Vec<Adjustment>,
) -> Points {
    if let Some(tiers) = cumulative(item) {
        return topped_up(claim, book, item, tiers, others, adjustments);
    }
    if let Amount::Range { .. } = item.amount {
        adjustments.push(Adjustment::FilledIn { points: claim.asked });
    }
    claim.asked
}

/// Cumulative tiers: what the sum is worth less what earlier claims took up of it. Doubling, caps and
/// exclusivity take nothing from the tally: what a cap cut is not topped up by the next claim.
fn topped_up(
    claim: &Claim,
    book: &RuleBook,
    item: &Item,
    tiers: &CumulativeTiers,
    others: &[Counted],
    adjustments: &mut Vec<Adjustment>,
) -> Points {
    let (first, last) = tiers.period.around(claim.happened_on, book.cycle);
    let added_up = others.iter().filter(|other| {
        let same_tally = book.item(&other.item_code).is_some_and(|one| tally(one) == tally(item));
        same_tally
            && (first..=last).contains(&other.happened_on)
            && (tiers.per == CapScope::Account || other.person == claim.person)
    });
    let mut units = claim.measure.quantity.unwrap_or(0);
    let mut before = Points::ZERO;
    for other in added_up {
        units = units.saturating_add(other.quantity.unwrap_or(0));
        before = before.plus(other.topped_up).unwrap_or(Points::MAX);
    }
    let reached = Tier::reached(book.tiers_of(item), units);
    let adjustment = Adjustment::ToppedUp { units, reached, before };
    adjustments.push(adjustment);
    adjustment.topped_up().unwrap_or_default()
}

/// The same kind of deduction again while an earlier one is effective counts double. The same deed
/// recorded twice is not a second one, so only those `apart` from it matter.
fn doubled(
    claim: &Claim,
    item: &Item,
    worth: Points,
    apart: &[&Counted],
    adjustments: &mut Vec<Adjustment>,
) -> Result<Points, Refusal> {
    if !item.repeat_doubles || item.kind != ItemKind::Deduction {
        return Ok(worth);
    }
    let earlier = apart
        .iter()
        .filter(|other| other.item_code == item.code && other.person == claim.person)
        .filter(|other| {
            (other.happened_on..=other.counts_until).contains(&claim.happened_on)
                && other.granted.is_positive()
        })
        .min_by_key(|other| (other.happened_on, other.claim.0));
    let Some(earlier) = earlier else { return Ok(worth) };
    adjustments.push(Adjustment::Doubled { because_of: earlier.claim, points: worth });
    worth.times(2).ok_or(Refusal::AmountOutOfRange)
}

/// What those who answered an objection said last is what the claim is worth, whatever the item says.
fn corrected(claim: &Claim, worth: Points, adjustments: &mut Vec<Adjustment>) -> Points {
    let said = claim.adjustments.iter().rev().find_map(|one| match one {
        Adjustment::Corrected { points } => Some(*points),
        _ => None,
    });
    adjustments.extend(said.map(|points| Adjustment::Corrected { points }));
    said.unwrap_or(worth)
}
