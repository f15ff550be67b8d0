//! What a claim is worth among the other deeds of its account: tiers that add up, doubling of repeated
//! faults, exclusivity and caps, in this order, each with what it did.
//!
//! Order of arrival: which of several deeds is declared first does not change what all of them come
//! to in tiers, in exclusivity (section 4: a higher one that arrives later replaces the lower) and
//! under a cap on points. A cap on the number of deeds keeps those that were certified first.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Claim;
use crate::id::{ClaimId, VillagerId};
use crate::points::Points;
use crate::refusal::Refusal;
use crate::rule_book::{
    Amount, Cap, CumulativeTiers, Cut, Earlier, Item, ItemKind, RuleBook, Tier,
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
    /// What it was granted.
    pub granted: Points,
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
    /// Cumulative tiers: the sum of all units, and what was granted for them before.
    ToppedUp {
        /// The units with this claim.
        units: u32,
        /// What the sum is worth.
        reached: Points,
        /// What was granted before.
        before: Points,
    },
    /// The same fault while an earlier one still counts.
    Doubled {
        /// The earlier one.
        because_of: ClaimId,
        /// What comes on top.
        points: Points,
    },
    /// Another claim of the same deed counts instead.
    YieldsTo {
        /// Which.
        claim: ClaimId,
        /// What does not count.
        points: Points,
    },
    /// It counts instead of another claim of the same deed.
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
    /// The codes of the items whose deeds bear on one of this item: itself, those that add up with
    /// it, and those of its exclusive group.
    pub fn bearing_on<'a>(&'a self, item: &'a Item) -> impl Iterator<Item = &'a str> {
        self.items
            .iter()
            .filter(move |other| {
                other.code == item.code
                    || (item.exclusive.is_some() && other.exclusive == item.exclusive)
                    || (tally(item).is_some() && tally(other) == tally(item))
            })
            .map(|other| other.code.as_str())
    }

    /// The first and last day of the deeds that bear on one of this item on that day: the longest
    /// period of its caps and tiers.
    pub fn days_bearing_on(&self, item: &Item, day: NaiveDate) -> (NaiveDate, NaiveDate) {
        let of_caps = item.caps.iter().map(|cap| cap.period);
        let of_tiers = cumulative(item).map(|tiers| tiers.period);
        let periods = of_caps.chain(of_tiers).map(|period| period.around(day, self.cycle));
        periods.fold((day, day), |(first, last), (from, to)| (first.min(from), last.max(to)))
    }

    /// The steps of everything that adds up with this item.
    fn tiers_of<'a>(&'a self, item: &'a Item) -> impl Iterator<Item = &'a Tier> {
        let added_up = self.items.iter().filter(move |other| tally(other) == tally(item));
        added_up.filter_map(|other| cumulative(other)).flat_map(|one| one.tiers.iter())
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

/// Reckons what a claim comes to. `others` are the deeds of its account by the items that bear on it
/// ([`RuleBook::bearing_on`]) and by claims of the same deed; others do no harm.
///
/// # Errors
/// `item_unknown` when the book is not the one that judges the claim; `amount_out_of_range`.
pub fn assess(claim: &Claim, book: &RuleBook, others: &[Counted]) -> Result<Assessment, Refusal> {
    let item = book.item(&claim.item_code).ok_or(Refusal::ItemUnknown)?;
    let mut adjustments = Vec::new();
    let worth = match (&item.amount, cumulative(item)) {
        (_, Some(tiers)) => topped_up(claim, book, item, tiers, others, &mut adjustments),
        (Amount::Range { .. }, _) => {
            adjustments.push(Adjustment::FilledIn { points: claim.asked });
            claim.asked
        }
        _ => claim.asked,
    };
    let worth = doubled(claim, item, worth, others, &mut adjustments)?;
    let rivals: Vec<_> =
        others.iter().filter(|other| is_same_deed(claim, book, item, other)).collect();
    let rank = |kind: ItemKind, points: Points| (kind == ItemKind::DirectGrade, points);
    let best = rivals.iter().max_by_key(|rival| (rank(rival.kind, rival.worth), rival.claim.0));
    if let Some(best) = best
        && rank(best.kind, best.worth) >= rank(item.kind, worth)
    {
        adjustments.push(Adjustment::YieldsTo { claim: best.claim, points: worth });
        return Ok(Assessment { worth, granted: Points::ZERO, adjustments });
    }
    let replaced = rivals.iter().filter(|rival| rival.granted.is_positive() || is_grade(rival));
    adjustments.extend(
        replaced.map(|rival| Adjustment::Replaces { claim: rival.claim, points: rival.granted }),
    );
    let counting: Vec<_> = others
        .iter()
        .filter(|other| {
            other.item_code == item.code && rivals.iter().all(|rival| rival.claim != other.claim)
        })
        .map(|other| Earlier {
            member: other.person,
            happened_on: other.happened_on,
            points: other.granted,
        })
        .collect();
    let allowance =
        Cap::apply(&item.caps, worth, claim.person, claim.happened_on, book.cycle, &counting);
    adjustments.extend(allowance.cuts.into_iter().map(Adjustment::Cut));
    Ok(Assessment { worth, granted: allowance.granted, adjustments })
}

fn is_grade(counted: &Counted) -> bool {
    counted.kind == ItemKind::DirectGrade
}

/// Cumulative tiers: what the sum is worth less what was granted for it before.
fn topped_up(
    claim: &Claim,
    book: &RuleBook,
    item: &Item,
    tiers: &CumulativeTiers,
    others: &[Counted],
    adjustments: &mut Vec<Adjustment>,
) -> Points {
    use crate::rule_book::CapScope;
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
        before = before.plus(other.worth).unwrap_or(Points::MAX);
    }
    let reached = Tier::reached(book.tiers_of(item), units);
    adjustments.push(Adjustment::ToppedUp { units, reached, before });
    Points::from_hundredths((reached.hundredths() - before.hundredths()).max(0))
}

/// The same kind of deduction again while an earlier one is effective counts double.
fn doubled(
    claim: &Claim,
    item: &Item,
    worth: Points,
    others: &[Counted],
    adjustments: &mut Vec<Adjustment>,
) -> Result<Points, Refusal> {
    if !item.repeat_doubles || item.kind != ItemKind::Deduction {
        return Ok(worth);
    }
    let earlier = others
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

/// Whether another claim is of the same deed: it says so, or what the same person did on the same
/// day falls under two items of one exclusive group.
fn is_same_deed(claim: &Claim, book: &RuleBook, item: &Item, other: &Counted) -> bool {
    let linked = other.deed.unwrap_or(other.claim) == claim.deed.unwrap_or(claim.id);
    let grouped = item.exclusive.is_some()
        && other.person == claim.person
        && other.happened_on == claim.happened_on
        && book.item(&other.item_code).is_some_and(|one| one.exclusive == item.exclusive);
    // A good deed never makes up for a fault.
    other.claim != claim.id
        && other.kind.is_adverse() == item.kind.is_adverse()
        && (linked || grouped)
}
