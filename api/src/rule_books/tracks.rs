//! Tracks, registration and the policy of points of a rule book as the API reads and shows them.

use domain::points::BasisPoints;
use domain::rule_book::Star;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::book::{CycleKindName, PointsText};
use super::item::TrackName;

/// How those on a track are scored: role duty and personal credit in proportion.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TrackRule)]
pub struct TrackRuleBody {
    /// Who.
    track: TrackName,
    /// The weight of role duty in basis points; personal credit has the rest.
    #[schema(value_type = u16, minimum = 0, maximum = 10_000, example = 4_000)]
    role_duty_bp: BasisPoints,
    /// The role duty with which everybody on the track begins a cycle.
    role_duty_base: PointsText,
    /// From score to grade, the best first; without a row the star table holds.
    #[serde(default)]
    #[validate(length(max = 4))]
    #[schema(max_items = 4)]
    grades: Vec<GradeRowBody>,
}

/// From this score on it is this grade.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GradeRow)]
pub struct GradeRowBody {
    /// Which grade.
    grade: GradeName,
    /// The lower bound of the score.
    from: PointsText,
    /// Whether the bound itself is enough.
    inclusive: bool,
    /// The star that goes with it.
    #[serde(default)]
    #[schema(value_type = u8, minimum = 0, maximum = 5)]
    stars: Star,
}

/// A grade (等次).
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Grade)]
pub enum GradeName {
    /// 优秀.
    Excellent,
    /// 合格.
    Qualified,
    /// 基本合格.
    BasicallyQualified,
    /// 不合格.
    Unqualified,
}

/// How the score of a household comes from its members.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HouseholdScore)]
pub enum HouseholdScoreName {
    /// Everything that all members did.
    #[default]
    Sum,
    /// Divided by the members who are rated.
    Average,
    /// What the head did.
    Head,
}

/// By when a deed is to be registered.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Registration)]
pub struct RegistrationBody {
    /// The period whose end it is.
    every: CycleKindName,
    /// So many days after its end are still in time.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 65_535)]
    grace_days: u16,
}

/// What becomes of redeemable points at the end of a year.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = PointsPolicy)]
pub enum PointsPolicyBody {
    /// They never run out.
    #[default]
    Never,
    /// 清零: what is not redeemed in time is gone.
    YearEndReset {
        /// So many days of the next year are still in time.
        #[serde(default)]
        #[schema(minimum = 0, maximum = 65_535)]
        grace_days: u16,
    },
    /// 结转: a share of what is left is carried over, rounded down to the hundredth.
    CarryOver {
        /// The share in basis points.
        #[schema(value_type = u16, minimum = 0, maximum = 10_000)]
        share_bp: BasisPoints,
    },
}
