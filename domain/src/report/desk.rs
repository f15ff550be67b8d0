//! What triage does: taking a report on, refusing it, joining it to another, dispatching, closing,
//! and proposing what it comes to. Nobody does any of it with their own report, or where their own
//! household or kin is concerned.

use chrono::{DateTime, Utc};

use super::party::PARTIES_MAX;
use super::{DESK_WORKING_DAYS, FIELD_WORKING_DAYS_MAX, Kind, Part, Party, Report, State, Worker};
use crate::actor::{Actor, Role};
use crate::calendar::WorkingCalendar;
use crate::id::{HouseholdId, ReportId, UserId, VillagerId};
use crate::place::Place;
use crate::policy::{Action, Permit, Target, allows};
use crate::refusal::Refusal;

/// What can bind somebody who deals with a report to the people in it.
#[derive(Clone, Copy, Debug)]
pub struct Bonds<'a> {
    /// Who reported it.
    pub reporter: UserId,
    /// Whom it is about.
    pub parties: &'a [Party],
    /// The households in which declared kin of whoever acts live.
    pub kin: &'a [HouseholdId],
}

impl Bonds<'_> {
    /// Whether the actor is free to deal with it.
    ///
    /// # Errors
    /// `own_report`, `own_household`, `declared_kin`.
    pub fn free(&self, actor: &Actor) -> Result<(), Refusal> {
        if self.reporter == actor.user {
            return Err(Refusal::OwnReport);
        }
        self.free_of_parties(actor)
    }

    /// Whether the actor is free to deal with all whom it is about, whoever reported it.
    ///
    /// # Errors
    /// `own_household`, `declared_kin`.
    pub fn free_of_parties(&self, actor: &Actor) -> Result<(), Refusal> {
        self.parties.iter().try_for_each(|party| self.free_of(actor, party.household))
    }

    /// Whether the actor is free to deal with this household.
    ///
    /// # Errors
    /// `own_household`, `declared_kin`.
    pub fn free_of(&self, actor: &Actor, household: HouseholdId) -> Result<(), Refusal> {
        actor.is_no_member_of(household)?;
        if self.kin.contains(&household) { Err(Refusal::DeclaredKin) } else { Ok(()) }
    }
}

/// What triage decides.
#[derive(Clone, Copy, Debug)]
pub enum Triage<'a> {
    /// Takes it on.
    Accept {
        /// Whom it is about.
        parties: &'a [Party],
        /// That nobody can be recognised in text and photos, so that nobody is asked for consent.
        nobody_shown: bool,
    },
    /// Does not.
    Refuse {
        /// Why; whoever reported it reads it.
        reason: &'a str,
    },
    /// It is the same as another.
    Join {
        /// Which.
        to: &'a Report,
    },
}

impl Report {
    /// Decides on a report. Answers the role in which that happens.
    ///
    /// # Errors
    /// `not_found`; those of [`Bonds::free`]; `report_state`; `reason_missing`; `join_invalid`;
    /// `parties_invalid` for parts that do not fit the kind; `shown_missing` where a good deed
    /// neither names who is shown nor says that nobody is.
    pub fn triage(
        mut self,
        actor: &Actor,
        place: &Place,
        bonds: Bonds<'_>,
        decision: Triage<'_>,
        calendar: &WorkingCalendar,
        now: DateTime<Utc>,
    ) -> Result<(Role, Self), Refusal> {
        let permit = desk(actor, place, bonds)?;
        let moved = match decision {
            Triage::Accept { parties, nobody_shown } => {
                if self.state != State::Submitted {
                    return Err(Refusal::ReportState { state: self.state });
                }
                self.named(parties, nobody_shown)?;
                parties.iter().try_for_each(|party| bonds.free_of(actor, party.household))?;
                let due = calendar.due(now, DESK_WORKING_DAYS);
                let due_at = (self.kind == Kind::Nuisance).then_some(due);
                self.moved(State::Accepted, due_at)?
            }
            Triage::Refuse { reason } => {
                says_why(reason)?;
                self.moved(State::Refused, None)?
            }
            Triage::Join { to } => {
                self.joined_to = Some(self.same_as(to)?);
                self.moved(State::Joined, None)?
            }
        };
        Ok((permit.role, moved))
    }

    fn named(&self, parties: &[Party], nobody_shown: bool) -> Result<(), Refusal> {
        let shown = parties.iter().filter(|party| party.part.is_shown()).count();
        let praised = parties.iter().filter(|party| party.part == Part::Praised).count();
        let fits = match self.kind {
            Kind::GoodDeed => shown == parties.len() && praised <= 1,
            Kind::Nuisance => shown == 0 && !nobody_shown,
        };
        if !fits || parties.len() > PARTIES_MAX {
            return Err(Refusal::PartiesInvalid);
        }
        match (self.kind, shown, nobody_shown) {
            (Kind::GoodDeed, 0, false) | (Kind::GoodDeed, 1.., true) => Err(Refusal::ShownMissing),
            _ => Ok(()),
        }
    }

    /// What is resolved or ended is joined by nothing: whoever sent this one would hear nothing more.
    fn same_as(&self, to: &Self) -> Result<ReportId, Refusal> {
        let fits = to.id != self.id && to.kind == self.kind && to.state.is_open();
        if fits { Ok(to.id) } else { Err(Refusal::JoinInvalid) }
    }

