//! The integration tests, one module for each family of operations.

mod access;
mod balances;
mod document;
mod lists;
mod problems;
mod ratings;
mod sessions;
