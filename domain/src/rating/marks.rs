//! Direct grades (直接判级) as a rating sees them.

use chrono::NaiveDate;

use crate::id::ClaimId;
use crate::rule_book::Star;

/// A posted direct grade of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GradeMark {
    /// Its claim.
    pub claim: ClaimId,
    /// The star that it sets.
    pub star: Star,
    /// From which day on: that of the deed.
    pub since: NaiveDate,
    /// The day on which it was repaired; from then on it does not stand.
    pub repaired_on: Option<NaiveDate>,
}

impl GradeMark {
    /// Whether it stands on that day.
    pub fn stands_on(&self, day: NaiveDate) -> bool {
        self.since <= day && self.repaired_on.is_none_or(|repaired| day < repaired)
    }

    /// Of those that stand on that day the one that decides: the lowest, and of several such the
    /// earliest.
    pub fn deciding(marks: &[Self], day: NaiveDate) -> Option<&Self> {
        let standing = marks.iter().filter(|mark| mark.stands_on(day));
        standing.min_by_key(|mark| (mark.star, mark.since, mark.claim))
    }
}
