//! Tracks with their grades, and how a household is scored: what holds for persons only or for
//! households only.

use std::collections::BTreeSet;

use super::{FaultKind, Faults};
use crate::person::Track;
use crate::points::Points;
use crate::rule_book::{GradeTable, HouseholdScore, Item, RuleBook, ScorePart, Subject};

/// Tracks and household score of a book.
pub(super) fn check(book: &RuleBook, faults: &mut Faults) {
    // Nobody is on a track there, so none would ever hold ([`RuleBook::track_of`]).
    if book.subject == Subject::Household && !book.tracks.is_empty() {
        faults.add("tracks", FaultKind::TracksOfHouseholds);
    }
    let mut seen = BTreeSet::new();
    for (n, rule) in book.tracks.iter().enumerate() {
        let place = format!("tracks[{n}]");
        match rule.track {
            Track::PartyMember | Track::Representative => {}
            Track::Volunteer | Track::Elder => {
                faults.add(format!("{place}.track"), FaultKind::TrackWithoutDuty);
            }
        }
        // Of two rules for the same people only the first would ever hold.
        if !seen.insert(rule.track) {
            faults.add(format!("{place}.track"), FaultKind::TrackTwice);
        }
        if rule.role_duty_base < Points::ZERO {
            faults.add(format!("{place}.role_duty_base"), FaultKind::Negative);
        }
        grades(&format!("{place}.grades"), &rule.grades, faults);
    }
    if book.subject == Subject::Person && book.household_score != HouseholdScore::Sum {
        faults.add("household_score", FaultKind::HouseholdScoreOfPersons);
    }
}

/// A table without a row is none: then the track gives stars.
fn grades(place: &str, table: &GradeTable, faults: &mut Faults) {
    let mut above = None;
    for (n, row) in table.0.iter().enumerate() {
        if row.from < Points::ZERO {
            faults.add(format!("{place}[{n}].from"), FaultKind::Negative);
        }
        // The best grade is the smallest, so grades rise where bounds fall.
        let falls = above.replace(row).is_none_or(|a| row.grade > a.grade && row.from < a.from);
        if !falls {
            faults.add(format!("{place}[{n}]"), FaultKind::GradeOrder);
        }
    }
}

/// Role duty is weighed by a track; where the book has none it would count for nobody.
pub(super) fn of_item(place: &str, item: &Item, book: &RuleBook, faults: &mut Faults) {
    if item.part == ScorePart::RoleDuty && book.tracks.is_empty() {
        faults.add(format!("{place}.part"), FaultKind::RoleDutyWithoutTracks);
    }
}
