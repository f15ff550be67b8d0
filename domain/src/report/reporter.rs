//! What whoever reported something can still do with it. Whoever's report was joined to another
//! confirms, reopens and urges that one: none of those who reported a thing decides for the others.

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
    /// Who reported it; for somebody whose report was joined to it, who reported that one.
    pub reporter: UserId,
    /// When somebody urged last.
    pub urged_at: Option<DateTime<Utc>>,
    /// Whether a claim or deduction came of it.
    pub proposed: bool,
    /// Whether whoever acts confirmed it since it was resolved.
    pub confirmed: bool,
    /// Others who reported the same.
    pub others: Others,
}

/// Others who reported the same as somebody: of the report and all that were joined to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// Nobody.
    None,
    /// All of them confirmed it since it was resolved.
    Confirmed,
    /// Somebody did not yet.
    Waiting,
}

impl Report {
    /// Confirms that it is done. Nobody confirms their own work, nor for others who reported the same:
    /// while one of them said nothing yet, it stays resolved and they can reopen it in time.
    ///
    /// # Errors
    /// `not_found` for anybody else; `own_work`; `report_state`, also the second time.
    pub fn confirm(self, actor: &Actor, place: &Place, known: Known) -> Result<Self, Refusal> {
        known.own(actor, place)?;
        if self.is_in_hands_of(actor) {
            return Err(Refusal::OwnWork);
        }
        if known.confirmed {
            return Err(Refusal::ReportState { state: State::Confirmed });
        }
        let (state, due_at) = (self.state, self.due_at);
        let confirmed = self.moved(State::Confirmed, None)?;
        match known.others {
            Others::None | Others::Confirmed => Ok(confirmed),
            Others::Waiting => Ok(Self { state, due_at, ..confirmed }),
        }
    }

    /// Lets it count as confirmed once the time to reopen it is over; none before.
    pub fn lapse(self, now: DateTime<Utc>) -> Option<Self> {
        let over = self.state == State::Resolved && self.due_at.is_some_and(|due| due <= now);
        over.then(|| self.moved(State::Confirmed, None).ok()).flatten()
    }

    /// Says that it is not done. It waits to be dispatched again.
    ///
    /// # Errors
    /// `not_found` for anybody else; `reason_missing`; `report_state`, also once the time is over or
    /// whoever asks confirmed it.
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
        let over = known.confirmed || self.due_at.is_some_and(|due| due <= now);
        if over && self.state == State::Resolved {
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

    /// Takes it back. Not while reports of others are joined to it, who would hear nothing more.
    ///
    /// # Errors
    /// `not_found` for anybody else; `report_state` once it is resolved or ended;
    /// `report_proposed` once a claim or deduction came of it; `report_shared` while others wait for it.
    pub fn withdraw(self, actor: &Actor, place: &Place, known: Known) -> Result<Self, Refusal> {
        known.own(actor, place)?;
        if known.proposed {
            return Err(Refusal::ReportProposed);
        }
        let withdrawn = self.moved(State::Withdrawn, None)?;
        if known.others == Others::None { Ok(withdrawn) } else { Err(Refusal::ReportShared) }
    }
}

impl Known {
    fn own(&self, actor: &Actor, place: &Place) -> Result<(), Refusal> {
        allows(actor, Action::ReportOwnChange, &Target::village(*place))?;
        if self.reporter == actor.user { Ok(()) } else { Err(Refusal::NotFound) }
    }
}
