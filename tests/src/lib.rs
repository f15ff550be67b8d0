//! What the integration tests share: a world with two demo villages on a real Postgres, a server on
//! a port of its own, WeChat played by the stand-in, a clock that can be moved, and people who use
//! nothing but the public API.

pub mod access;
pub mod alliance;
pub mod bucket;
pub mod claims;
mod client;
pub mod content;
pub mod document;
pub mod fund;
pub mod golden;
pub mod ledger;
pub mod notices;
pub mod outbox;
pub mod payouts;
mod people;
pub mod period;
pub mod photos;
pub mod process;
pub mod ratings;
pub mod ratings_on_notice;
pub mod reports;
pub mod settlements;
pub mod shops;
pub mod store;
pub mod workbooks;
mod world;

pub use client::{Answer, Client};
pub use world::{PUSH_KEY, World, push_receiver, push_target};
