//! The fund behind the points.

macro_rules! actions_of_fund {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// See what the fund holds, what is owed, and the statements that were published.
        FundShow "fund_show" Known => EVERYBODY;
        /// See the fund's accounts and vouchers, with who gave and who got.
        FundBookShow "fund_book_show" Known => &[
            (VillageAdmin, Village), (TownOfficer, Village), (CountyOperator, Village),
            (Supervisor, Village),
        ];
        /// Open accounts, prepare and check vouchers, state the fund, set when it brakes.
        FundManage "fund_manage" Known => &[(VillageAdmin, Village), (TownOfficer, Village)];
    } };
}
