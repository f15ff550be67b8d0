//! Statements of a village with its shops: closing months, looking at them, approving, paying, disputing, curing,
//! comparing them with the ledger, and taking them away as a file.

pub mod check;
pub mod cure;
pub mod decide;
pub mod dispute;
pub mod file;
pub mod list;
mod out;

pub use out::{SettlementOut, SettlementReceiptOut};
