//! The integration tests, one module for each family of operations.

mod balances;
mod problems;
mod sessions;
mod shops;
