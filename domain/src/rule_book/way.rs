//! The way (流程) of a claim or a rating: stages of review, then a public notice.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::ItemLevel;
use crate::actor::Role;
use crate::calendar::CycleKind;

/// The roles that can review. A subset of [`Role`]: a merchant or a platform administrator never
/// does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewRole {
    /// 信息采集员.
    Collector,
    /// 网格员.
    GridWorker,
    /// 积分工作队.
    WorkTeam,
    /// 评议小组, 信用议事会.
    PanelMember,
    /// The village's leading group.
    VillageAdmin,
    /// The town.
    TownOfficer,
}

impl From<ReviewRole> for Role {
    fn from(role: ReviewRole) -> Self {
        match role {
            ReviewRole::Collector => Self::Collector,
            ReviewRole::GridWorker => Self::GridWorker,
            ReviewRole::WorkTeam => Self::WorkTeam,
            ReviewRole::PanelMember => Self::PanelMember,
            ReviewRole::VillageAdmin => Self::VillageAdmin,
            ReviewRole::TownOfficer => Self::TownOfficer,
        }
    }
}

/// How the votes of a stage become a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Majority {
    /// More than half of those who voted, once the quorum is there; a tie waits for one more.
    Simple,
    /// All who voted; the first vote against rejects.
    Unanimous,
}

/// One stage of review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// What people call it: 评议, 复核.
    pub name: String,
    /// Who reviews.
    pub role: ReviewRole,
    /// How many distinct people must have voted.
    pub quorum: u8,
    /// How their votes become a decision.
    pub majority: Majority,
    /// Within how many working days.
    pub working_days_max: u16,
    /// For claims: only items of these levels come before it, all if it names none (Wendeng: the town
    /// rechecks shared items). The others go on to the next stage.
    #[serde(default)]
    pub levels: BTreeSet<ItemLevel>,
}

/// The stages in their order, then the days on the notice board (0: posted when certified).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Way {
    /// One to six stages.
    pub stages: Vec<Stage>,
    /// How many days the public notice hangs, 0 to 60.
    pub notice_days: u16,
    /// For claims: those of a period hang together once it is over (Wendeng: 季度公示); without it
    /// each goes on the notice of the day. See [`crate::notice::hangs_from`].
    #[serde(default)]
    pub notice_every: Option<CycleKind>,
}

impl Way {
    /// The most stages.
    pub const STAGES_MAX: usize = 6;
    /// The most days of public notice.
    pub const NOTICE_DAYS_MAX: u16 = 60;

    /// The number of the first stage from `from` on that looks at items of a level, with the stage.
    pub fn stage_for(&self, level: ItemLevel, from: u8) -> Option<(u8, &Stage)> {
        let numbered = (0_u8..).zip(&self.stages);
        numbered.skip(usize::from(from)).find(|(_, stage)| stage.looks_at(level))
    }

    /// The stage of that number, the first being 0.
    pub fn stage(&self, number: u8) -> Option<&Stage> {
        self.stages.get(usize::from(number))
    }
}

/// What the votes of a stage come to so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tally {
    /// More votes are needed.
    Open,
    /// The stage lets it pass.
    Passed,
    /// The stage rejects it.
    Rejected,
}

impl Stage {
    /// Whether items of a level come before it.
    pub fn looks_at(&self, level: ItemLevel) -> bool {
        self.levels.is_empty() || self.levels.contains(&level)
    }

    /// What so many votes for and against, of distinct people, come to.
    pub fn tally(&self, votes_for: usize, votes_against: usize) -> Tally {
        let present = votes_for + votes_against;
        let quorate = present >= usize::from(self.quorum);
        match self.majority {
            Majority::Unanimous if votes_against > 0 => Tally::Rejected,
            _ if !quorate => Tally::Open,
            _ if votes_for > votes_against => Tally::Passed,
            _ if votes_against > votes_for => Tally::Rejected,
            _ => Tally::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stage(quorum: u8, majority: Majority) -> Stage {
        Stage {
            name: "评议".into(),
            role: ReviewRole::PanelMember,
            quorum,
            majority,
            working_days_max: 5,
            levels: BTreeSet::new(),
        }
    }

    #[test]
    fn a_stage_for_shared_items_is_passed_over_by_those_of_the_village() {
        let town = Stage {
            levels: [ItemLevel::Shared, ItemLevel::District].into(),
            ..stage(1, Majority::Simple)
        };
        let stages = vec![stage(3, Majority::Simple), town, stage(2, Majority::Simple)];
        let way = Way { stages, notice_days: 3, notice_every: None };
        let number = |level, from| way.stage_for(level, from).map(|(number, _)| number);
        assert_eq!(number(ItemLevel::Village, 0), Some(0));
        assert_eq!(number(ItemLevel::Village, 1), Some(2));
        assert_eq!(number(ItemLevel::Shared, 1), Some(1));
        assert_eq!(number(ItemLevel::District, 3), None);
    }

    #[test]
    fn a_panel_decides_by_majority_once_its_quorum_voted() {
        let panel = stage(3, Majority::Simple);
        assert_eq!(panel.tally(2, 0), Tally::Open);
        assert_eq!(panel.tally(2, 1), Tally::Passed);
        assert_eq!(panel.tally(1, 2), Tally::Rejected);
        assert_eq!(panel.tally(2, 2), Tally::Open);
        assert_eq!(panel.tally(3, 2), Tally::Passed);
    }

    #[test]
    fn one_vote_against_ends_a_unanimous_stage() {
        let group = stage(3, Majority::Unanimous);
        assert_eq!(group.tally(2, 0), Tally::Open);
        assert_eq!(group.tally(0, 1), Tally::Rejected);
        assert_eq!(group.tally(3, 0), Tally::Passed);
    }
}
