//! Purchases: at the till, and as the household sees them.

mod household;
mod receipt;
mod till;

pub use household::*;
pub use receipt::{LimitName, ReceiptOut, StateName};
pub use till::*;
