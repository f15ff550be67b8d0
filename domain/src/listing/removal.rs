//! Taking an entry down: at the person's wish for praise, after an objection for a warning.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{List, ListEntry, Voice};
use crate::calendar::WorkingCalendar;
use crate::claim::Ties;
use crate::objection;
use crate::refusal::Refusal;

/// Within how many working days praise is taken down at the person's wish (section 12).
const WISH_WORKING_DAYS: u16 = 3;

/// What became of a request for removal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is taken down.
    Removed,
    /// It stays: for warnings alone.
    Kept,
}

/// When a request made now is to be answered.
pub fn removal_due(list: List, calendar: &WorkingCalendar, now: DateTime<Utc>) -> DateTime<Utc> {
    match list {
        List::Honor => calendar.due(now, WISH_WORKING_DAYS),
        List::Warning => objection::due_at(calendar, now),
    }
}

/// Decides whether the removal of an entry may be asked for: while it may still change, one at a time.
/// For a warning with the reason, and once: what a cadre wrote down and was answered leaves the
/// household its own objection, but there is no second one of a cadre.
///
/// # Errors
/// `listing_state`, `objection_open`, `objection_answered`, `reason_missing`.
pub fn may_ask_removal(entry: &ListEntry, voice: Voice, text: &str) -> Result<(), Refusal> {
    entry.is_open()?;
    if entry.removal_open() {
        return Err(Refusal::ObjectionOpen);
    }
    if entry.list == List::Honor {
        return Ok(());
    }
    objection::says_why(text)?;
    match (entry.removal_answered, voice) {
        (None, _) | (Some(Voice::Cadre), Voice::Oneself | Voice::Household) => Ok(()),
        (Some(_), _) => Err(Refusal::ObjectionAnswered),
    }
}

/// Decides whether this person may answer so: praise goes at the person's wish, whatever others
/// think of it, by anybody in charge; a warning is judged anew by people who did not decide on it,
/// nor wrote the objection down (`asked`).
///
/// # Errors
/// `listing_state`, `objection_answered`, `reason_missing`, `listing_wish_holds`, and those of
/// [`objection::may_answer`].
pub fn may_answer_removal(
    entry: &ListEntry,
    outcome: Outcome,
    text: &str,
    (ties, asked, decided_before): (Ties, bool, bool),
) -> Result<(), Refusal> {
    entry.is_open()?;
    if !entry.removal_open() {
        return Err(Refusal::ObjectionAnswered);
    }
    objection::says_why(text)?;
    match entry.list {
        List::Honor if outcome == Outcome::Kept => Err(Refusal::ListingWishHolds),
        List::Honor => Ok(()),
        List::Warning => objection::may_answer(ties, asked, decided_before),
    }
}
