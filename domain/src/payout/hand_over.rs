//! Handing a part out.

use super::{Line, State};
use crate::claim::Ties;
use crate::four_eyes::{Hand, checked_by};
use crate::person::Residence;
use crate::refusal::Refusal;

names! {
    /// How a part came to whom it is for.
    How {
        /// In cash.
        Cash "cash",
        /// On the household's card (一卡通).
        Card "card",
        /// To a bank account.
        Transfer "transfer",
        /// As goods.
        Goods "goods",
    }
}

/// What is recorded of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// How.
    pub how: How,
    /// Who took it, by name.
    pub received_by: String,
    /// What else is to be known: who received it in the place of somebody who died.
    pub note: String,
}

/// Decides whether a part can be handed out. `ties` bind whoever hands it out to the household of the part,
/// that of the reckoning or that of now; `standing` says that it was handed out already; `residence` is where
/// the person stands whose part it is. The part of somebody who died or moved away is not lost: it is handed
/// out with a note that says to whom and why.
///
/// # Errors
/// `payout_state` unless the payout was paid; `part_empty`, `part_handed_out`, `own_household`,
/// `declared_kin`, `reason_missing`.
pub fn hand_over(
    state: State,
    line: &Line,
    ties: Ties,
    standing: bool,
    residence: Option<Residence>,
    said: &HandOver,
) -> Result<(), Refusal> {
    state.is(State::Paid)?;
    if !line.has_part() {
        return Err(Refusal::PartEmpty);
    }
    ties.free()?;
    if standing {
        return Err(Refusal::PartHandedOut);
    }
    let gone = matches!(residence, None | Some(Residence::MovedAway | Residence::Deceased));
    if gone && said.note.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    Ok(())
}

/// Decides whether "handed out" that was put down by mistake can be taken back: by somebody else than put it
/// down, `handed_out_by` if it stands, and not by the household whose part it is.
///
/// # Errors
/// `payout_state`, `part_not_handed_out`, `own_household`, `declared_kin`, `checker_is_maker`.
pub fn reverse(
    state: State,
    handed_out_by: Option<Hand>,
    ties: Ties,
    by: Hand,
) -> Result<(), Refusal> {
    state.is(State::Paid)?;
    let handed_out_by = handed_out_by.ok_or(Refusal::PartNotHandedOut)?;
    ties.free()?;
    checked_by(handed_out_by, by)
}
