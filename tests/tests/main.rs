//! The integration tests, one module for each family of operations.

mod balances;
mod faults;
mod people;
mod problems;
mod sessions;
mod wechat_token;
