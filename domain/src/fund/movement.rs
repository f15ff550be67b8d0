//! What a booked voucher does to the accounts of the fund.

use std::collections::BTreeMap;

use super::{Voucher, VoucherKind};
use crate::id::FundAccountId;
use crate::points::Fen;
use crate::refusal::Refusal;

/// What an account of the fund holds, and how many entries it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purse {
    /// The money.
    pub balance: Fen,
    /// How many entries it has.
    pub version: i64,
    /// Whether it was closed.
    pub closed: bool,
}

/// A movement with what it left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Of which account.
    pub account: FundAccountId,
    /// How much; below zero goes out.
    pub amount: Fen,
    /// What the account holds after it.
    pub balance_after: Fen,
    /// How many entries the account has with it.
    pub account_version: i64,
}

/// The entries of a voucher. `corrected` is the voucher that a correction takes back. Either all of them
/// can be written or nothing is: then the accounts are as they were.
///
/// # Errors
/// `not_found` for an account that was not read or a correction of nothing, `fund_account_closed`,
/// `fund_too_low`, `amount_out_of_range`.
pub fn book(
    voucher: &Voucher,
    corrected: Option<&Voucher>,
    accounts: &mut BTreeMap<FundAccountId, Purse>,
) -> Result<Vec<Entry>, Refusal> {
    let taken_back = match (voucher.kind, corrected) {
        (VoucherKind::Correction, None) => return Err(Refusal::NotFound),
        (VoucherKind::Correction, Some(corrected)) => Some(corrected),
        _ => None,
    };
    let moves = movements(taken_back.unwrap_or(voucher), taken_back.is_some());
    let mut after = accounts.clone();
    let mut entries = Vec::with_capacity(2);
    for (account, amount) in moves {
        let purse = after.get_mut(&account).ok_or(Refusal::NotFound)?;
        if purse.closed {
            return Err(Refusal::FundAccountClosed);
        }
        let balance = purse.balance.plus(amount).ok_or(Refusal::AmountOutOfRange)?;
        if balance < Fen::ZERO {
            return Err(Refusal::FundTooLow { left: purse.balance });
        }
        purse.balance = balance;
        purse.version += 1;
        entries.push(Entry {
            account,
            amount,
            balance_after: balance,
            account_version: purse.version,
        });
    }
    *accounts = after;
    Ok(entries)
}

fn movements(voucher: &Voucher, backwards: bool) -> Vec<(FundAccountId, Fen)> {
    let (given, taken) = (voucher.amount, Fen::new(-voucher.amount.get()));
    let (first, second) = match voucher.kind {
        VoucherKind::Payment | VoucherKind::Transfer => (taken, given),
        _ => (given, taken),
    };
    let (first, second) = if backwards { (second, first) } else { (first, second) };
    let mut moves = vec![(voucher.account, first)];
    moves.extend(voucher.to.map(|to| (to, second)));
    moves
}
