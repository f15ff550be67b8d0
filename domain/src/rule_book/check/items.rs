//! What the fields of one item have to do with its kind.

use super::{FaultKind, Faults, amounts, caps, safeguards};
use crate::points::Points;
use crate::rule_book::{Amount, Beneficiary, ClaimedBy, Item, ItemKind, Star, StarTable};

pub(super) fn check(place: &str, item: &Item, stars: &StarTable, faults: &mut Faults) {
    faults.text(&format!("{place}.name"), &item.name, 60);
    faults.forbidden(safeguards::of_item(place, item));
    // A veto may do no more than suspend.
    let nothing = Amount::Fixed { points: Points::ZERO };
    if item.kind != ItemKind::Veto || item.amount != nothing {
        amounts::check(&format!("{place}.amount"), &item.amount, faults);
    }
    claimed_by(place, item, faults);
    cure(place, item, faults);
    caps::check(place, item, faults);
    credit(place, item, faults);
    if let Some(group) = &item.exclusive {
        faults.code(&format!("{place}.exclusive"), group);
        if matches!(item.amount, Amount::CumulativeTiers(_)) {
            faults.add(format!("{place}.exclusive"), FaultKind::ExclusiveTiers);
        }
    }
    if item.repeat_doubles && item.kind != ItemKind::Deduction {
        faults.add(format!("{place}.repeat_doubles"), FaultKind::DoublingMisplaced);
    }
    amounts::duration(&format!("{place}.duration"), &item.duration, faults);
    if item.extends_until_corrected && !item.kind.is_adverse() {
        faults.add(format!("{place}.extends_until_corrected"), FaultKind::ExtensionMisplaced);
    }
    grade(place, item, stars, faults);
    suspension(place, item, faults);
}

/// Section 5: what is held against somebody is recorded by cadres, never by a neighbour and never by
/// a program.
fn claimed_by(place: &str, item: &Item, faults: &mut Faults) {
    let place = format!("{place}.claimed_by");
    if item.claimed_by.is_empty() {
        faults.add(&place, FaultKind::NobodyMayClaim);
    }
    if item.kind.is_adverse() {
        if item.claimed_by.contains(&ClaimedBy::Villager) {
            faults.add(&place, FaultKind::DeductionByVillager);
        }
        if item.claimed_by.contains(&ClaimedBy::System) {
            faults.add(&place, FaultKind::DeductionBySystem);
        }
    }
}

/// Safeguard 15.5 gives the right to put things right without an exception, so a veto needs the way
/// and the days as well: its consequence is the hardest of all, and what is put right in time is
/// never posted.
fn cure(place: &str, item: &Item, faults: &mut Faults) {
    let place = format!("{place}.cure");
    let told = item.cure.as_ref().is_some_and(|cure| !cure.trim().is_empty());
    if !item.kind.is_adverse() {
        if told || item.cure_days.is_some() {
            faults.add(place, FaultKind::CureMisplaced);
        }
        return;
    }
    if !told || !item.cure_days.is_some_and(|days| (1..=366).contains(&days)) {
        faults.add(&place, FaultKind::NoCure);
    }
    if let Some(cure) = item.cure.as_deref().filter(|_| told) {
        faults.text(&place, cure, 200);
    }
}

/// A relative may be credited with a good deed; nobody answers for another's fault.
fn credit(place: &str, item: &Item, faults: &mut Faults) {
    let Beneficiary::Relative { relations } = &item.beneficiary else { return };
    if relations.is_empty() {
        faults.add(format!("{place}.beneficiary.relations"), FaultKind::RelationsMissing);
    }
    if item.kind.is_adverse() {
        faults.add(format!("{place}.beneficiary"), FaultKind::RelativeBlamed);
    }
    if item.duty_source.is_some() {
        faults.add(format!("{place}.duty_source"), FaultKind::DutyOfRelative);
    }
}

fn grade(place: &str, item: &Item, stars: &StarTable, faults: &mut Faults) {
    let place = format!("{place}.grade");
    let known = |star: Star| stars.0.iter().any(|row| row.stars == star);
    match (item.kind, item.grade) {
        (ItemKind::DirectGrade, None) => faults.add(place, FaultKind::GradeMissing),
        (ItemKind::DirectGrade, Some(Star::NONE)) | (_, None) => {}
        (ItemKind::DirectGrade, Some(star)) if !known(star) => {
            faults.add(place, FaultKind::GradeUnknown);
        }
        (ItemKind::DirectGrade, Some(star)) => {
            if stars.0.iter().all(|row| row.stars <= star) {
                faults.add(place, FaultKind::GradeHighest);
            }
        }
        (_, Some(_)) => faults.add(place, FaultKind::GradeMisplaced),
    }
}

fn suspension(place: &str, item: &Item, faults: &mut Faults) {
    let place = format!("{place}.suspends");
    match (item.kind, item.suspends) {
        (ItemKind::Veto, None) => faults.add(place, FaultKind::SuspensionMissing),
        // Zero is the rest of the year in which it happened.
        (ItemKind::Veto, Some(one)) if one.further_years > 100 => {
            faults.add(format!("{place}.further_years"), FaultKind::Years);
        }
        (ItemKind::Veto, Some(_)) | (_, None) => {}
        (_, Some(_)) => faults.add(place, FaultKind::SuspensionMisplaced),
    }
}
