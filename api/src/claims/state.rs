//! The states of a claim as the API names them.

use domain::claim::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::names::names;

names! {
    /// Where a claim stands.
    ClaimState = State {
        /// 已提交: waits for its first vote.
        Submitted,
        /// 已退回: back with the claimant, who is asked for more.
        Returned,
        /// 评议中: somebody voted.
        InReview,
        /// 已认定: waits for a notice.
        Certified,
        /// 公示中: hangs on the notice board.
        OnNotice,
        /// 已入账: stands in the ledger.
        Posted,
        /// 未通过: a stage voted against it.
        Rejected,
        /// 已撤回: taken back, or put right in time.
        Withdrawn,
        /// 有异议: its notice closed while an objection was open.
        Disputed,
        /// 已撤销: struck after an objection.
        Overturned,
        /// 已冲销: its entries were reversed.
        Reversed,
    }
}
