//! The integration tests, one module for each family of operations.

mod access;
mod balances;
mod faults;
mod people;
mod document;
mod lists;
mod problems;
mod ratings;
mod sessions;
mod wechat_token;
