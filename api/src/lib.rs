//! The REST API: parses, calls, renders.
//!
//! Invariant: a handler reads what came, calls one use case of `infra` (which asks `domain`), and
//! renders the answer. No queries, no decisions.
//!
//! Reading order: [`routes`] lists every operation, [`access`] says what each needs; [`session`],
//! [`body`], [`pagination`] and [`problem`] are what handlers have in common; then one module for
//! each family of operations.

pub mod access;
pub mod answers;
pub mod audit;
pub mod balances;
pub mod bindings;
pub mod body;
pub mod boot;
pub mod claims;
pub mod clock;
pub mod content_checks;
pub mod courier;
pub mod deliveries;
pub mod demo;
pub mod divisions;
pub mod download;
pub mod duties;
pub mod explanations;
pub mod funds;
pub mod grids;
pub mod holidays;
pub mod households;
pub mod invitations;
pub mod kin;
pub mod ledger;
pub mod limits;
pub mod lists;
pub mod me;
pub mod messages;
pub mod names;
pub mod notices;
pub mod objections;
pub mod openapi;
pub mod pagination;
pub mod photos;
pub mod points;
pub mod problem;
pub mod ratings;
pub mod reason;
pub mod reports;
pub mod role_grants;
pub mod roles;
pub mod roster;
pub mod routes;
pub mod rule_books;
pub mod rule_layers;
pub mod server;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod state;
pub mod statements;
pub mod subscriptions;
pub mod time;
pub mod tour;
pub mod upload;
pub mod villagers;
pub mod villages;
pub mod wechat_push;
pub mod worker;

// Dividend, awards, lists of who fits, proofs of a star
pub mod eligibility;
pub mod payouts;
pub mod star_proofs;

// Shops
pub mod adjustments;
pub mod agreements;
pub mod cards;
pub mod clerks;
pub mod merchant_statements;
pub mod merchants;
pub mod payment_codes;
pub mod purchases;
pub mod scans;

// Statements, settlement and signals
pub mod settlements;
pub mod signals;
pub mod spans;

/// Gives large pieces of memory back to the system once they are free, whichever thread had them.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

// The points store.
pub mod goods;
pub mod redemptions;
pub mod stores;
