//! Balances, ratings, and what is given for them.

macro_rules! actions_of_points {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// See the balance and stars of a household.
        BalanceShow "balance_show" Known => HOUSEHOLD_AND_ADMINS;
        /// See the entries of a household.
        StatementShow "statement_show" Known => HOUSEHOLD_AND_ADMINS;
        /// Compare balances with entries.
        LedgerCheck "ledger_check" Known => &[
            (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
            (Supervisor, Village),
        ];
        /// Look at the rating of a whole village while it is worked on.
        RatingShow "rating_show" Known => OFFICERS_AND_SUPERVISOR;
        /// Compute a rating.
        RatingManage "rating_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// Review a rating; which role at which stage is the rule book's matter.
        RatingReview "rating_review" Known => OFFICERS;
        /// See the dividends and awards of a village while they are worked on, and their pay lists.
        PayoutShow "payout_show" Known => &[
            (VillageAdmin, Village), (TownOfficer, Village), (Supervisor, Village),
        ];
        /// Reckon a dividend or awards, record the vote, hang them.
        PayoutManage "payout_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// Have one paid out of the fund; who prepared it is kept out.
        PayoutPay "payout_pay" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// Mark parts as handed out.
        PayoutHandOut "payout_hand_out" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
        /// See the lists of who fits for something: in the village and by those who answer for it.
        EligibilityShow "eligibility_show" Known => &[
            (Villager, Village), (VillageAdmin, Village), (TownOfficer, Village),
            (Supervisor, Village),
        ];
        /// Make and end such lists.
        EligibilityManage "eligibility_manage" Known => &[
            (VillageAdmin, Village), (TownOfficer, Village),
        ];
        /// Learn why the own household stands on a list or not, and ask not to be listed.
        EligibilityOwn "eligibility_own" Private => &[(Villager, Household)];
        /// Make, see and take back proofs of the own star.
        StarProofOwn "star_proof_own" Private => &[(Villager, Household)];
    } };
}
