//! Why a line is as it is: reason by reason, as values. The words are made in `api`.
//!
//! The reasons are the steps by which the line was reckoned, so they add up to it.

use super::entries::{EntryEffect, ScoreEntry};
use super::line::{Line, line_of};
use super::reach::Reach;
use super::score::{HouseholdBasis, MembersPart, reckon};
use super::{Exclusion, GradeMark, Standing};
use crate::calendar::Cycle;
use crate::person::Track;
use crate::points::{BasisPoints, Points};
use crate::refusal::Refusal;
use crate::rule_book::{GradeRow, Mixed, RuleBook, StarRow};

/// An entry and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryReason {
    /// The entry.
    pub entry: ScoreEntry,
    /// Whether it counts, and if not why.
    pub effect: EntryEffect,
}

/// A step on the way to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Everybody begins with this personal credit.
    Base {
        /// How much.
        points: Points,
    },
    /// Everybody on the track begins with this role duty.
    RoleDutyBase {
        /// Which track.
        track: Track,
        /// How much.
        points: Points,
    },
    /// An entry.
    Entry(EntryReason),
    /// What the members of the household bring, where that is not simply the sum of their entries.
    Members(MembersPart),
    /// Role duty and personal credit are mixed.
    Mixed {
        /// On which track.
        track: Track,
        /// Base and entries of role duty.
        role_duty: Points,
        /// Its weight.
        role_duty_bp: BasisPoints,
        /// Base and entries of personal credit.
        personal: Points,
        /// Its weight.
        personal_bp: BasisPoints,
        /// The mix, and what rounding took away.
        mixed: Mixed,
    },
    /// The score, and the row of the star table that it reaches.
    Stars {
        /// The score.
        score: Points,
        /// The row, and how far the next one is.
        reach: Reach<StarRow>,
    },
    /// The score, and the row of the track's grades that it reaches; below all of them is unqualified.
    Grades {
        /// The score.
        score: Points,
        /// The row, and how far the next one is.
        reach: Reach<GradeRow>,
    },
    /// A direct grade.
    DirectGrade {
        /// Which.
        mark: GradeMark,
        /// Whether it stands on the cycle's last day, so that awards do not move the star.
        stands: bool,
        /// Whether it is the one that decides.
        decides: bool,
    },
    /// The account is left out.
    Excluded {
        /// Why.
        reason: Exclusion,
    },
}

/// A line and its reasons, in the order in which they are reckoned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The line.
    pub line: Line,
    /// The reasons.
    pub reasons: Vec<Reason>,
}

/// Explains the line of an account in a cycle by the entries of its score purse: all that are there,
/// whether they count or not. The sums in `standing` are left aside and taken from the entries; its
/// members, head, marks, tracks and exclusion hold.
///
/// # Errors
/// `amount_out_of_range`.
pub fn explain(
    book: &RuleBook,
    cycle: Cycle,
    standing: Standing,
    entries: Vec<ScoreEntry>,
) -> Result<Explanation, Refusal> {
    let effective = standing.effective.summed(book.subject, cycle, &entries)?;
    let standing = Standing { effective, ..standing };
    let reckoned = reckon(book, &standing)?;
    let line = line_of(book, cycle, &standing, &reckoned);
    let basis = reckoned.members.basis;

    let mut reasons = vec![Reason::Base { points: book.base_score }];
    if let Some((rule, ..)) = reckoned.track {
        let (track, points) = (rule.track, rule.role_duty_base);
        reasons.push(Reason::RoleDutyBase { track, points });
    }
    let members = &standing.effective.members;
    let rated = |who| members.iter().any(|member| member.member == who && member.rated);
    reasons.extend(entries.into_iter().map(|entry| {
        let effect = entry.effect(cycle, reckoned.track.is_some(), basis, rated);
        Reason::Entry(EntryReason { entry, effect })
    }));
    if basis != HouseholdBasis::Sum {
        reasons.push(Reason::Members(reckoned.members));
    }
    if let Some((rule, role_duty, mixed)) = reckoned.track {
        reasons.push(Reason::Mixed {
            track: rule.track,
            role_duty,
            role_duty_bp: rule.role_duty_bp,
            personal: reckoned.personal,
            personal_bp: rule.personal_bp(),
            mixed,
        });
    }
    let score = reckoned.score;
    let grades = reckoned.track.map(|(rule, ..)| &rule.grades).filter(|table| !table.is_empty());
    reasons.push(match grades {
        Some(table) => {
            Reason::Grades { score, reach: Reach::of(&table.0, GradeRow::threshold, score) }
        }
        None => Reason::Stars { score, reach: Reach::of(&book.stars.0, StarRow::threshold, score) },
    });
    reasons.extend(standing.effective.marks.iter().map(|mark| Reason::DirectGrade {
        mark: *mark,
        stands: mark.stands_on(cycle.last_day()),
        decides: line.direct_grade == Some(mark.claim),
    }));
    reasons.extend(line.excluded.map(|reason| Reason::Excluded { reason }));
    Ok(Explanation { line, reasons })
}
