//! Amounts and durations.

use std::collections::BTreeSet;

use super::{FaultKind, Faults};
use crate::points::Points;
use crate::rule_book::{Amount, ChoiceOption, CumulativeTiers, Duration, MarginalTiers};

/// The most options of a choice.
pub(super) const OPTIONS_MAX: usize = 50;
/// The most tiers of an amount.
pub(super) const TIERS_MAX: usize = 50;

/// What must hold for an amount, whatever its item.
pub(super) fn check(place: &str, amount: &Amount, faults: &mut Faults) {
    match amount {
        Amount::Fixed { points } => faults.positive(place, *points),
        Amount::PerUnit { unit, each, points, points_max } => {
            faults.text(&format!("{place}.unit"), unit, 20);
            match *each {
                0 => faults.add(format!("{place}.each"), FaultKind::UnitWithoutQuantity),
                each if each > Amount::QUANTITY_MAX => {
                    faults.add(format!("{place}.each"), FaultKind::OutOfReach);
                }
                _ => {}
            }
            faults.positive(format!("{place}.points"), *points);
            if points_max < points {
                faults.add(format!("{place}.points_max"), FaultKind::MaximumTooSmall);
            }
        }
        Amount::Choice { options } => choice(place, options, faults),
        Amount::CumulativeTiers(one) => cumulative(place, one, faults),
        Amount::MarginalTiers(one) => marginal(place, one, faults),
        Amount::Range { points_min, points_max } => {
            if !points_min.is_positive() || points_min >= points_max {
                faults.add(place, FaultKind::RangeEmpty);
            }
        }
    }
}

fn choice(place: &str, options: &[ChoiceOption], faults: &mut Faults) {
    if options.is_empty() {
        faults.add(place, FaultKind::NoOptions);
    }
    faults.at_most(format!("{place}.options"), options.len(), OPTIONS_MAX);
    let mut codes = BTreeSet::new();
    for (n, option) in options.iter().enumerate() {
        let place = format!("{place}.options[{n}]");
        faults.unique_code(&format!("{place}.code"), &option.code, &mut codes);
        faults.text(&format!("{place}.name"), &option.name, 40);
        faults.positive(format!("{place}.points"), option.points);
        if let Some(kind) = &option.duration {
            duration(&format!("{place}.duration"), kind, faults);
        }
    }
}

fn cumulative(place: &str, one: &CumulativeTiers, faults: &mut Faults) {
    faults.text(&format!("{place}.unit"), &one.unit, 20);
    if let Some(tally) = &one.tally {
        faults.code(&format!("{place}.tally"), tally);
    }
    if one.tiers.is_empty() {
        faults.add(format!("{place}.tiers"), FaultKind::NoTiers);
    }
    faults.at_most(format!("{place}.tiers"), one.tiers.len(), TIERS_MAX);
    for (n, tier) in one.tiers.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|n| one.tiers.get(n));
        let place = format!("{place}.tiers[{n}]");
        if tier.from == 0 {
            faults.add(format!("{place}.from"), FaultKind::UnitWithoutQuantity);
        }
        faults.positive(format!("{place}.points"), tier.points);
        if before.is_some_and(|b| b.from >= tier.from || b.points >= tier.points) {
            faults.add(place, FaultKind::TiersOverlap);
        }
    }
}

fn marginal(place: &str, one: &MarginalTiers, faults: &mut Faults) {
    faults.text(&format!("{place}.unit"), &one.unit, 20);
    if one.tiers.is_empty() {
        faults.add(format!("{place}.tiers"), FaultKind::NoTiers);
    }
    faults.at_most(format!("{place}.tiers"), one.tiers.len(), TIERS_MAX);
    let last = one.tiers.len().saturating_sub(1);
    let mut begins_after = 0;
    for (n, slice) in one.tiers.iter().enumerate() {
        let place = format!("{place}.tiers[{n}]");
        if slice.each == 0 {
            faults.add(format!("{place}.each"), FaultKind::UnitWithoutQuantity);
        }
        faults.positive(format!("{place}.points"), slice.points);
        if slice.points_max < slice.points {
            faults.add(format!("{place}.points_max"), FaultKind::MaximumTooSmall);
        }
        let ends = slice.up_to.unwrap_or(Amount::QUANTITY_MAX).min(Amount::QUANTITY_MAX);
        match slice.up_to {
            Some(up_to) if up_to <= begins_after => faults.add(&place, FaultKind::TiersOverlap),
            None if n != last => faults.add(&place, FaultKind::TiersOverlap),
            // Within one claim not even the first of its rates could be filled.
            _ if ends.saturating_sub(begins_after) < slice.each => {
                faults.add(&place, FaultKind::OutOfReach);
            }
            _ => {}
        }
        begins_after = slice.up_to.unwrap_or(begins_after).max(begins_after);
    }
}

/// How long something counts.
pub(super) fn duration(place: &str, duration: &Duration, faults: &mut Faults) {
    let mut years = |field: &str, years: u8| {
        if !(1..=100).contains(&years) {
            faults.add(format!("{place}.{field}"), FaultKind::Years);
        }
    };
    match *duration {
        Duration::Cycle | Duration::Year => {}
        Duration::Years { years: one } => years("years", one),
        Duration::ByPoints { up_to, years: one, years_above } => {
            years("years", one);
            years("years_above", years_above);
            faults.positive(format!("{place}.up_to"), up_to);
        }
    }
}

/// The least that a deed can bring if it brings anything.
pub(super) fn least(amount: &Amount) -> Option<Points> {
    match amount {
        Amount::Fixed { points } | Amount::PerUnit { points, .. } => Some(*points),
        Amount::Choice { options } => options.iter().map(|option| option.points).min(),
        Amount::CumulativeTiers(one) => one.tiers.iter().map(|tier| tier.points).min(),
        Amount::MarginalTiers(one) => one.tiers.iter().map(|slice| slice.points).min(),
        Amount::Range { points_min, .. } => Some(*points_min),
    }
}

/// The most that a deed can bring; for cumulative tiers, all deeds of a period.
pub(super) fn most(amount: &Amount) -> Option<Points> {
    match amount {
        Amount::Fixed { points } => Some(*points),
        Amount::PerUnit { points_max, .. } | Amount::Range { points_max, .. } => Some(*points_max),
        Amount::Choice { options } => options.iter().map(|option| option.points).max(),
        Amount::CumulativeTiers(one) => one.tiers.iter().map(|tier| tier.points).max(),
        Amount::MarginalTiers(one) => {
            one.tiers.iter().try_fold(Points::ZERO, |sum, slice| sum.plus(slice.points_max))
        }
    }
}
