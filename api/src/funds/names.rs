//! The names of what vouchers and statements of the fund are.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::names::names;

names! {
    /// What a voucher of the fund does.
    FundVoucherKind = domain::fund::VoucherKind {
        /// 捐赠: somebody gave it.
        Donation,
        /// 拨款: an office above the village gave it.
        Appropriation,
        /// 集体收入: the village earned it.
        Income,
        /// 超市收款: top-ups that a points store took in for the village.
        Takings,
        /// 支出: it was paid to somebody.
        Payment,
        /// 划转: from one account of the fund to another.
        Transfer,
        /// 冲正: another voucher is taken back.
        Correction,
    }
    /// Where a voucher of the fund stands.
    FundVoucherState = domain::fund::VoucherState {
        /// Waits for a second person.
        Prepared,
        /// It moved the money.
        Booked,
        /// A second person said no.
        Refused,
        /// Who prepared it took it back.
        Withdrawn,
    }
    /// How the notice board names whoever gave or got the money.
    PartyShownName = domain::fund::PartyShown {
        /// By name.
        Named,
        /// With the first and last character.
        Masked,
        /// Not at all.
        Anonymous,
    }
    /// Where a statement of the fund stands.
    FundStatementStateName = domain::fund::StatementState {
        /// A second person is to put it on the notice board.
        Drawn,
        /// It hangs.
        OnNotice,
        /// It hung, and an objection waits for its answer.
        Disputed,
        /// It hung, and stands.
        Published,
        /// It was wrong; draw up another one.
        Struck,
    }
}
