//! Ratings: computing a cycle, reviewing the list, looking at it, and a household's own lines.

pub mod decide;
pub mod household;
pub mod lines;
pub mod rating;
pub mod recompute;
pub mod show;
