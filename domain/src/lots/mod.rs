//! Lots of redeemable points (可用积分): each entry that brought points is a lot, and what goes out is
//! taken from the oldest first. At the end of a year lots run out as the village's policy says.
//!
//! A lot is of the day on which it came into the purse, not of the day of the deed: points for a deed
//! from December that are posted in January could not be redeemed before, so they are January's.
//!
//! A correction takes the place of what it corrects: of an award of last year that counts 4 instead of
//! 3 points since January, 3 are still last year's and 1 is January's. Otherwise each correction would
//! give last year's points another year.
//!
//! Lots are not kept anywhere: [`of`] reads them off the ledger, where an expiry names its year by the
//! day on which it happened. That makes [`expire`] idempotent, also when it is interrupted: what went
//! through the end of a year once does not do so again.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::id::EntryId;
use crate::ledger::{Entry, Source};
use crate::points::{BasisPoints, Points};
use crate::refusal::Refusal;
use crate::rule_book::PointsPolicy;

/// Points that came in together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The entry that brought them.
    pub entry: EntryId,
    /// The day on which it was recorded.
    pub day: NaiveDate,
    /// What is left of them, never below zero.
    pub left: Points,
    /// The last year whose end they went through.
    pub settled: Option<i32>,
}

impl Lot {
    /// Whether it has to go through the end of that year: it is of that year or older, and has not yet.
    pub fn is_due(&self, year: i32) -> bool {
        self.day.year() <= year && self.settled.is_none_or(|settled| settled < year)
    }
}

/// Part of a lot that went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The entry that brought the lot.
    pub entry: EntryId,
    /// How much of it, above zero.
    pub points: Points,
}

/// Part of a lot that ran out.
pub type Expired = Part;

/// An entry of the points purse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Movement {
    /// The entry.
    pub entry: EntryId,
    /// The day on which it was recorded.
    pub day: NaiveDate,
    /// How much, with its sign.
    pub amount: Points,
    /// The entry that it takes back.
    pub reverses: Option<EntryId>,
    /// For an expiry: the year whose end it is of.
    pub expires: Option<i32>,
    /// What caused it, and how often that was written before; a reversal has those of what it takes
    /// back, and a correction stands one higher.
    pub cause: (Source, i16),
}

impl Movement {
    /// An entry of the points purse that was recorded on a day. An expiry happens on the last day of its
    /// year, whenever it is recorded.
    pub fn of(entry: &Entry, recorded_on: NaiveDate) -> Self {
        let posting = &entry.posting;
        Self {
            entry: posting.id,
            day: recorded_on,
            amount: Points::from_hundredths(posting.amount),
            reverses: posting.reverses,
            expires: matches!(posting.source, Source::Expiry(_))
                .then(|| posting.happened_on.year()),
            cause: (posting.source, posting.source_posting),
        }
    }

    /// Whether it is what ran out of points that came back with a redemption ([`crate::expiry`]).
    pub fn ran_out_on_return(&self) -> bool {
        matches!(self.cause.0, Source::Redemption(_))
            && self.cause.1 > 0
            && self.reverses.is_none()
            && !self.amount.is_positive()
    }
}

fn in_order(lots: &mut [Lot]) {
    lots.sort_by_key(|lot| (lot.day, lot.entry));
}

/// Takes up to `amount` from lots in their order.
fn take_from<'a>(lots: impl Iterator<Item = &'a mut Lot>, amount: Points) -> Vec<Part> {
    let mut open = amount.hundredths();
    let mut parts = Vec::new();
    for lot in lots {
        let part = lot.left.hundredths().min(open);
        if part > 0 {
            open -= part;
            lot.left = Points::from_hundredths(lot.left.hundredths() - part);
            parts.push(Part { entry: lot.entry, points: Points::from_hundredths(part) });
        }
    }
    parts
}

fn sum(points: impl Iterator<Item = Points>) -> i64 {
    points.fold(0, |sum, points| sum.saturating_add(points.hundredths()))
}

/// Takes an amount from the oldest lots first; what is there if it is less, and nothing for an amount
/// that is not above zero. Leaves the lots in their order.
pub fn take(lots: &mut [Lot], amount: Points) -> Vec<Part> {
    in_order(lots);
    take_from(lots.iter_mut(), amount)
}

/// What of the points of `year` and earlier runs out at its end, the oldest first, and takes it from the
/// lots. To be called after [`PointsPolicy::last_day`] of that year, for each year in turn; a second
/// call for the same year answers nothing.
///
/// Of a share that is carried over the sum of all lots is rounded down, so that several small lots lose
/// no more than one large one.
pub fn expire(lots: &mut [Lot], policy: PointsPolicy, year: i32) -> Vec<Expired> {
    in_order(lots);
    let mut due: Vec<&mut Lot> = lots.iter_mut().filter(|lot| lot.is_due(year)).collect();
    let total = sum(due.iter().map(|lot| lot.left));
    let kept = match policy {
        PointsPolicy::Never => return Vec::new(),
        PointsPolicy::YearEndReset { .. } => 0,
        PointsPolicy::CarryOver { share_bp } => carried(total, share_bp),
    };
    for lot in &mut due {
        lot.settled = Some(year);
    }
    take_from(due.into_iter(), Points::from_hundredths(total - kept))
}

/// The share of a sum, rounded down to the hundredth of a point.
fn carried(total: i64, share: BasisPoints) -> i64 {
    let exact = i128::from(total) * i128::from(share.get());
    // At most the total, so it fits.
    i64::try_from(exact.div_euclid(10_000)).unwrap_or(total)
}

