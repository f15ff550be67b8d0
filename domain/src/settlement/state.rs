//! The way of a statement: open, approved by one, paid by another, closed; and what stops it.
//!
//! Until it is paid the party can say that it is wrong, for [`DISPUTE_DAYS`]; an approval that was given in
//! the meantime falls. So nobody pays before, unless the party said that it agrees.

use chrono::{DateTime, Duration, Utc};

use crate::four_eyes::{Hand, checked_by};
use crate::points::Fen;
use crate::refusal::Refusal;

use super::Party;

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
        /// 商家确认: the party said that it is right.
        Agreed "agreed",
        /// On the way to an approval it was seen that its month is not what it was.
        Differed "differed",
        /// Somebody proposed a [`Cure`](super::Cure).
        Proposed "proposed",
        /// Somebody else said no to it.
        Refused "refused",
        /// 按台账结算: somebody else agreed that the ledger holds.
        ByLedger "by_ledger",
        /// 退回: somebody else agreed that the payment never arrived.
        Returned "returned",
    }
}

names! {
    /// What a party said of its statement.
    Dispute {
        /// Nothing.
        None "none",
        /// That it is wrong, and it waits for an answer.
        Raised "raised",
        /// That it was wrong, and it was answered.
        Answered "answered",
        /// That it is right.
        Agreed "agreed",
    }
}

/// Who says that a statement is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closer {
    /// The owner of the party.
    Party(Hand),
    /// Somebody who runs the village.
    Village(Hand),
}

/// A statement, as far as its way depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// With whom.
    pub party: Party,
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
    /// Who paid it.
    pub paid_by: Option<Hand>,
    /// What the party said of it.
    pub dispute: Dispute,
}

impl Settlement {
    /// Approves it. `unchanged` says whether till and ledger, compared once more, say of its month what they
    /// said when it was made: if not, it differs, and is not approved.
    ///
    /// # Errors
    /// `settlement_differs` if the ledger says something else, `settlement_disputed` before a dispute is
    /// answered, `settlement_state`, `checker_is_maker` for whoever had the month closed.
    pub fn approve(mut self, by: Hand, unchanged: bool) -> Result<Self, Refusal> {
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
        if unchanged {
            self.state = State::Approved;
            self.approved_by = Some(by);
        } else {
            self.state = State::Differs;
        }
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

    /// Pays what is due: another person than who approved it, once the party had its say.
    ///
    /// # Errors
    /// `settlement_state` unless it is approved, `settlement_nothing_due`, `checker_is_maker`,
    /// `settlement_dispute_open` before the party's time is over, unless it agreed.
    pub fn pay(mut self, by: Hand, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let (State::Approved, Some(approver)) = (self.state, self.approved_by) else {
            return Err(self.wrong_state());
        };
        if self.due <= Fen::ZERO {
            return Err(Refusal::SettlementNothingDue);
        }
        checked_by(approver, by)?;
        self.had_its_say(now)?;
        self.state = State::Paid;
        self.paid_by = Some(by);
        Ok(self)
    }

    /// Closes it: it was paid and the money has arrived, which is not for who paid it to say; or it is
    /// approved and nothing is due, which the village says once the party had its say.
    ///
    /// # Errors
    /// `settlement_state`, `checker_is_maker`, `settlement_dispute_open`.
    pub fn close(mut self, by: Closer, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let nothing_due = self.state == State::Approved && self.due <= Fen::ZERO;
        if self.state != State::Paid && !nothing_due {
            return Err(self.wrong_state());
        }
        let (Closer::Party(hand) | Closer::Village(hand)) = by;
        if let Some(payer) = self.paid_by {
            checked_by(payer, hand)?;
        }
        if nothing_due && matches!(by, Closer::Village(_)) {
            self.had_its_say(now)?;
        }
        self.state = State::Closed;
        Ok(self)
    }

    /// Checks that the party's time to say that it is wrong is over, or that it agreed. A store of the
    /// village has nobody who would.
    fn had_its_say(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        let until = self.dispute_until();
        let asked = !matches!(self.party, Party::VillageStore(_));
        if asked && self.dispute != Dispute::Agreed && now <= until {
            return Err(Refusal::SettlementDisputeOpen { until });
        }
        Ok(())
    }

    /// The party says that it is right, so that nobody has to wait.
    ///
    /// # Errors
    /// `settlement_state` once it is paid, or while it differs, so that nobody knows what is due;
    /// `settlement_disputed` while a dispute waits for its answer, `settlement_agreed`.
    pub fn agree(mut self) -> Result<Self, Refusal> {
        if !matches!(self.state, State::Open | State::Approved) {
            return Err(self.wrong_state());
        }
        match self.dispute {
            Dispute::None | Dispute::Answered => {}
            Dispute::Raised => return Err(Refusal::SettlementDisputed),
            Dispute::Agreed => return Err(Refusal::SettlementAgreed),
        }
        self.dispute = Dispute::Agreed;
        Ok(self)
    }

    /// The party says that it is wrong; an approval falls.
    ///
    /// # Errors
    /// `settlement_state` once it is paid, `settlement_disputed` while one waits for its answer,
    /// `settlement_dispute_late`.
    pub fn dispute(mut self, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if !matches!(self.state, State::Open | State::Differs | State::Approved) {
            return Err(self.wrong_state());
        }
        if self.dispute == Dispute::Raised {
            return Err(Refusal::SettlementDisputed);
        }
        let until = self.dispute_until();
        if now > until {
            return Err(Refusal::SettlementDisputeLate { until });
        }
        if self.state == State::Approved {
            self.state = State::Open;
            self.approved_by = None;
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
        self.due_is(due);
        Ok(self)
    }

    /// Something else is due, to which the party has not agreed.
    pub(super) fn due_is(&mut self, due: Fen) {
        if self.due != due && self.dispute == Dispute::Agreed {
            self.dispute = Dispute::None;
        }
        self.due = due;
    }

    pub(super) const fn wrong_state(&self) -> Refusal {
        Refusal::SettlementState { state: self.state }
    }
}
