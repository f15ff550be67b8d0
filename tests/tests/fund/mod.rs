//! The village fund, over HTTP: vouchers by two people, what is owed, the brake, statements.

mod brake;
mod coverage;
mod statements;
mod vouchers;
