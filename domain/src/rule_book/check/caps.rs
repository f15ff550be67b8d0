//! The caps of an item.

use super::{FaultKind, Faults, amounts};
use crate::rule_book::{Cap, CapLimit, Item};

/// The most caps of an item.
pub(super) const CAPS_MAX: usize = 10;

pub(super) fn check(place: &str, item: &Item, faults: &mut Faults) {
    faults.at_most(format!("{place}.caps"), item.caps.len(), CAPS_MAX);
    let least = amounts::least(&item.amount);
    for (n, cap) in item.caps.iter().enumerate().take(CAPS_MAX) {
        let place = format!("{place}.caps[{n}]");
        match cap.limit {
            CapLimit::Count(0) => faults.add(&place, FaultKind::NotPositive),
            CapLimit::Count(_) => {}
            CapLimit::Points(points) if !points.is_positive() => {
                faults.add(&place, FaultKind::NotPositive);
            }
            CapLimit::Points(points) => {
                if least.is_some_and(|least| points < least) {
                    faults.add(&place, FaultKind::CapBelowAmount);
                }
            }
        }
        if item.caps.iter().take(n).any(|before| same_sort(before, cap)) {
            faults.add(place, FaultKind::DuplicateCap);
        }
    }
}

fn same_sort(one: &Cap, other: &Cap) -> bool {
    let counts = |cap: &Cap| matches!(cap.limit, CapLimit::Count(_));
    one.per == other.per && one.period == other.period && counts(one) == counts(other)
}
