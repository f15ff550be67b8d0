//! Claims: declaring, reviewing, returning, withdrawing.

mod row;

pub use row::{Event, Kept, find, record_in_tx, save_in_tx, votes_in_tx};
