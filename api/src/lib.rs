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
pub mod divisions;
pub mod grids;
pub mod holidays;
pub mod households;
pub mod kin;
pub mod limits;
pub mod names;
pub mod openapi;
pub mod pagination;
pub mod problem;
pub mod roster;
pub mod routes;
pub mod rule_books;
pub mod server;
pub mod session;
pub mod sessions;
pub mod settings;
pub mod state;
pub mod time;
pub mod upload;
pub mod villagers;
pub mod villages;
