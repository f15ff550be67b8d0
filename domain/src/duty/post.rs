//! Duty posts: setting one up, and putting somebody on it.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Consent, Duty, TakenOn, can_take_on};
use crate::claim::Person;
use crate::id::{DutyId, DutyPostId};
use crate::person::Track;
use crate::refusal::Refusal;
use crate::rule_book::{DutySource, RuleBook, forbidden_duty};

/// A post that a village wants to set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostPlan {
    /// What it is called: 环境卫生岗.
    pub name: String,
    /// What its holder does.
    pub description: String,
    /// Whom it is for; everybody if it names no track.
    pub tracks: BTreeSet<Track>,
    /// The codes of the items by which it is scored.
    pub items: BTreeSet<String>,
    /// The first day on which it can be held: in the past where paper came before the program.
    pub opened_on: NaiveDate,
}

impl PostPlan {
    /// Whether it can be set up under this book.
    ///
    /// # Errors
    /// `duty_items_invalid` if it names no item, or one that is not of duty posts; `duty_forbidden` if
    /// it is a post for what must not be scored (safeguard 15.3).
    pub fn check(&self, book: &RuleBook) -> Result<(), Refusal> {
        let of_posts = |code: &&String| {
            let item = book.item(code);
            item.is_some_and(|item| item.duty_source == Some(DutySource::DutyPost))
        };
        let wrong: Vec<_> = self.items.iter().filter(|code| !of_posts(code)).cloned().collect();
        if self.items.is_empty() || !wrong.is_empty() {
            return Err(Refusal::DutyItemsInvalid { codes: wrong });
        }
        match [&self.name, &self.description].into_iter().find_map(|text| forbidden_duty(text)) {
            Some(word) => Err(Refusal::DutyForbidden { word }),
            None => Ok(()),
        }
    }
}

/// A post as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DutyPost {
    /// Which.
    pub id: DutyPostId,
    /// Whom it is for.
    pub tracks: BTreeSet<Track>,
    /// The codes of the items by which it is scored.
    pub items: BTreeSet<String>,
    /// The first day on which it can be held.
    pub opened_on: NaiveDate,
    /// The last day on which it could be held, once it is closed.
    pub closed_on: Option<NaiveDate>,
}

impl DutyPost {
    /// Puts somebody on it who agreed (认岗), from a day on that may lie in the past or to come.
    ///
    /// # Errors
    /// `duty_over` for a closed post, `person_not_eligible`, `too_young`, `track_excluded`,
    /// `duty_day_invalid` before the post was opened, `consent_missing`.
    pub fn assign(
        &self,
        id: DutyId,
        person: &Person,
        from: NaiveDate,
        consent: &Consent,
        today: NaiveDate,
    ) -> Result<Duty, Refusal> {
        if self.closed_on.is_some() {
            return Err(Refusal::DutyOver);
        }
        can_take_on(person, today)?;
        if !self.tracks.is_empty() && self.tracks.is_disjoint(&person.tracks) {
            return Err(Refusal::TrackExcluded);
        }
        if from < self.opened_on {
            return Err(Refusal::DutyDayInvalid { earliest: Some(self.opened_on), latest: None });
        }
        consent.check(today)?;
        // Nobody is bound before they agreed; paper from before the program has its own date.
        if from < consent.on {
            let earliest = Some(consent.on.max(self.opened_on));
            return Err(Refusal::DutyDayInvalid { earliest, latest: None });
        }
        Ok(Duty {
            id,
            villager: person.villager,
            of: TakenOn::Post { items: self.items.clone() },
            from,
            until: None,
            ended_on: None,
        })
    }

    /// Closes it; whoever holds it holds it until today.
    ///
    /// # Errors
    /// `duty_over` if it is closed.
    pub fn closed(self, today: NaiveDate) -> Result<Self, Refusal> {
        if self.closed_on.is_some() {
            return Err(Refusal::DutyOver);
        }
        Ok(Self { closed_on: Some(today), ..self })
    }
}
