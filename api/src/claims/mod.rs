//! Claims: declaring deeds, recording deductions, reviewing, changing, reading.

pub mod activity;
pub mod change;
pub mod declare;
pub mod deduct;
pub mod list;
pub mod review;
pub mod show;

mod deed;
mod receipt;
mod state;

pub(crate) use deed::{Parts, a_day};
pub use receipt::ClaimReceiptOut;
pub use state::ClaimState;
