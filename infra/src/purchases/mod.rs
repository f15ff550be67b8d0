//! Purchases: sold on a quote, confirmed where the price is high, refunded in time, and looked
//! through by both sides.
//!
//! Rows are locked in one order everywhere: purchase, account, quote, the account's day, the
//! agreement's day.

mod append;
mod confirm;
mod day;
mod list;
mod receipt;
mod refund;
mod sell;
mod tell;

pub use confirm::confirm;
pub use list::{Listed, of_household, of_merchant, show};
pub use receipt::Receipt;
pub use refund::{Refund, refund};
pub use sell::{Sale, sell};
