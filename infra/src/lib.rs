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
pub mod binding;
pub mod calendar;
pub mod claims;
pub mod content;
pub mod db;
pub mod demo;
pub mod divisions;
pub mod duties;
mod earned;
pub mod eligibility;
pub mod embedded;
pub mod error;
pub mod expiries;
pub mod files;
pub mod funds;
pub mod grids;
pub mod households;
pub mod id;
pub mod idempotency;
pub mod invitations;
pub mod kin;
pub mod ledger;
pub mod lists;
pub mod me;
pub mod messages;
mod names;
pub mod notices;
pub mod objections;
pub mod outbox;
pub mod payouts;
pub mod photos;
pub mod places;
pub mod posting;
pub mod presets;
pub mod pushes;
pub mod ratings;
pub mod reading;
pub mod reports;
pub mod residents;
pub mod role_grants;
pub mod roster;
pub mod rule_books;
pub mod rule_layers;
mod schema;
pub mod scores;
pub mod secrets;
pub mod sessions;
pub mod star_proofs;
pub mod statements;
pub mod villagers;
pub mod villages;
pub mod wechat;
pub mod worker;

// Shops: merchants, agreements, cards, codes, purchases.
pub mod agreements;
pub mod cards;
pub mod codes;
pub mod merchant_statements;
pub mod merchants;
pub mod purchases;
pub mod scans;

// Statements, settlement and signals.
pub mod settlements;
pub mod signals;
// The points store.
pub mod goods;
pub mod redemptions;
pub mod stores;
