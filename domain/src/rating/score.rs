//! From what counts to a score, step by step, so that a line and its explanation cannot differ.

use super::{Effective, Standing};
use crate::id::VillagerId;
use crate::points::Points;
use crate::refusal::Refusal;
use crate::rule_book::{HouseholdScore, Mixed, RuleBook, Subject, TrackRule};

/// Whose deeds make up the score of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HouseholdBasis {
    /// Everybody's.
    Sum,
    /// Those of the members who are rated, divided by their number.
    Average {
        /// How many.
        rated: u32,
    },
    /// The head's.
    Head {
        /// Who that is.
        head: VillagerId,
    },
    /// There is no head who is rated: averaged for the time being.
    HeadMissing {
        /// By how many.
        rated: u32,
    },
}

impl HouseholdBasis {
    /// On which basis the members of an account count.
    pub fn of(book: &RuleBook, effective: &Effective) -> Self {
        let rated = effective.members.iter().filter(|member| member.rated).count();
        let rated = u32::try_from(rated).unwrap_or(u32::MAX);
        let head = effective.head.filter(|head| {
            effective.members.iter().any(|member| member.member == *head && member.rated)
        });
        match (book.subject, book.household_score, head) {
            (Subject::Person, ..) | (_, HouseholdScore::Sum, _) => Self::Sum,
            (_, HouseholdScore::Average, _) => Self::Average { rated },
            (_, HouseholdScore::Head, Some(head)) => Self::Head { head },
            (_, HouseholdScore::Head, None) => Self::HeadMissing { rated },
        }
    }

    /// Whether the deeds of that member count.
    pub fn takes(self, member: VillagerId, rated: bool) -> bool {
        match self {
            Self::Sum => true,
            Self::Average { .. } | Self::HeadMissing { .. } => rated,
            Self::Head { head } => head == member,
        }
    }

    const fn divisor(self) -> i64 {
        match self {
            Self::Average { rated: 0 } | Self::HeadMissing { rated: 0 } => 1,
            Self::Average { rated } | Self::HeadMissing { rated } => rated as i64,
            Self::Sum | Self::Head { .. } => 1,
        }
    }
}

/// What the members of a household bring to its score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MembersPart {
    /// On which basis.
    pub basis: HouseholdBasis,
    /// The sum of their personal credit that counts.
    pub sum: Points,
    /// What it brings: the sum, or its share rounded down to the hundredth.
    pub points: Points,
}

/// A score with the steps that led to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reckoned<'a> {
    /// What members bring.
    pub members: MembersPart,
    /// Base and personal credit.
    pub personal: Points,
    /// For those on a track: the rule, base and role duty, and the mix of both.
    pub track: Option<(&'a TrackRule, Points, Mixed)>,
    /// The score.
    pub score: Points,
}

/// The score of an account.
///
/// # Errors
/// `amount_out_of_range`.
pub(super) fn reckon<'a>(book: &'a RuleBook, standing: &Standing) -> Result<Reckoned<'a>, Refusal> {
    let effective = &standing.effective;
    let basis = HouseholdBasis::of(book, effective);
    let taken = effective.members.iter().filter(|member| basis.takes(member.member, member.rated));
    let (mut members_sum, mut role_duty) = (0_i64, Some(effective.role_duty_sum));
    for member in taken {
        members_sum = members_sum.checked_add(member.personal).ok_or(Refusal::AmountOutOfRange)?;
        role_duty = role_duty.and_then(|sum| sum.checked_add(member.role_duty));
    }
    let members = MembersPart {
        basis,
        sum: Points::from_hundredths(members_sum),
        points: Points::from_hundredths(members_sum.div_euclid(basis.divisor())),
    };
    let personal = book
        .base_score
        .plus(Points::from_hundredths(effective.entries_sum))
        .and_then(|points| points.plus(members.points))
        .ok_or(Refusal::AmountOutOfRange)?;
    let Some(rule) = book.track_of(&standing.tracks) else {
        return Ok(Reckoned { members, personal, track: None, score: personal });
    };
    let role_duty = role_duty
        .and_then(|sum| rule.role_duty_base.plus(Points::from_hundredths(sum)))
        .ok_or(Refusal::AmountOutOfRange)?;
    let mixed = rule.mix(role_duty, personal);
    Ok(Reckoned { members, personal, track: Some((rule, role_duty, mixed)), score: mixed.score })
}
