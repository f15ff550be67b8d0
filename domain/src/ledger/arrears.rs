//! What was to be taken from redeemable points and was not there, because it was held in a redemption.
//!
//! A deduction, a dividend that uses points up and the reversal of an award take what is there
//! ([`super::Shortfall::TakeWhatIsThere`]): what somebody spent is not asked back from what they earn
//! later. But what is redeemed is not spent for good. It comes back when the redemption is cancelled,
//! lapses or is taken back, and then the rest is taken of it, from the points that return and from no
//! others. Otherwise whoever hears of a deduction would redeem first and cancel afterwards.
//!
//! Only what was missed since the redemption was made is taken of what returns with it: points that were
//! redeemed later were not there to be taken. The oldest comes first.

use super::Posting;
use crate::id::{ArrearsId, EntryId};

/// What a posting did not find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The posting with the rest of its amount, below zero.
    pub posting: Posting,
    /// The account's version when it was noted.
    pub since: i64,
}

/// What a posting did not find and what has not been taken since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrears {
    /// Its id.
    pub id: ArrearsId,
    /// What is still open.
    pub missing: Missing,
    /// How often something was taken of it.
    pub takings: i16,
}

impl Missing {
    /// Whether a posting settles it, so that nothing is open any more: the deduction is taken back itself,
    /// or the same entry is reversed once more.
    pub fn falls_with(&self, posting: &Posting) -> bool {
        let own = &self.posting;
        posting.reverses.is_some()
            && posting.account == own.account
            && posting.source == own.source
            && (own.reverses.is_none() || own.reverses == posting.reverses)
    }
}

/// What is taken later, of points that return to an account with a redemption whose entry has this version
/// of the account. `arrears` are all of the account, the oldest first; what is taken is no longer open in
/// them. The postings are of what they take the rest of, so that whatever takes that back takes these back;
/// they are numbered below zero, one after the other for a source.
pub fn take_later(
    arrears: &mut [Arrears],
    (returning, version): (i64, i64),
    mut new_id: impl FnMut() -> EntryId,
) -> Vec<(ArrearsId, Posting)> {
    let mut open = returning;
    let mut list = Vec::new();
    for at in 0..arrears.len() {
        let Some(one) = arrears.get(at).filter(|one| one.missing.since >= version) else {
            continue;
        };
        let source = one.missing.posting.source;
        let part = one.missing.posting.amount.saturating_neg().min(open);
        if part <= 0 {
            continue;
        }
        let same = arrears.iter().filter(|other| other.missing.posting.source == source);
        let before = same.fold(0_i16, |sum, other| sum.saturating_add(other.takings));
        if let Some(one) = arrears.get_mut(at) {
            open -= part;
            one.missing.posting.amount += part;
            one.takings = one.takings.saturating_add(1);
            let posting = Posting {
                id: new_id(),
                amount: -part,
                source_posting: -1 - before,
                ..one.missing.posting.clone()
            };
            list.push((one.id, posting));
        }
    }
    list
}
