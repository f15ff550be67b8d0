//! An agreement (商家联盟协议) between a merchant and a village.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::id::{AgreementId, MerchantId, VillageId};
use crate::points::{BasisPoints, Fen};
use crate::refusal::Refusal;
use crate::rule_book::Star;

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
    /// The most discount that one account can have here a day.
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
    /// `term_empty` when it ends before it begins, `price_invalid` for a ceiling of nothing.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.until.is_some_and(|until| until < self.from) {
            return Err(Refusal::TermEmpty);
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

    /// What a star takes off here.
    pub fn discount_for(&self, star: Star) -> BasisPoints {
        usize::from(star.get())
            .checked_sub(1)
            .and_then(|i| self.discount_by_star.get(i))
            .copied()
            .unwrap_or(BasisPoints::ZERO)
    }
}
