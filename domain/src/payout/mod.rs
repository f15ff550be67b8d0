//! What a village gives out when a period is over: the dividend (积分分红), a pool shared by weight, and
//! the year-end awards (年终表彰), prizes by rank.
//!
//! Both go one way: reckoned from the ledger, voted on by the assembly, hung on the notice board, paid
//! out of the fund by somebody who did not prepare it, handed out part by part. Parts depend on each
//! other: if one is wrong, all are. So a plan waits as a whole while an objection is open, and hangs
//! once more if it was reckoned anew.

mod board;
mod hand_over;
mod reckon;
mod state;
mod terms;
#[cfg(test)]
mod tests;

pub use board::{name_shown, points_shown};
pub use hand_over::{HandOver, How, hand_over, reverse};
pub use reckon::{Candidate, LeftOut, Line, left_of, lines, lowered, total, used_up};
pub use state::{Next, State, needs_new_vote, out_of, pay, settle, short_by, vote, withdraw};
pub use terms::{
    Deductions, Kind, PRIZES_MAX, Prize, RankedBy, TITLE_CHARS_MAX, Terms, check_title,
};
