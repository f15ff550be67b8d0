//! What the grid worker does, and a fault that was put right by who answers for it.

use chrono::{DateTime, Utc};

use super::{Bonds, CONFIRM_WORKING_DAYS, PHOTOS_MAX, Report, State};
use crate::actor::{Actor, Role};
use crate::calendar::WorkingCalendar;
use crate::place::Place;
use crate::policy::{Action, Target, allows};
use crate::refusal::Refusal;

impl Report {
    /// Says that it is done, with words and at least one photo. Whoever reported it has some working
    /// days to confirm or reopen, from when they can read them ([`Report::resolution_checked`]). Not by
    /// a worker whose own household or kin became concerned since they got it: another gets it then.
    ///
    /// # Errors
    /// `not_found` for a worker who does not have it in hand; those of [`Bonds::free_of_parties`];
    /// `report_state`; `text_missing`; `photos_needed`.
    pub fn resolve(
        self,
        actor: &Actor,
        place: &Place,
        bonds: Bonds<'_>,
        (text, photos): (&str, usize),
    ) -> Result<(Role, Self), Refusal> {
        let permit = allows(actor, Action::ReportResolve, &Target::village(*place))?;
        if !self.is_in_hands_of(actor) {
            return Err(Refusal::NotFound);
        }
        bonds.free_of_parties(actor)?;
        if self.state != State::Dispatched {
            return Err(Refusal::ReportState { state: self.state });
        }
        if text.trim().is_empty() {
            return Err(Refusal::TextMissing);
        }
        if photos == 0 || photos > PHOTOS_MAX {
            return Err(Refusal::PhotosNeeded { photos_max: PHOTOS_MAX });
        }
        Ok((permit.role, self.moved(State::Resolved, None)?))
    }

    /// Begins the time in which whoever reported it may reopen it, once words and photos of the
    /// resolution passed the check or were refused. Without a word in return it then counts as
    /// confirmed. None if nothing waits for that.
    pub fn resolution_checked(
        self,
        calendar: &WorkingCalendar,
        now: DateTime<Utc>,
    ) -> Option<Self> {
        let waits = self.state == State::Resolved && self.due_at.is_none();
        let due_at = Some(calendar.due(now, CONFIRM_WORKING_DAYS));
        waits.then(|| Self { due_at, version: self.version + 1, ..self })
    }

    /// What becomes of a nuisance whose deduction was closed as cured: it ends there, unless whoever
    /// reported it reopens it. None if it was dealt with already.
    pub fn cured(&self, calendar: &WorkingCalendar, now: DateTime<Utc>) -> Option<Self> {
        let due = calendar.due(now, CONFIRM_WORKING_DAYS);
        let open = self.state.is_open() && self.state != State::Submitted;
        open.then(|| self.clone().moved(State::Resolved, Some(due)).ok()).flatten()
    }
}
