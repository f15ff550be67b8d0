//! The line of an account: its score and what comes of it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::score::{Reckoned, reckon};
use super::{Effective, Exclusion, GradeMark, Standing};
use crate::calendar::Cycle;
use crate::id::{AccountId, ClaimId, EntryId, HouseholdId, RatingId};
use crate::ledger::{Counter, Posting, Purse, Shortfall, Source};
use crate::person::Track;
use crate::points::{Fen, Points};
use crate::refusal::Refusal;
use crate::rule_book::{Grade, RuleBook, Star};

/// The result for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The account.
    pub account: AccountId,
    /// The household it belongs to.
    pub household: HouseholdId,
    /// Base and what counts, mixed for those on a track.
    pub score: Points,
    /// The star. On a track with grades, the one that goes with the grade.
    pub star: Star,
    /// The track on which it is rated.
    pub track: Option<Track>,
    /// The grade, on a track that has grades.
    pub grade: Option<Grade>,
    /// The direct grade that stands and decides.
    pub direct_grade: Option<ClaimId>,
    /// Why there is neither star nor grade.
    pub excluded: Option<Exclusion>,
}

/// What a score gives by the tables of the book, before direct grades and exclusions.
pub(super) fn by_score(book: &RuleBook, reckoned: &Reckoned<'_>) -> (Star, Option<Grade>) {
    match reckoned.track.map(|(rule, ..)| &rule.grades).filter(|grades| !grades.is_empty()) {
        Some(grades) => {
            let grade = grades.grade_for(reckoned.score);
            (grades.star_of(grade), Some(grade))
        }
        None => (book.stars.star_for(reckoned.score), None),
    }
}

/// The result for one account.
///
/// A direct grade that stands on the cycle's last day lowers the star to what it sets and makes who
/// is graded unqualified; awards count in the score and do not move either.
///
/// # Errors
/// `amount_out_of_range`.
pub fn rate(book: &RuleBook, cycle: Cycle, standing: &Standing) -> Result<Line, Refusal> {
    reckon(book, standing).map(|reckoned| line_of(book, cycle, standing, &reckoned))
}

pub(super) fn line_of(
    book: &RuleBook,
    cycle: Cycle,
    standing: &Standing,
    reckoned: &Reckoned<'_>,
) -> Line {
    let (mut star, mut grade) = by_score(book, reckoned);
    let mark = GradeMark::deciding(&standing.effective.marks, cycle.last_day());
    if let Some(mark) = mark {
        if let (Some(_), Some((rule, ..))) = (grade, reckoned.track) {
            grade = Some(Grade::Unqualified);
            star = star.min(rule.grades.star_of(Grade::Unqualified));
        }
        star = star.min(mark.star);
    }
    if standing.excluded.is_some() {
        (star, grade) = (Star::NONE, None);
    }
    Line {
        account: standing.account,
        household: standing.household,
        score: reckoned.score,
        star,
        track: reckoned.track.map(|(rule, ..)| rule.track),
        grade,
        direct_grade: mark.map(|mark| mark.claim),
        excluded: standing.excluded,
    }
}

/// The line of an account computed once more, from what counted of the same entries. Who was left out
/// when the rating was made stays left out, and whoever was on a track stays on it: the ledger does
/// not know who lived in the village then and what they were. For the same reason `effective` has to
/// name the members of a household who were rated then, and its head then.
///
/// # Errors
/// `amount_out_of_range`.
pub fn rate_again(
    book: &RuleBook,
    cycle: Cycle,
    line: &Line,
    effective: Effective,
) -> Result<Line, Refusal> {
    let standing = Standing {
        account: line.account,
        household: line.household,
        tracks: line.track.into_iter().collect::<BTreeSet<_>>(),
        excluded: line.excluded,
        effective,
    };
    rate(book, cycle, &standing)
}

/// The star credit that a line brings when it takes effect: once per cycle and account.
pub fn star_credit(
    rating: RatingId,
    line: &Line,
    credit: Fen,
    on: NaiveDate,
    id: EntryId,
) -> Option<Posting> {
    (credit > Fen::ZERO).then(|| Posting {
        id,
        account: line.account,
        purse: Purse::StarCredit,
        amount: credit.get(),
        counter: Counter::Issue,
        source: Source::Rating(rating),
        source_posting: 0,
        rule_book: None,
        item_code: None,
        happened_on: on,
        effect: None,
        reverses: None,
        shortfall: Shortfall::Refuse,
    })
}
