//! What goes by periods: registration, points that run out, and the notice of a period.

use super::{FaultKind, Faults};
use crate::rule_book::{PointsPolicy, RuleBook};

/// The most days of grace after a period: as many as a deed may be old when it is declared.
const GRACE_DAYS_MAX: u16 = 366;

pub(super) fn check(book: &RuleBook, faults: &mut Faults) {
    let registration = book.registration.map(|one| one.grace_days);
    let points = match book.points_policy {
        PointsPolicy::YearEndReset { grace_days } => Some(grace_days),
        PointsPolicy::Never | PointsPolicy::CarryOver { .. } => None,
    };
    for (place, days) in
        [("registration.grace_days", registration), ("points_policy.grace_days", points)]
    {
        if days.is_some_and(|days| days > GRACE_DAYS_MAX) {
            faults.add(place, FaultKind::Days);
        }
    }
}

/// Ratings are of a cycle and hang when it is rated, so a period of their notice has no effect; and they
/// are of no item.
pub(super) fn of_rating_way(book: &RuleBook, faults: &mut Faults) {
    if book.rating_way.notice_every.is_some() {
        faults.add("rating_way.notice_every", FaultKind::NoticePeriodMisplaced);
    }
    for (n, stage) in book.rating_way.stages.iter().enumerate() {
        if !stage.levels.is_empty() {
            faults.add(format!("rating_way.stages[{n}].levels"), FaultKind::LevelsMisplaced);
        }
    }
}
