//! What the village owes, and how far the fund covers it.

use crate::points::{Fen, Points};
use crate::refusal::Refusal;

/// What the village owes (section 10 of the domain: points outstanding at their exchange value, star
/// credit outstanding, merchants unpaid), and what it promised besides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Liability {
    /// Redeemable points that people hold.
    pub points: Points,
    /// What they are worth by the book in force; nothing where points buy nothing.
    pub points_worth: Fen,
    /// Star credit that people hold.
    pub star_credit: Fen,
    /// What was bought or redeemed at merchants' and is not paid.
    pub merchants_unpaid: Fen,
    /// The worth of goods that were redeemed and not fetched.
    pub goods_reserved: Fen,
    /// Parts of dividends that took effect and were not paid out.
    pub dividends_unpaid: Fen,
}

impl Liability {
    /// All of it in money.
    ///
    /// # Errors
    /// `amount_out_of_range`.
    pub fn total(&self) -> Result<Fen, Refusal> {
        [
            self.points_worth,
            self.star_credit,
            self.merchants_unpaid,
            self.goods_reserved,
            self.dividends_unpaid,
        ]
        .into_iter()
        .try_fold(Fen::ZERO, Fen::plus)
        .ok_or(Refusal::AmountOutOfRange)
    }
}

/// Checks that the accounts of a fund hold what their entries add up to.
///
/// # Errors
/// `fund_book_differs`.
pub fn adds_up(held: Fen, booked: Fen) -> Result<(), Refusal> {
    if held == booked { Ok(()) } else { Err(Refusal::FundBookDiffers { held, booked }) }
}

/// The fund against what the village owes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// What all accounts of the fund hold.
    pub held: Fen,
    /// What is owed.
    pub liability: Liability,
}

impl Coverage {
    /// The share of what is owed that the fund holds, in basis points and rounded down: 10,000 covers
    /// all. None where nothing is owed.
    ///
    /// # Errors
    /// `amount_out_of_range`.
    pub fn basis_points(&self) -> Result<Option<u64>, Refusal> {
        let owed = self.liability.total()?;
        if owed <= Fen::ZERO {
            return Ok(None);
        }
        let share = i128::from(self.held.get().max(0)) * 10_000 / i128::from(owed.get());
        Ok(Some(u64::try_from(share).unwrap_or(u64::MAX)))
    }
}
