//! An agreement (商家联盟协议) between a merchant and a village.
//!
//! The same parties may have several at a time, if one can say which holds for a sale: whoever names
//! categories of goods goes before whoever means all, and among these whoever names hours or days
//! before whoever holds always. Two that are equally specific and meet are refused when the second is
//! made, so that a sale never has to choose.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Categories, Times};
use crate::calendar::day_of;
use crate::id::{AgreementId, MerchantId, VillageId};
use crate::points::{BasisPoints, Fen};
use crate::refusal::Refusal;
use crate::rule_book::Star;

/// The most agreements of the same parties that are not over: for some goods each, at some hours.
pub const RUNNING_MAX: u16 = 50;

/// The longest time for a refund that can be agreed, in days.
pub const REFUND_DAYS_MAX: u16 = 90;

names! {
    /// Who bears the discount.
    Bearer {
        /// It is paid from star credit; the village owes it to the merchant.
        CreditOffset "credit_offset",
        /// The merchant gives it; nothing is debited, the saving is recorded.
        MerchantFunded "merchant_funded",
    }
}

/// What the parties agreed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgreementTerms {
    /// The first day.
    pub from: NaiveDate,
    /// The last day; open-ended if none.
    pub until: Option<NaiveDate>,
    /// For which goods.
    pub categories: Categories,
    /// At which times of those days.
    pub times: Times,
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
    /// `term_empty` when it ends before it begins, `agreement_goods_missing` for no goods,
    /// `agreement_hours_invalid` for hours that are none of one day, `price_invalid` for a ceiling of nothing,
    /// `refund_too_late` for a time for refunds above [`REFUND_DAYS_MAX`].
    pub fn check(&self) -> Result<(), Refusal> {
        if self.until.is_some_and(|until| until < self.from) {
            return Err(Refusal::TermEmpty);
        }
        if self.categories.is_none() {
            return Err(Refusal::AgreementGoodsMissing);
        }
        self.times.check()?;
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

    /// Whether it holds at that moment, for some goods.
    pub fn holds_at(&self, moment: DateTime<Utc>) -> bool {
        self.runs_on(day_of(moment)) && self.times.hold_at(moment)
    }

    /// Whether a day lies in its term.
    pub fn runs_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// How specific it is: the more, the sooner it holds.
    pub fn rank(&self) -> u8 {
        2 * u8::from(!self.categories.is_all()) + u8::from(!self.times.is_always())
    }

    /// Whether both could be meant for the same sale, and neither goes before the other.
    pub fn ties_with(&self, other: &Self) -> bool {
        let first = self.from.max(other.from);
        let last = [self.until, other.until].into_iter().flatten().min();
        self.rank() == other.rank()
            && last.is_none_or(|last| first <= last)
            && self.categories.share(other.categories)
            && self.times.meet(&other.times, first, last)
    }

    /// Checks that no other agreement of the same parties ties with it.
    ///
    /// # Errors
    /// `agreement_overlaps`.
    pub fn fits<'a>(&self, mut others: impl Iterator<Item = &'a Agreement>) -> Result<(), Refusal> {
        if others.any(|other| other.terms.ties_with(self)) {
            return Err(Refusal::AgreementOverlaps);
        }
        Ok(())
    }

    /// Checks that the same parties, which have so many agreements that are not over, may make one
    /// more.
    ///
    /// # Errors
    /// `agreement_too_many`.
    pub fn may_have_one_more(running: usize) -> Result<(), Refusal> {
        if running < usize::from(RUNNING_MAX) {
            Ok(())
        } else {
            Err(Refusal::AgreementTooMany { running_max: RUNNING_MAX })
        }
    }

    /// Whether it is over on a day.
    pub fn is_over_on(&self, day: NaiveDate) -> bool {
        self.until.is_some_and(|until| until < day)
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
mod tests;
