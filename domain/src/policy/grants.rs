//! Who may grant which role.

use crate::actor::Role;

use Role::{
    Collector, CountyOperator, GridWorker, MerchantClerk, MerchantOwner, PanelMember,
    PlatformAdmin, Supervisor, TownOfficer, VillageAdmin, Villager, WorkTeam,
};

/// Whether a holder of `granting` may grant `granted`.
///
/// Each level grants the roles below it: a village its own helpers, a town the village's
/// administrators, a county the towns' officers and the supervisors (nobody appoints who
/// supervises them), the platform the counties' operators. Merchants' roles come by invitation of
/// their owner.
pub const fn may_grant(granting: Role, granted: Role) -> bool {
    match granted {
        Collector | GridWorker | WorkTeam | PanelMember | Role::StoreKeeper => {
            matches!(granting, VillageAdmin | TownOfficer)
        }
        VillageAdmin => matches!(granting, TownOfficer | CountyOperator),
        TownOfficer | Supervisor => matches!(granting, CountyOperator | PlatformAdmin),
        CountyOperator | PlatformAdmin => matches!(granting, PlatformAdmin),
        Villager | MerchantOwner | MerchantClerk => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_grants_the_role_they_hold_but_the_platform() {
        for &role in Role::ALL {
            assert!(role == PlatformAdmin || !may_grant(role, role), "{}", role.as_str());
        }
    }
}
