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
