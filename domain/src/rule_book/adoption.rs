//! How a draft becomes law: a resolution of the villager assembly (村民代表大会) and the pledges
//! (承诺) of households for a village's book; an order for the frame of a county and the manual of a
//! town. Whether a layer fits those above it is decided in [`super::layer`].

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::points::BasisPoints;
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

/// How many households of a village signed the pledge when its book was adopted. Who did not sign
/// does not take part and loses nothing (safeguard 15.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pledges {
    /// How many signed.
    pub households_signed: u32,
    /// How many households the village has.
    pub households_total: u32,
}

impl Pledges {
    /// Whether no more signed than there are.
    pub const fn fit(&self) -> bool {
        self.households_total > 0 && self.households_signed <= self.households_total
    }

    /// Whether at least this share signed, to the household.
    pub fn reach(&self, share_min: BasisPoints) -> bool {
        let asked = u64::from(self.households_total) * u64::from(share_min.get());
        u64::from(self.households_signed) * 10_000 >= asked
    }

    /// Decides whether what was recorded, if anything, is enough.
    pub(super) fn suffice(recorded: Option<&Self>, share_min: BasisPoints) -> Result<(), Refusal> {
        match recorded {
            Some(pledges) if !pledges.fit() => Err(Refusal::PledgesInvalid),
            Some(pledges) if pledges.reach(share_min) => Ok(()),
            None if share_min == BasisPoints::ZERO => Ok(()),
            _ => Err(Refusal::PledgesTooFew { share_min }),
        }
    }
}

/// The document by which a county or town adopts its layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Its number (文号), at most 60 characters.
    pub number: String,
    /// The day on which it was issued.
    pub issued_on: NaiveDate,
}

impl Order {
    /// The most characters of a number.
    pub const NUMBER_CHARS_MAX: usize = 60;

    /// Whether it has a number of a fitting length.
    pub fn is_sound(&self) -> bool {
        let chars = self.number.trim().chars().count();
        (1..=Self::NUMBER_CHARS_MAX).contains(&chars)
    }
}

/// Decides whether something adopted can come into force on a day: not before `decided_on`, and
/// after the version before it.
pub(super) fn follows(
    in_force_from: NaiveDate,
    decided_on: NaiveDate,
    newest_in_force_from: Option<NaiveDate>,
) -> Result<(), Refusal> {
    let after_the_last = newest_in_force_from.and_then(|day| day.succ_opt());
    let earliest = after_the_last.map_or(decided_on, |day| day.max(decided_on));
    if in_force_from < earliest { Err(Refusal::InForceTooEarly { earliest }) } else { Ok(()) }
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