    /// Gives it to a grid worker, who is not bound to the people in it, with so many working days (1 to
    /// [`FIELD_WORKING_DAYS_MAX`]). Whether the worker reported it is not asked: the refusal would tell
    /// the desk who did. They do not confirm their own work ([`Report::confirm`]).
    ///
    /// # Errors
    /// `not_found`; those of [`Bonds::free`]; `report_state`; `worker_invalid` for somebody who is no
    /// grid worker here; `worker_not_free`, which does not say what binds them.
    pub fn dispatch(
        mut self,
        (actor, bonds): (&Actor, Bonds<'_>),
        place: &Place,
        (worker, workers_bonds): (&Actor, Bonds<'_>),
        working_days: u16,
        calendar: &WorkingCalendar,
        now: DateTime<Utc>,
    ) -> Result<(Role, Self), Refusal> {
        let permit = desk(actor, place, bonds)?;
        if self.state == State::Submitted {
            return Err(Refusal::ReportState { state: self.state });
        }
        let villager = worker.membership.filter(|me| me.place.village == place.village);
        let holds = worker.holds_at(Role::GridWorker, place);
        let villager = villager.filter(|_| holds).ok_or(Refusal::WorkerInvalid)?.villager;
        workers_bonds.free_of_parties(worker).map_err(|_| Refusal::WorkerNotFree)?;
        self.worker = Some(Worker { user: worker.user, villager });
        let due = calendar.due(now, working_days.clamp(1, FIELD_WORKING_DAYS_MAX));
        Ok((permit.role, self.moved(State::Dispatched, Some(due))?))
    }

    /// Closes it (销号).
    ///
    /// # Errors
    /// `not_found`; those of [`Bonds::free`]; `reason_missing`; `report_state`.
    pub fn strike(
        self,
        actor: &Actor,
        place: &Place,
        bonds: Bonds<'_>,
        reason: &str,
    ) -> Result<(Role, Self), Refusal> {
        let permit = desk(actor, place, bonds)?;
        says_why(reason)?;
        Ok((permit.role, self.moved(State::StruckOff, None)?))
    }

    /// Decides whether a good deed becomes a claim, and for whom: the person praised. Which item and
    /// how much, and the whole way of review, is the matter of [`crate::claim`].
    ///
    /// # Errors
    /// `not_found`; those of [`Bonds::free`]; `report_kind`; `report_state`; `praised_missing`.
    pub fn claim(
        &self,
        actor: &Actor,
        place: &Place,
        bonds: Bonds<'_>,
    ) -> Result<(Role, VillagerId), Refusal> {
        let permit = allows(actor, Action::ReportClaimCreate, &Target::village(*place))?;
        bonds.free(actor)?;
        self.is_of(Kind::GoodDeed)?;
        if !self.state.is_taken_on() {
            return Err(Refusal::ReportState { state: self.state });
        }
        let person = Self::praised(bonds.parties).ok_or(Refusal::PraisedMissing)?;
        Ok((permit.role, person))
    }

    /// Decides whether somebody may propose a deduction for a nuisance to a person of this household:
    /// triage, or the grid worker who has it in hand. What is put right already is not held against
    /// anybody.
    ///
    /// # Errors
    /// `not_found`; those of [`Bonds::free`]; `report_kind`; `report_state`.
    pub fn propose_deduction(
        &self,
        actor: &Actor,
        place: &Place,
        bonds: Bonds<'_>,
        household: HouseholdId,
    ) -> Result<Role, Refusal> {
        let permit = allows(actor, Action::ReportDeductionCreate, &Target::village(*place))?;
        let at_the_desk = allows(actor, Action::ReportTriage, &Target::village(*place)).is_ok();
        if !at_the_desk && !self.is_in_hands_of(actor) {
            return Err(Refusal::NotFound);
        }
        bonds.free(actor)?;
        bonds.free_of(actor, household)?;
        self.is_of(Kind::Nuisance)?;
        if self.state.is_open() && self.state != State::Submitted {
            Ok(permit.role)
        } else {
            Err(Refusal::ReportState { state: self.state })
        }
    }

    fn is_of(&self, kind: Kind) -> Result<(), Refusal> {
        if self.kind == kind { Ok(()) } else { Err(Refusal::ReportKind { kind: self.kind }) }
    }

    /// Whether the actor is the grid worker who has it in hand, or had it last.
    pub fn is_in_hands_of(&self, actor: &Actor) -> bool {
        self.worker.is_some_and(|worker| worker.user == actor.user)
    }
}

fn desk(actor: &Actor, place: &Place, bonds: Bonds<'_>) -> Result<Permit, Refusal> {
    let permit = allows(actor, Action::ReportTriage, &Target::village(*place))?;
    bonds.free(actor)?;
    Ok(permit)
}

/// A decision against somebody's wish says why.
///
/// # Errors
/// `reason_missing` for nothing but blanks.
pub(super) fn says_why(reason: &str) -> Result<(), Refusal> {
    if reason.trim().is_empty() { Err(Refusal::ReasonMissing) } else { Ok(()) }
}
