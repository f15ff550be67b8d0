//! Ratings: computing a cycle for a whole village, reviewing the list, looking at it, and computing
//! it once more to show that it comes out the same. What happens when its notice closes belongs to
//! the notices.

mod check;
mod compute;
mod decide;
mod household;
mod lines;
mod list;
mod notice;
mod row;

pub use check::{Check, Differing, check};
pub use compute::compute;
pub use decide::{Choice, decide};
pub use household::{HouseholdRating, of_household};
pub use lines::{ShownLine, lines};
pub use list::{Given, Overview, StarCount, list, show};
pub use row::{LineRow, RatingRow, find, save_in_tx};
