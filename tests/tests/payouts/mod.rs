//! The dividend and the year-end awards.

mod awards;
mod board;
mod dividend;
mod hands;
mod objections;
mod people;
mod racing;
mod reckoned;
mod used;
mod ways_out;
mod weights;
