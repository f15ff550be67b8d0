//! Snapshot reports.

macro_rules! actions_of_reports {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// See what can be reported.
        ReportCategoryShow "report_category_show" Known => EVERYBODY;
        /// Change what can be reported.
        ReportCategoryManage "report_category_manage" Known => &[
            (VillageAdmin, Village), (TownOfficer, Village),
        ];
        /// Report a good deed or a nuisance, and look for what was reported nearby.
        ReportCreate "report_create" Known => &[(Villager, Village)];
        /// See the reports that one sent oneself, and those about the own household.
        ReportOwnShow "report_own_show" Known => &[(Villager, Village)];
        /// Confirm, reopen, urge or take back a report that one sent.
        ReportOwnChange "report_own_change" Private => &[(Villager, Village)];
        /// See the reports of a village; a grid worker those that they have in hand.
        ReportListShow "report_list_show" Known => &[
            (GridWorker, Village), (VillageAdmin, Village), (TownOfficer, Village),
            (Supervisor, Village),
        ];
        /// See a report: whom it is about, the grid worker who has it in hand, triage.
        ReportShow "report_show" Private => &[
            (Villager, Household), (GridWorker, Village), (VillageAdmin, Village),
            (TownOfficer, Village), (Supervisor, Village),
        ];
        /// Take reports on, refuse, join, dispatch and close them.
        ReportTriage "report_triage" Private => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// Say that a report is done; the grid worker who has it in hand.
        ReportResolve "report_resolve" Private => &[(GridWorker, Village)];
        /// Ask who reported something; every look is recorded.
        ReportReporterShow "report_reporter_show" Private => &[
            (VillageAdmin, Village), (TownOfficer, Village),
        ];
        /// Write a comment on a report.
        ReportComment "report_comment" Private => &[
            (Villager, Household), (GridWorker, Village), (VillageAdmin, Village),
            (TownOfficer, Village),
        ];
        /// Make a claim of a good deed.
        ReportClaimCreate "report_claim_create" Private => &[(VillageAdmin, Village)];
        /// Propose a deduction for a nuisance.
        ReportDeductionCreate "report_deduction_create" Private => &[
            (VillageAdmin, Village), (GridWorker, Village),
        ];
        /// See the good deeds whose people agreed to be shown.
        GoodDeedShow "good_deed_show" Known => EVERYBODY;
        /// Agree to be shown with a good deed, or not any more.
        ShowingConsent "showing_consent" Private => &[(Villager, Household)];
    } };
}
