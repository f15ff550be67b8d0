//! Redemptions: by the household in the mini-program, and at the counter of a store.

mod counter;
mod household;
mod receipt;

pub use counter::*;
pub use household::*;
pub use receipt::{RedemptionOut, RedemptionStateName};
