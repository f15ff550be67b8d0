//! The star proof (星级证明): a household shows its star at a counter, such as the credit union's, for as
//! long, as often and as far as it wants. Where the book rates people, everybody shows their own star and no
//! one else's. Whoever reads it sees what the scope allows and nothing else, and the
//! household sees every reading.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::id::VillagerId;
use crate::person::Residence;
use crate::refusal::Refusal;
use crate::rule_book::Subject;

/// For how many days a proof is good, at most.
pub const DAYS_MAX: u16 = 30;
/// How often a proof can be read unless its maker says otherwise.
pub const READINGS_DEFAULT: u16 = 3;
/// How often a proof can be read, at most.
pub const READINGS_MAX: u16 = 20;
/// The most proofs of a household that are good at once.
pub const AT_ONCE_MAX: usize = 10;
/// The most ratings that a proof tells of.
pub const CYCLES_MAX: u8 = 12;
/// The most characters of the words that say what it is for, and of a reader's name.
pub const WORDS_MAX: u64 = 60;

/// What whoever reads it sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "shows", rename_all = "snake_case", deny_unknown_fields)]
pub enum Scope {
    /// The village and the star.
    Star,
    /// The masked name besides.
    StarAndName,
    /// The stars of the last ratings besides.
    StarAndHistory {
        /// Of so many ratings.
        cycles: u8,
    },
}

impl Scope {
    /// Whether the masked name is shown.
    pub const fn shows_name(self) -> bool {
        matches!(self, Self::StarAndName)
    }

    /// Of how many ratings the stars are shown.
    pub const fn cycles(self) -> u8 {
        match self {
            Self::StarAndHistory { cycles } => cycles,
            Self::Star | Self::StarAndName => 0,
        }
    }
}

/// Whose star somebody can show: that of the household (`None`) where the book rates households, their own
/// where it rates people.
pub const fn whose(subject: Subject, oneself: VillagerId) -> Option<VillagerId> {
    match subject {
        Subject::Household => None,
        Subject::Person => Some(oneself),
    }
}

/// Whether a proof still stands for somebody: of the person, or of those of the household, one neither died
/// nor moved away.
pub fn stands_for(people: &[Residence]) -> bool {
    people.iter().any(|one| !matches!(one, Residence::Deceased | Residence::MovedAway))
}

/// Decides whether a household can make a proof that is good for so many days and readings, `good` being how
/// many it has that are; answers until when.
///
/// # Errors
/// `reason_missing` without words for what it is for; `proof_too_long`, `proof_too_many`, `proof_readings`
/// for none or more than [`READINGS_MAX`], `cycle_wrong_kind` for a history of no or too many ratings.
pub fn make(
    purpose: &str,
    scope: Scope,
    (days, readings_max): (u16, u16),
    good: usize,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Refusal> {
    if purpose.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(Refusal::ProofTooLong { days_max: DAYS_MAX });
    }
    if !(1..=READINGS_MAX).contains(&readings_max) {
        return Err(Refusal::ProofReadings { readings_max: READINGS_MAX });
    }
    if let Scope::StarAndHistory { cycles } = scope
        && !(1..=CYCLES_MAX).contains(&cycles)
    {
        return Err(Refusal::CycleWrongKind);
    }
    if good >= AT_ONCE_MAX {
        return Err(Refusal::ProofTooMany { at_once_max: AT_ONCE_MAX });
    }
    Ok(now + Duration::days(i64::from(days)))
}

/// Decides whether a proof that was read so often is read once more; answers how often it was then.
///
/// # Errors
/// `proof_used_up`.
pub const fn read_once_more(readings: u16, readings_max: u16) -> Result<u16, Refusal> {
    if readings < readings_max {
        Ok(readings + 1)
    } else {
        Err(Refusal::ProofUsedUp { readings_max })
    }
}

/// Whether a proof is in time and was not taken back.
pub fn is_good(
    valid_until: DateTime<Utc>,
    revoked_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> bool {
    revoked_at.is_none() && now < valid_until
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_good_for_thirty_days_at_most_until_it_is_taken_back() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let made = |days| make("贷款", Scope::Star, (days, 3), 0, now);
        assert_eq!(made(30), Ok(now + Duration::days(30)));
        for days in [0, 31] {
            assert_eq!(made(days), Err(Refusal::ProofTooLong { days_max: 30 }));
        }
        let until = now + Duration::days(1);
        assert!(is_good(until, None, now));
        assert!(!is_good(until, None, until));
        assert!(!is_good(until, Some(now), now));
    }

    #[test]
    fn a_household_has_ten_proofs_at_most_and_says_what_each_is_for() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let made = |purpose, good| make(purpose, Scope::Star, (1, 3), good, now);
        assert!(made("贷款", 9).is_ok());
        assert_eq!(made("贷款", 10), Err(Refusal::ProofTooMany { at_once_max: 10 }));
        assert_eq!(made(" ", 0), Err(Refusal::ReasonMissing));
    }

    #[test]
    fn a_proof_is_read_so_often_and_no_more() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let made = |readings| make("贷款", Scope::Star, (1, readings), 0, now);
        assert!(made(1).is_ok() && made(20).is_ok());
        for readings in [0, 21] {
            assert_eq!(made(readings), Err(Refusal::ProofReadings { readings_max: 20 }));
        }
        assert_eq!(read_once_more(2, 3), Ok(3));
        assert_eq!(read_once_more(3, 3), Err(Refusal::ProofUsedUp { readings_max: 3 }));
    }

    #[test]
    fn where_people_are_rated_everybody_shows_their_own_star() {
        let me = VillagerId(uuid::Uuid::from_u128(7));
        assert_eq!(whose(Subject::Person, me), Some(me));
        assert_eq!(whose(Subject::Household, me), None);
    }

    #[test]
    fn a_proof_stands_for_nobody_who_died_or_moved_away() {
        use Residence::{Deceased, MovedAway, Resident, Student};
        assert!(stands_for(&[Resident]) && stands_for(&[Deceased, Student]));
        for gone in [&[Deceased][..], &[MovedAway], &[Deceased, MovedAway], &[]] {
            assert!(!stands_for(gone));
        }
    }
}
