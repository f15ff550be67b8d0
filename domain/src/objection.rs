//! Objections (异议) by anyone in the village and appeals (申诉) by the person concerned: who may
//! answer, and what an answer does.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::{WorkingCalendar, day_of};
use crate::claim::{Adjustment, Claim, State, Ties};
use crate::id::EntryId;
use crate::ledger::{Entry, Posting};
use crate::points::Points;
use crate::policy::Permit;
use crate::refusal::Refusal;
use crate::rule_book::ItemKind;

/// Within how many working days an objection is answered (section 6).
pub const ANSWER_WORKING_DAYS: u16 = 7;
/// The longest text of an objection or answer, in characters.
pub const TEXT_CHARS_MAX: u64 = 1_000;

names! {
    /// Who speaks.
    ObjectionKind {
        /// Anyone in the village, while the notice hangs.
        Objection "objection",
        /// The person concerned or their household, also after posting.
        Appeal "appeal",
    }
}

names! {
    /// What those who answer say, without the figures.
    Verdict {
        /// The result stands.
        Upheld "upheld",
        /// The result is replaced.
        Corrected "corrected",
        /// The result falls.
        Struck "struck",
    }
}

impl Verdict {
    /// The outcome for a claim: a correction, and nothing else, needs the right amount.
    ///
    /// # Errors
    /// `correction_invalid`.
    pub const fn on_claim(self, points: Option<Points>) -> Result<Outcome, Refusal> {
        match (self, points) {
            (Self::Upheld, None) => Ok(Outcome::Upheld),
            (Self::Corrected, Some(points)) => Ok(Outcome::Corrected { points }),
            (Self::Struck, None) => Ok(Outcome::Struck),
            _ => Err(Refusal::CorrectionInvalid),
        }
    }
}

/// What those who answer decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// The result stands.
    Upheld,
    /// The result is replaced by another amount.
    Corrected {
        /// The right amount, above zero; the item gives the sign.
        points: Points,
    },
    /// The result falls.
    Struck,
}

/// What an answer does to the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerEffect {
    /// Nothing.
    None,
    /// The claim is posted now.
    Post,
    /// Its entries are reversed.
    Reverse,
    /// Its entries are reversed and the new amount is posted.
    ReverseAndPost,
}

/// When an objection made now is to be answered.
pub fn due_at(calendar: &WorkingCalendar, now: DateTime<Utc>) -> DateTime<Utc> {
    calendar.due(now, ANSWER_WORKING_DAYS)
}

/// An objection and an answer say why.
///
/// # Errors
/// `reason_missing` for a text of nothing but blanks.
pub fn says_why(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::ReasonMissing) } else { Ok(()) }
}

/// Decides whether an objection or appeal against a claim is in time.
///
/// # Errors
/// `claim_state`, `appeal_not_concerned`, `appeal_too_late`.
pub fn raise(
    kind: ObjectionKind,
    claim: &Claim,
    concerned: bool,
    posted_on: Option<NaiveDate>,
    appeal_days_max: u16,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    if kind == ObjectionKind::Objection {
        return match claim.state {
            State::OnNotice => Ok(()),
            state => Err(Refusal::ClaimState { state }),
        };
    }
    if !concerned {
        return Err(Refusal::AppealNotConcerned);
    }
    match (claim.state, posted_on) {
        (State::OnNotice | State::Disputed, _) => Ok(()),
        (State::Posted, Some(posted_on)) => {
            let age = day_of(now).signed_duration_since(posted_on).num_days();
            if age <= i64::from(appeal_days_max) {
                Ok(())
            } else {
                Err(Refusal::AppealTooLate { days_max: appeal_days_max })
            }
        }
        (state, _) => Err(Refusal::ClaimState { state }),
    }
}

/// Decides whether this person may answer: they are not concerned, did not object to the same thing
/// themselves and did not decide on it before.
///
/// # Errors
/// `own_objection`, `already_decided`, and those of [`Ties::free`].
pub fn may_answer(ties: Ties, objected: bool, decided_before: bool) -> Result<(), Refusal> {
    ties.free()?;
    match (objected, decided_before) {
        (true, _) => Err(Refusal::OwnObjection),
        (_, true) => Err(Refusal::AlreadyDecided),
        _ => Ok(()),
    }
}

/// Decides whether this person may see an objection: who answers or supervises, who raised it, and
/// the household concerned. Answers the permit of the role that gave the
/// right, if it was one.
///
/// # Errors
/// That of the policy.
pub fn may_see(
    by_role: Result<Permit, Refusal>,
    raised: bool,
    concerned: bool,
) -> Result<Option<Permit>, Refusal> {
    if raised || concerned { Ok(None) } else { by_role.map(Some) }
}

/// Applies an answer to the claim. `others_open` says whether another objection to it is open: then
/// it goes on waiting. What the other claims of the account come to after a correction or strike, and
/// whether a cap cuts the corrected amount, says [`crate::claim::reassess`].
///
/// # Errors
/// `claim_state`, `correction_invalid`.
pub fn answer(
    mut claim: Claim,
    outcome: Outcome,
    others_open: bool,
) -> Result<(Claim, LedgerEffect), Refusal> {
    let posted = claim.state == State::Posted;
    let waiting = matches!(claim.state, State::OnNotice | State::Disputed);
    if !posted && !waiting {
        return Err(Refusal::ClaimState { state: claim.state });
    }
    claim.version += 1;
    if let Outcome::Corrected { points } = outcome {
        // A direct grade holds or falls; it has no amount that could be another.
        let graded = claim.kind == ItemKind::DirectGrade;
        if graded || !points.is_positive() || claim.granted == Some(points) {
            return Err(Refusal::CorrectionInvalid);
        }
        claim.granted = Some(points);
        claim.adjustments.push(Adjustment::Corrected { points });
    }
    let effect = match outcome {
        Outcome::Struck if posted => {
            claim.state = claim.state.to(State::Reversed)?;
            LedgerEffect::Reverse
        }
        Outcome::Struck => {
            claim.state = claim.state.to(State::Overturned)?;
            LedgerEffect::None
        }
        Outcome::Corrected { .. } if posted => {
            claim.postings += 1;
            LedgerEffect::ReverseAndPost
        }
        Outcome::Upheld | Outcome::Corrected { .. }
            if claim.state == State::Disputed && !others_open =>
        {
            claim.state = claim.state.to(State::Posted)?;
            claim.postings += 1;
            LedgerEffect::Post
        }
        Outcome::Upheld | Outcome::Corrected { .. } => LedgerEffect::None,
    };
    Ok((claim, effect))
}

/// What an answer writes to the ledger: `standing` are the claim's entries that were not reversed,
/// `fresh` what the claim moves now.
///
/// What gives comes before what takes. The other way round a purse that was spent from would be
/// emptied, the rest forgiven, and then the new amount given on top.
pub fn movements(
    effect: LedgerEffect,
    standing: &[Entry],
    fresh: Vec<Posting>,
    mut new_id: impl FnMut() -> EntryId,
) -> Vec<Posting> {
    let reverses = matches!(effect, LedgerEffect::Reverse | LedgerEffect::ReverseAndPost);
    let posts = matches!(effect, LedgerEffect::Post | LedgerEffect::ReverseAndPost);
    let mut list: Vec<Posting> = Vec::with_capacity(standing.len() + fresh.len());
    if reverses {
        list.extend(standing.iter().map(|entry| Posting::reversing(entry, new_id())));
    }
    if posts {
        list.extend(fresh);
    }
    list.sort_by_key(|posting| posting.amount < 0);
    list
}

#[cfg(test)]
mod tests;
