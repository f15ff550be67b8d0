//! The way of a rating: when a cycle can be rated, the votes on its list, its notice.

use chrono::{DateTime, Utc};

use super::RatingState;
use crate::actor::Role;
use crate::calendar::{Cycle, WorkingCalendar};
use crate::claim::{Ballot, Decision};
use crate::id::{RatingId, VillageId};
use crate::notice;
use crate::refusal::Refusal;
use crate::rule_book::{RuleBook, Tally};

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
