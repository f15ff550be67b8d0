//! Carrying down: what a village's book becomes when a layer above it, or its own, changes.
//!
//! A village's whole book is kept for each day from which another one holds, so that a deed is judged
//! by the book of its day whatever is issued later. A new version of any layer therefore makes new
//! whole books from its first day on, and none before it.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Contradiction, Timeline, faults_of_change};
use crate::id::VillageId;
use crate::place::DivisionLevel;
use crate::rule_book::{Fault, RuleBook};

/// A whole book that holds in a village from a day on, in place of the one kept for that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Its first day.
    pub in_force_from: NaiveDate,
    /// The book.
    pub book: RuleBook,
    /// What of the village's own layer does not hold in it: its people are to be told.
    pub contradictions: Vec<Contradiction>,
}

/// A village whose book a new frame or manual would break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenBook {
    /// The village.
    pub village: VillageId,
    /// From which day.
    pub in_force_from: NaiveDate,
    /// What would be wrong with its whole book.
    pub faults: Vec<Fault>,
}

/// The books that hold in a village from `from` on and are not kept yet, in the order of their days.
/// `kept` are the books of the village by their first days.
///
/// A village whose layers state no whole book on a day keeps what it has: [`super::adopt_county_frame`]
/// and [`super::adopt_town_manual`] let nothing be withdrawn on which it relies.
///
/// # Errors
/// The first day whose book would have faults, with them.
pub fn carry_down<B: Borrow<RuleBook>>(
    timeline: &Timeline,
    kept: &BTreeMap<NaiveDate, B>,
    from: NaiveDate,
) -> Result<Vec<Carried>, (NaiveDate, Vec<Fault>)> {
    let mut carried: Vec<Carried> = Vec::new();
    for day in timeline.first_days().range(from..) {
        let Some(merged) = timeline.book_on(*day) else { continue };
        let contradictions = merged.contradictions_of(DivisionLevel::Village);
        let Some(book) = merged.book else { continue };
        let holds = held_on(kept, &carried, *day);
        if holds == Some(&book) {
            continue;
        }
        let mut faults = book.faults();
        let eve = day.pred_opt().unwrap_or(*day);
        let before = held_on(kept, &carried, eve);
        faults.extend(before.into_iter().flat_map(|before| faults_of_change(before, &book, *day)));
        if !faults.is_empty() {
            return Err((*day, faults));
        }
        carried.push(Carried { in_force_from: *day, book, contradictions });
    }
    Ok(carried)
}

/// The book that holds on a day. A carried book takes the place of one that is kept for the same day.
fn held_on<'a, B: Borrow<RuleBook>>(
    kept: &'a BTreeMap<NaiveDate, B>,
    carried: &'a [Carried],
    day: NaiveDate,
) -> Option<&'a RuleBook> {
    let carried = carried.iter().rev().find(|one| one.in_force_from <= day);
    match (kept.range(..=day).next_back(), carried) {
        (Some((since, _)), Some(last)) if *since <= last.in_force_from => Some(&last.book),
        (None, Some(last)) => Some(&last.book),
        (Some((_, kept)), _) => Some(kept.borrow()),
        (None, None) => None,
    }
}
