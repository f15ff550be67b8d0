//! The states of a report and the steps between them.

use crate::refusal::Refusal;

names! {
    /// What a report is about.
    Kind {
        /// 好人好事.
        GoodDeed "good_deed",
        /// 不文明行为, 环境问题.
        Nuisance "nuisance",
    }
}

names! {
    /// Where a report stands.
    State {
        /// Waits for triage.
        Submitted "submitted",
        /// 受理: taken on; a nuisance waits to be dispatched.
        Accepted "accepted",
        /// 不予受理, with the reason.
        Refused "refused",
        /// 并案: the same as another report, which is dealt with.
        Joined "joined",
        /// 派单: a grid worker has it in hand.
        Dispatched "dispatched",
        /// 办结: the worker says that it is done; the reporter may look.
        Resolved "resolved",
        /// The reporter confirmed it, or let the time go by.
        Confirmed "confirmed",
        /// The reporter says that it is not done: waits to be dispatched again.
        Reopened "reopened",
        /// 销号: closed by triage, with the reason.
        StruckOff "struck_off",
        /// The reporter took it back.
        Withdrawn "withdrawn",
    }
}

names! {
    /// Something that happened to a report. What is in its timeline.
    Event {
        /// Somebody sent it.
        Submitted "submitted",
        /// Triage took it on.
        Accepted "accepted",
        /// Triage did not.
        Refused "refused",
        /// Triage joined it to another.
        Joined "joined",
        /// A grid worker got it.
        Dispatched "dispatched",
        /// The worker did it.
        Resolved "resolved",
        /// The fault was put right by who answers for it, and the deduction ended.
        Cured "cured",
        /// The reporter confirmed, or nobody objected in time.
        Confirmed "confirmed",
        /// The reporter says that it is not done.
        Reopened "reopened",
        /// Somebody urged, or the program did since it was overdue.
        Urged "urged",
        /// Triage closed it.
        StruckOff "struck_off",
        /// The reporter took it back.
        Withdrawn "withdrawn",
        /// It became a claim for the person praised.
        Claimed "claimed",
        /// It became a proposed deduction.
        DeductionProposed "deduction_proposed",
        /// Somebody who is shown agreed to be.
        ShowingAgreed "showing_agreed",
        /// Somebody who is shown does not want to be.
        ShowingRefused "showing_refused",
        /// Triage looked at who reported it.
        ReporterSeen "reporter_seen",
    }
}

impl State {
    /// The next state, if that is a step which the process knows.
    ///
    /// # Errors
    /// `report_state` with the present state.
    pub fn to(self, next: Self) -> Result<Self, Refusal> {
        use State::{
            Accepted, Confirmed, Dispatched, Joined, Refused, Reopened, Resolved, StruckOff,
            Submitted, Withdrawn,
        };
        let known = match self {
            Submitted => matches!(next, Accepted | Refused | Joined | Withdrawn),
            // Resolved from here: whoever answers for it put it right before anybody was sent.
            Accepted | Reopened => {
                matches!(next, Dispatched | Resolved | Joined | StruckOff | Withdrawn)
            }
            // Dispatched from here: to another worker.
            Dispatched => matches!(next, Dispatched | Resolved | StruckOff | Withdrawn),
            Resolved => matches!(next, Confirmed | Reopened | StruckOff),
            Refused | Joined | Confirmed | StruckOff | Withdrawn => false,
        };
        if known { Ok(next) } else { Err(Refusal::ReportState { state: self }) }
    }

    /// Whether somebody of the village still has to act.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Submitted | Self::Accepted | Self::Dispatched | Self::Reopened)
    }

    /// Whether it was ended without being dealt with.
    pub const fn is_void(self) -> bool {
        matches!(self, Self::Refused | Self::Joined | Self::StruckOff | Self::Withdrawn)
    }

    /// Whether triage took it on and did not end it otherwise.
    pub const fn is_taken_on(self) -> bool {
        matches!(
            self,
            Self::Accepted | Self::Dispatched | Self::Resolved | Self::Confirmed | Self::Reopened
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_ended_stays_ended() {
        for end in State::ALL.iter().filter(|state| state.is_void()) {
            for next in State::ALL {
                assert_eq!(end.to(*next), Err(Refusal::ReportState { state: *end }));
            }
        }
        assert!(State::ALL.iter().all(|next| State::Confirmed.to(*next).is_err()));
    }

    #[test]
    fn only_what_is_resolved_is_confirmed_or_reopened() {
        for state in State::ALL {
            for next in [State::Confirmed, State::Reopened] {
                assert_eq!(state.to(next).is_ok(), *state == State::Resolved);
            }
        }
    }

    #[test]
    fn names_are_found_again() {
        for state in State::ALL {
            assert_eq!(State::from_name(state.as_str()), Some(*state));
        }
        for event in Event::ALL {
            assert_eq!(Event::from_name(event.as_str()), Some(*event));
        }
        assert_eq!(Kind::from_name("complaint"), None);
    }
}
