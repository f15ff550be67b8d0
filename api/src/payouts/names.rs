//! Names of what is given out and of where it stands.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::names::names;

names! {
    /// What is given out.
    PayoutKindName = domain::payout::Kind {
        /// 积分分红.
        Dividend,
        /// 年终表彰.
        Awards,
    }
    /// Where a dividend or awards stand.
    PayoutStateName = domain::payout::State {
        /// Reckoned, and shown to those who prepare it.
        Draft,
        /// The assembly voted for it.
        Voted,
        /// Hangs on the notice board.
        OnNotice,
        /// The answer to an objection is waited for.
        Disputed,
        /// It holds, and can be paid.
        Effective,
        /// The money has left the fund; parts are handed out.
        Paid,
        /// Taken back before it was paid.
        Withdrawn,
    }
}
