//! Who acts: a user with the villager they are bound to and the roles they hold at this moment.

use crate::id::{DivisionId, HouseholdId, MerchantId, UserId, VillagerId};
use crate::place::Place;
use crate::refusal::Refusal;

names! {
    /// A role (section 3). Granted for a place and a time; `Villager` follows from the binding.
    Role {
        /// 村民.
        Villager "villager",
        /// 信息采集员.
        Collector "collector",
        /// 网格员.
        GridWorker "grid_worker",
        /// 积分工作队.
        WorkTeam "work_team",
        /// 评议小组, 信用议事会.
        PanelMember "panel_member",
        /// Runs the village's affairs.
        VillageAdmin "village_admin",
        /// Runs a town's affairs.
        TownOfficer "town_officer",
        /// Runs a county's affairs.
        CountyOperator "county_operator",
        /// Owns a merchant.
        MerchantOwner "merchant_owner",
        /// Works at a merchant's till.
        MerchantClerk "merchant_clerk",
        /// Keeps a points store.
        StoreKeeper "store_keeper",
        /// Reads everything in its division with the reason recorded; writes only findings.
        Supervisor "supervisor",
        /// Runs the installation.
        PlatformAdmin "platform_admin",
    }
}

/// What a role is held for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// A division and all that lies in it.
    Division(DivisionId),
    /// A merchant.
    Merchant(MerchantId),
    /// The whole installation.
    Platform,
}

/// A role that is held now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// For what.
    pub scope: Scope,
}

/// The villager that a user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Where.
    pub place: Place,
    /// In which household.
    pub household: HouseholdId,
    /// Who.
    pub villager: VillagerId,
}

/// Somebody who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user.
    pub user: UserId,
    /// The villager they are bound to, if any.
    pub membership: Option<Membership>,
    /// The roles they hold now, without those that have ended or not begun.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Whether the actor holds the role for this village.
    pub fn holds_at(&self, role: Role, place: &Place) -> bool {
        if role == Role::Villager {
            return self.membership.is_some_and(|m| m.place.village == place.village);
        }
        self.grants.iter().any(|grant| {
            grant.role == role
                && match grant.scope {
                    Scope::Division(division) => place.lies_in(division),
                    Scope::Platform => true,
                    Scope::Merchant(_) => false,
                }
        })
    }

    /// Whether the actor has any role for this village, so that its existence is no secret.
    pub fn belongs_at(&self, place: &Place) -> bool {
        Role::ALL.iter().any(|role| self.holds_at(*role, place))
    }

    /// Whether the actor holds the role for this merchant.
    pub fn holds_for(&self, role: Role, merchant: MerchantId) -> bool {
        self.grants
            .iter()
            .any(|grant| grant.role == role && grant.scope == Scope::Merchant(merchant))
    }

    /// Whether the actor holds the role anywhere.
    pub fn holds_somewhere(&self, role: Role) -> bool {
        match role {
            Role::Villager => self.membership.is_some(),
            _ => self.grants.iter().any(|grant| grant.role == role),
        }
    }

    /// Checks that what the actor is about to settle is not about their own household: nobody
    /// takes a tie back that keeps them out of a review, or changes who of theirs is rated.
    ///
    /// # Errors
    /// `own_household`.
    pub fn is_no_member_of(&self, household: HouseholdId) -> Result<(), Refusal> {
        if self.household() == Some(household) { Err(Refusal::OwnHousehold) } else { Ok(()) }
    }

    /// The household the actor lives in.
    pub fn household(&self) -> Option<HouseholdId> {
        self.membership.map(|m| m.household)
    }
}
