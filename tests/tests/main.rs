//! The integration tests, one module for each family of operations.

mod access;
mod balances;
mod document;
mod faults;
mod lists;
mod notices;
mod objections;
mod people;
mod problems;
mod rating_notices;
mod ratings;
mod sessions;
mod statements;
mod wechat_token;
mod worker;
