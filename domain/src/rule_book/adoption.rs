//! How a draft becomes law: a resolution of the villager assembly (村民代表大会).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::RuleBook;
use crate::calendar::day_of;
use crate::refusal::Refusal;

/// What the assembly resolved, as recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// The day of the assembly.
    pub held_on: NaiveDate,
    /// How many were present.
    pub present: u32,
    /// How many voted for it.
    pub votes_for: u32,
    /// How many voted against it.
    pub votes_against: u32,
}

impl Resolution {
    /// Whether the figures fit and more than half of those present voted for it (Organic Law of
    /// the Villagers' Committees, article 26: by more than half of the representatives present).
    pub fn carried(&self) -> bool {
        let voted = self.votes_for.checked_add(self.votes_against);
        voted.is_some_and(|voted| voted <= self.present)
            && u64::from(self.votes_for) * 2 > u64::from(self.present)
    }
}

/// Decides whether a draft can be adopted and come into force on `in_force_from`.
///
/// `newest_in_force_from` is the first day of the newest adopted book of the village: books follow
/// each other, and what was decided under the older one stays as it was.
///
/// # Errors
/// `rule_book_invalid` with all faults, `resolution_not_carried`, `in_force_too_early`.
pub fn adopt(
    draft: &RuleBook,
    resolution: &Resolution,
    in_force_from: NaiveDate,
    newest_in_force_from: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    let faults = draft.faults();
    if !faults.is_empty() {
        return Err(Refusal::RuleBookInvalid { faults });
    }
    if !resolution.carried() || resolution.held_on > day_of(now) {
        return Err(Refusal::ResolutionNotCarried);
    }
    let after_the_last = newest_in_force_from.and_then(|day| day.succ_opt());
    let earliest = after_the_last.map_or(resolution.held_on, |day| day.max(resolution.held_on));
    if in_force_from < earliest {
        return Err(Refusal::InForceTooEarly { earliest });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolution_carries_with_more_than_half_of_those_present() {
        let vote = |present, votes_for, votes_against| Resolution {
            held_on: NaiveDate::default(),
            present,
            votes_for,
            votes_against,
        };
        assert!(vote(40, 21, 19).carried());
        assert!(!vote(40, 20, 10).carried());
        assert!(!vote(40, 30, 11).carried());
        assert!(!vote(0, 0, 0).carried());
    }
}
