//! An agreement (商家联盟协议) between a merchant and a village.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{AgreementId, MerchantId, VillageId};
use crate::points::{BasisPoints, Fen};
use crate::refusal::Refusal;
use crate::rule_book::Star;

/// The longest time for a refund that can be agreed, in days.
pub const REFUND_DAYS_MAX: u16 = 90;

/// Who bears the discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    /// It is paid from star credit; the village owes it to the merchant.
    CreditOffset,
    /// The merchant gives it; nothing is debited, the saving is recorded.
    MerchantFunded,
}

impl Bearer {
    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CreditOffset => "credit_offset",
            Self::MerchantFunded => "merchant_funded",
        }
    }

    /// The bearer of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::CreditOffset, Self::MerchantFunded].into_iter().find(|b| b.as_str() == name)
    }
}

/// What the parties agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementTerms {
    /// The first day.
    pub from: NaiveDate,
    /// The last day; open-ended if none.
    pub until: Option<NaiveDate>,
    /// Who bears the discount.
    pub bearer: Bearer,
    /// What one to five stars take off, in this order.
    pub discount_by_star: [BasisPoints; 5],
    /// The highest price of one purchase.
    pub price_ceiling: Fen,
    /// The most discount that one account can have a day: what it had at other shops of the village
    /// counts too.
    pub account_daily_ceiling: Fen,
    /// The most discount that the merchant can give under this agreement a day.
    pub merchant_daily_ceiling: Fen,
    /// Above this price the villager confirms in the mini-program.
    pub confirm_above: Option<Fen>,
    /// Within how many days a purchase can be refunded.
    pub refund_days_max: u16,
}

/// An agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// Its id.
    pub id: AgreementId,
    /// The merchant.
    pub merchant: MerchantId,
    /// The village.
    pub village: VillageId,
    /// What they agreed.
    pub terms: AgreementTerms,
}

impl AgreementTerms {
    /// Checks that the terms can hold.
    ///
    /// # Errors
    /// `term_empty` when it ends before it begins, `price_invalid` for a ceiling of nothing,
    /// `refund_too_late` for a time for refunds above [`REFUND_DAYS_MAX`].
    pub fn check(&self) -> Result<(), Refusal> {
        if self.until.is_some_and(|until| until < self.from) {
            return Err(Refusal::TermEmpty);
        }
        if self.refund_days_max > REFUND_DAYS_MAX {
            return Err(Refusal::RefundTooLate { days_max: REFUND_DAYS_MAX });
        }
        let ceilings =
            [self.price_ceiling, self.account_daily_ceiling, self.merchant_daily_ceiling];
        let confirm = self.confirm_above.is_none_or(|fen| fen >= Fen::ZERO);
        if ceilings.iter().all(|fen| *fen > Fen::ZERO) && confirm {
            Ok(())
        } else {
            Err(Refusal::PriceInvalid)
        }
    }

    /// Whether it holds on that day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Whether two agreements of the same parties share a day.
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins_before_end = |a: &Self, b: &Self| b.until.is_none_or(|until| a.from <= until);
        begins_before_end(self, other) && begins_before_end(other, self)
    }

    /// Checks that the parties have no agreement for part of that time.
    ///
    /// # Errors
    /// `agreement_overlaps`.
    pub fn follows(&self, others: &[Agreement]) -> Result<(), Refusal> {
        if others.iter().any(|other| other.terms.overlaps(self)) {
            return Err(Refusal::AgreementOverlaps);
        }
        Ok(())
    }

    /// Ends it on a day, the last on which it holds. What was given stays given, so that is today
    /// at the earliest; a longer term takes a new agreement.
    ///
    /// # Errors
    /// `agreement_end_invalid`.
    pub fn ended_on(mut self, last: NaiveDate, today: NaiveDate) -> Result<Self, Refusal> {
        let earliest = today.max(self.from);
        if last < earliest || self.until.is_some_and(|until| last > until) {
            return Err(Refusal::AgreementEndInvalid { earliest, latest: self.until });
        }
        self.until = Some(last);
        Ok(self)
    }

    /// What a star takes off here.
    pub fn discount_for(&self, star: Star) -> BasisPoints {
        usize::from(star.get())
            .checked_sub(1)
            .and_then(|i| self.discount_by_star.get(i))
            .copied()
            .unwrap_or(BasisPoints::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn terms(from: &str, until: Option<&str>) -> AgreementTerms {
        AgreementTerms {
            from: day(from),
            until: until.map(day),
            bearer: Bearer::CreditOffset,
            discount_by_star: [BasisPoints::ZERO; 5],
            price_ceiling: Fen::yuan(1),
            account_daily_ceiling: Fen::yuan(1),
            merchant_daily_ceiling: Fen::yuan(1),
            confirm_above: None,
            refund_days_max: 7,
        }
    }

    #[test]
    fn two_agreements_of_the_same_parties_share_no_day() {
        let id = Uuid::from_u128(1);
        let one = |terms| Agreement {
            id: AgreementId(id),
            merchant: MerchantId(id),
            village: VillageId(id),
            terms,
        };
        let first = [one(terms("2026-01-01", Some("2026-06-30")))];
        assert_eq!(terms("2026-07-01", None).follows(&first), Ok(()));
        for (from, until) in [("2026-06-30", None), ("2025-01-01", Some("2026-01-01"))] {
            let refused = terms(from, until).follows(&first);
            assert_eq!(refused, Err(Refusal::AgreementOverlaps), "{from}");
        }
    }

    #[test]
    fn an_agreement_ends_today_at_the_earliest_and_is_never_made_longer() {
        let today = day("2026-03-01");
        let agreed = terms("2026-01-01", Some("2026-06-30"));
        let ended = agreed.clone().ended_on(today, today).unwrap();
        assert!(ended.holds_on(today) && !ended.holds_on(day("2026-03-02")));
        let refusal =
            Refusal::AgreementEndInvalid { earliest: today, latest: Some(day("2026-06-30")) };
        for bad in ["2026-02-28", "2026-07-01"] {
            assert_eq!(agreed.clone().ended_on(day(bad), today), Err(refusal.clone()), "{bad}");
        }
    }

    #[test]
    fn a_time_for_refunds_has_a_limit() {
        let terms = AgreementTerms { refund_days_max: 91, ..terms("2026-01-01", None) };
        assert_eq!(terms.check(), Err(Refusal::RefundTooLate { days_max: 90 }));
    }
}
