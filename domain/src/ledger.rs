//! The ledger (积分台账): three purses, never one balance; entries are added, never changed.
//!
//! Everything that moves points or money becomes a list of [`Posting`]s. [`Sheet::post`] folds
//! them over the balances that were read under lock and answers the entries to append, each with
//! the balance after it and the account's version. Either all of it can be written or nothing is.
//!
//! Conservation: what accounts hold in a purse equals what came from the outside counters less
//! what went back to them, since every entry moves an amount between one account and one counter.
//! Which of the redeemable points run out is read off the entries: [`crate::lots`] and
//! [`crate::expiry`].

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{
    AccountId, ClaimId, EntryId, PayoutId, PointsExpiryId, PurchaseId, RatingId, RedemptionId,
    RuleBookId, VillagerId,
};
use crate::refusal::Refusal;
use crate::rule_book::ScorePart;

mod arrears;

pub use arrears::{Arrears, Missing, take_later};

macro_rules! named {
    ($($(#[$doc:meta])* $enum:ident { $($(#[$vdoc:meta])* $name:ident = $code:literal $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $enum { $($(#[$vdoc])* $name,)* }

        impl $enum {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The number in the database. Never reused for something else.
            pub const fn code(self) -> i16 {
                match self { $(Self::$name => $code,)* }
            }

            /// The value of that number.
            pub const fn from_code(code: i16) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }

            /// The name in the API.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    )*};
}

named! {
    /// A purse of an account.
    Purse {
        /// 积分, for stars: hundredths of a point; may fall below zero.
        Score = 1 "score",
        /// 可用积分: hundredths of a point; never below zero.
        Points = 2 "points",
        /// 诚信金: fen; never below zero.
        StarCredit = 3 "star_credit",
    }
    /// The other side of an entry.
    Counter {
        /// The village issues.
        Issue = 1 "issue",
        /// The village takes back by a deduction.
        Forfeit = 2 "forfeit",
        /// A merchant was paid with it.
        Merchant = 3 "merchant",
        /// Goods were redeemed for it.
        Redemption = 4 "redemption",
        /// It ran out.
        Expiry = 5 "expiry",
        /// An earlier entry is taken back.
        Reversal = 6 "reversal",
        /// Carried over from elsewhere when the village began.
        Opening = 7 "opening",
        /// Paid out as dividend.
        Dividend = 8 "dividend",
    }
}

/// What caused an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A claim or deduction.
    Claim(ClaimId),
    /// A rating that took effect.
    Rating(RatingId),
    /// A purchase.
    Purchase(PurchaseId),
    /// The end of a year, at which points ran out.
    Expiry(PointsExpiryId),
    /// Goods that were redeemed.
    Redemption(RedemptionId),
    /// A dividend that used up the points it paid for.
    Payout(PayoutId),
}

impl Source {
    /// The number of its kind in the database.
    pub const fn code(self) -> i16 {
        match self {
            Self::Claim(_) => 1,
            Self::Rating(_) => 2,
            Self::Purchase(_) => 3,
            Self::Expiry(_) => 4,
            Self::Redemption(_) => 5,
            Self::Payout(_) => 6,
        }
    }

    /// The id of what caused it.
    pub const fn id(self) -> uuid::Uuid {
        match self {
            Self::Claim(id) => id.0,
            Self::Rating(id) => id.0,
            Self::Purchase(id) => id.0,
            Self::Expiry(id) => id.0,
            Self::Redemption(id) => id.0,
            Self::Payout(id) => id.0,
        }
    }

    /// The source of that kind and id.
    pub const fn from_code(code: i16, id: uuid::Uuid) -> Option<Self> {
        match code {
            1 => Some(Self::Claim(ClaimId(id))),
            2 => Some(Self::Rating(RatingId(id))),
            3 => Some(Self::Purchase(PurchaseId(id))),
            4 => Some(Self::Expiry(PointsExpiryId(id))),
            5 => Some(Self::Redemption(RedemptionId(id))),
            6 => Some(Self::Payout(PayoutId(id))),
            _ => None,
        }
    }

    /// The name of its kind in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claim(_) => "claim",
            Self::Rating(_) => "rating",
            Self::Purchase(_) => "purchase",
            Self::Expiry(_) => "expiry",
            Self::Redemption(_) => "redemption",
            Self::Payout(_) => "payout",
        }
    }
}

/// What an account holds: hundredths of a point, and fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// 积分.
    pub score: i64,
    /// 可用积分.
    pub points: i64,
    /// 诚信金.
    pub star_credit: i64,
    /// How many entries the account has.
    pub version: i64,
}

impl Balances {
    /// The balance of one purse.
    pub const fn of(&self, purse: Purse) -> i64 {
        match purse {
            Purse::Score => self.score,
            Purse::Points => self.points,
            Purse::StarCredit => self.star_credit,
        }
    }

    fn of_mut(&mut self, purse: Purse) -> &mut i64 {
        match purse {
            Purse::Score => &mut self.score,
            Purse::Points => &mut self.points,
            Purse::StarCredit => &mut self.star_credit,
        }
    }
}

