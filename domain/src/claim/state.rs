//! The states of a claim and the transitions between them.

use crate::refusal::Refusal;

names! {
    /// Where a claim stands.
    State {
        /// Waits for its first vote.
        Submitted "submitted",
        /// Sent back to the claimant, who is asked for more.
        Returned "returned",
        /// Somebody voted; the stage is under way.
        InReview "in_review",
        /// All stages passed; waits for a notice.
        Certified "certified",
        /// Hangs on the notice board.
        OnNotice "on_notice",
        /// Stands in the ledger.
        Posted "posted",
        /// A stage voted against it.
        Rejected "rejected",
        /// The claimant took it back, or a deduction was put right before it was posted.
        Withdrawn "withdrawn",
        /// Its notice closed while an objection was open.
        Disputed "disputed",
        /// Struck after an objection, before it was posted.
        Overturned "overturned",
        /// Its entry was reversed.
        Reversed "reversed",
    }
}

impl State {
    /// The next state, if that is a step which the process knows.
    ///
    /// # Errors
    /// `claim_state` with the present state.
    pub fn to(self, next: Self) -> Result<Self, Refusal> {
        use State::{
            Certified, Disputed, InReview, OnNotice, Overturned, Posted, Rejected, Returned,
            Reversed, Submitted, Withdrawn,
        };
        let known = match self {
            Submitted | InReview => {
                matches!(next, InReview | Returned | Rejected | Withdrawn | Certified)
            }
            Returned => matches!(next, Submitted | Withdrawn),
            // Withdrawn from here: a deduction that was put right (`Claim::cure`).
            Certified => matches!(next, OnNotice | Posted | Withdrawn),
            OnNotice => matches!(next, Posted | Disputed | Overturned),
            Disputed => matches!(next, Posted | Overturned),
            Posted => matches!(next, Reversed),
            Rejected | Withdrawn | Overturned | Reversed => false,
        };
        if known { Ok(next) } else { Err(Refusal::ClaimState { state: self }) }
    }

    /// Whether its points count towards a cap: certified or later, and not taken back.
    pub const fn counts_towards_caps(self) -> bool {
        matches!(self, Self::Certified | Self::OnNotice | Self::Disputed | Self::Posted)
    }

    /// Whether those who made it still have it in their hands: not certified, not ended.
    pub const fn is_before_certifying(self) -> bool {
        matches!(self, Self::Submitted | Self::InReview | Self::Returned)
    }

    /// Whether reviewers still have to do with it.
    pub const fn is_under_review(self) -> bool {
        matches!(self, Self::Submitted | Self::InReview)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays_ended() {
        for end in [State::Rejected, State::Withdrawn, State::Overturned, State::Reversed] {
            for next in State::ALL {
                assert_eq!(end.to(*next), Err(Refusal::ClaimState { state: end }));
            }
        }
    }

    #[test]
    fn a_posted_claim_can_only_be_reversed() {
        let ways: Vec<_> =
            State::ALL.iter().filter(|next| State::Posted.to(**next).is_ok()).collect();
        assert_eq!(ways, [&State::Reversed]);
    }

    #[test]
    fn nothing_reaches_the_ledger_without_being_certified() {
        for state in State::ALL {
            let posts = state.to(State::Posted).is_ok();
            assert_eq!(
                posts,
                matches!(state, State::Certified | State::OnNotice | State::Disputed),
                "{}",
                state.as_str()
            );
            assert_eq!(State::from_name(state.as_str()), Some(*state));
        }
    }
}
