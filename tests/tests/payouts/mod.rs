//! The dividend and the year-end awards.

mod awards;
mod dividend;
mod objections;
mod racing;
mod weights;
