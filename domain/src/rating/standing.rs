//! What is known of an account before it is rated: what the ledger says, and what the roster says.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::GradeMark;
use crate::calendar::Cycle;
use crate::id::{AccountId, HouseholdId, VillagerId};
use crate::person::{Residence, Track};

/// Whether an entry counts in a cycle: its effect, from the day of the deed to the last day on which
/// it counts, covers the cycle's last day.
///
/// What counts until the cycle ends thus counts in the cycle of the deed alone, and what counts for
/// years in every cycle until they are over. SQL mirrors this.
pub fn counts_in(happened_on: NaiveDate, counts_until: NaiveDate, cycle: Cycle) -> bool {
    (happened_on..=counts_until).contains(&cycle.last_day())
}

names! {
    /// Why a line has neither star nor grade whatever the score (section 4, "Excluded").
    Exclusion {
        /// Nobody of the household is to be rated.
        NoResident "no_resident",
        /// The person studies.
        Student "student",
        /// The person moved away.
        MovedAway "moved_away",
        /// The person died.
        Deceased "deceased",
        /// The person has an open legal case.
        OpenLegalCase "open_legal_case",
    }
}

impl Exclusion {
    /// Why a person is left out, if they are.
    pub const fn of_person(residence: Residence) -> Option<Self> {
        match residence {
            Residence::Resident => None,
            Residence::Student => Some(Self::Student),
            Residence::MovedAway => Some(Self::MovedAway),
            Residence::Deceased => Some(Self::Deceased),
            Residence::OpenLegalCase => Some(Self::OpenLegalCase),
        }
    }

    /// Why a household is left out, if it is: unless one of its members is rated.
    pub fn of_household(members: impl IntoIterator<Item = Residence>) -> Option<Self> {
        let rated = members.into_iter().any(Residence::is_rated);
        (!rated).then_some(Self::NoResident)
    }
}

/// What counts of one member of a household, in hundredths of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemberSum {
    /// Who.
    pub member: VillagerId,
    /// Whether ratings leave them out or not ([`Residence::is_rated`]).
    pub rated: bool,
    /// The sum of their effective entries of role duty.
    pub role_duty: i64,
    /// The sum of their effective entries of personal credit.
    pub personal: i64,
}

/// What counts of an account in a cycle: the sums of its effective entries ([`counts_in`]) in
/// hundredths of a point, and the direct grades.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effective {
    /// Personal credit; in a household, what belongs to no single member.
    pub entries_sum: i64,
    /// Role duty; in a household, what belongs to no single member.
    pub role_duty_sum: i64,
    /// The members of a household with their own sums; also those who have none, since they divide an
    /// average. Empty for a person. Where the book sums its members, all may stand in `entries_sum`
    /// instead.
    pub members: Vec<MemberSum>,
    /// The head of the household, in a book that takes the head.
    pub head: Option<VillagerId>,
    /// The direct grades of the account, those that do not stand any more too.
    pub marks: Vec<GradeMark>,
}

impl Effective {
    /// Everything that counts, before parts are weighed and members are averaged.
    pub fn total(&self) -> Option<i64> {
        let members = self.members.iter().flat_map(|one| [one.role_duty, one.personal]);
        members.chain([self.entries_sum, self.role_duty_sum]).try_fold(0_i64, i64::checked_add)
    }
}

/// An account that is to be rated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The account.
    pub account: AccountId,
    /// The household it belongs to.
    pub household: HouseholdId,
    /// What the person is besides; nothing for a household.
    pub tracks: BTreeSet<Track>,
    /// Why it is left out, if it is.
    pub excluded: Option<Exclusion>,
    /// What counts.
    pub effective: Effective,
}
