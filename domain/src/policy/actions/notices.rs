//! The notice board, objections, and what waits for a person to look at it.

macro_rules! actions_of_notices {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// Read the notice board.
        NoticeShow "notice_show" Known => EVERYBODY;
        /// Put what is certified on the notice board.
        NoticeManage "notice_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// Object to what hangs on the notice board.
        ObjectionCreate "objection_create" Known => &[(Villager, Village)];
        /// Appeal against what concerns one's own household.
        AppealCreate "appeal_create" Private => &[(Villager, Household)];
        /// See the objections that one raised, and those that concern the own household.
        ObjectionOwnShow "objection_own_show" Known => &[(Villager, Village)];
        /// See objections and appeals.
        ObjectionShow "objection_show" Private => &[
            (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
            (Supervisor, Village),
        ];
        /// Answer an objection or appeal; those who decided before are kept out.
        ObjectionAnswer "objection_answer" Private => &[
            (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
        ];
        /// See the texts and photos that wait for a person, and what became of others.
        ContentCheckShow "content_check_show" Private => &[
            (VillageAdmin, Village), (TownOfficer, Village), (Supervisor, Village),
        ];
        /// Release or refuse a text or photo.
        ContentCheckDecide "content_check_decide" Private => &[
            (VillageAdmin, Village), (TownOfficer, Village),
        ];
    } };
}
