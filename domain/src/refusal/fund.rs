//! The fund behind the points.

macro_rules! refusals_of_fund {
    ($($gathering:tt)*) => { gather! { $($gathering)*
        /// A transfer names two accounts of the fund, and nothing else does.
        VoucherAccounts => "voucher_accounts";
        /// The voucher is in a state in which this is not possible.
        VoucherState { state: VoucherState } => "voucher_state";
        /// A statement or dividend rests on the voucher: it is not taken back over their heads.
        VoucherSettles => "voucher_settles";
        /// Another voucher takes it back already, or waits to.
        VoucherCorrected => "voucher_corrected";
        /// Earlier vouchers have the same document number, and whoever books it did not name them.
        DocumentUsed { numbers: Vec<i32> } => "document_used";
        /// The account of the fund is closed.
        FundAccountClosed => "fund_account_closed";
        /// The account of the fund still holds money, or a voucher about it waits.
        FundAccountInUse { left: Fen } => "fund_account_in_use";
        /// The fund has as many open accounts as it may have.
        FundAccountTooMany { most: i64 } => "fund_account_too_many";
        /// The account of the fund holds too little.
        FundTooLow { left: Fen } => "fund_too_low";
        /// The lines or days of the brake cannot hold.
        BrakePolicyInvalid => "brake_policy_invalid";
        /// No such policy of the brake waits for a second person: it holds, or a newer one was proposed.
        BrakePolicyNotWaiting => "brake_policy_not_waiting";
        /// What the accounts of the fund hold is not what their entries add up to.
        FundBookDiffers { held: Fen, booked: Fen } => "fund_book_differs";
        /// A statement of the fund hangs for so many days.
        FundNoticeDays { days_min: u16, days_max: u16 } => "fund_notice_days";
        /// A statement of that period exists.
        FundStatementExists => "fund_statement_exists";
        /// The period is not over.
        FundPeriodOpen { until: NaiveDate } => "fund_period_open";
        /// The statement is in a state in which this is not possible.
        FundStatementState => "fund_statement_state";
        /// More moved in the period than a statement lists.
        FundStatementTooLong { lines_max: u64 } => "fund_statement_too_long";
    } };
}
