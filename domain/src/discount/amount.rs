//! What comes off a price.
//!
//! Discount = floor(price × basis points ÷ 10,000), at most the star credit left (if the village
//! bears it) and what the daily ceilings leave. What limited it is told, so that nobody wonders at
//! the till.

use super::{AgreementTerms, Bearer};
use crate::points::{BasisPoints, Fen};

/// What was given today already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// To this account, at all shops of the village.
    pub by_account: Fen,
    /// To all accounts under this agreement.
    pub by_merchant: Fen,
}

names! {
    /// What kept a discount below the share of the price.
    Limit {
        /// The star credit left.
        StarCredit "star_credit",
        /// The account's daily ceiling.
        AccountDailyCeiling "account_daily_ceiling",
        /// The merchant's daily ceiling.
        MerchantDailyCeiling "merchant_daily_ceiling",
    }
}

/// What a discount is reckoned from, besides the price.
#[derive(Clone, Copy, Debug)]
pub struct Basis<'a> {
    /// What merchant and village agreed.
    pub terms: &'a AgreementTerms,
    /// The share that the quote gave.
    pub share: BasisPoints,
    /// The account's daily ceiling that the quote gave.
    pub account_daily_ceiling: Fen,
    /// The star credit left.
    pub credit_left: Fen,
    /// What was given today already.
    pub spent: Spent,
}

/// What comes off a price, and what limited it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discount {
    /// What comes off.
    pub amount: Fen,
    /// What limited it, if anything did.
    pub limited_by: Option<Limit>,
}

impl Discount {
    /// Reckons the discount on a price.
    pub fn on(price: Fen, basis: &Basis<'_>) -> Self {
        let Basis { terms, share, account_daily_ceiling, credit_left, spent } = *basis;
        let mut discount = Self { amount: share.of(price), limited_by: None };
        let credit = (terms.bearer == Bearer::CreditOffset).then_some(credit_left);
        let limits = [
            (credit, Limit::StarCredit),
            (Some(spent.by_account.left_of(account_daily_ceiling)), Limit::AccountDailyCeiling),
            (
                Some(spent.by_merchant.left_of(terms.merchant_daily_ceiling)),
                Limit::MerchantDailyCeiling,
            ),
        ];
        for (most, limit) in limits {
            if let Some(most) = most
                && most < discount.amount
            {
                discount = Self { amount: most, limited_by: Some(limit) };
            }
        }
        discount
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Categories, Times};
    use super::*;
    use proptest::prelude::*;

    fn terms(bearer: Bearer) -> AgreementTerms {
        AgreementTerms {
            from: "2026-01-01".parse().unwrap(),
            until: None,
            categories: Categories::ALL,
            times: Times::ALWAYS,
            bearer,
            discount_by_star: [BasisPoints::ZERO; 5],
            price_ceiling: Fen::yuan(2_000),
            account_daily_ceiling: Fen::yuan(200),
            merchant_daily_ceiling: Fen::yuan(5_000),
            confirm_above: None,
            refund_days_max: 7,
        }
    }

    fn basis(terms: &AgreementTerms, bp: u16) -> Basis<'_> {
        Basis {
            terms,
            share: BasisPoints::new(bp).unwrap(),
            account_daily_ceiling: terms.account_daily_ceiling,
            credit_left: Fen::yuan(1_600),
            spent: Spent::default(),
        }
    }

    #[test]
    fn a_daily_ceiling_limits_the_discount() {
        let spent = Spent { by_account: Fen::yuan(195), by_merchant: Fen::ZERO };
        let terms = terms(Bearer::MerchantFunded);
        let basis = Basis { spent, credit_left: Fen::ZERO, ..basis(&terms, 1_000) };
        let discount = Discount::on(Fen::yuan(100), &basis);
        assert_eq!(discount.amount, Fen::yuan(5));
        assert_eq!(discount.limited_by, Some(Limit::AccountDailyCeiling));
    }

    proptest! {
        #[test]
        fn a_discount_never_exceeds_price_share_credit_or_ceiling(
            price in 1_i64..=200_000,
            credit in 0_i64..=300_000,
            by_account in 0_i64..=30_000,
            by_merchant in 0_i64..=600_000,
            bp in 0_u16..=10_000,
        ) {
            let terms = terms(Bearer::CreditOffset);
            let spent = Spent { by_account: Fen::new(by_account), by_merchant: Fen::new(by_merchant) };
            let basis = Basis { credit_left: Fen::new(credit), spent, ..basis(&terms, bp) };
            let (share, price) = (basis.share, Fen::new(price));
            let amount = Discount::on(price, &basis).amount;
            prop_assert!(amount >= Fen::ZERO);
            prop_assert!(amount <= share.of(price));
            prop_assert!(amount.get() <= credit);
            prop_assert!(amount <= spent.by_account.left_of(terms.account_daily_ceiling));
            prop_assert!(amount <= spent.by_merchant.left_of(terms.merchant_daily_ceiling));
        }
    }
}
