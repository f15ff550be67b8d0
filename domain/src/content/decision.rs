//! A person decides about a piece that is held.

use super::check::{Check, State};
use crate::claim::Ties;
use crate::refusal::Refusal;

names! {
    /// What a person decided.
    Verdict {
        /// Others may see it.
        Release "release",
        /// Nobody else sees it.
        Refuse "refuse",
    }
}

/// Decides whether this person may decide: not about their own, nor their household's or kin's. Those
/// are not in their queue at all: a refusal that gave the reason would tell who sent a report.
///
/// # Errors
/// `own_content`; `not_found` for their household's or kin's; `recused`.
pub fn may_decide(ties: Ties) -> Result<(), Refusal> {
    match ties {
        Ties { claimed: true, .. } => Err(Refusal::OwnContent),
        Ties { same_household: true, .. } | Ties { kin: true, .. } => Err(Refusal::NotFound),
        other => other.free(),
    }
}

/// Checks that a decision says why: the author reads it.
///
/// # Errors
/// `reason_missing`.
pub fn says_why(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() { Err(Refusal::ReasonMissing) } else { Ok(()) }
}

impl Check {
    /// What the check becomes by a person's decision. Why it was held stays known.
    ///
    /// # Errors
    /// `content_not_held` unless it waits for a person: WeChat is still asked, or it is settled.
    pub fn decided(self, verdict: Verdict) -> Result<Self, Refusal> {
        if self.state != State::Held {
            return Err(Refusal::ContentNotHeld);
        }
        let state = match verdict {
            Verdict::Release => State::Released,
            Verdict::Refuse => State::Refused,
        };
        Ok(Self { state, ..self })
    }
}
