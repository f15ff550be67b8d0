//! The integration tests, one module for each family of operations.

mod access;
mod balances;
mod claims;
mod document;
mod duties;
mod engine;
mod expiries;
mod faults;
mod lists;
mod notices;
mod objections;
mod people;
mod photos;
mod places;
mod problems;
mod rating_notices;
mod ratings;
mod roster;
mod rule_book_files;
mod rule_books;
mod rule_layers;
mod sessions;
mod shops;
mod statements;
mod wechat_token;
mod worker;