/// The latest year whose points have run out on that day.
pub fn last_year_over(policy: PointsPolicy, today: NaiveDate) -> Option<i32> {
    // The longest grace that a policy can state is less than 180 years.
    let years = (1..=181).map(|back| today.year() - back);
    years.into_iter().find(|year| policy.last_day(*year).is_some_and(|last| last < today))
}

/// The lots of a purse by its entries, in the order in which these were recorded.
///
/// What takes an award back takes first what a correction put in its place, then its own lot, then the
/// oldest. What takes a redemption back returns the points to the lots that they came from, the
/// youngest first; what of those has run out meanwhile is taken from the same.
///
/// # Errors
/// `balance_too_low` for entries that take more than is there; the ledger has none such.
pub fn of(movements: impl IntoIterator<Item = Movement>) -> Result<Vec<Lot>, Refusal> {
    traced(movements).map(|traced| traced.lots)
}

/// The lots of a purse with what became of them.
#[derive(Clone, Debug, Default)]
pub struct Traced {
    /// As [`of`] answers them.
    pub lots: Vec<Lot>,
    /// What each entry that took something took, less what came back since.
    pub taken: BTreeMap<EntryId, Vec<Part>>,
    /// What came back to the lots from what a source had taken.
    pub returned: BTreeMap<Source, Vec<Part>>,
}

/// As [`of`], with what became of the lots.
///
/// # Errors
/// As [`of`].
pub fn traced(movements: impl IntoIterator<Item = Movement>) -> Result<Traced, Refusal> {
    let Traced { mut lots, mut taken, mut returned } = Traced::default();
    let mut brought: BTreeMap<(Source, i16), EntryId> = BTreeMap::new();
    for movement in movements {
        if movement.amount >= Points::ZERO {
            let before = movement.reverses.and_then(|entry| taken.get_mut(&entry));
            let left = before.map_or(movement.amount, |parts| {
                let back = returned.entry(movement.cause.0).or_default();
                give_back(&mut lots, (parts, back), movement.amount)
            });
            if left.is_positive() {
                let Movement { entry, day, .. } = movement;
                let late = lots.last().is_some_and(|last| (last.day, last.entry) > (day, entry));
                lots.push(Lot { entry, day, left, settled: None });
                if late {
                    in_order(&mut lots);
                }
                if movement.reverses.is_none() {
                    brought.insert(movement.cause, entry);
                }
            }
            continue;
        }
        let amount = movement.amount.negated();
        let parts = match movement.expires {
            Some(year) => run_out(&mut lots, year, amount),
            None if movement.ran_out_on_return() => {
                let from = returned.get(&movement.cause.0).map_or(&[][..], Vec::as_slice);
                take_back_from(&mut lots, from, amount)
            }
            None => {
                let (source, posting) = movement.cause;
                let correction = brought.get(&(source, posting.saturating_add(1))).copied();
                let first = movement.reverses.map_or([None; 2], |own| [correction, Some(own)]);
                take_first_from(&mut lots, first, amount)
            }
        };
        let went = Points::from_hundredths(sum(parts.iter().map(|part| part.points)));
        if went != amount {
            return Err(Refusal::BalanceTooLow { points: went });
        }
        taken.insert(movement.entry, parts);
    }
    Ok(Traced { lots, taken, returned })
}

/// Takes up to `amount` of what came back to lots.
fn take_back_from(lots: &mut [Lot], from: &[Part], amount: Points) -> Vec<Part> {
    let mut open = amount.hundredths();
    let mut parts = Vec::new();
    for part in from {
        let that = lots.iter_mut().filter(|lot| lot.entry == part.entry);
        let most = Points::from_hundredths(part.points.hundredths().min(open));
        let took = take_from(that, most);
        open -= sum(took.iter().map(|part| part.points));
        parts.extend(took);
    }
    parts
}

/// Takes up to `amount` from these lots first, then from the oldest.
fn take_first_from(lots: &mut [Lot], first: [Option<EntryId>; 2], amount: Points) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let open = |parts: &[Part]| {
        let went = sum(parts.iter().map(|part| part.points));
        Points::from_hundredths(amount.hundredths() - went)
    };
    for entry in first.into_iter().flatten() {
        let that = lots.iter_mut().filter(|lot| lot.entry == entry);
        parts.extend(take_from(that, open(&parts)));
    }
    parts.extend(take_from(lots.iter_mut(), open(&parts)));
    parts
}

/// An expiry as it was recorded: all at once, or lot by lot.
fn run_out(lots: &mut [Lot], year: i32, amount: Points) -> Vec<Part> {
    let mut due: Vec<&mut Lot> = lots
        .iter_mut()
        .filter(|lot| lot.day.year() <= year && lot.settled.is_none_or(|settled| settled <= year))
        .collect();
    for lot in &mut due {
        lot.settled = Some(year);
    }
    take_from(due.into_iter(), amount)
}

/// Returns points to the lots that they were taken from, notes to which, and answers what finds no place
/// there.
fn give_back(
    lots: &mut [Lot],
    (parts, returned): (&mut [Part], &mut Vec<Part>),
    amount: Points,
) -> Points {
    let mut open = amount.hundredths();
    for part in parts.iter_mut().rev() {
        let Some(lot) = lots.iter_mut().find(|lot| lot.entry == part.entry) else { continue };
        let back = part.points.hundredths().min(open);
        open -= back;
        part.points = Points::from_hundredths(part.points.hundredths() - back);
        returned.push(Part { entry: part.entry, points: Points::from_hundredths(back) });
        lot.left = Points::from_hundredths(lot.left.hundredths().saturating_add(back));
    }
    Points::from_hundredths(open)
}

#[cfg(test)]
mod tests;
