//! The honor list and the warning list.

macro_rules! actions_of_lists {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// Read the honor list.
        HonorListShow "honor_list_show" Known => EVERYBODY;
        /// Read the warning list: in the village and by those who answer for it.
        WarningListShow "warning_list_show" Known => &[
            (Villager, Village), (Collector, Village), (GridWorker, Village), (WorkTeam, Village),
            (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
            (Supervisor, Village),
        ];
        /// Propose an entry for a list.
        ListEntryPropose "list_entry_propose" Known => &[
            (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
        ];
        /// List the entries that are worked on.
        ListEntryListShow "list_entry_list_show" Private => &[
            (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
            (Supervisor, Village),
        ];
        /// See an entry that is worked on, or one of one's own household.
        ListEntryShow "list_entry_show" Private => &[
            (Villager, Household), (PanelMember, Village), (VillageAdmin, Village),
            (TownOfficer, Village), (Supervisor, Village),
        ];
        /// Decide on an entry; who proposed it, and who is concerned, is kept out.
        ListEntryDecide "list_entry_decide" Private => &[(PanelMember, Village)];
        /// Agree or not to be praised, and ask for an entry of one's own to be taken down.
        ListEntryOwn "list_entry_own" Private => &[(Villager, Household)];
        /// Write down that somebody without a phone agreed, or wishes an entry to be taken down.
        ListEntryForOthers "list_entry_for_others" Private => &[
            (GridWorker, Village), (VillageAdmin, Village),
        ];
        /// Answer a wish or objection; those who decided before are kept out.
        ListEntryAnswer "list_entry_answer" Private => &[
            (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
        ];
        /// Take an entry down.
        ListEntryTakeDown "list_entry_take_down" Private => &[
            (VillageAdmin, Village), (TownOfficer, Village),
        ];
    } };
}
