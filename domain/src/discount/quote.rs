//! A quote: the code or card was read, and the till has two minutes to sell. It holds an offer for each
//! agreement that held at that moment; what is bought says which of them it is sold on.

use chrono::{DateTime, Duration, Utc};

use super::{Agreement, Categories, Category};
use crate::calendar::day_of;
use crate::id::{AccountId, MerchantId, QuoteId, ShopId};
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

/// What one agreement gives a buyer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The agreement.
    pub agreement: Agreement,
    /// The discount.
    pub discount: BasisPoints,
    /// The most discount today: that of the agreement, or of the card if it is lower.
    pub account_daily_ceiling: Fen,
}

/// A quote: this shop may sell to this buyer on one of these offers, once, for two minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Its id.
    pub id: QuoteId,
    /// The merchant it is bound to.
    pub merchant: MerchantId,
    /// Where the code or card was read.
    pub shop: ShopId,
    /// The buyer's account.
    pub account: AccountId,
    /// The star that held.
    pub star: Star,
    /// What held, the most specific first.
    pub offers: Vec<Offer>,
    /// Until when.
    pub valid_until: DateTime<Utc>,
    /// Whether a purchase used it.
    pub used: bool,
}

/// An offer that a sale takes up: the proof that the quote is still good.
#[derive(Clone, Copy, Debug)]
pub struct Taken<'a> {
    /// The quote.
    pub quote: &'a Quote,
    /// The offer that holds for the goods.
    pub offer: &'a Offer,
    /// Which it is of the quote's offers, from zero.
    pub index: usize,
    /// What is bought.
    pub category: Category,
}

/// Makes a quote under the agreements of merchant and village that hold now.
///
/// # Errors
/// `no_agreement` when there is none, `no_star` when there is nothing to give.
pub fn price_quote(
    id: QuoteId,
    agreements: Vec<Agreement>,
    (merchant, shop): (MerchantId, ShopId),
    buyer: Buyer,
    now: DateTime<Utc>,
) -> Result<Quote, Refusal> {
    let offer = |agreement: Agreement| {
        let ceiling = agreement.terms.account_daily_ceiling;
        Offer {
            discount: agreement.terms.discount_for(buyer.star),
            account_daily_ceiling: buyer.card_ceiling.map_or(ceiling, |card| card.min(ceiling)),
            agreement,
        }
    };
    let quote = Quote {
        id,
        merchant,
        shop,
        account: buyer.account,
        star: buyer.star,
        offers: holding(agreements, now).into_iter().map(offer).collect(),
        valid_until: now + Duration::seconds(QUOTE_SECONDS),
        used: false,
    };
    if quote.offers.is_empty() {
        return Err(Refusal::NoAgreement);
    }
    if quote.told().is_empty() {
        return Err(Refusal::NoStar);
    }
    Ok(quote)
}

/// The agreements that hold at a moment, the most specific first.
pub fn holding(mut agreements: Vec<Agreement>, now: DateTime<Utc>) -> Vec<Agreement> {
    agreements.retain(|agreement| agreement.terms.holds_at(now));
    agreements.sort_by_key(|agreement| (std::cmp::Reverse(agreement.terms.rank()), agreement.id));
    agreements
}

impl Quote {
    /// The offers with something off, each with the goods that it is for: those of its agreement
    /// without those for which a more specific one holds.
    pub fn told(&self) -> Vec<(Categories, &Offer)> {
        let mut taken = Categories::NONE;
        let mut told = Vec::new();
        for offer in &self.offers {
            let categories = offer.agreement.terms.categories;
            let left = categories.without(taken);
            taken = taken.and(categories);
            if offer.discount > BasisPoints::ZERO && left.each().next().is_some() {
                told.push((left, offer));
            }
        }
        told
    }

