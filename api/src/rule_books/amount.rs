//! Amounts, caps and durations of a rule book as the API reads and shows them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::ValidationError;

use super::book::PointsText;

/// How much a deed is worth.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AmountBody {
    /// Always the same.
    Fixed {
        /// The points.
        points: PointsText,
    },
    /// So much for each unit, up to a maximum.
    PerUnit {
        /// What is counted.
        #[schema(max_length = 100, example = "小时")]
        unit: String,
        /// So many whole units bring the points once; 0 is a fault.
        #[serde(default = "one")]
        #[schema(minimum = 0, maximum = 4_294_967_295_i64, default = 1)]
        each: u32,
        /// The points for each of them.
        points: PointsText,
        /// The most that one claim can bring.
        points_max: PointsText,
    },
    /// One of several.
    Choice {
        /// What can be chosen.
        #[schema(max_items = 50)]
        options: Vec<ChoiceOptionBody>,
    },
    /// Quantities that add up over time: reaching a tier tops up to its points.
    CumulativeTiers {
        /// What is counted.
        #[schema(max_length = 100, example = "小时")]
        unit: String,
        /// Items with the same tally add up together; the item's own code without it.
        #[schema(max_length = 100)]
        tally: Option<String>,
        /// Whose quantities add up.
        per: CapScopeName,
        /// Over which period they add up, by the day of the deed.
        period: CapPeriodName,
        /// The steps, each from a larger sum on.
        #[schema(max_items = 50)]
        tiers: Vec<TierBody>,
    },
    /// One quantity in slices, each with its rate and maximum.
    MarginalTiers {
        /// What is counted.
        #[schema(max_length = 100, example = "元")]
        unit: String,
        /// The slices, from the lowest up.
        #[schema(max_items = 50)]
        tiers: Vec<SliceBody>,
    },
    /// The panel fills in the points.
    Range {
        /// The least.
        points_min: PointsText,
        /// The most.
        points_max: PointsText,
    },
}

const fn one() -> u32 {
    1
}

/// A step of cumulative tiers.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Tier)]
pub struct TierBody {
    /// From this sum on; 0 is a fault.
    #[schema(minimum = 0, maximum = 4_294_967_295_i64, example = 4)]
    from: u32,
    /// What all of it is worth then.
    points: PointsText,
}

/// A slice of marginal tiers.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Slice)]
pub struct SliceBody {
    /// The last unit of the slice; without it the slice has no end.
    #[schema(minimum = 0, maximum = 4_294_967_295_i64, example = 1_000)]
    up_to: Option<u32>,
    /// So many whole units bring the points once; 0 is a fault.
    #[schema(minimum = 0, maximum = 4_294_967_295_i64, example = 100)]
    each: u32,
    /// The points for each of them.
    points: PointsText,
    /// The most that the slice brings.
    points_max: PointsText,
}

/// How long something counts, from the day of the deed on.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = Duration)]
pub enum DurationBody {
    /// Until the cycle of rating ends.
    #[default]
    Cycle,
    /// Until the calendar year ends.
    Year,
    /// So many years from the day of the deed.
    Years {
        /// 1 to 100.
        #[schema(minimum = 0, maximum = 255)]
        years: u8,
    },
    /// By how much it is.
    ByPoints {
        /// Up to and with this amount `years`, above it `years_above`.
        up_to: PointsText,
        /// 1 to 100.
        #[schema(minimum = 0, maximum = 255)]
        years: u8,
        /// 1 to 100.
        #[schema(minimum = 0, maximum = 255)]
        years_above: u8,
    },
}

/// One option of a choice.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChoiceOptionBody {
    /// Stable code within the item.
    #[schema(max_length = 100, example = "county")]
    code: String,
    /// What people call it.
    #[schema(max_length = 100, example = "县级")]
    name: String,
    /// The points.
    points: PointsText,
    /// How long it counts, where options differ; else as long as the item says.
    duration: Option<DurationBody>,
}

/// The limits inside an amount, which is an enum and has no derived check.
pub(super) fn amount_limits(amount: &AmountBody) -> Result<(), ValidationError> {
    let long = |text: &String| text.chars().count() > 100;
    let too_much = match amount {
        AmountBody::Fixed { .. } | AmountBody::Range { .. } => false,
        AmountBody::PerUnit { unit, .. } => long(unit),
        AmountBody::CumulativeTiers { unit, tally, tiers, .. } => {
            long(unit) || tally.as_ref().is_some_and(long) || tiers.len() > 50
        }
        AmountBody::MarginalTiers { unit, tiers } => long(unit) || tiers.len() > 50,
        AmountBody::Choice { options } => {
            options.len() > 50 || options.iter().any(|one| long(&one.code) || long(&one.name))
        }
    };
    if too_much { Err(ValidationError::new("length")) } else { Ok(()) }
}

/// A cap of an item.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CapBody {
    /// For whom it counts.
    per: CapScopeName,
    /// In which period, by the day of the deed.
    period: CapPeriodName,
    /// The limit.
    limit: CapLimitBody,
}

/// For whom a cap counts.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CapScopeName {
    /// The account as a whole.
    Account,
    /// Each member for themselves.
    Member,
}

/// The period in which a cap counts.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CapPeriodName {
    /// A day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar quarter.
    Quarter,
    /// A calendar year.
    Year,
    /// The book's cycle of rating.
    Cycle,
}

/// How many deeds count; 0 is a fault.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[schema(value_type = u32, minimum = 0, maximum = 4_294_967_295_i64, example = 1)]
pub struct DeedCount(u32);

/// What a cap limits.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CapLimitBody {
    /// How many deeds count.
    Count(DeedCount),
    /// How many points count.
    Points(PointsText),
}
