//! The village fund, over HTTP: vouchers by two people, what is owed, the brake, statements.

mod brake;
mod brake_policy;
mod coverage;
mod four_eyes;
mod last_line;
mod owed;
mod statements;
mod vouchers;
