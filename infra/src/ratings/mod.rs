//! Ratings: computing a cycle for a whole village, reviewing the list, looking at it, and computing
//! it once more to show that it comes out the same. [`effect`] is what happens when its
//! notice closes.

mod check;
mod compute;
mod decide;
pub mod effect;
mod household;
mod lines;
mod list;
mod row;

pub use check::{Check, Differing, check};
pub use compute::compute;
pub use decide::{Choice, decide};
pub use effect::{Effective, line_takes_effect_in_tx, take_effect_in_tx};
pub use household::{HouseholdRating, of_household};
pub use lines::{ShownLine, lines};
pub use list::{Given, Overview, StarCount, list, show};
pub use row::{LineRow, RatingRow, find, rated_members, save_in_tx};
