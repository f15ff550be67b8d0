//! What two people do where a statement cannot go on by itself: one proposes, another decides.

use super::{Settlement, State};
use crate::four_eyes::{Hand, checked_by};
use crate::points::Fen;
use crate::refusal::Refusal;

names! {
    /// What somebody proposes.
    Cure {
        /// 按台账结算: till and ledger differ, and what the ledger says is due.
        ByLedger "by_ledger",
        /// 退回: the payment never arrived.
        Returned "returned",
    }
}

/// A proposal that waits for another person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What.
    pub cure: Cure,
    /// Who proposed it.
    pub by: Hand,
}

impl Proposal {
    /// Checks that somebody else decides.
    ///
    /// # Errors
    /// `checker_is_maker`.
    pub fn decided_by(&self, by: Hand) -> Result<(), Refusal> {
        checked_by(self.by, by)
    }
}

impl Settlement {
    /// Proposes a cure. `waiting` is the one that waits already.
    ///
    /// # Errors
    /// `settlement_state` unless it differs, or was paid; `settlement_proposed`.
    pub fn propose(
        &self,
        cure: Cure,
        waiting: Option<&Proposal>,
        by: Hand,
    ) -> Result<Proposal, Refusal> {
        self.needs(cure)?;
        if waiting.is_some() {
            return Err(Refusal::SettlementProposed);
        }
        Ok(Proposal { cure, by })
    }

    /// Somebody else agrees to a proposal: what differed is open again with what the ledger says is due;
    /// what was paid and came back is approved again and waits for another payment.
    ///
    /// # Errors
    /// `settlement_state`, `checker_is_maker`.
    pub fn cured(
        mut self,
        proposal: &Proposal,
        by: Hand,
        due_by_ledger: Fen,
    ) -> Result<Self, Refusal> {
        self.needs(proposal.cure)?;
        proposal.decided_by(by)?;
        match proposal.cure {
            Cure::ByLedger => {
                self.state = State::Open;
                self.due_is(due_by_ledger);
            }
            Cure::Returned => {
                self.state = State::Approved;
                self.paid_by = None;
            }
        }
        Ok(self)
    }

    fn needs(&self, cure: Cure) -> Result<(), Refusal> {
        let state = match cure {
            Cure::ByLedger => State::Differs,
            Cure::Returned => State::Paid,
        };
        if self.state == state { Ok(()) } else { Err(self.wrong_state()) }
    }
}
