//! The integration tests, one module for each family of operations.

mod balances;
mod places;
mod problems;
mod roster;
mod rule_books;
mod sessions;
