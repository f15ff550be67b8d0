//! The ways of claims and ratings.
//!
//! A stage whose role nobody can hold cannot be written down: [`ReviewRole`](super::super::ReviewRole)
//! has only roles that are granted in a village or its town.

use super::{FaultKind, Faults};
use crate::rule_book::Way;

/// The largest quorum: more than any council of a village, less than its assembly. An assembly
/// resolves on books; it does not vote on single claims.
pub(super) const QUORUM_MAX: u8 = 50;

pub(super) fn check(place: &str, way: &Way, faults: &mut Faults) {
    if !(1..=Way::STAGES_MAX).contains(&way.stages.len()) {
        faults.add(format!("{place}.stages"), FaultKind::Stages);
    }
    if way.notice_days > Way::NOTICE_DAYS_MAX {
        faults.add(format!("{place}.notice_days"), FaultKind::Days);
    }
    for (n, stage) in way.stages.iter().enumerate() {
        faults.text(&format!("{place}.stages[{n}].name"), &stage.name, 20);
        if !(1..=QUORUM_MAX).contains(&stage.quorum) {
            faults.add(format!("{place}.stages[{n}].quorum"), FaultKind::Quorum);
        }
        if !(1..=60).contains(&stage.working_days_max) {
            faults.add(format!("{place}.stages[{n}].working_days_max"), FaultKind::Days);
        }
    }
}
