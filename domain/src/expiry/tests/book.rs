//! A ledger of one account, as the program keeps it.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::expiry::{PointsPurse, YearEnd, postings, spare_what_ran_out};
use crate::id::{
    AccountId, ClaimId, EntryId, PointsExpiryId, PurchaseId, RedemptionId, RuleBookId,
};
use crate::ledger::{Balances, Counter, Entry, Posting, Purse, Sheet, Shortfall, Source};
use crate::lots::Movement;
use crate::points::{BasisPoints, Points};
use crate::rule_book::PointsPolicy;

pub(in crate::expiry) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(in crate::expiry) fn h(hundredths: i64) -> Points {
    Points::from_hundredths(hundredths)
}

pub(in crate::expiry) fn carry(share: u16) -> PointsPolicy {
    PointsPolicy::CarryOver { share_bp: BasisPoints::new(share).unwrap() }
}

pub(in crate::expiry) fn account(n: u128) -> AccountId {
    AccountId(Uuid::from_u128(n))
}

pub(in crate::expiry) fn end(year: i32, policy: PointsPolicy) -> YearEnd {
    let id = Uuid::from_u128(u128::from(year.unsigned_abs()));
    YearEnd { id: PointsExpiryId(id), year, book: RuleBookId(Uuid::nil()), policy }
}

/// A ledger of one account, as the program keeps it.
#[derive(Clone, Debug)]
pub(in crate::expiry) struct Book {
    account: AccountId,
    sheet: Sheet,
    pub(in crate::expiry) entries: Vec<Entry>,
    pub(in crate::expiry) movements: Vec<Movement>,
}

impl Book {
    pub(in crate::expiry) fn new(account: AccountId) -> Self {
        let sheet = Sheet([(account, Balances::default())].into());
        Self { account, sheet, entries: Vec::new(), movements: Vec::new() }
    }

    pub(in crate::expiry) fn next_id(&self) -> EntryId {
        EntryId(Uuid::from_u128(self.entries.len() as u128 + 1))
    }

    pub(in crate::expiry) fn balance(&self) -> i64 {
        self.sheet.0[&self.account].points
    }

    /// Posts, and answers the entry if anything moved.
    pub(in crate::expiry) fn post(&mut self, posting: Posting, on: NaiveDate) -> Option<Entry> {
        let done = self.sheet.post(vec![posting]).unwrap();
        self.movements.extend(done.iter().map(|entry| Movement::of(entry, on)));
        self.entries.extend(done.iter().cloned());
        done.into_iter().next()
    }

    pub(in crate::expiry) fn moves(
        &mut self,
        source: Source,
        nth: i16,
        amount: i64,
        on: NaiveDate,
    ) -> Option<Entry> {
        let posting = self.moving(source, nth, amount, on);
        self.post(posting, on)
    }

    pub(in crate::expiry) fn moving(
        &self,
        source: Source,
        nth: i16,
        amount: i64,
        on: NaiveDate,
    ) -> Posting {
        Posting {
            id: self.next_id(),
            account: self.account,
            purse: Purse::Points,
            amount,
            counter: if amount > 0 { Counter::Issue } else { Counter::Redemption },
            source,
            source_posting: nth,
            rule_book: None,
            item_code: None,
            happened_on: on,
            effect: None,
            reverses: None,
            shortfall: Shortfall::Refuse,
        }
    }

    /// Has an award count another amount, nothing included, as the ledger does: what gives and what
    /// takes.
    pub(in crate::expiry) fn correct(
        &mut self,
        was: &Entry,
        source: Source,
        nth: i16,
        instead: i64,
        on: NaiveDate,
    ) -> (Option<Entry>, Option<Entry>) {
        let gives = self.moving(source, nth, instead, on);
        let takes = Posting::reversing(was, EntryId(Uuid::from_u128(gives.id.0.as_u128() + 1)));
        let mut both = [gives, takes];
        spare_what_ran_out(&mut both, &[self.purse()]).unwrap();
        let [gives, takes] = both;
        let given = self.post(gives, on);
        let takes = Posting { id: self.next_id(), ..takes };
        (given, self.post(takes, on))
    }

    pub(in crate::expiry) fn reverse(&mut self, entry: &Entry, on: NaiveDate) -> Option<Entry> {
        let posting = Posting::reversing(entry, self.next_id());
        self.post(posting, on)
    }

    pub(in crate::expiry) fn purse(&self) -> PointsPurse {
        PointsPurse { account: self.account, movements: self.movements.clone() }
    }

    /// What the end of a year posts.
    pub(in crate::expiry) fn ends(&self, end: &YearEnd, on: NaiveDate) -> Vec<Posting> {
        let mut ids = (self.entries.len() as u128 + 1..).map(|n| EntryId(Uuid::from_u128(n)));
        postings(end, &[self.purse()], on, || ids.next().unwrap()).unwrap()
    }
}

/// The source of a redemption.
pub(in crate::expiry) fn purchase(n: u128) -> Source {
    Source::Purchase(PurchaseId(Uuid::from_u128(n)))
}

/// The source of a redemption at a points store.
pub(in crate::expiry) fn redemption(id: RedemptionId) -> Source {
    Source::Redemption(id)
}

pub(in crate::expiry) fn claim(n: u128) -> Source {
    Source::Claim(ClaimId(Uuid::from_u128(n)))
}
