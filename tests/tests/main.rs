//! The integration tests, one module for each family of operations.

mod access;
mod balances;
mod document;
mod faults;
mod lists;
mod people;
mod problems;
mod ratings;
mod sessions;
mod wechat_token;
