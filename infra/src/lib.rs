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
pub mod embedded;
pub mod error;
pub mod files;
pub mod id;
pub mod idempotency;
pub mod ledger;
pub mod messages;
pub mod places;
pub mod posting;
pub mod presets;
pub mod rule_books;
mod schema;
pub mod secrets;
pub mod sessions;
pub mod villagers;
pub mod wechat;

// Shops: merchants, agreements, cards, codes, purchases.
pub mod agreements;
pub mod cards;
pub mod codes;
pub mod merchant_statements;
pub mod merchants;
pub mod purchases;
pub mod scans;
