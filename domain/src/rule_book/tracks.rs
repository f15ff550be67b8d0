//! Tracks (Wendeng's 三类积分): party members and representatives are scored by their role duty and
//! their personal credit, in a proportion that the book sets. And how a household's score comes from
//! those of its members.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{GradeTable, RuleBook, Subject};
use crate::person::Track;
use crate::points::{BasisPoints, Points};

/// How those on a track are scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrackRule {
    /// Who: [`Track::PartyMember`] or [`Track::Representative`].
    pub track: Track,
    /// The weight of role duty; personal credit has the rest of the whole.
    pub role_duty_bp: BasisPoints,
    /// The role duty with which everybody on the track begins a cycle. Personal credit begins with
    /// the book's base score.
    pub role_duty_base: Points,
    /// From score to grade; without a row the star table holds.
    #[serde(default)]
    pub grades: GradeTable,
}

/// A score mixed of two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mixed {
    /// The score, rounded down to the hundredth, also below zero.
    pub score: Points,
    /// What rounding took away, in ten-thousandths of a hundredth of a point.
    pub rest: u16,
}

impl TrackRule {
    /// The weight of personal credit.
    pub fn personal_bp(&self) -> BasisPoints {
        let rest = 10_000_u16.saturating_sub(self.role_duty_bp.get());
        BasisPoints::new(rest).unwrap_or_default()
    }

    /// The two parts in their proportion: `floor((w1 × role duty + w2 × personal credit) ÷ 10,000)`
    /// hundredths. It lies between the two parts, so it never leaves their range.
    pub fn mix(&self, role_duty: Points, personal: Points) -> Mixed {
        let weighed =
            |part: Points, bp: BasisPoints| i128::from(part.hundredths()) * i128::from(bp.get());
        let exact = weighed(role_duty, self.role_duty_bp) + weighed(personal, self.personal_bp());
        let score = i64::try_from(exact.div_euclid(10_000)).unwrap_or(i64::MAX);
        let rest = u16::try_from(exact.rem_euclid(10_000)).unwrap_or_default();
        Mixed { score: Points::from_hundredths(score), rest }
    }
}

impl RuleBook {
    /// The rule by which somebody of these tracks is rated: the first of the book that fits.
    ///
    /// A track is a person's. In a book whose accounts are households nobody is on one, and role duty
    /// does not count.
    pub fn track_of(&self, tracks: &BTreeSet<Track>) -> Option<&TrackRule> {
        let persons = self.subject == Subject::Person;
        self.tracks.iter().find(|rule| persons && tracks.contains(&rule.track))
    }
}

/// How the score of a household comes from its members, in a book whose accounts are households.
/// What belongs to no single member counts for the household as a whole in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HouseholdScore {
    /// Everything that all members did.
    #[default]
    Sum,
    /// What the members who are rated did, divided by their number and rounded down to the
    /// hundredth, also below zero.
    Average,
    /// What the head did. A household without a head who is rated is averaged for the time being, so
    /// that it is measured as one person like its neighbours and loses nothing by the vacancy.
    Head,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rule(role_duty_bp: u16) -> TrackRule {
        TrackRule {
            track: Track::PartyMember,
            role_duty_bp: BasisPoints::new(role_duty_bp).unwrap(),
            role_duty_base: Points::ZERO,
            grades: GradeTable::default(),
        }
    }

    fn h(hundredths: i64) -> Points {
        Points::from_hundredths(hundredths)
    }

    #[test]
    fn a_mix_is_rounded_down_to_the_hundredth_also_below_zero() {
        let mixed = |bp, role, personal| rule(bp).mix(h(role), h(personal)).score;
        assert_eq!(mixed(6_000, 10_000, 105_000), h(48_000));
        // 0.5 × 0.01 is half of a hundredth.
        assert_eq!(mixed(5_000, 1, 0), h(0));
        assert_eq!(mixed(5_000, -1, 0), h(-1));
        assert_eq!(rule(5_000).mix(h(-1), h(0)).rest, 5_000);
        assert_eq!(mixed(10_000, 7, 900), h(7));
        assert_eq!(mixed(0, 7, 900), h(900));
    }

    proptest! {
        #[test]
        fn a_mix_loses_less_than_a_hundredth_and_lies_between_its_parts(
            bp in 0_u16..=10_000,
            role in -1_000_000_000_000_i64..=1_000_000_000_000,
            personal in -1_000_000_000_000_i64..=1_000_000_000_000,
        ) {
            let mixed = rule(bp).mix(h(role), h(personal));
            let exact = i128::from(role) * i128::from(bp)
                + i128::from(personal) * i128::from(10_000 - bp);
            let score = i128::from(mixed.score.hundredths());
            prop_assert_eq!(score * 10_000 + i128::from(mixed.rest), exact);
            prop_assert!(mixed.rest < 10_000);
            prop_assert!((role.min(personal)..=role.max(personal)).contains(&mixed.score.hundredths()));
        }
    }
}
