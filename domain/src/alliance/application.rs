//! Asking to join the alliance: anybody who signed in, for any division; decided by those who register
//! merchants there, by somebody else than who asked.

use crate::four_eyes::{Hand, checked_by};
use crate::id::UserId;
use crate::refusal::Refusal;

/// How many applications of one person can be open at a time.
pub const OPEN_MAX: u16 = 5;

names! {
    /// Where an application stands.
    ApplicationState {
        /// Waits for an answer.
        Open "open",
        /// The merchant is registered.
        Approved "approved",
        /// It is not, for a reason that the applicant is told.
        Refused "refused",
        /// The applicant took it back.
        Withdrawn "withdrawn",
    }
}

/// What is answered to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Register the merchant; the applicant becomes its owner.
    Approve,
    /// Do not.
    Refuse,
}

/// An application, as far as deciding on it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Application {
    /// Who asked.
    pub applied_by: Hand,
    /// Where it stands.
    pub state: ApplicationState,
}

/// Checks that somebody with so many open applications may make one more.
///
/// # Errors
/// `application_too_many`.
pub fn may_apply(open: i64) -> Result<(), Refusal> {
    if open < i64::from(OPEN_MAX) {
        Ok(())
    } else {
        Err(Refusal::ApplicationTooMany { open_max: OPEN_MAX })
    }
}

impl Application {
    /// Decides on it.
    ///
    /// # Errors
    /// `checker_is_maker` for one's own, `application_state` unless it is open.
    pub fn decide(self, by: Hand, answer: Answer) -> Result<ApplicationState, Refusal> {
        checked_by(self.applied_by, by)?;
        self.is_open()?;
        Ok(match answer {
            Answer::Approve => ApplicationState::Approved,
            Answer::Refuse => ApplicationState::Refused,
        })
    }

    /// Takes it back.
    ///
    /// # Errors
    /// `not_found` for another's, `application_state` unless it is open.
    pub fn withdraw(self, by: UserId) -> Result<ApplicationState, Refusal> {
        if self.applied_by.user != by {
            return Err(Refusal::NotFound);
        }
        self.is_open()?;
        Ok(ApplicationState::Withdrawn)
    }

    fn is_open(self) -> Result<(), Refusal> {
        if self.state == ApplicationState::Open { Ok(()) } else { Err(Refusal::ApplicationState) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn somebody_else_decides_and_once() {
        let hand = |n| Hand { user: UserId(Uuid::from_u128(n)), villager: None };
        let [owner, officer] = [1, 2].map(hand);
        let mut asked = Application { applied_by: owner, state: ApplicationState::Open };
        assert_eq!(asked.decide(owner, Answer::Approve), Err(Refusal::CheckerIsMaker));
        assert_eq!(asked.withdraw(officer.user), Err(Refusal::NotFound));
        assert_eq!(asked.withdraw(owner.user), Ok(ApplicationState::Withdrawn));
        asked.state = asked.decide(officer, Answer::Refuse).unwrap();
        assert_eq!(asked.decide(officer, Answer::Approve), Err(Refusal::ApplicationState));
        assert_eq!(asked.withdraw(owner.user), Err(Refusal::ApplicationState));
    }

    #[test]
    fn so_many_are_open_at_a_time() {
        assert_eq!(may_apply(4), Ok(()));
        assert_eq!(may_apply(5), Err(Refusal::ApplicationTooMany { open_max: 5 }));
    }
}
