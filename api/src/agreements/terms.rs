//! What the parts of an agreement are called, where it is made and wherever it is shown.

use domain::discount::{Bearer, Categories, DAY_MINUTES, Times, Weekdays};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::merchants::TradeCategory;

/// The largest sum of money in an agreement or a purchase, in fen: a million yuan.
pub const FEN_MAX: i64 = 100_000_000;

/// Who bears a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BearerName {
    /// It is paid from star credit; the village owes it to the merchant.
    CreditOffset,
    /// The merchant gives it; no star credit moves.
    MerchantFunded,
}

impl From<Bearer> for BearerName {
    fn from(bearer: Bearer) -> Self {
        match bearer {
            Bearer::CreditOffset => Self::CreditOffset,
            Bearer::MerchantFunded => Self::MerchantFunded,
        }
    }
}

impl From<BearerName> for Bearer {
    fn from(name: BearerName) -> Self {
        match name {
            BearerName::CreditOffset => Self::CreditOffset,
            BearerName::MerchantFunded => Self::MerchantFunded,
        }
    }
}

/// A share of a price, in basis points: 800 is 8 %.
#[derive(ToSchema)]
#[schema(value_type = u16, minimum = 0, maximum = 10_000, example = 800)]
#[expect(dead_code, reason = "describes a number that is read as it is")]
pub struct Share(u16);

/// A day of the week: Monday is 1, Sunday 7.
#[derive(ToSchema)]
#[schema(value_type = u8, minimum = 1, maximum = 7, example = 6)]
#[expect(dead_code, reason = "describes a number that is read as it is")]
pub struct WeekdayNumber(u8);

/// Hours of a day, in minutes after midnight: 480 to 720 is from 8:00 to 12:00.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from_minute": 480, "until_minute": 720}))]
pub struct AgreementHours {
    /// From which minute on.
    #[schema(minimum = 0, maximum = 1_439)]
    pub(super) from_minute: u16,
    /// The first minute at which it does not hold any more; 1440 is midnight.
    #[schema(minimum = 1, maximum = 1_440)]
    pub(super) until_minute: u16,
}

/// The goods of an agreement, unless they are all.
pub(crate) fn categories_out(categories: Categories) -> Option<Vec<TradeCategory>> {
    let each = || categories.each().map(TradeCategory::from).collect();
    (!categories.is_all()).then(each)
}

/// The days of an agreement, unless they are all.
pub(crate) fn weekdays_out(times: Times) -> Option<Vec<u8>> {
    (times.weekdays != Weekdays::ALL).then(|| times.weekdays.numbers())
}

/// The hours of an agreement, unless they are the whole day.
pub(crate) fn hours_out(times: Times) -> Option<AgreementHours> {
    let Times { from_minute, until_minute, .. } = times;
    let whole = (from_minute, until_minute) == (0, DAY_MINUTES);
    (!whole).then_some(AgreementHours { from_minute, until_minute })
}
