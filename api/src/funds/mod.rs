//! The village fund: accounts, vouchers, coverage and brake, statements.

pub mod accounts;
pub mod brakes;
pub mod coverage;
mod names;
pub mod statements;
pub mod voucher_book;
pub mod vouchers;

/// The largest sum on one voucher, in fen: ten thousand million yuan.
pub const FUND_FEN_MAX: i64 = domain::fund::AMOUNT_MAX.get();
