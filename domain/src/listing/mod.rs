//! Honor and warning lists (红榜, 黑榜; section 12).
//!
//! An entry points to a fact that others established, and to nothing else. So there is no way to list a
//! trait, and what falls falls from the list. Praise may have a short text, which passes content
//! security; a warning has no words but those of the rule book.
//!
//! | | honor | warning |
//! |---|---|---|
//! | fact | posted award, stars in effect, a reported good deed that triage took on and whose text and photos passed the check | posted deduction that could have been cured and was not in time |
//! | decided by | the panel | the panel |
//! | shown with | the name, after the person's consent | the masked name |
//! | shown to | the village | the village |
//! | shown for | a year | 60 days |
//! | ends by itself | when the fact falls | when the fact falls or is put right |
//! | told to | the person; the household of who has no account | the person and the household |
//! | may be spoken for by | the household of who has no account | the household |
//! | the person may | have it taken down within 3 working days | object; answered within 7 working days by others, not shown meanwhile |
//!
//! Section 12 asks of praise that it is a fact, so a report ([`crate::report`]) can be one by itself;
//! points come of it by a claim alone. Of a warning it asks for a chance to cure, and section 11 has a
//! nuisance become a deduction "which goes the whole way of section 5": a report accuses nobody, so the
//! one fact to warn of is the deduction that was posted in the end.
//!
//! Nobody under 18 is shown on either, praised or not: a child cannot consent to it, and villages
//! remember. Whose day of birth is unknown is not shown for the same reason. Terms are ours.

mod ending;
mod fact;
mod removal;
mod review;
mod voice;

#[cfg(test)]
mod tests;

use chrono::{DateTime, Days, Months, NaiveDate, Utc};

use crate::claim::Person;
use crate::content::Standing;
use crate::id::{HouseholdId, ListEntryId, UserId, VillagerId};
use crate::person::Residence;
use crate::refusal::Refusal;
use crate::rule_book::forbidden_duty;

pub use ending::Ground;
pub use fact::{Fact, claim_fits, rating_fits, report_fits};
pub use removal::{Outcome, may_answer_removal, may_ask_removal, removal_due};
pub use review::panel_way;
pub use voice::{Part, Shown, Speaker, Voice};

/// The least age of who is shown, in years.
pub const AGE_MIN: u32 = 18;
/// Who may be shown: not the deceased, and nobody with an open legal case.
pub const RESIDENCES: [Residence; 3] =
    [Residence::Resident, Residence::Student, Residence::MovedAway];
/// For how many days praise is shown.
pub const HONOR_DAYS: u64 = 365;
/// For how many days a warning is shown.
pub const WARNING_DAYS: u64 = 60;
/// The longest text of praise, in characters.
pub const WORDS_MAX: usize = 100;

names! {
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
        /// The person may not be shown any more ([`may_be_shown`]).
        PersonUnfit "person_unfit",
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
    /// Until when a wish or objection is to be answered that waits.
    pub removal_due_at: Option<DateTime<Utc>>,
    /// Who spoke when one was answered.
    pub removal_answered: Option<Voice>,
}

impl ListEntry {
    /// Whether it hangs on its list on a day, as far as the entry itself says.
    pub fn is_shown(&self, today: NaiveDate) -> bool {
        let agreed = self.list == List::Warning || self.consented_at.is_some();
        let disputed = self.list == List::Warning && self.removal_open();
        self.state == EntryState::Approved
            && self.standing == Standing::Public
            && self.shown_until.is_some_and(|until| today <= until)
            && agreed
            && !disputed
    }

    /// Whether a wish or objection waits for its answer.
    pub const fn removal_open(&self) -> bool {
        self.removal_due_at.is_some()
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

/// The last day of birth of those who are old enough to be shown.
pub fn born_by(today: NaiveDate) -> NaiveDate {
    today.checked_sub_months(Months::new(AGE_MIN * 12)).unwrap_or(NaiveDate::MIN)
}

/// Decides whether this person may be shown on a list at all. It is asked when an entry is proposed and
/// decided on, and as long as it is shown.
///
/// # Errors
/// `listing_minor` for who is under 18 or whose age is unknown; `listing_person_unfit` for the
/// deceased and for people with an open legal case.
pub fn may_be_shown(person: &Person, today: NaiveDate) -> Result<(), Refusal> {
    if person.born_on.is_none_or(|born| born > born_by(today)) {
        return Err(Refusal::ListingMinor { age_min: AGE_MIN });
    }
    if RESIDENCES.contains(&person.residence) { Ok(()) } else { Err(Refusal::ListingPersonUnfit) }
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
