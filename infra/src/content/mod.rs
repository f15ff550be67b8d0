//! Content checks: texts and photos that others would see, each asked about at WeChat and, where that
//! is no clear pass, decided by a person (`domain::content`).
//!
//! Whoever makes a thing submits its pieces in the same transaction ([`submit_in_tx`]) and shows it to
//! others only while it is public ([`standing_in`], or a column that [`settled`] keeps). The worker
//! asks WeChat ([`ask`]), outside of any transaction; the answer about a text comes at once, the one
//! about a photo is pushed ([`heard_in_tx`]). What stays without an answer is held for a person by
//! [`hold_silent`], whatever became of the asking.
//!
//! Whatever changes a check locks all checks of its subject first, in the order of their ids, so that
//! two pieces that settle at once do not both think the other still waits.

pub mod ask;
mod change;
mod decide;
mod forget;
mod hear;
mod list;
mod row;
mod settled;
mod silence;
mod standing;
mod submit;

pub use decide::{Decision, decide};
pub use forget::forget_settled;
pub use hear::{Heard, heard_in_tx};
pub use list::{Filter, Shown, list};
pub use row::CheckRow;
pub use silence::{forget_unasked, hold_silent};
pub use standing::standing_in;
pub use submit::{Piece, submit_in_tx};
