//! A rule book (积分细则) is data: what a village scores, how a claim becomes points, and what
//! points are worth. This module holds its shape and answers what the book says; it never changes
//! an adopted book.
//!
//! Reading order: [`Item`] says what is scored and how much ([`Amount`]), [`Cap`] how often,
//! [`Way`] who reviews it, [`StarTable`] what a score is worth, [`TrackRule`] how party members and
//! representatives are scored and [`GradeTable`] graded. [`RuleBook::faults`] says what
//! stands in the way of adopting a draft.
//!
//! How a deed fares among the others of its account, by tiers that add up, exclusivity, doubling and
//! caps, is [`crate::claim::assess`].
//!
//! Where counties and towns set frames, a village's book is the merge of [`layer`]s.

mod adoption;
mod amount;
mod cap;
mod check;
mod duration;
mod grades;
mod item;
mod layer;
mod points_policy;
mod registration;
mod stars;
mod threshold;
mod tiers;
#[cfg(test)]
mod toml_tests;
mod tracks;
mod way;

pub use adoption::{Order, Pledges, Resolution};
pub use amount::{Amount, Asks, ChoiceOption, Measure};
pub use cap::{Allowance, Cap, CapLimit, CapPeriod, CapScope, Cut, Earlier};
pub use check::{
    Fault, FaultKind, Forbidden, Topic, Warning, WarningKind, forbidden_duty, forbidden_fault,
};
pub use duration::{Duration, OPEN_ENDED};
pub use grades::{Grade, GradeRow, GradeTable};
pub use item::{
    Beneficiary, ClaimedBy, CountsFor, DutySource, EvidenceNeed, Figures, Item, ItemKind,
    ItemLevel, ScorePart, Suspension,
};
pub use layer::{
    Bounds, BrokenBook, Carried, Contradiction, ContradictionKind, Layer, Merged, OwnItems,
    Setting, Stack, Timeline, Version, VersionState, Versions, adopt_county_frame,
    adopt_town_manual, adopt_village_layer, carry_down, faults_of_change, looked_at_on,
};
pub use points_policy::PointsPolicy;
pub use registration::Registration;
pub use stars::{Star, StarRow, StarTable};
pub use threshold::Threshold;
pub use tiers::{CumulativeTiers, MarginalTiers, Slice, Tier};
pub use tracks::{HouseholdScore, Mixed, TrackRule};
pub use way::{Majority, ReviewRole, Stage, Tally, Way};

use serde::{Deserialize, Serialize};

use crate::calendar::CycleKind;
use crate::points::{BasisPoints, Fen, Points};
use crate::refusal::Refusal;

/// Who has an account: the household together, or each person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// One account a household.
    Household,
    /// One account a person of 14 years or more.
    Person,
}

/// A group of items, such as "environment" (环境卫生).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Stable code, at most 32 characters.
    pub code: String,
    /// What people call it.
    pub name: String,
}

/// The rules of one village at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleBook {
    /// Its name.
    pub name: String,
    /// Who has an account.
    pub subject: Subject,
    /// How long a cycle of rating lasts.
    pub cycle: CycleKind,
    /// The score with which everybody begins a cycle.
    pub base_score: Points,
    /// How many days after a deed it may still be declared.
    pub claim_days_max: u16,
    /// How many days after posting the person concerned may appeal.
    pub appeal_days_max: u16,
    /// The way of a claim or deduction.
    pub claim_way: Way,
    /// The way of a rating.
    pub rating_way: Way,
    /// From score to star, and what a star brings.
    pub stars: StarTable,
    /// The groups of items.
    pub categories: Vec<Category>,
    /// What is scored.
    pub items: Vec<Item>,
    /// The tracks that mix role duty with personal credit; who is on several is rated on the first.
    #[serde(default)]
    pub tracks: Vec<TrackRule>,
    /// How the score of a household comes from its members.
    #[serde(default)]
    pub household_score: HouseholdScore,
    /// By when a deed is registered, besides `claim_days_max`.
    #[serde(default)]
    pub registration: Option<Registration>,
    /// What becomes of redeemable points when the year ends.
    #[serde(default)]
    pub points_policy: PointsPolicy,
    /// The exchange value (兑换价值) of a redeemable point, in fen: by it goods are priced and the
    /// village's liability is counted. None where points buy nothing.
    #[serde(default)]
    pub exchange_value_fen: Option<Fen>,
    /// Forfeiture (罚没): the share of a deduction that is taken from redeemable points too, down to
    /// zero, where its item counts for them. All of it if none is said.
    #[serde(default)]
    pub forfeiture_bp: Option<BasisPoints>,
}

impl RuleBook {
    /// The most items one book may hold.
    pub const ITEMS_MAX: usize = 1_000;

    /// What so many redeemable points are worth, rounded down to the fen; nothing known where the book
    /// gives them no exchange value.
    ///
    /// # Errors
    /// `amount_out_of_range`.
    pub fn worth_of(&self, points: Points) -> Result<Option<Fen>, Refusal> {
        let Some(a_point) = self.exchange_value_fen else { return Ok(None) };
        let fen = i128::from(points.hundredths()) * i128::from(a_point.get());
        let fen = i64::try_from(fen.div_euclid(100)).map_err(|_| Refusal::AmountOutOfRange)?;
        Ok(Some(Fen::new(fen)))
    }

    /// What a deduction of so many points (below zero) takes from the redeemable purse, rounded in favour
    /// of whom it is taken from.
    pub fn forfeited(&self, points: Points) -> Points {
        let Some(share) = self.forfeiture_bp else { return points };
        let taken = share.of(Fen::new(points.negated().hundredths()));
        Points::from_hundredths(-taken.get())
    }

    /// The item with this code.
    pub fn item(&self, code: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.code == code)
    }
}
