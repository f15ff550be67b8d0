//! The dividend (积分分红) and the year-end awards (年终表彰): one plan for both, from the draft to the hands
//! of people.

pub mod check;
pub mod draft;
pub mod file;
pub mod household;
pub mod lines;
pub mod names;
pub mod out;
pub mod steps;
