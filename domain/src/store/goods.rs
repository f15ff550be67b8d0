//! What can be redeemed, at what price, and how many by one household.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::CycleKind;
use crate::points::{Fen, Points};
use crate::refusal::Refusal;

names! {
    /// What kind of thing it is; a village puts its own word beside it. Household and farm goods are
    /// what the accounts from Longwo and Qingcheng name, services those of Wendeng.
    Category {
        /// 日用品: toothpaste, washing powder.
        DailyGoods "daily_goods",
        /// 粮油食品: rice, oil.
        Food "food",
        /// 农用物资: seed, fertiliser, tools.
        FarmInputs "farm_inputs",
        /// 文化用品: exercise books, pens.
        School "school",
        /// 家用电器.
        Appliances "appliances",
        /// 服务: farm machines, care for elders.
        Service "service",
        /// 其他.
        Other "other",
    }
    /// How it is kept.
    GoodsKind {
        /// It lies on the shelf.
        Stock "stock",
        /// It is had in a slot.
        Service "service",
    }
    /// For how long a household's limit is counted.
    LimitPeriod {
        /// A month.
        Month "month",
        /// A quarter.
        Quarter "quarter",
        /// A year.
        Year "year",
        /// As long as the goods are there.
        Always "always",
    }
}

impl LimitPeriod {
    const fn cycle(self) -> Option<CycleKind> {
        match self {
            Self::Month => Some(CycleKind::Month),
            Self::Quarter => Some(CycleKind::Quarter),
            Self::Year => Some(CycleKind::Year),
            Self::Always => None,
        }
    }

    /// The period that holds a day, as it is written: `2026-11`, `2026-Q4`, `2026`, `always`.
    pub fn holding(self, day: NaiveDate) -> String {
        self.cycle().map_or_else(|| "always".to_owned(), |kind| kind.holding(day).to_string())
    }

    /// Its first day; none for always.
    pub fn first_day(self, day: NaiveDate) -> Option<NaiveDate> {
        self.cycle().map(|kind| kind.holding(day).first_day())
    }
}

/// So many for one household in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HouseholdLimit {
    /// How many, above zero.
    pub count: u32,
    /// In which period.
    pub period: LimitPeriod,
}

/// Checks that a merchant who runs a store is owed something for what it hands over: its statement counts
/// points by what one is worth, and nothing where the book does not say. `merchant` is whether one runs it.
///
/// # Errors
/// `exchange_value_missing`.
pub fn pays_the_merchant(merchant: bool, a_point: Option<Fen>) -> Result<(), Refusal> {
    if merchant && a_point.is_none() { Err(Refusal::ExchangeValueMissing) } else { Ok(()) }
}

/// What is agreed about goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// For one: points, above zero.
    pub price: Points,
    /// For one: cash besides.
    pub top_up: Fen,
    /// For one: what it costs at the market.
    pub market_price: Fen,
    /// How many for one household.
    pub limit: Option<HouseholdLimit>,
    /// The first day on which it can be redeemed.
    pub from: NaiveDate,
    /// The last.
    pub until: Option<NaiveDate>,
}

impl Terms {
    /// Checks them by what the price's points are worth by the book in force; none where it says nothing of
    /// that, and then the cash alone is compared.
    ///
    /// # Errors
    /// `price_invalid` for a price of nothing, `term_empty`, `goods_overpriced` with the figures if points
    /// and cash together are worth more than the market asks.
    pub fn check(&self, worth: Option<Fen>) -> Result<(), Refusal> {
        if !self.price.is_positive() || self.market_price <= Fen::ZERO || self.top_up < Fen::ZERO {
            return Err(Refusal::PriceInvalid);
        }
        if self.until.is_some_and(|until| until < self.from) {
            return Err(Refusal::TermEmpty);
        }
        self.keeps_to_the_market(worth)
    }

    /// Checks that points, by what they are worth, and cash together are no more than the market asks: when
    /// a price is set, and whenever somebody redeems, since a later book may value points higher.
    ///
    /// # Errors
    /// `goods_overpriced` with the figures.
    pub fn keeps_to_the_market(&self, worth: Option<Fen>) -> Result<(), Refusal> {
        let (worth, market_price) = (worth.unwrap_or(Fen::ZERO), self.market_price);
        match worth.plus(self.top_up) {
            Some(together) if together <= market_price => Ok(()),
            _ => Err(Refusal::GoodsOverpriced { worth, top_up: self.top_up, market_price }),
        }
    }

    /// Whether it can be redeemed on a day.
    pub fn hold_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms() -> Terms {
        Terms {
            price: Points::whole(30),
            top_up: Fen::new(200),
            market_price: Fen::new(1_160),
            limit: None,
            from: "2026-10-01".parse().unwrap(),
            until: Some("2026-10-31".parse().unwrap()),
        }
    }

    #[test]
    fn points_and_cash_together_cost_no_more_than_the_market_asks() {
        // 30 points at 0.32 yuan are 9.60, and 2.00 in cash.
        assert_eq!(terms().check(Some(Fen::new(960))), Ok(()));
        assert_eq!(
            terms().check(Some(Fen::new(961))),
            Err(Refusal::GoodsOverpriced {
                worth: Fen::new(961),
                top_up: Fen::new(200),
                market_price: Fen::new(1_160)
            })
        );
        assert_eq!(terms().check(None), Ok(()));
    }

    #[test]
    fn a_merchant_sells_for_points_only_where_these_are_worth_something() {
        assert_eq!(pays_the_merchant(true, None), Err(Refusal::ExchangeValueMissing));
        assert_eq!(pays_the_merchant(true, Some(Fen::new(32))), Ok(()));
        assert_eq!(pays_the_merchant(false, None), Ok(()));
    }

    #[test]
    fn a_price_is_above_zero_and_a_term_ends_after_it_begins() {
        let free = Terms { price: Points::ZERO, ..terms() };
        assert_eq!(free.check(None), Err(Refusal::PriceInvalid));
        let back = Terms { until: Some("2026-09-30".parse().unwrap()), ..terms() };
        assert_eq!(back.check(None), Err(Refusal::TermEmpty));
    }

    #[test]
    fn a_period_is_named_by_the_day_in_the_village() {
        let day = "2026-11-22".parse().unwrap();
        let names: Vec<_> = LimitPeriod::ALL.iter().map(|period| period.holding(day)).collect();
        assert_eq!(names, ["2026-11", "2026-Q4", "2026", "always"]);
        assert_eq!(LimitPeriod::Quarter.first_day(day), "2026-10-01".parse().ok());
    }
}
