//! Honor and warning lists (红榜, 黑榜; section 12).
//!
//! An entry points to a fact in the books, and to nothing else: a posted award, the stars of a rating
//! that took effect, a posted deduction. So there is no way to list a trait, and what falls from the
//! books falls from the list. Praise may have a short text, which passes content security; a warning
//! has no words but those of the rule book.
//!
//! | | honor | warning |
//! |---|---|---|
//! | fact | posted award, stars in effect | posted deduction that could have been cured and was not in time |
//! | decided by | the panel | the panel |
//! | shown with | the name, after the person's consent | the masked name |
//! | shown to | the village | the village |
//! | shown for | a year | 60 days |
//! | ends by itself | when the fact falls | when the fact falls or is put right |
//! | the person may | have it taken down within 3 working days | object; answered within 7 working days by others, not shown meanwhile |
//!
//! Nobody under 18 is shown on either, praised or not: a child cannot consent to it, and villages
//! remember. Whose day of birth is unknown is not shown for the same reason. Terms are ours.

mod fact;
mod removal;
mod review;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::claim::Person;
use crate::content::Standing;
use crate::content::named;
use crate::id::{HouseholdId, ListEntryId, UserId, VillagerId};
use crate::person::{Residence, age_on};
use crate::refusal::Refusal;
use crate::rule_book::forbidden_duty;

pub use fact::{Fact, claim_fits, rating_fits};
pub use removal::{Outcome, may_answer_removal, may_ask_removal, removal_due};
pub use review::panel_way;

/// The least age of who is shown, in years.
pub const AGE_MIN: u32 = 18;
/// For how many days praise is shown.
pub const HONOR_DAYS: u64 = 365;
/// For how many days a warning is shown.
pub const WARNING_DAYS: u64 = 60;
/// The longest text of praise, in characters.
pub const WORDS_MAX: usize = 100;

named! {
    /// A list.
    List {
        /// 红榜.
        Honor "honor",
        /// 黑榜.
        Warning "warning",
    }
    /// Where an entry stands.
    EntryState {
        /// The panel has not decided.
        Proposed "proposed",
        /// The panel is for it.
        Approved "approved",
        /// The panel is against it.
        Rejected "rejected",
        /// It is on no list any more, or never will be.
        Ended "ended",
    }
    /// Why an entry ended.
    Ending {
        /// Its term is over.
        Expired "expired",
        /// The fact was put right, or fell.
        FactGone "fact_gone",
        /// The person did not agree to be shown.
        ConsentRefused "consent_refused",
        /// The person wished it, or their objection was upheld.
        Removed "removed",
        /// The village took it down.
        TakenDown "taken_down",
        /// The person's wish was not answered in time.
        RemovalOverdue "removal_overdue",
    }
}

/// An entry, as decisions look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEntry {
    /// Its id.
    pub id: ListEntryId,
    /// On which list.
    pub list: List,
    /// Who is shown.
    pub person: VillagerId,
    /// Whose household.
    pub household: HouseholdId,
    /// Who proposed it.
    pub proposed_by: UserId,
    /// Where it stands.
    pub state: EntryState,
    /// When the person agreed; praise alone asks for it.
    pub consented_at: Option<DateTime<Utc>>,
    /// What content security says of its words.
    pub standing: Standing,
    /// The last day on which it is shown.
    pub shown_until: Option<NaiveDate>,
    /// Whether the person asked for its removal and was not answered.
    pub removal_open: bool,
    /// Whether they asked before and were answered.
    pub removal_answered: bool,
}

impl ListEntry {
    /// Whether it hangs on its list on a day, as far as the entry itself says.
    pub fn is_shown(&self, today: NaiveDate) -> bool {
        let agreed = self.list == List::Warning || self.consented_at.is_some();
        let disputed = self.list == List::Warning && self.removal_open;
        self.state == EntryState::Approved
            && self.standing == Standing::Public
            && self.shown_until.is_some_and(|until| today <= until)
            && agreed
            && !disputed
    }

    /// Whether it may still change.
    ///
    /// # Errors
    /// `listing_state`.
    pub fn is_open(&self) -> Result<(), Refusal> {
        match self.state {
            EntryState::Proposed | EntryState::Approved => Ok(()),
            EntryState::Rejected | EntryState::Ended => Err(Refusal::ListingState),
        }
    }
}

/// The last day on which an entry is shown that is decided on today.
pub fn shown_until(list: List, today: NaiveDate) -> NaiveDate {
    let days = match list {
        List::Honor => HONOR_DAYS,
        List::Warning => WARNING_DAYS,
    };
    today.checked_add_days(Days::new(days)).unwrap_or(today)
}

/// Decides whether this person may be shown on a list at all.
///
/// # Errors
/// `listing_minor` for who is under 18 or whose age is unknown; `listing_person_unfit` for the
/// deceased and for people with an open legal case.
pub fn may_be_shown(person: &Person, today: NaiveDate) -> Result<(), Refusal> {
    if person.born_on.is_none_or(|born| age_on(born, today) < AGE_MIN) {
        return Err(Refusal::ListingMinor { age_min: AGE_MIN });
    }
    match person.residence {
        Residence::Deceased | Residence::OpenLegalCase => Err(Refusal::ListingPersonUnfit),
        Residence::Resident | Residence::Student | Residence::MovedAway => Ok(()),
    }
}

/// Decides whether a text may stand beside an entry: praise alone has words, and they are not about
/// what the safeguards keep out of the books (poverty, illness, belief and the like).
///
/// # Errors
/// `listing_words`.
pub fn may_say(list: List, words: &str) -> Result<(), Refusal> {
    let too_long = words.chars().count() > WORDS_MAX;
    let on_a_warning = list == List::Warning && !words.trim().is_empty();
    if too_long || on_a_warning || forbidden_duty(words).is_some() {
        return Err(Refusal::ListingWords);
    }
    Ok(())
}
