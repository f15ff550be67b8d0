//! Payouts: the dividend and the year-end awards, from the ledger to the hands of people.
//!
//! Each step is one transaction. A plan is reckoned for the whole village at once, while no entry is
//! being recorded; whoever kills the program meanwhile finds nothing of it. Locks are taken in the order
//! notice, payout, accounts of the fund, accounts.

mod candidates;
mod check;
mod create;
mod hand;
mod list;
mod pay;
mod row;
mod settle;
mod shown;
mod steps;
mod tell;
mod used;

pub use check::{Check, Differing, check};
pub(crate) use create::{Anew, reckon_anew_in_tx};
pub use create::{Draft, create};
pub use hand::{hand_out, reverse_handover};
pub use list::{Overview, OwnPart, export, lines, list, of_household, show};
pub use pay::{Paying, pay};
pub use row::{HandoverRow, LineRow, PayoutRow};
pub(crate) use row::{lock_in_tx, save_in_tx};
pub(crate) use settle::{fall_in_tx, go_on_in_tx, objections_open_in_tx, over_in_tx};
pub use shown::ShownLine;
pub(crate) use shown::{Board, counts, of_board, receivers, whose_line_in_tx};
pub use steps::{publish, vote, withdraw};
