//! One line of a rating: what becomes of it when its notice closes, and after an objection.
//!
//! A line is arithmetic. An objection to it is answered by reckoning it again from the ledger, never
//! by a figure that somebody puts in.

use crate::calendar::Cycle;
use crate::rating::Line;
use crate::refusal::Refusal;

names! {
    /// Where a line stands.
    LineState {
        /// Waits for its notice to close.
        Pending "pending",
        /// Its star holds, or held.
        Effective "effective",
        /// Its notice closed while an objection was open.
        Disputed "disputed",
        /// Struck after an objection: the account keeps the star it had.
        Struck "struck",
    }
}

impl LineState {
    /// Decides whether the line can be objected to, while its notice hangs.
    ///
    /// # Errors
    /// `rating_state`.
    pub const fn takes_objection(self) -> Result<(), Refusal> {
        match self {
            Self::Pending => Ok(()),
            _ => Err(Refusal::RatingState),
        }
    }

    /// What a line becomes when its notice closes.
    pub const fn closed(self, disputed: bool) -> Self {
        match (self, disputed) {
            (Self::Pending, true) => Self::Disputed,
            (Self::Pending, false) => Self::Effective,
            (other, _) => other,
        }
    }
}

/// What those who answer an objection to a line decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineOutcome {
    /// The line stands.
    Upheld,
    /// The line as it is reckoned now.
    Corrected(Line),
    /// The line falls.
    Struck,
}

/// Applies an answer to a line. `others_open` says whether another objection to it is open: then it
/// goes on waiting.
///
/// # Errors
/// `rating_state` once it is effective or struck; `correction_invalid` when reckoning it again
/// changes nothing.
pub fn answer(
    state: LineState,
    line: Line,
    outcome: LineOutcome,
    others_open: bool,
) -> Result<(LineState, Line), Refusal> {
    if !matches!(state, LineState::Pending | LineState::Disputed) {
        return Err(Refusal::RatingState);
    }
    let line = match outcome {
        LineOutcome::Struck => return Ok((LineState::Struck, line)),
        LineOutcome::Upheld => line,
        LineOutcome::Corrected(anew) if anew == line => return Err(Refusal::CorrectionInvalid),
        LineOutcome::Corrected(anew) => anew,
    };
    let waits = state == LineState::Pending || others_open;
    Ok((if waits { state } else { LineState::Effective }, line))
}

/// Whether a line that takes effect now sets the account's star: not if the account has one of a
/// later cycle already, since a dispute may last longer than a cycle.
pub fn sets_star(held: Option<Cycle>, rated: Cycle) -> bool {
    held.is_none_or(|held| held.first_day() <= rated.first_day())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::id::{AccountId, HouseholdId};
    use crate::points::Points;
    use crate::rule_book::Star;

    fn line(score: i32, stars: u8) -> Line {
        Line {
            account: AccountId(Uuid::from_u128(1)),
            household: HouseholdId(Uuid::from_u128(1)),
            score: Points::whole(score),
            star: Star::new(stars).unwrap(),
            track: None,
            grade: None,
            direct_grade: None,
            excluded: None,
        }
    }

    #[test]
    fn a_line_takes_effect_when_its_notice_closes_unless_it_is_disputed() {
        assert_eq!(LineState::Pending.closed(false), LineState::Effective);
        assert_eq!(LineState::Pending.closed(true), LineState::Disputed);
        assert_eq!(LineState::Struck.closed(false), LineState::Struck);
    }

    #[test]
    fn an_upheld_line_waits_for_the_close_and_for_other_objections() {
        let upheld = |state, others| answer(state, line(80, 3), LineOutcome::Upheld, others);
        assert_eq!(upheld(LineState::Pending, false), Ok((LineState::Pending, line(80, 3))));
        assert_eq!(upheld(LineState::Disputed, false), Ok((LineState::Effective, line(80, 3))));
        assert_eq!(upheld(LineState::Disputed, true), Ok((LineState::Disputed, line(80, 3))));
        assert_eq!(upheld(LineState::Effective, false), Err(Refusal::RatingState));
    }

    #[test]
    fn a_correction_that_changes_nothing_is_none() {
        let correct =
            |anew| answer(LineState::Disputed, line(80, 3), LineOutcome::Corrected(anew), false);
        assert_eq!(correct(line(80, 3)), Err(Refusal::CorrectionInvalid));
        assert_eq!(correct(line(90, 4)), Ok((LineState::Effective, line(90, 4))));
    }

    #[test]
    fn a_star_of_a_later_cycle_is_not_replaced_by_an_old_dispute() {
        let cycle = |text: &str| text.parse::<Cycle>().unwrap();
        assert!(sets_star(None, cycle("2026-Q3")));
        assert!(sets_star(Some(cycle("2026-Q2")), cycle("2026-Q3")));
        assert!(!sets_star(Some(cycle("2026-Q4")), cycle("2026-Q3")));
    }
}
