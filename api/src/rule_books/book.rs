//! A rule book as the API reads and shows it. The types describe what `domain::rule_book` reads and
//! writes, with the limits of the door; whether a book makes sense is said by its faults.

use domain::points::{BasisPoints, Fen, Points};
use domain::rule_book::{RuleBook, Star};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::item::ItemBody;
use super::tracks::{HouseholdScoreName, PointsPolicyBody, RegistrationBody, TrackRuleBody};
use crate::names::ItemLevelName;
use crate::problem::{Door, Problem};

/// A rule book.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Its name.
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    name: String,
    /// Who has an account.
    subject: crate::names::SubjectName,
    /// How long a cycle of rating lasts.
    cycle: CycleKindName,
    /// The score with which everybody begins a cycle.
    base_score: PointsText,
    /// How many days after a deed it may still be declared, 1 to 366.
    #[schema(minimum = 0, maximum = 65_535)]
    claim_days_max: u16,
    /// How many days after posting the person concerned may appeal, 1 to 366.
    #[schema(minimum = 0, maximum = 65_535)]
    appeal_days_max: u16,
    /// The way of a claim or deduction.
    #[validate(nested)]
    claim_way: WayBody,
    /// The way of a rating.
    #[validate(nested)]
    rating_way: WayBody,
    /// From score to star, the most stars first.
    #[validate(length(max = 6), nested)]
    #[schema(max_items = 6)]
    stars: Vec<StarRowBody>,
    /// How those on a track are scored.
    #[serde(default)]
    #[validate(length(max = 4), nested)]
    #[schema(max_items = 4)]
    tracks: Vec<TrackRuleBody>,
    /// How the score of a household comes from its members.
    #[serde(default)]
    household_score: HouseholdScoreName,
    /// By when a deed is to be registered, besides `claim_days_max`.
    registration: Option<RegistrationBody>,
    /// What becomes of redeemable points at the end of a year. The book in force on 31
    /// December decides; people are told 30 days before what would run out, and see it in
    /// `points_show`.
    #[serde(default)]
    points_policy: PointsPolicyBody,
    /// The exchange value of a redeemable point, in fen; null where points buy nothing.
    #[serde(default)]
    #[validate(range(min = 1, max = 100_000))]
    #[schema(minimum = 1, maximum = 100_000, example = 32)]
    exchange_value_fen: Option<i64>,
    /// 罚没比例: the share of a deduction that is taken from redeemable points too, down to zero, where its
    /// item counts for them. All of it without.
    #[serde(default)]
    #[schema(value_type = Option<u16>, minimum = 0, maximum = 10_000, example = 10_000)]
    forfeiture_bp: Option<BasisPoints>,
    /// The groups of items.
    #[validate(length(max = 100), nested)]
    #[schema(max_items = 100)]
    categories: Vec<CategoryBody>,
    /// What is scored.
    #[validate(length(max = 1_000), nested)]
    #[schema(max_items = 1_000)]
    items: Vec<ItemBody>,
}

impl Book {
    /// The book as the domain knows it.
    ///
    /// # Errors
    /// `internal`, should the two ever differ; a test posts a whole book to see that they do not.
    pub(super) fn read(&self) -> Result<RuleBook, Problem> {
        let json = serde_json::to_value(self);
        json.and_then(RuleBook::deserialize).map_err(|error| {
            tracing::error!(%error, "a rule book was read at the door and not behind it");
            Problem::door(Door::Bug)
        })
    }

    /// A book of the domain as it is shown.
    ///
    /// # Errors
    /// `internal`, as above.
    pub(super) fn of(book: &RuleBook) -> Result<Self, Problem> {
        Self::shown(&serde_json::to_value(book).map_err(|_| Problem::door(Door::Bug))?)
    }

    /// A book as it is shown.
    ///
    /// # Errors
    /// `internal`, as above.
    pub(super) fn shown(stored: &serde_json::Value) -> Result<Self, Problem> {
        Self::deserialize(stored).map_err(|error| {
            tracing::error!(%error, "a stored rule book cannot be shown");
            Problem::door(Door::Bug)
        })
    }
}

/// Points: a decimal with at most two places.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, pattern = r"^-?\d{1,10}(\.\d{1,2})?$", max_length = 14, example = "12.5")]
pub struct PointsText(Points);

/// How long a cycle lasts.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CycleKindName {
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// Half a year.
    HalfYear,
    /// A year.
    Year,
}

/// Stages of review, then days on the notice board.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WayBody {
    /// One to six stages, in their order.
    #[validate(length(max = 20), nested)]
    #[schema(max_items = 20)]
    stages: Vec<StageBody>,
    /// How many days the public notice hangs, 0 to 60.
    #[schema(minimum = 0, maximum = 65_535)]
    notice_days: u16,
    /// Claims wait until the period of their deed is over: a quarterly notice. Without it they hang as
    /// soon as they are certified.
    notice_every: Option<CycleKindName>,
}

/// One stage of review.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StageBody {
    /// What people call it.
    #[validate(length(max = 100))]
    #[schema(max_length = 100, example = "民主评议")]
    name: String,
    /// Who reviews.
    role: ReviewRoleName,
    /// How many distinct people must have voted.
    #[schema(minimum = 0, maximum = 255)]
    quorum: u8,
    /// How their votes become a decision.
    majority: MajorityName,
    /// Within how many working days, 1 to 60.
    #[schema(minimum = 0, maximum = 65_535)]
    working_days_max: u16,
    /// For claims: only items of these levels come before it; all if it names none.
    #[serde(default)]
    #[validate(length(max = 3))]
    #[schema(max_items = 3)]
    levels: Vec<ItemLevelName>,
}

/// Who reviews.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReviewRoleName {
    /// 信息采集员.
    Collector,
    /// 网格员.
    GridWorker,
    /// 积分工作队.
    WorkTeam,
    /// 评议小组.
    PanelMember,
    /// The village's leading group.
    VillageAdmin,
    /// The town.
    TownOfficer,
}

/// How votes become a decision.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MajorityName {
    /// More than half of those who voted.
    Simple,
    /// All who voted.
    Unanimous,
}

/// From this score on there are so many stars.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StarRowBody {
    /// How many stars.
    #[schema(value_type = u8, minimum = 0, maximum = 5)]
    stars: Star,
    /// The lower bound of the score.
    from: PointsText,
    /// Whether the bound itself is enough.
    inclusive: bool,
    /// Star credit granted when a rating takes effect, in fen; below zero is a fault.
    #[validate(custom(function = "credit_limit"))]
    #[schema(value_type = i64, minimum = -100_000_000_i64, maximum = 100_000_000_i64, example = 160_000)]
    star_credit_fen: Fen,
    /// The share of a price that the star takes off, in basis points: 800 is 8 %.
    #[schema(value_type = u16, minimum = 0, maximum = 10_000, example = 800)]
    discount_bp: BasisPoints,
}

/// More than a million yuan for a star is no village's. What is below zero is told as a fault.
fn credit_limit(fen: &Fen) -> Result<(), ValidationError> {
    let within = (-100_000_000..=100_000_000).contains(&fen.get());
    if within { Ok(()) } else { Err(ValidationError::new("range")) }
}

/// A group of items.
#[derive(Debug, Deserialize, Serialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryBody {
    /// Stable code.
    #[validate(length(max = 100))]
    #[schema(max_length = 100, example = "environment")]
    code: String,
    /// What people call it.
    #[validate(length(max = 100))]
    #[schema(max_length = 100, example = "环境卫生")]
    name: String,
}