    /// Takes up the offer that holds for such goods. The hours of an agreement are promised for as long
    /// as the quote is valid; an agreement whose last day is over is no ground for a sale any more.
    ///
    /// # Errors
    /// `quote_used`, `quote_expired`; `no_agreement` when all of its agreements have ended since,
    /// `category_not_offered` when none of them is for such goods, `no_star` when there is nothing off
    /// them.
    pub fn take(&self, category: Category, now: DateTime<Utc>) -> Result<Taken<'_>, Refusal> {
        if self.used {
            return Err(Refusal::QuoteUsed);
        }
        if now > self.valid_until {
            return Err(Refusal::QuoteExpired);
        }
        let runs = |offer: &Offer| offer.agreement.terms.runs_on(day_of(now));
        if !self.offers.iter().any(runs) {
            return Err(Refusal::NoAgreement);
        }
        let holds = |offer: &Offer| offer.agreement.terms.categories.contains(category);
        let mut running = self.offers.iter().enumerate().filter(|(_, offer)| runs(offer));
        let found = running.find(|(_, offer)| holds(offer));
        let (index, offer) = found.ok_or_else(|| self.not_offered())?;
        if offer.discount == BasisPoints::ZERO {
            return Err(Refusal::NoStar);
        }
        Ok(Taken { quote: self, offer, index, category })
    }

    /// That goods are of none of the categories of this quote, and which these are.
    fn not_offered(&self) -> Refusal {
        let told = self.told().into_iter();
        let offered = told.fold(Categories::NONE, |all, (some, _)| all.and(some));
        Refusal::CategoryNotOffered { offered }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AgreementTerms, Bearer, Times, Weekdays};
    use super::*;
    use crate::id::{AgreementId, VillageId};
    use uuid::Uuid;

    fn agreement(from: &str, categories: Categories, bp: [u16; 5]) -> Agreement {
        let id = Uuid::from_u128(1);
        Agreement {
            id: AgreementId(id),
            merchant: MerchantId(id),
            village: VillageId(id),
            terms: AgreementTerms {
                from: from.parse().unwrap(),
                until: None,
                categories,
                times: Times::ALWAYS,
                bearer: Bearer::CreditOffset,
                discount_by_star: bp.map(|bp| BasisPoints::new(bp).unwrap()),
                price_ceiling: Fen::yuan(2_000),
                account_daily_ceiling: Fen::yuan(200),
                merchant_daily_ceiling: Fen::yuan(5_000),
                confirm_above: None,
                refund_days_max: 7,
            },
        }
    }

    const STARS: [u16; 5] = [200, 400, 600, 800, 1000];

    fn now() -> DateTime<Utc> {
        // A Tuesday at ten in the morning there.
        "2026-10-20T02:00:00Z".parse().unwrap()
    }

    fn quote(stars: u8, card: Option<i32>, agreed: &[Agreement]) -> Result<Quote, Refusal> {
        let id = Uuid::from_u128(1);
        let star = Star::new(stars).unwrap();
        let buyer = Buyer { account: AccountId(id), star, card_ceiling: card.map(Fen::yuan) };
        price_quote(QuoteId(id), agreed.to_vec(), (MerchantId(id), ShopId(id)), buyer, now())
    }

    #[test]
    fn a_quote_has_the_discount_of_the_star_and_the_lower_ceiling() {
        let agreed = [agreement("2026-10-20", Categories::ALL, STARS)];
        let by_code = quote(4, None, &agreed).unwrap();
        let taken = by_code.take(Category::Other, now()).unwrap();
        assert_eq!(taken.offer.discount.get(), 800);
        assert_eq!(taken.offer.account_daily_ceiling, Fen::yuan(200));
        let ceiling = |card| quote(4, Some(card), &agreed).unwrap().offers[0].account_daily_ceiling;
        assert_eq!(ceiling(50), Fen::yuan(50));
        assert_eq!(ceiling(500), Fen::yuan(200));
    }

    #[test]
    fn without_a_star_or_an_agreement_that_holds_today_there_is_no_quote() {
        let agreed = |from| [agreement(from, Categories::ALL, STARS)];
        assert_eq!(quote(0, None, &agreed("2026-10-20")), Err(Refusal::NoStar));
        assert_eq!(quote(4, None, &agreed("2026-10-21")), Err(Refusal::NoAgreement));
    }

    #[test]
    fn the_more_specific_agreement_holds_for_its_goods_and_the_general_for_the_rest() {
        let food = Categories::of(&[Category::Food]);
        let hours = Times { weekdays: Weekdays::of(&[2]).unwrap(), ..Times::ALWAYS };
        let mut tuesdays = agreement("2026-01-01", Categories::ALL, [500; 5]);
        tuesdays.terms.times = hours;
        let agreed = [
            agreement("2026-01-01", Categories::ALL, STARS),
            agreement("2026-01-01", food, [1_500; 5]),
            tuesdays,
        ];
        let quote = quote(4, None, &agreed).unwrap();
        let share = |category| quote.take(category, now()).unwrap().offer.discount.get();
        assert_eq!((share(Category::Food), share(Category::Clothing)), (1_500, 500));
        // What holds always is left nothing on a Tuesday.
        let told = quote.told();
        let shares: Vec<_> = told.iter().map(|(_, offer)| offer.discount.get()).collect();
        assert_eq!(shares, [1_500, 500]);
        assert!(!told[1].0.contains(Category::Food) && told[1].0.contains(Category::Other));
    }

    #[test]
    fn goods_without_an_agreement_or_with_nothing_off_are_not_sold_on_the_quote() {
        let food = Categories::of(&[Category::Food]);
        let meals = Categories::of(&[Category::Catering]);
        let agreed = [agreement("2026-01-01", food, STARS), agreement("2026-01-01", meals, [0; 5])];
        let quote = quote(4, None, &agreed).unwrap();
        let refused = |category| quote.take(category, now()).map(|_| ()).unwrap_err();
        // Of the two agreements only that for food takes something off.
        let offered = food;
        assert_eq!(refused(Category::Clothing), Refusal::CategoryNotOffered { offered });
        assert_eq!(refused(Category::Catering), Refusal::NoStar);
        assert_eq!(quote.told().len(), 1);
    }

    #[test]
    fn an_agreement_that_ended_since_is_no_ground_for_a_sale_and_hours_that_ended_are() {
        // 23:59:30 there, on the last day of the one for food.
        let quoted: DateTime<Utc> = "2026-10-20T15:59:30Z".parse().unwrap();
        let later = quoted + Duration::seconds(60);
        let mut food = agreement("2026-01-01", Categories::of(&[Category::Food]), [1_500; 5]);
        food.terms.until = Some("2026-10-20".parse().unwrap());
        let take = |agreed: &[Agreement], category| {
            let id = Uuid::from_u128(1);
            let star = Star::new(4).unwrap();
            let buyer = Buyer { account: AccountId(id), star, card_ceiling: None };
            let at = (MerchantId(id), ShopId(id));
            let quote = price_quote(QuoteId(id), agreed.to_vec(), at, buyer, quoted).unwrap();
            quote.take(category, later).map(|taken| taken.offer.discount.get())
        };
        assert_eq!(take(std::slice::from_ref(&food), Category::Food), Err(Refusal::NoAgreement));
        let mut tuesdays = agreement("2026-01-01", Categories::ALL, STARS);
        tuesdays.terms.times = Times { weekdays: Weekdays::of(&[2]).unwrap(), ..Times::ALWAYS };
        assert_eq!(take(&[food, tuesdays], Category::Food), Ok(800));
    }
}
