//! The integration tests, one module for each family of operations.

mod balances;
mod notices;
mod objections;
mod problems;
mod rating_notices;
mod sessions;
mod statements;
mod worker;
