//! Who may look at a report, and at what of it.

use super::{By, Event, Part, Party, Report, State};
use crate::actor::{Actor, Role};
use crate::id::UserId;
use crate::place::Place;
use crate::policy::{Action, Permit, Target, allows, permits};
use crate::refusal::Refusal;

/// As what somebody looks at a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Whoever reported it.
    Reporter,
    /// Triage, which alone may ask who reported it.
    Desk(Permit),
    /// The grid worker who has it in hand.
    Worker(Permit),
    /// Somebody whom it is about, or of their household.
    Party(Part, Permit),
    /// Who supervises.
    Above(Permit),
}

impl View {
    /// The role that gave the right, for readings that need a reason.
    pub const fn permit(self) -> Option<Permit> {
        match self {
            Self::Reporter => None,
            Self::Desk(permit)
            | Self::Worker(permit)
            | Self::Party(_, permit)
            | Self::Above(permit) => Some(permit),
        }
    }

    /// Whether text and photos are shown before they passed the check: to whoever sent them, and to
    /// those who have to deal with them.
    pub const fn sees_unchecked(self) -> bool {
        matches!(self, Self::Reporter | Self::Desk(_) | Self::Worker(_))
    }

    /// Whether they see the names of officers in the timeline.
    pub const fn sees_names(self) -> bool {
        matches!(self, Self::Desk(_) | Self::Above(_))
    }

    /// Whether they see whom the report is about.
    pub const fn sees_parties(self) -> bool {
        matches!(self, Self::Desk(_) | Self::Worker(_) | Self::Above(_))
    }

    /// Whether they read the words of whoever reported it in the timeline, and not only that there
    /// were some: words can tell who it is.
    pub const fn reads_reporters_words(self) -> bool {
        !matches!(self, Self::Party(..))
    }

    /// Whether they read the words of those who reported the same: not whoever reported it, to whom
    /// they are somebody else.
    const fn reads_words_of_who_also_reported(self) -> bool {
        !matches!(self, Self::Party(..) | Self::Reporter)
    }

    /// Whether they see in the timeline that this happened. That triage asked who reported it is told
    /// to those who may know that somebody did, and not to whom the report is about.
    pub fn sees_event(self, event: Event) -> bool {
        event != Event::ReporterSeen || !matches!(self, Self::Party(..))
    }

    /// Whether they read with what words somebody did this in the part `by`. What is written to a grid
    /// worker when a report is dispatched is between the desk and the worker, and can say who reported
    /// it or what is thought of them.
    pub fn reads_words_of(self, event: Event, by: &str) -> bool {
        let between_officers =
            event == Event::Dispatched && matches!(self, Self::Reporter | Self::Party(..));
        self.sees_event(event)
            && !between_officers
            && (by != By::Reporter.as_str() || self.reads_reporters_words())
            && (by != By::AlsoReported.as_str() || self.reads_words_of_who_also_reported())
    }

    /// Whether they read the comments of whoever reported it: not the household concerned, to whom a
    /// way of writing can tell who it is. Who is praised or shown may: nothing is held against them.
    pub const fn reads_reporters_comments(self) -> bool {
        !matches!(self, Self::Party(Part::Concerned, _))
    }

    /// In which part they write a comment, if they may.
    pub const fn writes_as(self) -> Option<By> {
        match self {
            Self::Reporter => Some(By::Reporter),
            Self::Desk(permit) | Self::Worker(permit) => Some(By::Role(permit.role)),
            Self::Party(Part::Concerned, _) => Some(By::Concerned),
            Self::Party(Part::Praised | Part::Shown, _) => Some(By::Shown),
            Self::Above(_) => None,
        }
    }
}

/// Decides whether somebody may look at a report, and as what. `checked` says whether its text and
/// photos passed the check: before that those whom it is about do not see it.
///
/// # Errors
/// `not_found`.
pub fn may_see(
    actor: &Actor,
    place: &Place,
    report: &Report,
    reporter: UserId,
    parties: &[Party],
    checked: bool,
) -> Result<View, Refusal> {
    let village = Target::village(*place);
    if reporter == actor.user && allows(actor, Action::ReportOwnShow, &village).is_ok() {
        return Ok(View::Reporter);
    }
    if let Some(party) = about_home_of(actor, parties) {
        // Whoever is concerned looks at it as that, whatever else they are.
        let target = Target::household(*place, party.household);
        let at_home = permits(actor, Action::ReportShow, &target)
            .find(|permit| permit.role == Role::Villager && report.is_open_to_parties(checked));
        return at_home.map(|permit| View::Party(party.part, permit)).ok_or(Refusal::NotFound);
    }
    if let Ok(permit) = allows(actor, Action::ReportTriage, &village) {
        return Ok(View::Desk(permit));
    }
    for permit in permits(actor, Action::ReportShow, &village) {
        match permit.role {
            Role::GridWorker if report.is_in_hands_of(actor) => return Ok(View::Worker(permit)),
            Role::Supervisor => return Ok(View::Above(permit)),
            _ => {}
        }
    }
    Err(Refusal::NotFound)
}

/// The party of a report because of which somebody looks at it as one of those whom it is about.
fn about_home_of<'a>(actor: &Actor, parties: &'a [Party]) -> Option<&'a Party> {
    parties.iter().find(|party| actor.household() == Some(party.household))
}

impl Report {
    /// Whether those whom it is about may see it: taken on, and past the check (`checked`).
    const fn is_open_to_parties(&self, checked: bool) -> bool {
        checked && self.state.is_taken_on()
    }

    /// Whether somebody who may list reports reads place, text and photos of this one in the list:
    /// before the check only who deals with reports (`deals`), and of a report about the own household
    /// no more than [`may_see`] shows of it.
    pub fn is_read_in_list(
        &self,
        actor: &Actor,
        parties: &[Party],
        checked: bool,
        deals: bool,
    ) -> bool {
        match about_home_of(actor, parties) {
            Some(_) => self.is_open_to_parties(checked),
            None => deals || checked,
        }
    }
}

/// Decides whether somebody may ask who reported it: triage that is free to, with a reason, and not
/// before triage said whom it is about: until then nobody can tell whose household is concerned. Every
/// look is recorded.
///
/// # Errors
/// `not_found`; `report_state` before triage; `own_household` and `declared_kin` where they are concerned; `reason_missing`.
pub fn may_see_reporter(
    actor: &Actor,
    place: &Place,
    report: &Report,
    bonds: super::Bonds<'_>,
    reason: &str,
) -> Result<Permit, Refusal> {
    let permit = allows(actor, Action::ReportReporterShow, &Target::village(*place))?;
    if report.state == State::Submitted {
        return Err(Refusal::ReportState { state: report.state });
    }
    bonds.free_of_parties(actor)?;
    super::desk::says_why(reason)?;
    Ok(permit)
}
