//! From purchase to refund.
//!
//! Discount = floor(price × basis points ÷ 10,000), at most the star credit left (if the village
//! bears it) and what the daily ceilings leave. What limited it is told, so that nobody wonders at
//! the till.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::{AgreementTerms, Bearer, Quote};
use crate::calendar::day_of;
use crate::id::{AccountId, EntryId, PurchaseId};
use crate::ledger::{Counter, Posting, Purse, Shortfall, Source};
use crate::points::{BasisPoints, Fen};
use crate::refusal::Refusal;

/// What was given today already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// To this account, at all shops of the village.
    pub by_account: Fen,
    /// To all accounts under this agreement.
    pub by_merchant: Fen,
}

/// What kept a discount below the share of the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The star credit left.
    StarCredit,
    /// The account's daily ceiling.
    AccountDailyCeiling,
    /// The merchant's daily ceiling.
    MerchantDailyCeiling,
}

impl Limit {
    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::StarCredit => "star_credit",
            Self::AccountDailyCeiling => "account_daily_ceiling",
            Self::MerchantDailyCeiling => "merchant_daily_ceiling",
        }
    }

    /// The limit of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::StarCredit, Self::AccountDailyCeiling, Self::MerchantDailyCeiling]
            .into_iter()
            .find(|limit| limit.as_str() == name)
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

/// Where a purchase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PurchaseState {
    /// Waits for the villager's confirmation; nothing has moved.
    AwaitingConfirmation,
    /// Done.
    Completed,
    /// Taken back.
    Refunded,
}

impl PurchaseState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::AwaitingConfirmation, Self::Completed, Self::Refunded];

    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwaitingConfirmation => "awaiting_confirmation",
            Self::Completed => "completed",
            Self::Refunded => "refunded",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A purchase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// Its id.
    pub id: PurchaseId,
    /// The buyer's account.
    pub account: AccountId,
    /// The price.
    pub price: Fen,
    /// What came off.
    pub discount: Discount,
    /// Who bore it.
    pub bearer: Bearer,
    /// Where it stands.
    pub state: PurchaseState,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

impl Purchase {
    /// What the buyer pays.
    pub fn to_pay(&self) -> Fen {
        self.price.minus(self.discount.amount).unwrap_or(self.price)
    }

    /// What it takes from star credit; nothing while it waits or when the merchant bears it.
    pub fn posting(&self, id: EntryId, now: DateTime<Utc>) -> Option<Posting> {
        let moves = self.bearer == Bearer::CreditOffset
            && self.state == PurchaseState::Completed
            && self.discount.amount > Fen::ZERO;
        moves.then(|| Posting {
            id,
            account: self.account,
            purse: Purse::StarCredit,
            amount: -self.discount.amount.get(),
            counter: Counter::Merchant,
            source: Source::Purchase(self.id),
            source_posting: 0,
            rule_book: None,
            item_code: None,
            happened_on: day_of(now),
            reverses: None,
            shortfall: Shortfall::Refuse,
        })
    }
}

/// Sells on a quote.
///
/// # Errors
/// `quote_used`, `quote_expired`, `price_invalid`, `price_above_ceiling`.
pub fn sell(
    id: PurchaseId,
    quote: &Quote,
    price: Fen,
    terms: &AgreementTerms,
    credit_left: Fen,
    spent: Spent,
    now: DateTime<Utc>,
) -> Result<Purchase, Refusal> {
    if quote.used {
        return Err(Refusal::QuoteUsed);
    }
    if now > quote.valid_until {
        return Err(Refusal::QuoteExpired);
    }
    if price <= Fen::ZERO {
        return Err(Refusal::PriceInvalid);
    }
    if price > terms.price_ceiling {
        return Err(Refusal::PriceAboveCeiling { ceiling: terms.price_ceiling });
    }
    let waits = terms.confirm_above.is_some_and(|above| price > above);
    let basis = Basis {
        terms,
        share: quote.discount,
        account_daily_ceiling: quote.account_daily_ceiling,
        credit_left,
        spent,
    };
    Ok(Purchase {
        id,
        account: quote.account,
        price,
        discount: Discount::on(price, &basis),
        bearer: terms.bearer,
        state: if waits { PurchaseState::AwaitingConfirmation } else { PurchaseState::Completed },
        made_at: now,
    })
}

impl Purchase {
    /// How long a villager has to confirm, in seconds.
    pub const CONFIRM_SECONDS: i64 = 600;

    /// Until when it can be confirmed, if it waits for that.
    pub fn confirm_until(&self) -> Option<DateTime<Utc>> {
        (self.state == PurchaseState::AwaitingConfirmation)
            .then(|| self.made_at + Duration::seconds(Self::CONFIRM_SECONDS))
    }

    /// Completes a purchase that waited. The discount is what the quote said, or less if the
    /// credit shrank in the meantime.
    ///
    /// # Errors
    /// `purchase_state` unless it waits and its time is not over.
    pub fn confirm(mut self, basis: &Basis<'_>, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if self.confirm_until().is_none_or(|until| now > until) {
            return Err(Refusal::PurchaseState);
        }
        self.discount = Discount::on(self.price, basis);
        self.state = PurchaseState::Completed;
        Ok(self)
    }
}

/// Takes a purchase back.
///
/// # Errors
/// `purchase_state` unless it is completed, `refund_too_late`.
pub fn refund(
    mut purchase: Purchase,
    refund_days_max: u16,
    now: DateTime<Utc>,
) -> Result<Purchase, Refusal> {
    if purchase.state != PurchaseState::Completed {
        return Err(Refusal::PurchaseState);
    }
    let age = day_of(now).signed_duration_since(day_of(purchase.made_at)).num_days();
    if age > i64::from(refund_days_max) {
        return Err(Refusal::RefundTooLate { days_max: refund_days_max });
    }
    purchase.state = PurchaseState::Refunded;
    Ok(purchase)
}

