//! Star ratings (星级评定): a cycle's score becomes a star, for the whole village at once.
//!
//! Score = base + effective entries of the cycle. A rating is computed as of a moment: what is
//! recorded later does not change it, so that it can be computed again from the ledger at any time
//! and comes out the same.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::actor::Role;
use crate::calendar::{Cycle, WorkingCalendar};
use crate::claim::{Ballot, Decision};
use crate::id::{AccountId, EntryId, HouseholdId, RatingId, VillageId};
use crate::ledger::{Counter, Posting, Purse, Shortfall, Source};
use crate::notice;
use crate::points::{Fen, Points};
use crate::refusal::Refusal;
use crate::rule_book::{RuleBook, Star, Tally};

/// Where a rating stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatingState {
    /// The stages of the book look at it.
    InReview,
    /// It hangs on the notice board.
    OnNotice,
    /// Its stars hold.
    Effective,
    /// A stage voted against it; the cycle can be computed again.
    Rejected,
}

impl RatingState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::InReview, Self::OnNotice, Self::Effective, Self::Rejected];

    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InReview => "in_review",
            Self::OnNotice => "on_notice",
            Self::Effective => "effective",
            Self::Rejected => "rejected",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether households see their line: from the moment it hangs on the notice board. What is
    /// still reviewed, or was rejected, is seen by those who work on it.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::OnNotice | Self::Effective)
    }
}

/// A rating of a village for a cycle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// Its id.
    pub id: RatingId,
    /// The village.
    pub village: VillageId,
    /// The cycle.
    pub cycle: Cycle,
    /// As of when it was computed.
    pub as_of: DateTime<Utc>,
    /// Where it stands.
    pub state: RatingState,
    /// The stage of review, the first being 0.
    pub stage: u8,
    /// Until when the stage should decide.
    pub stage_due_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i32,
}

/// Why a line has no star whatever the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    /// Nobody of the account is a resident: students, moved away, deceased, open legal case.
    NoResident,
}

impl Exclusion {
    /// Every reason.
    pub const ALL: [Self; 1] = [Self::NoResident];

    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoResident => "no_resident",
        }
    }

    /// The reason of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name)
    }
}

/// What the ledger says of an account in a cycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The account.
    pub account: AccountId,
    /// The household it belongs to.
    pub household: HouseholdId,
    /// The sum of the cycle's entries, in hundredths of a point.
    pub entries_sum: i64,
    /// Whether a person of it is to be rated.
    pub has_resident: bool,
}

/// The result for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The account.
    pub account: AccountId,
    /// The household it belongs to.
    pub household: HouseholdId,
    /// Base and entries.
    pub score: Points,
    /// The star.
    pub star: Star,
    /// Why there is none.
    pub excluded: Option<Exclusion>,
}

/// Decides whether a cycle is of the kind by which the book rates.
///
/// # Errors
/// `cycle_wrong_kind`.
pub fn ratable_kind(book: &RuleBook, cycle: Cycle) -> Result<(), Refusal> {
    if cycle.kind() == book.cycle { Ok(()) } else { Err(Refusal::CycleWrongKind) }
}

/// Decides whether a cycle can be rated now, `earlier` being the states of the ratings that it has
/// already: once it is rejected, it can be computed again.
///
/// # Errors
/// `cycle_wrong_kind`, `cycle_not_over`, `cycle_rated`.
pub fn ratable(
    book: &RuleBook,
    cycle: Cycle,
    earlier: &[RatingState],
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    ratable_kind(book, cycle)?;
    if !cycle.is_over(now) {
        return Err(Refusal::CycleNotOver { ends_on: cycle.last_day() });
    }
    if earlier.iter().any(|state| *state != RatingState::Rejected) {
        return Err(Refusal::CycleRated);
    }
    Ok(())
}

/// The result for one account.
///
/// # Errors
/// `amount_out_of_range`.
pub fn rate(book: &RuleBook, standing: &Standing) -> Result<Line, Refusal> {
    let score = book
        .base_score
        .plus(Points::from_hundredths(standing.entries_sum))
        .ok_or(Refusal::AmountOutOfRange)?;
    let excluded = (!standing.has_resident).then_some(Exclusion::NoResident);
    let star = if excluded.is_some() { Star::NONE } else { book.stars.star_for(score) };
    Ok(Line { account: standing.account, household: standing.household, score, star, excluded })
}

