//! Where two values of a setting, or two items, differ: the places that a contradiction names.

use crate::calendar::CycleKind;
use crate::points::{BasisPoints, Fen, Points};
use crate::rule_book::{
    HouseholdScore, Item, PointsPolicy, Registration, Stage, StarRow, StarTable, Subject,
    TrackRule, Way,
};

/// The places of the fields in which two values differ. It names every field, so that a new one
/// cannot be forgotten.
macro_rules! fields {
    ($one:expr, $other:expr, $place:expr, $type:ident { $($field:ident),* $(,)? }) => {{
        let $type { $($field),* } = $one;
        let same = [$((stringify!($field), *$field == $other.$field)),*];
        let differing = same.into_iter().filter(|(_, same)| !same);
        differing.map(|(field, _)| format!("{}.{field}", $place)).collect::<Vec<_>>()
    }};
}

/// What can be compared with the same of a higher layer.
pub(super) trait Compared: PartialEq {
    /// Where it differs from the other, which stands at the same place; nothing when it does not.
    fn differing(&self, other: &Self, place: &str) -> Vec<String> {
        if self == other { Vec::new() } else { vec![place.to_owned()] }
    }
}

impl Compared for Subject {}
impl Compared for CycleKind {}
impl Compared for BasisPoints {}
impl Compared for Fen {}
impl Compared for Points {}
impl Compared for u16 {}
impl Compared for HouseholdScore {}
impl Compared for Registration {}
impl Compared for PointsPolicy {}

impl Compared for Vec<TrackRule> {
    fn differing(&self, other: &Self, place: &str) -> Vec<String> {
        rows(self, other, place)
    }
}

impl Compared for TrackRule {
    fn differing(&self, other: &Self, place: &str) -> Vec<String> {
        fields!(self, other, place, TrackRule { track, role_duty_bp, role_duty_base, grades })
    }
}

impl Compared for Way {
    fn differing(&self, other: &Self, place: &str) -> Vec<String> {
        let mut places = rows(&self.stages, &other.stages, &format!("{place}.stages"));
        if self.notice_days != other.notice_days {
            places.push(format!("{place}.notice_days"));
        }
        if self.notice_every != other.notice_every {
            places.push(format!("{place}.notice_every"));
        }
        places
    }
}

impl Compared for Stage {
    fn differing(&self, other: &Self, place: &str) -> Vec<String> {
        fields!(
            self,
            other,
            place,
            Stage { name, role, quorum, majority, working_days_max, levels }
        )
    }
}

impl Compared for StarTable {
    fn differing(&self, other: &Self, place: &str) -> Vec<String> {
        rows(&self.0, &other.0, place)
    }
}

impl Compared for StarRow {
    fn differing(&self, other: &Self, place: &str) -> Vec<String> {
        fields!(
            self,
            other,
            place,
            StarRow { stars, from, inclusive, star_credit_fen, discount_bp }
        )
    }
}

impl Compared for Item {
    fn differing(&self, other: &Self, place: &str) -> Vec<String> {
        fields!(
            self,
            other,
            place,
            Item {
                code,
                category,
                name,
                kind,
                amount,
                claimed_by,
                evidence,
                counts_for,
                caps,
                cure_days,
                cure,
                tracks,
                beneficiary,
                exclusive,
                repeat_doubles,
                duration,
                extends_until_corrected,
                grade,
                suspends,
                part,
                duty_source,
                level,
                figures,
            }
        )
    }
}

/// Where two lists differ: row by row, or as a whole when one is longer.
fn rows<T: Compared>(ours: &[T], theirs: &[T], place: &str) -> Vec<String> {
    if ours.len() != theirs.len() {
        return vec![place.to_owned()];
    }
    let pairs = ours.iter().zip(theirs).enumerate();
    pairs.flat_map(|(n, (one, other))| one.differing(other, &format!("{place}[{n}]"))).collect()
}
