//! The monthly statement (对账单): what a village owes a merchant, told twice.
//!
//! Once from the purchases, once from the ledger. Only if both come to the same fen may anybody pay.

use super::Bearer;
use crate::points::Fen;

/// So many purchases or refunds with what they add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub count: i64,
    /// What the goods cost.
    pub price: Fen,
    /// What came off.
    pub discount: Fen,
}

impl Sum {
    /// Both together, or `None` when that leaves the range.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            count: self.count.checked_add(other.count)?,
            price: self.price.plus(other.price)?,
            discount: self.discount.plus(other.discount)?,
        })
    }
}

/// What one bearer has to do with a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Borne {
    /// Purchases completed in the month.
    pub purchases: Sum,
    /// Refunds made in the month, whenever the purchase was.
    pub refunds: Sum,
}

/// A merchant's month with one village.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Month {
    /// What is paid from star credit.
    pub credit_offset: Borne,
    /// What the merchant gave.
    pub merchant_funded: Borne,
    /// What the ledger says was paid to the merchant from star credit in the month.
    pub ledger_offset: Fen,
    /// What the ledger says was given back in the month.
    pub ledger_refunded: Fen,
}

impl Month {
    /// The part of a bearer.
    pub const fn borne_by(&mut self, bearer: Bearer) -> &mut Borne {
        match bearer {
            Bearer::CreditOffset => &mut self.credit_offset,
            Bearer::MerchantFunded => &mut self.merchant_funded,
        }
    }

    /// All purchases, or `None` when the sum leaves the range.
    pub fn purchases(&self) -> Option<Sum> {
        self.credit_offset.purchases.plus(self.merchant_funded.purchases)
    }

    /// All refunds, or `None` when the sum leaves the range.
    pub fn refunds(&self) -> Option<Sum> {
        self.credit_offset.refunds.plus(self.merchant_funded.refunds)
    }

    /// What the village owes the merchant for the month: below zero when more came back than was
    /// sold. `None` when it leaves the range.
    pub fn net(&self) -> Option<Fen> {
        self.credit_offset.purchases.discount.minus(self.credit_offset.refunds.discount)
    }

    /// What the ledger says that the village owes.
    pub fn ledger_net(&self) -> Option<Fen> {
        self.ledger_offset.minus(self.ledger_refunded)
    }

    /// Whether purchases and ledger come to the same fen, offsets and refunds each.
    pub fn reconciled(&self) -> bool {
        self.credit_offset.purchases.discount == self.ledger_offset
            && self.credit_offset.refunds.discount == self.ledger_refunded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(count: i64, price: i64, discount: i64) -> Sum {
        Sum { count, price: Fen::new(price), discount: Fen::new(discount) }
    }

    #[test]
    fn a_village_owes_offsets_less_refunds_and_nothing_of_what_the_merchant_gave() {
        let mut month = Month {
            ledger_offset: Fen::new(1_228),
            ledger_refunded: Fen::new(200),
            ..Month::default()
        };
        month.borne_by(Bearer::CreditOffset).purchases = sum(2, 15_350, 1_228);
        month.borne_by(Bearer::CreditOffset).refunds = sum(1, 2_500, 200);
        month.borne_by(Bearer::MerchantFunded).purchases = sum(1, 10_000, 500);
        assert_eq!(month.net(), Some(Fen::new(1_028)));
        assert_eq!(month.purchases(), Some(sum(3, 25_350, 1_728)));
        assert!(month.reconciled());
    }

    #[test]
    fn two_errors_that_cancel_out_are_still_errors() {
        let mut month = Month {
            ledger_offset: Fen::new(900),
            ledger_refunded: Fen::new(100),
            ..Month::default()
        };
        month.borne_by(Bearer::CreditOffset).purchases = sum(1, 10_000, 800);
        assert_eq!(month.net(), month.ledger_net());
        assert!(!month.reconciled());
    }
}
