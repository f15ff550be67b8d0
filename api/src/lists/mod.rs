//! Honor and warning lists (红榜, 黑榜): what hangs, and the way an entry goes.

pub mod change;
pub mod entry;
pub mod show;
