//! Statements and settlement (对账与结算): what a village owes a shop for a month, kept as it was, checked,
//! approved by one person and paid by another.
//!
//! A month is closed [`close_due_at`]: an hour after it is over. What counts in it is decided by the
//! moment at which the ledger recorded it, so every purchase and every refund is in exactly one month; a
//! refund of an earlier month's purchase lowers the month in which it was refunded. A month in which more
//! came back than was sold owes nothing, and what is over is carried into the next one ([`settle`]).
//!
//! Each figure is told twice, from the till and from the ledger. A statement whose two sides are not the
//! same, line by line, waits as [`State::Differs`]: it cannot be approved, and [`differences`] says which
//! purchases it is about. A refund does not put it right, since it counts in its own month: two people
//! settle it by what the ledger says ([`Cure::ByLedger`]), and both figures are kept.
//!
//! What is due is paid once the party had its time to say that it is wrong, or agreed. A payment that did
//! not arrive is taken back by two people ([`Cure::Returned`]). Nobody of the party acts for the village
//! ([`for_the_village`]).
//!
//! Absent: interest, partial payments, and any way to change a line.

mod by_ledger;
mod compare;
mod cure;
mod state;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Duration, Utc};

use crate::actor::{Actor, Role};
use crate::calendar::{Cycle, CycleKind, day_of, start_of};
use crate::id::{MerchantId, StoreId};
use crate::points::{Fen, Points};
use crate::refusal::Refusal;

pub use by_ledger::{UnequalLine, ledger_net};
pub use compare::{Difference, Movement, differences};
pub use cure::{Cure, Proposal};
pub use state::{Closer, DISPUTE_DAYS, Dispute, Settlement, State, Step};

/// How long after the end of a month it is closed: longer than any request takes that began before.
const CLOSE_AFTER_MINUTES: i64 = 60;

/// With whom a village settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A merchant: for discounts that were paid from star credit.
    Merchant(MerchantId),
    /// A points store that a merchant runs: for the worth of goods that were handed over.
    MerchantStore(StoreId),
    /// A points store that the village runs: it hands in the cash that it took.
    VillageStore(StoreId),
}

impl Party {
    /// The name of its kind in API and database.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Merchant(_) => "merchant",
            Self::MerchantStore(_) => "merchant_store",
            Self::VillageStore(_) => "village_store",
        }
    }

    /// The id of the merchant or store.
    pub const fn id(self) -> uuid::Uuid {
        match self {
            Self::Merchant(id) => id.0,
            Self::MerchantStore(id) | Self::VillageStore(id) => id.0,
        }
    }

    /// The party of that kind and id.
    pub fn from_kind(kind: &str, id: uuid::Uuid) -> Option<Self> {
        [Self::Merchant(id.into()), Self::MerchantStore(id.into()), Self::VillageStore(id.into())]
            .into_iter()
            .find(|party| party.kind() == kind)
    }
}

/// So many purchases or redemptions, or refunds of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// How many.
    pub count: i64,
    /// What the goods cost: at a store, what their points were worth and the cash besides.
    pub price: Fen,
    /// What the village owes for it: paid from star credit, or the worth of the points.
    pub owed: Fen,
    /// What the merchant gave off by itself.
    pub given: Fen,
    /// The cash that a store took besides the points.
    pub cash: Fen,
    /// The points that were redeemed.
    pub points: Points,
    /// What the ledger says: fen of star credit at a merchant, hundredths of points at a store.
    pub ledger: i64,
}

impl Side {
    /// Both together.
    ///
    /// # Errors
    /// `amount_out_of_range`.
    pub fn plus(self, other: Self) -> Result<Self, Refusal> {
        let sum = || {
            Some(Self {
                count: self.count.checked_add(other.count)?,
                price: self.price.plus(other.price)?,
                owed: self.owed.plus(other.owed)?,
                given: self.given.plus(other.given)?,
                cash: self.cash.plus(other.cash)?,
                points: self.points.plus(other.points)?,
                ledger: self.ledger.checked_add(other.ledger)?,
            })
        };
        sum().ok_or(Refusal::AmountOutOfRange)
    }

    /// What the ledger should say of it.
    const fn expected(&self, party: Party) -> i64 {
        match party {
            Party::Merchant(_) => self.owed.get(),
            Party::MerchantStore(_) | Party::VillageStore(_) => self.points.hundredths(),
        }
    }
}

