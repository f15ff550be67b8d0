//! Taking back an award of which points have run out.
//!
//! What ran out is gone already: whoever has an award struck does not lose it a second time from newer
//! points. What they spent of it they do. How much of an award ran out cannot be told by lots alone:
//! the older of two awards is spent first, and it is the younger one that runs out. So an expiry is
//! laid on an award as if its points had been spent last: had it never been given, as much less would
//! have run out. Where several awards were due, it is laid on each of them as far as it can go, for the
//! good of the person.

use chrono::Datelike;

use super::{PointsPurse, due};
use crate::ledger::{Posting, Purse, Source};
use crate::lots::{self, Lot, Movement};
use crate::refusal::Refusal;

/// Lowers what these postings take back from points purses by what ran out of it. What a correction
/// gives in its place, in the same call, is not lowered: of an award of 3 that ran out and counts 4,
/// 1 is there.
///
/// `purses` are those of the accounts from which something is taken back, with all of their entries.
///
/// # Errors
/// As [`lots::of`].
pub fn spare_what_ran_out(postings: &mut [Posting], purses: &[PointsPurse]) -> Result<(), Refusal> {
    for at in 0..postings.len() {
        let Some(back) = postings.get(at).filter(|posting| takes_back(posting)) else { continue };
        let Some(purse) = purses.iter().find(|purse| purse.account == back.account) else {
            continue;
        };
        let gone = ran_out_with(&purse.movements, back.source)?;
        let in_its_place = postings.iter().filter(|posting| {
            posting.account == back.account
                && posting.purse == Purse::Points
                && posting.source == back.source
                && posting.amount > 0
        });
        let replaced = in_its_place.fold(0_i64, |sum, one| sum.saturating_add(one.amount));
        let fell = back.amount.saturating_neg().saturating_sub(replaced).max(0);
        if let Some(back) = postings.get_mut(at) {
            back.amount = back.amount.saturating_add(gone.min(fell));
        }
    }
    Ok(())
}

/// Whether a posting takes points back that an earlier entry brought.
pub fn takes_back(posting: &Posting) -> bool {
    posting.purse == Purse::Points && posting.reverses.is_some() && posting.amount < 0
}

/// How much of what a source brought has run out, in hundredths of a point.
fn ran_out_with(movements: &[Movement], source: Source) -> Result<i64, Refusal> {
    let mut gone = 0_i64;
    for (at, expiry) in movements.iter().enumerate() {
        let before = || movements.iter().take(at).copied();
        if expiry.ran_out_on_return() {
            gone = gone.saturating_add(of_source(movements, at, source)?);
        }
        let Some(year) = expiry.expires else { continue };
        let own = lots::of(before().filter(|moved| moved.cause.0 == source))?;
        let of_year = |lot: &&Lot| lot.day.year() <= year;
        let brought = own.iter().filter(of_year).map(|lot| lot.left.hundredths());
        let brought = brought.fold(0_i64, i64::saturating_add);
        let total = due(&lots::of(before())?, year);
        let open = brought.saturating_sub(gone).clamp(0, total);
        gone = gone.saturating_add(share(expiry.amount.negated().hundredths(), open, total));
    }
    Ok(gone)
}

/// How much of what a source brought ran out with a redemption's return, which says exactly what it took.
fn of_source(movements: &[Movement], at: usize, source: Source) -> Result<i64, Refusal> {
    let Some(expiry) = movements.get(at) else { return Ok(0) };
    let traced = lots::traced(movements.iter().take(at + 1).copied())?;
    let brought = |part: &&lots::Part| {
        let mut that = movements.iter().filter(|moved| moved.entry == part.entry);
        that.any(|moved| moved.cause.0 == source)
    };
    let parts = traced.taken.get(&expiry.entry).into_iter().flatten().filter(brought);
    Ok(parts.fold(0_i64, |sum, part| sum.saturating_add(part.points.hundredths())))
}

/// The part of an expiry that falls on `open` of `total` points, rounded up.
fn share(expired: i64, open: i64, total: i64) -> i64 {
    if total <= 0 {
        return 0;
    }
    let (expired, open, total) = (i128::from(expired), i128::from(open), i128::from(total));
    // At most what is open, since no more runs out than is there.
    i64::try_from((expired * open + total - 1) / total).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
