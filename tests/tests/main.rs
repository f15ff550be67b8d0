//! The integration tests, one module for each family of operations.

mod balances;
mod faults;
mod problems;
mod sessions;
