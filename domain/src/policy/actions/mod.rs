//! The table of actions: which roles may do what, and how far they reach.

#[macro_use]
mod alliance;
#[macro_use]
mod claims;
#[macro_use]
mod fund;
#[macro_use]
mod lists;
#[macro_use]
mod notices;
#[macro_use]
mod office;
#[macro_use]
mod points;
#[macro_use]
mod reports;
#[macro_use]
mod store;
#[macro_use]
mod village;

use crate::actor::Role;

use Reach::{Household, Merchant, Platform, Village, VillageStore};
use Role::{
    Collector, CountyOperator, GridWorker, MerchantClerk, MerchantOwner, PanelMember,
    PlatformAdmin, StoreKeeper, Supervisor, TownOfficer, VillageAdmin, Villager, WorkTeam,
};

/// How far a role reaches in an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The actor's own household.
    Household,
    /// Every village that the role covers.
    Village,
    /// Every village that the role covers, but what a merchant runs there.
    VillageStore,
    /// The merchant that the role is for.
    Merchant,
    /// What belongs to the whole installation.
    Platform,
}

/// The roles that may do something, each with its reach.
pub(super) type Rules = &'static [(Role, Reach)];

/// Those who run a village and the divisions above it.
const ADMINS: Rules = &[(VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village)];
/// Those who serve a village.
const OFFICERS: Rules = &[
    (Collector, Village),
    (GridWorker, Village),
    (WorkTeam, Village),
    (PanelMember, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
];
/// Everybody who belongs to a village or answers for it.
const EVERYBODY: Rules = &[
    (Villager, Village),
    (Collector, Village),
    (GridWorker, Village),
    (WorkTeam, Village),
    (PanelMember, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (CountyOperator, Village),
    (Supervisor, Village),
];
/// A household's own things, and those who serve or supervise it.
const HOUSEHOLD_AND_OFFICERS: Rules = &[
    (Villager, Household),
    (Collector, Village),
    (GridWorker, Village),
    (WorkTeam, Village),
    (PanelMember, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (Supervisor, Village),
];
/// A household's own account, and those who answer for it.
const HOUSEHOLD_AND_ADMINS: Rules = &[
    (Villager, Household),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (Supervisor, Village),
];
/// Those who serve a village, and those above who look at their work.
const OFFICERS_AND_SUPERVISOR: Rules = &[
    (Collector, Village),
    (GridWorker, Village),
    (WorkTeam, Village),
    (PanelMember, Village),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (CountyOperator, Village),
    (Supervisor, Village),
];

/// Those who stand at the counter of a points store: the village's keepers, or the merchant's people.
const COUNTER: Rules = &[
    (StoreKeeper, VillageStore),
    (VillageAdmin, Village),
    (MerchantOwner, Merchant),
    (MerchantClerk, Merchant),
];
/// Those, and who answers for them.
const COUNTER_AND_SUPERVISOR: Rules = &[
    (StoreKeeper, VillageStore),
    (VillageAdmin, Village),
    (TownOfficer, Village),
    (Supervisor, Village),
    (MerchantOwner, Merchant),
    (MerchantClerk, Merchant),
];

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $code:literal $kind:ident => $rules:expr;)*) => {
        /// What can be done to something in a village or at a merchant.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action { $($(#[$doc])* $name,)* }

        impl Action {
            /// Every action.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in the policy file and the audit log.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Which roles may do it, and how far they reach.
            pub const fn rules(self) -> Rules {
                match self { $(Self::$name => $rules,)* }
            }

            pub(super) const fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind,)* }
            }
        }
    };
}

/// Whether those who belong to the village may know that the thing exists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Known in the village: refused with `forbidden`.
    Known,
    /// Private to those concerned: refused with `not_found`.
    Private,
}

gather! {
    actions:
    actions_of_village
    actions_of_claims
    actions_of_reports
    actions_of_notices
    actions_of_points
    actions_of_alliance
    actions_of_fund
    actions_of_store
    actions_of_lists
    actions_of_office
}