/// What to do when a purse holds less than is taken from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// Refuse.
    Refuse,
    /// Take what is there (a deduction, or the reversal of points already spent). What is missing of
    /// redeemable points is noted ([`Sheet::post_noting`]): it may be held in a redemption.
    TakeWhatIsThere,
}

/// What a rating needs to know of an entry in the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The member of the account who is credited.
    pub member: VillagerId,
    /// Which part of the score it is of.
    pub part: ScorePart,
    /// The last day on which it counts, unless it is put right before.
    pub counts_until: NaiveDate,
}

/// A movement that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The id that the entry will have.
    pub id: EntryId,
    /// Whose account.
    pub account: AccountId,
    /// Which purse.
    pub purse: Purse,
    /// How much: hundredths of a point, or fen; below zero takes away.
    pub amount: i64,
    /// The other side.
    pub counter: Counter,
    /// What causes it.
    pub source: Source,
    /// How often the source was written before: 0 at first, more after corrections; below zero for what was
    /// taken later ([`take_later`]).
    pub source_posting: i16,
    /// The book that says so, if one does.
    pub rule_book: Option<RuleBookId>,
    /// The item of that book.
    pub item_code: Option<String>,
    /// The day of the deed, which decides the cycle.
    pub happened_on: NaiveDate,
    /// For the score: whose it is, of which part, and until when it counts.
    pub effect: Option<Effect>,
    /// The entry that this one takes back.
    pub reverses: Option<EntryId>,
    /// What to do when there is too little.
    pub shortfall: Shortfall,
}

impl Posting {
    /// The posting that takes an entry back. It lies in the cycle of that entry.
    pub fn reversing(entry: &Entry, id: EntryId) -> Self {
        Self {
            id,
            amount: -entry.posting.amount,
            counter: Counter::Reversal,
            reverses: Some(entry.posting.id),
            shortfall: Shortfall::TakeWhatIsThere,
            ..entry.posting.clone()
        }
    }
}

/// A movement with what it left behind, ready to be appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The movement; its amount is what really moved.
    pub posting: Posting,
    /// The balance of the purse after it.
    pub balance_after: i64,
    /// The version of the account after it.
    pub account_version: i64,
}

/// The balances of the accounts that a set of postings touches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet(pub BTreeMap<AccountId, Balances>);

impl Sheet {
    /// Folds postings over the balances, in their order. Postings of nothing leave no entry.
    ///
    /// # Errors
    /// `not_found` for an account that was not read, `balance_too_low` and `credit_too_low` when a
    /// purse holds too little, `amount_out_of_range`. Then nothing is changed.
    pub fn post(&mut self, postings: Vec<Posting>) -> Result<Vec<Entry>, Refusal> {
        self.post_noting(postings).map(|(entries, _)| entries)
    }

    /// As [`Sheet::post`]; answers besides what was to be taken from redeemable points and was not there.
    ///
    /// # Errors
    /// As [`Sheet::post`].
    pub fn post_noting(
        &mut self,
        postings: Vec<Posting>,
    ) -> Result<(Vec<Entry>, Vec<Missing>), Refusal> {
        let mut after = self.0.clone();
        let mut missing = Vec::new();
        let mut entries = Vec::with_capacity(postings.len());
        for mut posting in postings {
            let balances = after.get_mut(&posting.account).ok_or(Refusal::NotFound)?;
            let since = balances.version;
            let balance = balances.of_mut(posting.purse);
            let mut next = balance.checked_add(posting.amount).ok_or(Refusal::AmountOutOfRange)?;
            if next < 0 && posting.amount < 0 && posting.purse != Purse::Score {
                if posting.shortfall == Shortfall::Refuse {
                    return Err(too_low(posting.purse, *balance));
                }
                if posting.purse == Purse::Points {
                    let posting = Posting { amount: next, ..posting.clone() };
                    missing.push(Missing { posting, since });
                }
                posting.amount = -*balance;
                next = 0;
            }
            if posting.amount == 0 {
                continue;
            }
            *balance = next;
            balances.version += 1;
            let account_version = balances.version;
            entries.push(Entry { posting, balance_after: next, account_version });
        }
        self.0 = after;
        Ok((entries, missing))
    }
}

fn too_low(purse: Purse, balance: i64) -> Refusal {
    match purse {
        Purse::StarCredit => Refusal::CreditTooLow { left: crate::points::Fen::new(balance) },
        Purse::Score | Purse::Points => {
            Refusal::BalanceTooLow { points: crate::points::Points::from_hundredths(balance) }
        }
    }
}

/// The sums of a purse over a whole village: by accounts and by counters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurseTotals {
    /// Which purse.
    pub purse: Purse,
    /// What the accounts say that they hold.
    pub balances: i128,
    /// What the entries add up to, by counter.
    pub by_counter: BTreeMap<Counter, i128>,
}

impl PurseTotals {
    /// What the balances hold more (or less) than the entries say: 0 when the purse is conserved.
    pub fn difference(&self) -> i128 {
        self.balances - self.by_counter.values().sum::<i128>()
    }
}

#[cfg(test)]
mod tests;