/// The line of an account computed once more, from the sum of the same entries. Who was left out
/// when the rating was made stays left out: the ledger does not know who lived in the village then.
///
/// # Errors
/// `amount_out_of_range`.
pub fn rate_again(book: &RuleBook, line: &Line, entries_sum: i64) -> Result<Line, Refusal> {
    let standing = Standing {
        account: line.account,
        household: line.household,
        entries_sum,
        has_resident: line.excluded.is_none(),
    };
    rate(book, &standing)
}

/// The lines in the order of their score within the village, each with its rank. Equal scores share
/// a rank and the next one is left out (1, 2, 2, 4); who is excluded comes last and has none.
pub fn ranked<T>(
    mut lines: Vec<T>,
    line: impl Fn(&T) -> (Points, Option<Exclusion>, AccountId),
) -> Vec<(Option<usize>, T)> {
    lines.sort_by_key(|item| {
        let (score, excluded, account) = line(item);
        (excluded.is_some(), std::cmp::Reverse(score), account)
    });
    let mut before: Option<(Points, usize)> = None;
    lines
        .into_iter()
        .enumerate()
        .map(|(index, item)| {
            let (score, excluded, _) = line(&item);
            if excluded.is_some() {
                return (None, item);
            }
            let rank = match before {
                Some((same, rank)) if same == score => rank,
                _ => index + 1,
            };
            before = Some((score, rank));
            (Some(rank), item)
        })
        .collect()
}

/// When the notice of a rating closes that opens now. Without days it closes as soon as it opens.
pub fn notice_closes_at(opens_at: DateTime<Utc>, days: u16) -> DateTime<Utc> {
    if days == 0 { opens_at } else { notice::closes_at(opens_at, days) }
}

/// What a vote on a rating led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RatingProgress {
    /// It waits for more votes, or the next stage began.
    UnderReview(Rating),
    /// It goes on the notice board.
    Passed(Rating),
    /// It is rejected.
    Rejected(Rating),
}

impl Rating {
    /// Begins the review of a rating that was just computed.
    pub fn open(
        id: RatingId,
        village: VillageId,
        cycle: Cycle,
        book: &RuleBook,
        calendar: &WorkingCalendar,
        now: DateTime<Utc>,
    ) -> Self {
        let days = book.rating_way.stage(0).map(|stage| stage.working_days_max);
        Self {
            id,
            village,
            cycle,
            as_of: now,
            state: RatingState::InReview,
            stage: 0,
            stage_due_at: days.map(|days| calendar.due(now, days)),
            version: 1,
        }
    }

    /// Whether its stage should have decided by now.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        self.state == RatingState::InReview && self.stage_due_at.is_some_and(|due| due < now)
    }

    /// Counts a reviewer's vote. The vote is on the list as a whole: a line is arithmetic, and an
    /// objection to one line is raised on the notice board. To send it back is to reject it.
    ///
    /// # Errors
    /// `rating_state` unless it is under review, and those of [`Ballot::cast`].
    pub fn decide(
        mut self,
        book: &RuleBook,
        ballot: &Ballot<'_>,
        calendar: &WorkingCalendar,
        now: DateTime<Utc>,
    ) -> Result<(Role, RatingProgress), Refusal> {
        if self.state != RatingState::InReview {
            return Err(Refusal::RatingState);
        }
        let (role, tally) = ballot.cast(&book.rating_way, self.stage, 1)?;
        self.version += 1;
        let rejected = ballot.decision == Decision::Return || tally == Tally::Rejected;
        let progress = match (rejected, tally, book.rating_way.stage(self.stage + 1)) {
            (true, ..) => {
                self.state = RatingState::Rejected;
                self.stage_due_at = None;
                RatingProgress::Rejected(self)
            }
            (_, Tally::Passed, Some(next)) => {
                self.stage += 1;
                self.stage_due_at = Some(calendar.due(now, next.working_days_max));
                RatingProgress::UnderReview(self)
            }
            (_, Tally::Passed, None) => {
                self.state = RatingState::OnNotice;
                self.stage_due_at = None;
                RatingProgress::Passed(self)
            }
            _ => RatingProgress::UnderReview(self),
        };
        Ok((role, progress))
    }
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

#[cfg(test)]
mod tests;
