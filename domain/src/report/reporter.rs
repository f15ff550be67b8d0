//! What whoever reported something can still do with it.

use chrono::{DateTime, Utc};

use super::desk::says_why;
use super::{By, DESK_WORKING_DAYS, Report, State};
use crate::actor::Actor;
use crate::calendar::{WorkingCalendar, day_of};
use crate::id::UserId;
use crate::place::Place;
use crate::policy::{Action, Target, allows};
use crate::refusal::Refusal;

/// What is known of a report besides, when its reporter wants to change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who reported it.
    pub reporter: UserId,
    /// When somebody urged last.
    pub urged_at: Option<DateTime<Utc>>,
    /// Whether a claim or deduction came of it.
    pub proposed: bool,
}

impl Report {
    /// Confirms that it is done. Nobody confirms their own work.
    ///
    /// # Errors
    /// `not_found` for anybody else; `own_work`; `report_state`.
    pub fn confirm(self, actor: &Actor, place: &Place, known: Known) -> Result<Self, Refusal> {
        known.own(actor, place)?;
        if self.is_in_hands_of(actor) {
            return Err(Refusal::OwnWork);
        }
        self.moved(State::Confirmed, None)
    }

    /// Lets it count as confirmed once the time to reopen it is over; none before.
    pub fn lapse(self, now: DateTime<Utc>) -> Option<Self> {
        let over = self.state == State::Resolved && self.due_at.is_some_and(|due| due <= now);
        over.then(|| self.moved(State::Confirmed, None).ok()).flatten()
    }

    /// Says that it is not done. It waits to be dispatched again.
    ///
    /// # Errors
    /// `not_found` for anybody else; `reason_missing`; `report_state`, also once the time is over.
    pub fn reopen(
        self,
        actor: &Actor,
        place: &Place,
        known: Known,
        reason: &str,
        calendar: &WorkingCalendar,
        now: DateTime<Utc>,
    ) -> Result<Self, Refusal> {
        known.own(actor, place)?;
        says_why(reason)?;
        if self.due_at.is_some_and(|due| due <= now) && self.state == State::Resolved {
            return Err(Refusal::ReportState { state: State::Confirmed });
        }
        self.moved(State::Reopened, Some(calendar.due(now, DESK_WORKING_DAYS)))
    }

    /// Urges whoever should have acted, once a day: by whoever reported it, or from above (催办).
    /// Answers in which part.
    ///
    /// # Errors
    /// `not_found` for anybody else; `report_state` if nobody has to act; `not_overdue`;
    /// `already_urged` on that day.
    pub fn urge(
        &self,
        actor: &Actor,
        place: &Place,
        known: Known,
        now: DateTime<Utc>,
    ) -> Result<By, Refusal> {
        let by = match known.own(actor, place) {
            Ok(()) => By::Reporter,
            Err(_) => By::Role(allows(actor, Action::ReportTriage, &Target::village(*place))?.role),
        };
        if !self.state.is_open() {
            return Err(Refusal::ReportState { state: self.state });
        }
        match self.due_at {
            Some(due_at) if due_at > now => Err(Refusal::NotOverdue { due_at: Some(due_at) }),
            None => Err(Refusal::NotOverdue { due_at: None }),
            Some(_) if known.urged_at.is_some_and(|at| day_of(at) == day_of(now)) => {
                Err(Refusal::AlreadyUrged)
            }
            Some(_) => Ok(by),
        }
    }

    /// Takes it back.
    ///
    /// # Errors
    /// `not_found` for anybody else; `report_state` once it is resolved or ended;
    /// `report_proposed` once a claim or deduction came of it.
    pub fn withdraw(self, actor: &Actor, place: &Place, known: Known) -> Result<Self, Refusal> {
        known.own(actor, place)?;
        if known.proposed {
            return Err(Refusal::ReportProposed);
        }
        self.moved(State::Withdrawn, None)
    }
}

impl Known {
    fn own(&self, actor: &Actor, place: &Place) -> Result<(), Refusal> {
        allows(actor, Action::ReportOwnChange, &Target::village(*place))?;
        if self.reporter == actor.user { Ok(()) } else { Err(Refusal::NotFound) }
    }
}
