//! Who asks, and about whose things.

use domain::actor::Role;
use domain::policy::{Action, Reach};

/// Somebody who asks: a person of the demo who stands for a role.
#[derive(Clone, Copy, Debug)]
pub struct Walker {
    /// The key of the demo person; `anonymous` is not signed in.
    pub key: &'static str,
    /// The role that they stand for.
    pub role: Option<Role>,
    /// The number of their household in the first village.
    pub lives_in: Option<u8>,
}

const fn walker(key: &'static str, role: Option<Role>, lives_in: Option<u8>) -> Walker {
    Walker { key, role, lives_in }
}

/// Everybody who asks, in the order of the columns.
pub const PEOPLE: &[Walker] = &[
    walker("anonymous", None, None),
    walker("stranger", None, None),
    walker("villager", Some(Role::Villager), Some(1)),
    walker("collector", Some(Role::Collector), Some(4)),
    walker("grid-worker", Some(Role::GridWorker), Some(5)),
    walker("work-team", Some(Role::WorkTeam), Some(6)),
    walker("panel-1", Some(Role::PanelMember), Some(7)),
    walker("village-admin", Some(Role::VillageAdmin), Some(11)),
    walker("town-officer", Some(Role::TownOfficer), None),
    walker("county-operator", Some(Role::CountyOperator), None),
    walker("supervisor", Some(Role::Supervisor), None),
    walker("merchant-owner", Some(Role::MerchantOwner), None),
    walker("merchant-clerk", Some(Role::MerchantClerk), None),
    walker("store-keeper", Some(Role::StoreKeeper), Some(13)),
    walker("platform-admin", Some(Role::PlatformAdmin), None),
];

/// Whose things are asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Of the own household and the own shop; of some household of the first village for who lives
    /// elsewhere.
    Own,
    /// Of another household of the first village, and of another shop.
    OtherHousehold,
    /// Of another village of the same town.
    OtherVillage,
    /// Of a village of another county.
    OtherCounty,
}

impl Target {
    /// Every target.
    pub const ALL: [Self; 4] =
        [Self::Own, Self::OtherHousehold, Self::OtherVillage, Self::OtherCounty];
}

impl Walker {
    /// Whether one of these actions gives them a right to such things at all. Which the answer may
    /// still deny, by a rule of the village.
    pub fn could(self, actions: &[Action], target: Target) -> bool {
        actions.iter().flat_map(|action| action.rules()).any(|(role, reach)| {
            let lives_here = self.lives_in.is_some() && target <= Target::OtherHousehold;
            let holds = self.role == Some(*role) || (*role == Role::Villager && lives_here);
            holds && self.reaches(*role, *reach, target)
        })
    }

    fn reaches(self, role: Role, reach: Reach, target: Target) -> bool {
        let above = matches!(role, Role::TownOfficer | Role::CountyOperator | Role::Supervisor);
        let everywhere = role == Role::PlatformAdmin;
        if reach == Reach::Platform {
            everywhere
        } else if reach == Reach::Household {
            target == Target::Own && self.lives_in.is_some()
        } else if reach == Reach::VillageStore {
            // At a store that the village runs; at a merchant's they are refused.
            target <= Target::OtherHousehold
        } else if reach == Reach::Merchant {
            target == Target::Own
        } else {
            match target {
                Target::Own | Target::OtherHousehold => true,
                Target::OtherVillage => above || everywhere,
                Target::OtherCounty => everywhere,
            }
        }
    }
}
