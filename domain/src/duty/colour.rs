//! The five colours of pledges.

use crate::person::Track;
use crate::rule_book::Item;

names! {
    /// A colour of the five (五色契约), as the town of Houjia in Wendeng named them
    /// (`sources/wendeng.txt`): each is the contract of one kind of people.
    Colour {
        /// 红色“先锋契约”, of party members.
        Red "red",
        /// 黄色“模范契约”, of villager representatives.
        Yellow "yellow",
        /// 蓝色“自治契约”, of villagers.
        Blue "blue",
        /// 绿色“服务契约”, of volunteers.
        Green "green",
        /// 银色“调解契约”, of the five kinds of elders (“五老”人员).
        Silver "silver",
    }
}

impl Colour {
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
