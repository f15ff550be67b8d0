//! The village fund (信用基金): every yuan in and out with its source, what the village owes against what
//! the fund holds, the brake on issuing points when too little stands behind them, and the statement that
//! hangs on the notice board.
//!
//! Money moves by a [`Voucher`]: one person prepares it with its document, another one books it
//! ([`crate::four_eyes`]). What is booked stays; a mistake is corrected by another voucher. What an account
//! of the fund holds is what its entries add up to and never below zero.
//!
//! [`Coverage`] sets what the fund holds against the [`Liability`]. [`brake`] decides what follows when it
//! is low, always for days to come: nobody loses what they earned before they could know.

pub mod brake;
mod coverage;
mod movement;
mod statement;
mod voucher;

pub use coverage::{Coverage, Liability, adds_up};
pub use movement::{Entry, Purse, book};
pub use statement::{
    Booked, Figures, LINES_MAX, Line, NOTICE_DAYS, StatementState, draw_up, is_over,
};
pub use voucher::{
    AMOUNT_MAX, BESIDES_MAX, PartyShown, TEXT_CHARS_MAX, Voucher, VoucherKind, VoucherState,
    document_known, party_on_the_board,
};

/// The most accounts of a fund that are open at once.
pub const ACCOUNTS_MAX: i64 = 50;

#[cfg(test)]
mod tests;
