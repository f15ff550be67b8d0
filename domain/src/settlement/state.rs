//! The way of a statement: open, approved by one, paid by another, closed; and what stops it.

use chrono::{DateTime, Duration, Utc};

use crate::four_eyes::{Hand, checked_by};
use crate::points::Fen;
use crate::refusal::Refusal;

/// How many days a party has to say that its statement is wrong.
pub const DISPUTE_DAYS: i64 = 15;

names! {
    /// Where a statement stands.
    State {
        /// 待审核: made, and in agreement with the ledger.
        Open "open",
        /// 账实不符: the ledger says something else. Nobody pays before it is cleared up.
        Differs "differs",
        /// 已审核: may be paid.
        Approved "approved",
        /// 已付款.
        Paid "paid",
        /// 已结清: the money has arrived, or none was due.
        Closed "closed",
    }
}

impl State {
    /// Whether what it says is due still is.
    pub const fn is_unpaid(self) -> bool {
        !matches!(self, Self::Paid | Self::Closed)
    }
}

names! {
    /// What somebody did with a statement.
    Step {
        /// 审核.
        Approved "approved",
        /// The approval was taken back.
        TakenBack "taken_back",
        /// 付款.
        Paid "paid",
        /// 结清.
        Closed "closed",
        /// The party said that it is wrong.
        Disputed "disputed",
        /// The village answered.
        Answered "answered",
        /// It was reckoned anew.
        Reckoned "reckoned",
    }
}

names! {
    /// Whether a party said that its statement is wrong.
    Dispute {
        /// It did not.
        None "none",
        /// It did, and waits for an answer.
        Raised "raised",
        /// It was answered.
        Answered "answered",
    }
}

/// A statement, as far as its way depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// Where it stands.
    pub state: State,
    /// What is due.
    pub due: Fen,
    /// Who had the month closed, if a person did.
    pub made_by: Option<Hand>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Who approved it.
    pub approved_by: Option<Hand>,
    /// Whether the party disputes it.
    pub dispute: Dispute,
}

impl Settlement {
    /// Approves it.
    ///
    /// # Errors
    /// `settlement_differs` if the ledger says something else, `settlement_disputed` before a dispute is
    /// answered, `settlement_state`, `checker_is_maker` for whoever had the month closed.
    pub fn approve(mut self, by: Hand) -> Result<Self, Refusal> {
        match self.state {
            State::Open => {}
            State::Differs => return Err(Refusal::SettlementDiffers),
            _ => return Err(self.wrong_state()),
        }
        if self.dispute == Dispute::Raised {
            return Err(Refusal::SettlementDisputed);
        }
        if let Some(maker) = self.made_by {
            checked_by(maker, by)?;
        }
        self.state = State::Approved;
        self.approved_by = Some(by);
        Ok(self)
    }

    /// Takes an approval back, as long as nothing was paid.
    ///
    /// # Errors
    /// `settlement_state`.
    pub fn take_back(mut self) -> Result<Self, Refusal> {
        if self.state != State::Approved {
            return Err(self.wrong_state());
        }
        self.state = State::Open;
        self.approved_by = None;
        Ok(self)
    }

    /// Pays what is due: another person than who approved it.
    ///
    /// # Errors
    /// `settlement_state` unless it is approved, `settlement_nothing_due`, `checker_is_maker`.
    pub fn pay(mut self, by: Hand) -> Result<Self, Refusal> {
        let (State::Approved, Some(approver)) = (self.state, self.approved_by) else {
            return Err(self.wrong_state());
        };
        if self.due <= Fen::ZERO {
            return Err(Refusal::SettlementNothingDue);
        }
        checked_by(approver, by)?;
        self.state = State::Paid;
        Ok(self)
    }

    /// Closes it: it was paid and the money has arrived, or it is approved and nothing is due.
    ///
    /// # Errors
    /// `settlement_state`.
    pub fn close(mut self) -> Result<Self, Refusal> {
        let nothing_due = self.state == State::Approved && self.due <= Fen::ZERO;
        if self.state != State::Paid && !nothing_due {
            return Err(self.wrong_state());
        }
        self.state = State::Closed;
        Ok(self)
    }

    /// The party says that it is wrong.
    ///
    /// # Errors
    /// `settlement_state` once it is approved, `settlement_disputed` while one waits for its answer,
    /// `settlement_dispute_late`.
    pub fn dispute(mut self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if !matches!(self.state, State::Open | State::Differs) {
            return Err(self.wrong_state());
        }
        if self.dispute == Dispute::Raised {
            return Err(Refusal::SettlementDisputed);
        }
        let until = self.dispute_until();
        if now > until {
            return Err(Refusal::SettlementDisputeLate { until });
        }
        self.dispute = Dispute::Raised;
        Ok(self)
    }

    /// Until when the party can say that it is wrong.
    pub fn dispute_until(&self) -> DateTime<Utc> {
        self.made_at + Duration::days(DISPUTE_DAYS)
    }

    /// The village answers.
    ///
    /// # Errors
    /// `settlement_state` if nothing waits for an answer.
    pub fn answer(mut self) -> Result<Self, Refusal> {
        if self.dispute != Dispute::Raised {
            return Err(self.wrong_state());
        }
        self.dispute = Dispute::Answered;
        Ok(self)
    }

    /// It was reckoned anew: whether the ledger now says the same, and what is due.
    ///
    /// # Errors
    /// `settlement_state` once it is approved.
    pub fn reckon(mut self, reconciled: bool, due: Fen) -> Result<Self, Refusal> {
        if !matches!(self.state, State::Open | State::Differs) {
            return Err(self.wrong_state());
        }
        self.state = if reconciled { State::Open } else { State::Differs };
        self.due = due;
        Ok(self)
    }

    const fn wrong_state(&self) -> Refusal {
        Refusal::SettlementState { state: self.state }
    }
}
