//! Ratings (星级评定): a cycle's score becomes a star or a grade, for the whole village at once.
//!
//! Reading order: [`Standing`] is what the ledger and the roster say of an account, [`counts_in`]
//! which entries are in it, [`rate`] makes a [`Line`] of it, [`explain`] says entry by entry how the
//! line came about, [`ranked`] orders the lines, and a [`Rating`] carries all of them through review
//! and notice. What becomes of one line after that is in [`crate::rating_line`].
//!
//! A score is the base and what is effective on the cycle's last day. Those on a track have role duty
//! and personal credit mixed ([`crate::rule_book::TrackRule`]); households have the sum, the average or
//! the head of their members ([`crate::rule_book::HouseholdScore`]). A direct grade sets the star below
//! what the score gives for as long as it stands ([`GradeMark`]).
//!
//! A rating is computed as of a moment: what is recorded later does not change it, so that it can be
//! computed again from the ledger at any time and comes out the same.

mod entries;
mod explain;
mod line;
mod marks;
mod rank;
mod reach;
mod review;
mod score;
mod standing;
mod state;
#[cfg(test)]
mod tests;

pub use entries::{ClaimFacts, EntryEffect, ScoreEntry};
pub use explain::{EntryReason, Explanation, Reason, explain};
pub use line::{Line, rate, rate_again, star_credit};
pub use marks::GradeMark;
pub use rank::ranked;
pub use reach::{Next, Reach};
pub use review::{Rating, RatingProgress, notice_closes_at, ratable, ratable_kind};
pub use score::{HouseholdBasis, MembersPart};
pub use standing::{Effective, Exclusion, MemberSum, Standing, counts_in};
pub use state::RatingState;
