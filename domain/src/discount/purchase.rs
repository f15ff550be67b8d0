//! From purchase to refund.

use chrono::{DateTime, Duration, Utc};

use super::{Basis, Bearer, Discount, Spent, Taken};
use crate::calendar::day_of;
use crate::id::{AccountId, EntryId, PurchaseId};
use crate::ledger::{Counter, Posting, Purse, Shortfall, Source};
use crate::points::Fen;
use crate::refusal::Refusal;

names! {
    /// Where a purchase stands.
    PurchaseState {
        /// Waits for the villager's confirmation; nothing has moved.
        AwaitingConfirmation "awaiting_confirmation",
        /// Done.
        Completed "completed",
        /// Taken back.
        Refunded "refunded",
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
            effect: None,
            reverses: None,
            shortfall: Shortfall::Refuse,
        })
    }
}

/// Sells on an offer of a quote.
///
/// # Errors
/// `price_invalid`, `price_above_ceiling`.
pub fn sell(
    id: PurchaseId,
    taken: Taken<'_>,
    price: Fen,
    credit_left: Fen,
    spent: Spent,
    now: DateTime<Utc>,
) -> Result<Purchase, Refusal> {
    let (offer, terms) = (taken.offer, &taken.offer.agreement.terms);
    if price <= Fen::ZERO {
        return Err(Refusal::PriceInvalid);
    }
    if price > terms.price_ceiling {
        return Err(Refusal::PriceAboveCeiling { ceiling: terms.price_ceiling });
    }
    let waits = terms.confirm_above.is_some_and(|above| price > above);
    let basis = Basis {
        terms,
        share: offer.discount,
        account_daily_ceiling: offer.account_daily_ceiling,
        credit_left,
        spent,
    };
    Ok(Purchase {
        id,
        account: taken.quote.account,
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
    use super::super::{
        Agreement, AgreementTerms, Categories, Category, Limit, Offer, QUOTE_SECONDS, Quote, Times,
    };
    use super::*;
    use crate::id::{AgreementId, MerchantId, QuoteId, ShopId, VillageId};
    use crate::points::BasisPoints;
    use crate::rule_book::Star;
    use uuid::Uuid;

    fn terms(bearer: Bearer) -> AgreementTerms {
        AgreementTerms {
            from: "2026-01-01".parse().unwrap(),
            until: None,
            categories: Categories::ALL,
            times: Times::ALWAYS,
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
        let agreement = Agreement {
            id: AgreementId(id),
            merchant: MerchantId(id),
            village: VillageId(id),
            terms: terms(Bearer::CreditOffset),
        };
        let discount = BasisPoints::new(800).unwrap();
        Quote {
            id: QuoteId(id),
            merchant: MerchantId(id),
            shop: ShopId(id),
            account: AccountId(id),
            star: Star::new(4).unwrap(),
            offers: vec![Offer { agreement, discount, account_daily_ceiling: Fen::yuan(200) }],
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

    fn buy_on(
        quote: &Quote,
        price: i64,
        credit: i64,
        at: DateTime<Utc>,
    ) -> Result<Purchase, Refusal> {
        let (id, taken) = (PurchaseId(Uuid::from_u128(2)), quote.take(Category::Other, at)?);
        sell(id, taken, Fen::new(price), Fen::new(credit), Spent::default(), at)
    }

    fn buy(price: i64, credit: i64, at: DateTime<Utc>) -> Result<Purchase, Refusal> {
        buy_on(&quote(), price, credit, at)
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
    fn a_quote_is_good_for_two_minutes_and_one_purchase() {
        let late = now() + Duration::seconds(QUOTE_SECONDS + 1);
        assert_eq!(buy(100, 100, late), Err(Refusal::QuoteExpired));
        let used = Quote { used: true, ..quote() };
        assert_eq!(buy_on(&used, 1, 0, now()), Err(Refusal::QuoteUsed));
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
        let mut card = quote();
        card.offers[0].account_daily_ceiling = Fen::yuan(5);
        let purchase = buy_on(&card, 12_850, 160_000, now()).unwrap();
        assert_eq!(purchase.discount.amount, Fen::yuan(5));
        assert_eq!(purchase.discount.limited_by, Some(Limit::AccountDailyCeiling));
    }
}
