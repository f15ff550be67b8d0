//! Where a payout stands, and how it goes on.

use chrono::{DateTime, Utc};

use crate::calendar::day_of;
use crate::four_eyes::checked_by;
use crate::id::UserId;
use crate::refusal::Refusal;
use crate::rule_book::Resolution;

/// Where a payout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Reckoned, and shown to those who prepare it.
    Draft,
    /// The assembly voted for it.
    Voted,
    /// Hangs on the notice board.
    OnNotice,
    /// Its notice closed while an objection was open.
    Disputed,
    /// It holds, and can be paid.
    Effective,
    /// The money has left the fund; parts are handed out.
    Paid,
    /// Taken back before it hung.
    Withdrawn,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Draft,
        Self::Voted,
        Self::OnNotice,
        Self::Disputed,
        Self::Effective,
        Self::Paid,
        Self::Withdrawn,
    ];

    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Voted => "voted",
            Self::OnNotice => "on_notice",
            Self::Disputed => "disputed",
            Self::Effective => "effective",
            Self::Paid => "paid",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }

    /// Whether everybody in the village may see it: since it hangs.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::OnNotice | Self::Disputed | Self::Effective | Self::Paid)
    }

    /// Decides whether a part can be objected to, while the notice hangs.
    ///
    /// # Errors
    /// `payout_state`.
    pub fn takes_objection(self) -> Result<(), Refusal> {
        self.is(Self::OnNotice)
    }

    /// Decides whether an objection can still be answered.
    ///
    /// # Errors
    /// `payout_state`.
    pub const fn takes_answer(self) -> Result<(), Refusal> {
        match self {
            Self::OnNotice | Self::Disputed => Ok(()),
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

/// Takes a payout back before it hangs.
///
/// # Errors
/// `payout_state`.
pub const fn withdraw(state: State) -> Result<State, Refusal> {
    match state {
        State::Draft | State::Voted => Ok(State::Withdrawn),
        _ => Err(Refusal::PayoutState),
    }
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

/// Decides whether the money may leave the fund.
///
/// # Errors
/// `payout_state` unless it holds and was not paid; `checker_is_maker`.
pub fn pay(state: State, made_by: UserId, by: UserId) -> Result<State, Refusal> {
    state.is(State::Effective)?;
    checked_by(made_by, by)?;
    Ok(State::Paid)
}
