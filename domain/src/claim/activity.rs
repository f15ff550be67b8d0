//! One action, many people: a cadre declares a collective activity for all who took part.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::{Declared, Draft, Person, declare};
use crate::calendar::WorkingCalendar;
use crate::id::{ClaimId, RuleBookId, VillagerId};
use crate::refusal::Refusal;
use crate::rule_book::RuleBook;

/// The most people for whom one activity is declared at once.
pub const PEOPLE_MAX: usize = 500;
/// The longest title of an activity, in characters.
pub const TITLE_CHARS_MAX: usize = 100;

/// Makes the claims of all who took part, or none: each by the same draft, under an id of its own.
///
/// # Errors
/// `person_refused` with the number of the first person who stands in the way: not on the roster,
/// named twice, not eligible, or without the duty that the item asks for. Otherwise those of [`declare`].
pub fn declare_for_many(
    draft: &Draft,
    ids: &[VillagerId],
    roster: &[Person],
    (rule_book, book): (RuleBookId, &RuleBook),
    calendar: &WorkingCalendar,
    now: DateTime<Utc>,
    mut new_id: impl FnMut() -> ClaimId,
) -> Result<Vec<Declared>, Refusal> {
    let known: BTreeMap<_, _> = roster.iter().map(|person| (person.villager, person)).collect();
    let mut named = BTreeSet::new();
    let one = |(place, id): (usize, &VillagerId)| {
        let refused = |why| Refusal::PersonRefused { number: place + 1, why: Box::new(why) };
        let person = known.get(id).ok_or_else(|| refused(Refusal::NotFound))?;
        if !named.insert(*id) {
            return Err(refused(Refusal::AlreadyExists));
        }
        let draft = Draft { id: new_id(), ..draft.clone() };
        declare(draft, person, rule_book, book, calendar, now).map_err(|why| match why {
            Refusal::PersonNotEligible | Refusal::TooYoung { .. } => refused(why),
            Refusal::SecondRecorderInvalid | Refusal::DutyNotHeld { .. } => refused(why),
            of_the_activity => of_the_activity,
        })
    };
    ids.iter().enumerate().map(one).collect()
}
