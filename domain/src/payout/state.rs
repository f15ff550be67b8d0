//! Where a payout stands, and how it goes on.

use chrono::{DateTime, Utc};

use crate::calendar::day_of;
use crate::four_eyes::{Hand, checked_by};
use crate::id::{FundAccountId, UserId};
use crate::points::Fen;
use crate::refusal::Refusal;
use crate::rule_book::Resolution;

names! {
    /// Where a payout stands.
    State {
        /// Reckoned, and shown to those who prepare it.
        Draft "draft",
        /// The assembly voted for it.
        Voted "voted",
        /// Hangs on the notice board.
        OnNotice "on_notice",
        /// Its notice closed while an objection was open.
        Disputed "disputed",
        /// It holds, and can be paid.
        Effective "effective",
        /// The money has left the fund; parts are handed out.
        Paid "paid",
        /// Taken back before it was paid.
        Withdrawn "withdrawn",
    }
}

impl State {
    /// Whether everybody in the village may see it: since it hangs.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::OnNotice | Self::Disputed | Self::Effective | Self::Paid)
    }

    /// Decides whether a part can be objected to: by anybody while the notice hangs, and by the household
    /// `concerned` until it is paid (section 6: the person concerned, also afterwards).
    ///
    /// # Errors
    /// `payout_state`.
    pub const fn takes_objection(self, concerned: bool) -> Result<(), Refusal> {
        match self {
            Self::OnNotice => Ok(()),
            Self::Disputed | Self::Effective if concerned => Ok(()),
            _ => Err(Refusal::PayoutState),
        }
    }

    /// Decides whether an objection can still be answered. A plan that the assembly votes on once more may
    /// still have some.
    ///
    /// # Errors
    /// `payout_state`.
    pub const fn takes_answer(self) -> Result<(), Refusal> {
        match self {
            Self::Draft | Self::Voted | Self::OnNotice | Self::Disputed => Ok(()),
            _ => Err(Refusal::PayoutState),
        }
    }

    /// Decides whether it stands here.
    ///
    /// # Errors
    /// `payout_state`.
    pub fn is(self, state: Self) -> Result<(), Refusal> {
        if self == state { Ok(()) } else { Err(Refusal::PayoutState) }
    }
}

/// Records the vote of the assembly (村民代表大会), which carries as the adoption of a rule book does.
///
/// # Errors
/// `payout_state` unless it is a draft; `resolution_not_carried`.
pub fn vote(state: State, resolution: &Resolution, now: DateTime<Utc>) -> Result<State, Refusal> {
    state.is(State::Draft)?;
    if resolution.carried() && resolution.held_on <= day_of(now) {
        Ok(State::Voted)
    } else {
        Err(Refusal::ResolutionNotCarried)
    }
}

/// Takes a payout back before it is paid. Since it hung, that takes two people: whoever hung it does not take
/// it down.
///
/// # Errors
/// `payout_state` once the money has left the fund; `checker_is_maker`.
pub fn withdraw(state: State, hung_by: Option<Hand>, by: Hand) -> Result<State, Refusal> {
    match state {
        State::Draft | State::Voted => Ok(State::Withdrawn),
        State::OnNotice | State::Disputed | State::Effective => {
            if let Some(hung_by) = hung_by {
                checked_by(hung_by, by)?;
            }
            Ok(State::Withdrawn)
        }
        State::Paid | State::Withdrawn => Err(Refusal::PayoutState),
    }
}

/// Whether what came out is more than the assembly voted for, so that it votes again. A dividend stays within
/// its pool; awards may grow when two come to share a rank.
pub fn needs_new_vote(total: Fen, voted: Option<Fen>) -> bool {
    voted.is_some_and(|voted| total > voted)
}

/// By how much the money falls short of a total; nothing if there is enough.
pub fn short_by(total: Fen, held: Fen) -> Fen {
    Fen::new(total.get().saturating_sub(held.get()).max(0))
}

/// What follows when the notice is over and no answer is being waited for, or still is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It waits for answers.
    Waits,
    /// It was reckoned anew, so that everybody may look at it once more.
    HangsAgain,
    /// It holds.
    TakesEffect,
}

/// Decides how a payout goes on once its notice is over.
pub const fn settle(objection_open: bool, renewed: bool) -> Next {
    match (objection_open, renewed) {
        (true, _) => Next::Waits,
        (false, true) => Next::HangsAgain,
        (false, false) => Next::TakesEffect,
    }
}

/// Out of which account of the fund a total is paid: out of one if there is money in it, and out of none
/// where nothing but goods is given.
///
/// # Errors
/// `fund_account_needed`.
pub fn out_of(
    total: Fen,
    account: Option<FundAccountId>,
) -> Result<Option<FundAccountId>, Refusal> {
    match account {
        _ if total == Fen::ZERO => Ok(None),
        None => Err(Refusal::FundAccountNeeded),
        account => Ok(account),
    }
}

/// Decides whether the money may leave the fund. `answered_by` answered objections to it, and so decided on
/// it already.
///
/// # Errors
/// `payout_state` unless it holds and was not paid; `checker_is_maker`, `already_decided`.
pub fn pay(
    state: State,
    made_by: Hand,
    answered_by: &[UserId],
    by: Hand,
) -> Result<State, Refusal> {
    state.is(State::Effective)?;
    checked_by(made_by, by)?;
    if answered_by.contains(&by.user) { Err(Refusal::AlreadyDecided) } else { Ok(State::Paid) }
}
