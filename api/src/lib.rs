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
pub mod balances;
pub mod body;
pub mod clock;
pub mod limits;
pub mod openapi;
pub mod pagination;
pub mod problem;
pub mod routes;
pub mod server;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod state;
pub mod time;

// Shops
pub mod agreements;
pub mod cards;
pub mod clerks;
pub mod merchant_statements;
pub mod merchants;
pub mod payment_codes;
pub mod purchases;
pub mod scans;
