//! Snapshot reports (随手拍): sending, triage, the field, whoever sent it, the people whom it is about,
//! and what comes of it.

pub mod categories;
pub mod comments;
pub mod desk;
pub mod feed;
pub mod field;
pub mod list;
pub mod look;
pub mod near;
pub mod own;
pub mod points;
pub mod send;
pub mod show;
pub mod showing;

mod names;

pub use names::{ReportKind, ReportReceiptOut, ReportState, SpotIn};
