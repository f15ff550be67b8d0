//! An item (条目): one thing that is scored.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Amount, Cap};

/// What an item does to the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// 加分.
    Award,
    /// 扣分.
    Deduction,
}

/// Who may bring an item forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimedBy {
    /// The villager, or a member of the household.
    Villager,
    /// A cadre, for one person or for many.
    Cadre,
    /// The program, such as for hours of volunteering.
    System,
}

/// The evidence (佐证) without which an item is not accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceNeed {
    /// None.
    #[default]
    None,
    /// At least one photo.
    Photo,
    /// At least one picture of a document.
    Document,
    /// Two recorders who saw it: the one who records it and a named second.
    TwoRecorders,
}

/// What an entry of this item adds to besides the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountsFor {
    /// The redeemable purse (可用积分).
    Points,
    /// The weight in a dividend.
    Dividend,
}

/// One thing that is scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Stable code, at most 32 characters of `A-Z a-z 0-9 . - _`.
    pub code: String,
    /// The code of its category.
    pub category: String,
    /// What people call it.
    pub name: String,
    /// Award or deduction.
    pub kind: ItemKind,
    /// How much.
    pub amount: Amount,
    /// Who may bring it forward.
    pub claimed_by: BTreeSet<ClaimedBy>,
    /// The evidence it needs.
    #[serde(default)]
    pub evidence: EvidenceNeed,
    /// What it adds to besides the score.
    #[serde(default)]
    pub counts_for: BTreeSet<CountsFor>,
    /// Caps, in the order in which they are applied.
    #[serde(default)]
    pub caps: Vec<Cap>,
    /// For a deduction: how many days the person has to put it right.
    #[serde(default)]
    pub cure_days: Option<u16>,
    /// For a deduction: how it is put right, in words.
    #[serde(default)]
    pub cure: Option<String>,
}
