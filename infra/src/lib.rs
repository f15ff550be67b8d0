//! Postgres, WeChat and file storage.
//!
//! Invariant: nothing here decides. A use case loads what a decision needs, asks `domain`, and
//! writes what came of it in one transaction; WeChat is called before or after, never inside.
//!
//! Reading order: [`db`] is how Postgres is used, [`error`] what can go wrong, [`idempotency`] and
//! [`audit`] what every write does; then one module for each family of use cases.

pub mod accounts;
pub mod actors;
pub mod audit;
pub mod calendar;
pub mod claims;
pub mod db;
pub mod demo;
pub mod divisions;
pub mod embedded;
pub mod error;
pub mod files;
pub mod grids;
pub mod households;
pub mod id;
pub mod idempotency;
pub mod kin;
pub mod ledger;
pub mod messages;
pub mod places;
pub mod posting;
pub mod presets;
pub mod residents;
pub mod roster;
pub mod rule_books;
mod schema;
pub mod secrets;
pub mod sessions;
pub mod villagers;
pub mod villages;
pub mod wechat;
