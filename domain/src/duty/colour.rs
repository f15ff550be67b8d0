//! The five colours of pledges.

use serde::{Deserialize, Serialize};

use crate::person::Track;
use crate::rule_book::Item;

/// A colour of the five (五色契约), as the town of Houjia in Wendeng named them
/// (`sources/wendeng.txt`): each is the contract of one kind of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    /// 红色“先锋契约”, of party members.
    Red,
    /// 黄色“模范契约”, of villager representatives.
    Yellow,
    /// 蓝色“自治契约”, of villagers.
    Blue,
    /// 绿色“服务契约”, of volunteers.
    Green,
    /// 银色“调解契约”, of the five kinds of elders (“五老”人员).
    Silver,
}

impl Colour {
    /// Every colour.
    pub const ALL: [Self; 5] = [Self::Red, Self::Yellow, Self::Blue, Self::Green, Self::Silver];

    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Yellow => "yellow",
            Self::Blue => "blue",
            Self::Green => "green",
            Self::Silver => "silver",
        }
    }

    /// The colour of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|colour| colour.as_str() == name)
    }

    /// The track whose people pledge under it; none for the one that is everybody's.
    pub const fn track(self) -> Option<Track> {
        match self {
            Self::Red => Some(Track::PartyMember),
            Self::Yellow => Some(Track::Representative),
            Self::Blue => None,
            Self::Green => Some(Track::Volunteer),
            Self::Silver => Some(Track::Elder),
        }
    }

    /// Whether an item is for pledges of this colour: for those of all colours if it names no track.
    pub(super) fn is_for(self, item: &Item) -> bool {
        item.tracks.is_empty() || self.track().is_some_and(|track| item.tracks.contains(&track))
    }
}
