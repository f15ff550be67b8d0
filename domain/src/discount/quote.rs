//! A quote: the code or card was read, and the till has two minutes to sell.

use chrono::{DateTime, Duration, Utc};

use super::Agreement;
use crate::calendar::day_of;
use crate::id::{AccountId, AgreementId, MerchantId, QuoteId};
use crate::points::{BasisPoints, Fen};
use crate::refusal::Refusal;
use crate::rule_book::Star;

/// How long a quote is valid, in seconds.
pub const QUOTE_SECONDS: i64 = 120;

/// Who buys, as the code or card showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buyer {
    /// The account.
    pub account: AccountId,
    /// The star that holds now.
    pub star: Star,
    /// The daily ceiling of the card, if it was one.
    pub card_ceiling: Option<Fen>,
}

/// A quote: this merchant may sell to this buyer with this discount, once, for two minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Its id.
    pub id: QuoteId,
    /// The merchant it is bound to.
    pub merchant: MerchantId,
    /// The agreement.
    pub agreement: AgreementId,
    /// The buyer's account.
    pub account: AccountId,
    /// The star that held.
    pub star: Star,
    /// The discount.
    pub discount: BasisPoints,
    /// The most discount today: that of the agreement, or of the card if it is lower.
    pub account_daily_ceiling: Fen,
    /// Until when.
    pub valid_until: DateTime<Utc>,
    /// Whether a purchase used it.
    pub used: bool,
}

/// Makes a quote under the agreement of merchant and village that holds today, if there is one.
///
/// # Errors
/// `no_agreement` when there is none, `no_star` when there is nothing to give.
pub fn price_quote(
    id: QuoteId,
    agreements: &[Agreement],
    buyer: Buyer,
    now: DateTime<Utc>,
) -> Result<Quote, Refusal> {
    let holds = |agreement: &&Agreement| agreement.terms.holds_on(day_of(now));
    let agreement = agreements.iter().find(holds).ok_or(Refusal::NoAgreement)?;
    let discount = agreement.terms.discount_for(buyer.star);
    if discount == BasisPoints::ZERO {
        return Err(Refusal::NoStar);
    }
    let ceiling = agreement.terms.account_daily_ceiling;
    Ok(Quote {
        id,
        merchant: agreement.merchant,
        agreement: agreement.id,
        account: buyer.account,
        star: buyer.star,
        discount,
        account_daily_ceiling: buyer.card_ceiling.map_or(ceiling, |card| card.min(ceiling)),
        valid_until: now + Duration::seconds(QUOTE_SECONDS),
        used: false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{AgreementTerms, Bearer};
    use super::*;
    use crate::id::VillageId;
    use uuid::Uuid;

    fn agreement(from: &str) -> Agreement {
        let id = Uuid::from_u128(1);
        Agreement {
            id: AgreementId(id),
            merchant: MerchantId(id),
            village: VillageId(id),
            terms: AgreementTerms {
                from: from.parse().unwrap(),
                until: None,
                bearer: Bearer::CreditOffset,
                discount_by_star: [200, 400, 600, 800, 1000]
                    .map(|bp| BasisPoints::new(bp).unwrap()),
                price_ceiling: Fen::yuan(2_000),
                account_daily_ceiling: Fen::yuan(200),
                merchant_daily_ceiling: Fen::yuan(5_000),
                confirm_above: None,
                refund_days_max: 7,
            },
        }
    }

    fn quote(stars: u8, card: Option<i32>, from: &str) -> Result<Quote, Refusal> {
        let id = Uuid::from_u128(1);
        let star = Star::new(stars).unwrap();
        let buyer = Buyer { account: AccountId(id), star, card_ceiling: card.map(Fen::yuan) };
        let now = "2026-10-20T02:00:00Z".parse().unwrap();
        price_quote(QuoteId(id), &[agreement(from)], buyer, now)
    }

    #[test]
    fn a_quote_has_the_discount_of_the_star_and_the_lower_ceiling() {
        let by_code = quote(4, None, "2026-10-20").unwrap();
        assert_eq!(by_code.discount.get(), 800);
        assert_eq!(by_code.account_daily_ceiling, Fen::yuan(200));
        let ceiling = |card| quote(4, Some(card), "2026-10-20").unwrap().account_daily_ceiling;
        assert_eq!(ceiling(50), Fen::yuan(50));
        assert_eq!(ceiling(500), Fen::yuan(200));
    }

    #[test]
    fn without_a_star_or_an_agreement_that_holds_today_there_is_no_quote() {
        assert_eq!(quote(0, None, "2026-10-20"), Err(Refusal::NoStar));
        assert_eq!(quote(4, None, "2026-10-21"), Err(Refusal::NoAgreement));
    }
}
