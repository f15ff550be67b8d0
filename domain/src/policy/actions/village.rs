//! A village, its roster, its roles and its rules.

macro_rules! actions_of_village {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// See a village's name and settings.
        VillageShow "village_show" Known => EVERYBODY;
        /// See the grids of a village.
        GridShow "grid_show" Known => EVERYBODY;
        /// Draw grids.
        GridManage "grid_manage" Known => ADMINS;
        /// See the roster: names, and masked numbers.
        RosterShow "roster_show" Known => &[
            (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
            (TownOfficer, Village), (Supervisor, Village),
        ];
        /// Import the roster.
        RosterImport "roster_import" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// See a household and its members.
        HouseholdShow "household_show" Known => HOUSEHOLD_AND_OFFICERS;
        /// Change a villager's status or kin.
        VillagerManage "villager_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// See the sign-ins that match nothing.
        BindingShow "binding_show" Known => &[
            (VillageAdmin, Village), (TownOfficer, Village), (Supervisor, Village),
        ];
        /// Decide on sign-ins that match nothing, and print invitation codes.
        BindingManage "binding_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// See who holds which role.
        RoleShow "role_show" Known => &[
            (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
            (Supervisor, Village), (PlatformAdmin, Village),
        ];
        /// Grant and end roles of a village.
        RoleManage "role_manage" Known => &[
            (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
            (PlatformAdmin, Village),
        ];
        /// Read the rule book.
        RuleBookShow "rule_book_show" Known => EVERYBODY;
        /// Read a draft of a rule book.
        RuleBookDraftShow "rule_book_draft_show" Known => &[
            (VillageAdmin, Village), (TownOfficer, Village), (Supervisor, Village),
        ];
        /// Write a draft and record its adoption.
        RuleBookManage "rule_book_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// Read the drafts of a county's frame or a town's manual.
        RuleLayerDraftShow "rule_layer_draft_show" Known => &[
            (TownOfficer, Village), (CountyOperator, Village), (Supervisor, Village),
        ];
        /// Write and issue a county's frame or a town's manual.
        RuleLayerManage "rule_layer_manage" Known => &[
            (TownOfficer, Village), (CountyOperator, Village),
        ];
    } };
}
