//! Claims: declaring, reviewing, returning, withdrawing.

mod batch;
pub(crate) mod row;

pub use batch::{certified_in_tx, insert_all_in_tx, lock_in_tx, on_notice_in_tx, save_all_in_tx};
pub use row::{Event, Kept, find, record_in_tx, save_in_tx, votes_in_tx};
