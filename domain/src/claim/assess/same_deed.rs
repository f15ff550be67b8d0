//! Which claims are of one deed.
//!
//! Two are if they say so, or if what the same person did on the same day falls under items of one
//! exclusive group. Whatever is the same as a third is the same: a claim may show that two others,
//! which looked different, are of one deed.

use chrono::NaiveDate;

use super::{Claim, Counted};
use crate::id::{ClaimId, VillagerId};
use crate::rule_book::{Item, RuleBook};

/// What shows whether two claims are of one deed.
struct Signs<'a> {
    deed: ClaimId,
    person: VillagerId,
    day: NaiveDate,
    group: Option<&'a str>,
}

impl<'a> Signs<'a> {
    fn of(counted: &Counted, book: &'a RuleBook) -> Self {
        Self {
            deed: counted.deed.unwrap_or(counted.claim),
            person: counted.person,
            day: counted.happened_on,
            group: book.item(&counted.item_code).and_then(|item| item.exclusive.as_deref()),
        }
    }

    fn agree(&self, other: &Self) -> bool {
        let grouped = self.group.is_some()
            && (self.group, self.person, self.day) == (other.group, other.person, other.day);
        self.deed == other.deed || grouped
    }
}

/// Those of the others that are of the same deed as the claim, and those that are not.
pub(super) fn parted<'a>(
    claim: &Claim,
    book: &RuleBook,
    item: &Item,
    others: &'a [Counted],
) -> (Vec<&'a Counted>, Vec<&'a Counted>) {
    // A good deed never makes up for a fault.
    let adverse = item.kind.is_adverse();
    let (mut left, mut apart): (Vec<_>, Vec<_>) = others
        .iter()
        .filter(|other| other.claim != claim.id)
        .partition(|other| other.kind.is_adverse() == adverse);
    let mut same = Vec::new();
    let mut to_follow = vec![Signs {
        deed: claim.deed.unwrap_or(claim.id),
        person: claim.person,
        day: claim.happened_on,
        group: item.exclusive.as_deref(),
    }];
    while let Some(signs) = to_follow.pop() {
        let (found, rest): (Vec<&Counted>, Vec<&Counted>) =
            left.into_iter().partition(|other| signs.agree(&Signs::of(other, book)));
        to_follow.extend(found.iter().map(|other| Signs::of(other, book)));
        same.extend(found);
        left = rest;
    }
    apart.extend(left);
    (same, apart)
}
