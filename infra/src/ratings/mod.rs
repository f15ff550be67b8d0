//! Ratings: a cycle's score becomes a star, for the whole village at once.

pub mod effect;

pub use effect::{Effective, line_takes_effect_in_tx, take_effect_in_tx};