#[cfg(test)]
mod tests {
    use super::super::QUOTE_SECONDS;
    use super::*;
    use crate::id::{AgreementId, MerchantId, QuoteId};
    use crate::rule_book::Star;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn terms(bearer: Bearer) -> AgreementTerms {
        AgreementTerms {
            from: "2026-01-01".parse().unwrap(),
            until: None,
            bearer,
            discount_by_star: [200, 400, 600, 800, 1000].map(|bp| BasisPoints::new(bp).unwrap()),
            price_ceiling: Fen::yuan(2_000),
            account_daily_ceiling: Fen::yuan(200),
            merchant_daily_ceiling: Fen::yuan(5_000),
            confirm_above: Some(Fen::yuan(500)),
            refund_days_max: 7,
        }
    }

    fn now() -> DateTime<Utc> {
        "2026-10-20T02:00:00Z".parse().unwrap()
    }

    fn quote() -> Quote {
        let id = Uuid::from_u128(1);
        Quote {
            id: QuoteId(id),
            merchant: MerchantId(id),
            agreement: AgreementId(id),
            account: AccountId(id),
            star: Star::new(4).unwrap(),
            discount: BasisPoints::new(800).unwrap(),
            account_daily_ceiling: Fen::yuan(200),
            valid_until: now() + Duration::seconds(QUOTE_SECONDS),
            used: false,
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

    fn buy(price: i64, credit: i64, at: DateTime<Utc>) -> Result<Purchase, Refusal> {
        let (id, terms) = (PurchaseId(Uuid::from_u128(2)), terms(Bearer::CreditOffset));
        sell(id, &quote(), Fen::new(price), &terms, Fen::new(credit), Spent::default(), at)
    }

    #[test]
    fn four_stars_buying_for_128_yuan_50_pay_118_yuan_22() {
        let purchase = buy(12_850, 160_000, now()).unwrap();
        assert_eq!(purchase.discount, Discount { amount: Fen::new(1_028), limited_by: None });
        assert_eq!(purchase.to_pay(), Fen::new(11_822));
        let posting = purchase.posting(EntryId(Uuid::from_u128(3)), now()).unwrap();
        assert_eq!((posting.amount, posting.counter), (-1_028, Counter::Merchant));
    }

    #[test]
    fn the_credit_left_limits_the_discount_and_the_receipt_says_so() {
        let purchase = buy(12_850, 1_000, now()).unwrap();
        assert_eq!(purchase.discount.amount, Fen::new(1_000));
        assert_eq!(purchase.discount.limited_by, Some(Limit::StarCredit));
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

    #[test]
    fn a_quote_is_good_for_two_minutes_and_one_purchase() {
        let late = now() + Duration::seconds(QUOTE_SECONDS + 1);
        assert_eq!(buy(100, 100, late), Err(Refusal::QuoteExpired));
        let used = Quote { used: true, ..quote() };
        let id = PurchaseId(Uuid::from_u128(2));
        let terms = terms(Bearer::CreditOffset);
        let again = sell(id, &used, Fen::new(1), &terms, Fen::ZERO, Spent::default(), now());
        assert_eq!(again, Err(Refusal::QuoteUsed));
    }

    #[test]
    fn prices_have_a_floor_and_a_ceiling() {
        assert_eq!(buy(0, 100, now()), Err(Refusal::PriceInvalid));
        let ceiling = Fen::yuan(2_000);
        assert_eq!(buy(200_001, 100, now()), Err(Refusal::PriceAboveCeiling { ceiling }));
    }

    #[test]
    fn above_the_set_price_nothing_moves_before_the_villager_confirms() {
        let waiting = buy(60_000, 160_000, now()).unwrap();
        assert_eq!(waiting.state, PurchaseState::AwaitingConfirmation);
        assert_eq!(waiting.posting(EntryId(Uuid::from_u128(3)), now()), None);
        let terms = terms(Bearer::CreditOffset);
        let basis = Basis { credit_left: Fen::new(4_000), ..basis(&terms, 800) };
        let later = now() + Duration::seconds(Purchase::CONFIRM_SECONDS + 1);
        let confirm = |at| waiting.confirm(&basis, at);
        assert_eq!(confirm(now()).unwrap().discount.amount, Fen::new(4_000));
        assert_eq!(confirm(later), Err(Refusal::PurchaseState));
    }

    #[test]
    fn a_purchase_is_refunded_once_and_in_time() {
        let purchase = buy(12_850, 160_000, now()).unwrap();
        let refunded = refund(purchase, 7, now() + Duration::days(7)).unwrap();
        assert_eq!(refund(refunded, 7, now()), Err(Refusal::PurchaseState));
        let late = refund(purchase, 7, now() + Duration::days(8));
        assert_eq!(late, Err(Refusal::RefundTooLate { days_max: 7 }));
    }

    #[test]
    fn the_ceiling_of_a_card_holds_where_it_is_lower() {
        let card = Quote { account_daily_ceiling: Fen::yuan(5), ..quote() };
        let (id, terms) = (PurchaseId(Uuid::from_u128(2)), terms(Bearer::CreditOffset));
        let credit = Fen::yuan(1_600);
        let price = Fen::new(12_850);
        let purchase = sell(id, &card, price, &terms, credit, Spent::default(), now()).unwrap();
        assert_eq!(purchase.discount.amount, Fen::yuan(5));
        assert_eq!(purchase.discount.limited_by, Some(Limit::AccountDailyCeiling));
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
