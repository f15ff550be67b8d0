//! Handing a part out.

use super::{Line, State};
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

/// Decides whether a part can be handed out. `own` says that it is of the household of whoever hands
/// it out; `residence` is where the person stands whose part it is. The part of somebody who died or
/// moved away is not lost: it is handed out with a note that says to whom and why.
///
/// # Errors
/// `payout_state` unless the payout was paid; `part_empty`, `own_household`, `reason_missing`.
pub fn hand_over(
    state: State,
    line: &Line,
    own: bool,
    residence: Option<Residence>,
    said: &HandOver,
) -> Result<(), Refusal> {
    state.is(State::Paid)?;
    if !line.has_part() {
        return Err(Refusal::PartEmpty);
    }
    if own {
        return Err(Refusal::OwnHousehold);
    }
    let gone = matches!(residence, None | Some(Residence::MovedAway | Residence::Deceased));
    if gone && said.note.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    Ok(())
}
