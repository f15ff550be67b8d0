//! An item (条目): one thing that is scored.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Amount, Cap, Duration, Measure, Star};
use crate::kin::Kin;
use crate::person::Track;
use crate::points::Points;

names! {
    /// What an item does to the score.
    ItemKind {
        /// 加分.
        Award "award",
        /// 扣分.
        Deduction "deduction",
        /// 直接判级: sets the star whatever the score. While it stands, awards are recorded and do not
        /// move the star. The item's amount is the deduction that replaces it once it is repaired.
        DirectGrade "direct_grade",
        /// 一票否决: suspends redemption for a time. The item's amount is taken from the score besides;
        /// it may be nothing.
        Veto "veto",
    }
}

impl ItemKind {
    /// Whether it is held against somebody: recorded by cadres, never by a neighbour, told at once,
    /// with the way to put it right.
    pub const fn is_adverse(self) -> bool {
        !matches!(self, Self::Award)
    }
}

/// Whom an item is credited to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Beneficiary {
    /// Who did it.
    #[default]
    Doer,
    /// A relative who is named in the claim, such as for an eco-burial or the donation of organs.
    Relative {
        /// Which relatives.
        relations: BTreeSet<Kin>,
    },
}

/// Which part of the score an item is of, for tracks that mix two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScorePart {
    /// 居民信用积分: what everybody is scored by.
    #[default]
    PersonalCredit,
    /// 角色职责积分: what a party member or representative is scored by besides.
    RoleDuty,
}

impl ScorePart {
    /// The number in the database.
    pub const fn code(self) -> i16 {
        match self {
            Self::PersonalCredit => 1,
            Self::RoleDuty => 2,
        }
    }

    /// The part of that number.
    pub const fn from_code(code: i16) -> Option<Self> {
        match code {
            1 => Some(Self::PersonalCredit),
            2 => Some(Self::RoleDuty),
            _ => None,
        }
    }
}

names! {
    /// What somebody must have taken on for an item to be claimed for them ([`crate::duty`]).
    DutySource {
        /// 岗位: a duty post that names the item.
        DutyPost "duty_post",
        /// 承诺: a pledge under a colour of a track of the item.
        Pledge "pledge",
    }
}

/// For how long a veto suspends redemption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspension {
    /// So many whole calendar years after the one in which it happened: 1 is the rest of this year
    /// and the next.
    pub further_years: u8,
}

/// Where a figure comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figures {
    /// The village's own, or our default in a preset.
    #[default]
    Own,
    /// The place published them.
    Published,
}

/// How far an item matters (V, DV and D in Wendeng's table): a stage of review may be for some only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemLevel {
    /// 村级: in the village only.
    #[default]
    Village,
    /// 共享: in the village and above it.
    Shared,
    /// 区级: above the village.
    District,
}

impl ItemLevel {
    /// Every level.
    pub const ALL: [Self; 3] = [Self::Village, Self::Shared, Self::District];
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
    /// What it does to the score.
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
    /// The tracks that it applies to; everybody if it names none.
    #[serde(default)]
    pub tracks: BTreeSet<Track>,
    /// Whom it is credited to.
    #[serde(default)]
    pub beneficiary: Beneficiary,
    /// Items of one group are ways to see the same thing: what somebody did on one day counts by
    /// the highest of them only.
    #[serde(default)]
    pub exclusive: Option<String>,
    /// For a deduction: the same again while the first still counts is taken twice.
    #[serde(default)]
    pub repeat_doubles: bool,
    /// How long it stays in the score.
    #[serde(default)]
    pub duration: Duration,
    /// For a deduction: it is extended until it is put right.
    #[serde(default)]
    pub extends_until_corrected: bool,
    /// For a direct grade: the star that it sets.
    #[serde(default)]
    pub grade: Option<Star>,
    /// For a veto: for how long.
    #[serde(default)]
    pub suspends: Option<Suspension>,
    /// Which part of the score it is of.
    #[serde(default)]
    pub part: ScorePart,
    /// What the person must have taken on by the day of the deed; nothing if it names none.
    #[serde(default)]
    pub duty_source: Option<DutySource>,
    /// How far it matters.
    #[serde(default)]
    pub level: ItemLevel,
    /// Where its figures come from.
    #[serde(default)]
    pub figures: Figures,
}

impl Item {
    /// An item with a code, a category, a name, a kind and an amount, and nothing else: for cadres
    /// and, unless it is held against somebody, for villagers.
    pub fn plain(
        code: impl Into<String>,
        category: impl Into<String>,
        name: impl Into<String>,
        kind: ItemKind,
        amount: Amount,
    ) -> Self {
        let mut claimed_by = BTreeSet::from([ClaimedBy::Cadre]);
        if !kind.is_adverse() {
            claimed_by.insert(ClaimedBy::Villager);
        }
        Self {
            code: code.into(),
            category: category.into(),
            name: name.into(),
            kind,
            amount,
            claimed_by,
            evidence: EvidenceNeed::None,
            counts_for: BTreeSet::new(),
            caps: Vec::new(),
            cure_days: None,
            cure: None,
            tracks: BTreeSet::new(),
            beneficiary: Beneficiary::Doer,
            exclusive: None,
            repeat_doubles: false,
            duration: Duration::Cycle,
            extends_until_corrected: false,
            grade: None,
            suspends: None,
            part: ScorePart::PersonalCredit,
            duty_source: None,
            level: ItemLevel::Village,
            figures: Figures::Own,
        }
    }

    /// How long a claim of this measure counts.
    pub fn duration_of(&self, measure: &Measure) -> Duration {
        let option = self.amount.option(measure).and_then(|option| option.duration);
        option.unwrap_or(self.duration)
    }

    /// Whether it applies to somebody of these tracks.
    pub fn applies_to(&self, tracks: &BTreeSet<Track>) -> bool {
        self.tracks.is_empty() || !self.tracks.is_disjoint(tracks)
    }

    /// The points with the sign that the kind gives them.
    pub const fn signed(&self, points: Points) -> Points {
        if self.kind.is_adverse() { points.negated() } else { points }
    }
}