/// A month of a village with a party.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// What was bought, or handed over, in the month.
    pub sales: Side,
    /// What was refunded in the month, whenever it was bought.
    pub refunds: Side,
    /// So many lines whose amount is not that of their entry, or that have none; and so many entries
    /// whose line is not in the month.
    pub unequal: i64,
}

impl Figures {
    /// Whether the ledger says the same: of sales and refunds each, and of every line, so that two errors
    /// that cancel out are a difference too.
    pub const fn reconciled(&self, party: Party) -> bool {
        self.sales.expected(party) == self.sales.ledger
            && self.refunds.expected(party) == self.refunds.ledger
            && self.unequal == 0
    }

    /// What the village owes for the month alone; below zero, what the party owes.
    ///
    /// # Errors
    /// `amount_out_of_range`.
    pub fn net(&self, party: Party) -> Result<Fen, Refusal> {
        let net = match party {
            Party::Merchant(_) | Party::MerchantStore(_) => {
                self.sales.owed.minus(self.refunds.owed)
            }
            Party::VillageStore(_) => self.refunds.cash.minus(self.sales.cash),
        };
        net.ok_or(Refusal::AmountOutOfRange)
    }
}

/// What a month comes to with what was carried into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// What the month alone comes to.
    pub net: Fen,
    /// What earlier months left.
    pub carried_in: Fen,
    /// What is paid for it: to the party; by a store of the village, to the fund.
    pub due: Fen,
    /// What is left for the next month.
    pub carried_out: Fen,
}

/// Settles a month: what is due, and what is carried on. Money goes one way only: to a merchant, from a
/// store of the village; what points the other way is carried on until it is used up.
///
/// # Errors
/// `amount_out_of_range`.
pub fn settle(party: Party, figures: &Figures, carried_in: Fen) -> Result<Balance, Refusal> {
    settle_net(party, figures.net(party)?, carried_in)
}

/// As [`settle`], for a month that comes to `net`.
///
/// # Errors
/// `amount_out_of_range`.
pub fn settle_net(party: Party, net: Fen, carried_in: Fen) -> Result<Balance, Refusal> {
    let whole = net.plus(carried_in).ok_or(Refusal::AmountOutOfRange)?;
    let to_party = !matches!(party, Party::VillageStore(_));
    let flows = if to_party { whole > Fen::ZERO } else { whole < Fen::ZERO };
    let (due, carried_out) = if flows {
        let due = if to_party { Some(whole) } else { Fen::ZERO.minus(whole) };
        (due.ok_or(Refusal::AmountOutOfRange)?, Fen::ZERO)
    } else {
        (Fen::ZERO, whole)
    };
    Ok(Balance { net, carried_in, due, carried_out })
}

/// Checks that what is done for the village is not done by the party's own people: who owns a merchant or
/// stands at its till neither approves nor pays nor answers its statement, whatever else they are.
///
/// # Errors
/// `own_merchant`.
pub fn for_the_village(actor: &Actor, merchant: Option<MerchantId>) -> Result<(), Refusal> {
    let own = merchant.is_some_and(|merchant| {
        [Role::MerchantOwner, Role::MerchantClerk]
            .into_iter()
            .any(|role| actor.holds_for(role, merchant))
    });
    if own { Err(Refusal::OwnMerchant) } else { Ok(()) }
}

/// The month that is open at that moment.
pub fn month_of(moment: DateTime<Utc>) -> Cycle {
    CycleKind::Month.holding(day_of(moment))
}

/// From when on a month is closed.
pub fn close_due_at(month: Cycle) -> DateTime<Utc> {
    start_of(month.next_first_day()) + Duration::minutes(CLOSE_AFTER_MINUTES)
}

/// Checks that a month can be closed.
///
/// # Errors
/// `cycle_wrong_kind` for anything but a month, `settlement_too_early`.
pub fn may_close(month: Cycle, now: DateTime<Utc>) -> Result<(), Refusal> {
    if month.kind() != CycleKind::Month {
        return Err(Refusal::CycleWrongKind);
    }
    let from = close_due_at(month);
    if now < from { Err(Refusal::SettlementTooEarly { from }) } else { Ok(()) }
}
