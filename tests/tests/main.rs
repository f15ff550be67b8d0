//! The integration tests, one module for each family of operations.

mod balances;
mod claims;
mod evidence;
mod problems;
mod sessions;
