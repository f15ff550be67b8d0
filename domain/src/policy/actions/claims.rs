//! Photos, claims, duties.

macro_rules! actions_of_claims {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// Upload a photo.
        PhotoUpload "photo_upload" Known => &[
            (Villager, Village), (Collector, Village), (GridWorker, Village), (WorkTeam, Village),
            (VillageAdmin, Village), (StoreKeeper, Village),
        ];
        /// Look at a photo by its id.
        PhotoShow "photo_show" Private => HOUSEHOLD_AND_OFFICERS;
        /// Declare a deed for one's own household.
        ClaimCreate "claim_create" Known => &[(Villager, Household)];
        /// Declare a deed for someone else: by proxy, or for an activity.
        ClaimCreateForOthers "claim_create_for_others" Known => &[
            (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
        ];
        /// Record a deduction.
        DeductionCreate "deduction_create" Known => &[
            (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
        ];
        /// See the duty posts of a village and who holds them.
        DutyPostShow "duty_post_show" Known => EVERYBODY;
        /// Set up and close duty posts, and put people on them.
        DutyPostManage "duty_post_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// Give a pledge.
        PledgeCreate "pledge_create" Known => &[(Villager, Household)];
        /// Record the pledge of someone who agreed.
        PledgeCreateForOthers "pledge_create_for_others" Known => &[
            (Collector, Village), (GridWorker, Village), (WorkTeam, Village), (VillageAdmin, Village),
        ];
        /// See the duties of people: posts held, pledges and what became of them.
        DutyShow "duty_show" Private => HOUSEHOLD_AND_OFFICERS;
        /// Lay a duty down, or take it from somebody.
        DutyEnd "duty_end" Private => &[
            (Villager, Household), (VillageAdmin, Village), (TownOfficer, Village),
        ];
        /// Confirm what became of a pledge.
        PledgeConfirm "pledge_confirm" Private => &[
            (PanelMember, Village), (VillageAdmin, Village), (TownOfficer, Village),
        ];
        /// Look at a claim.
        ClaimShow "claim_show" Private => HOUSEHOLD_AND_OFFICERS;
        /// Resubmit or withdraw a claim.
        ClaimChange "claim_change" Private => &[
            (Villager, Household), (Collector, Village), (GridWorker, Village), (WorkTeam, Village),
            (VillageAdmin, Village),
        ];
        /// Review a claim; which role at which stage is the rule book's matter.
        ClaimReview "claim_review" Private => OFFICERS;
    } };
}
