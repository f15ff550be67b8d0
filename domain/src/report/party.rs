//! The people whom a report is about: who is praised, who else can be recognised, which household is
//! concerned; and the consent without which nobody is shown.

use super::{Kind, Report};
use crate::actor::Actor;
use crate::id::{HouseholdId, VillagerId};
use crate::place::Place;
use crate::policy::{Action, Target, allows};
use crate::refusal::Refusal;

/// The most people of one report.
pub const PARTIES_MAX: usize = 20;

/// What somebody has to do with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The person praised.
    Praised,
    /// Somebody else who can be recognised in text or photos.
    Shown,
    /// The household that a nuisance seems to come from.
    Concerned,
}

impl Part {
    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Praised => "praised",
            Self::Shown => "shown",
            Self::Concerned => "concerned",
        }
    }

    /// The part of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Praised, Self::Shown, Self::Concerned].into_iter().find(|part| part.as_str() == name)
    }

    /// Whether the report shows them, so that it needs their consent to be public.
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Praised | Self::Shown)
    }
}

/// Whether somebody agrees to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// They were asked. Silence is no consent.
    Asked,
    /// They agreed.
    Agreed,
    /// They do not agree, or not any more.
    Refused,
}

impl Consent {
    /// The name in API and database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Agreed => "agreed",
            Self::Refused => "refused",
        }
    }

    /// The consent of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Asked, Self::Agreed, Self::Refused].into_iter().find(|one| one.as_str() == name)
    }
}

/// Somebody whom a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party {
    /// Who; none where it is a household as a whole.
    pub villager: Option<VillagerId>,
    /// The household.
    pub household: HouseholdId,
    /// What they have to do with it.
    pub part: Part,
    /// Whether they agree to be shown.
    pub consent: Consent,
    /// Whether they can answer for themselves: grown up, and signed in once. Else the household does.
    pub answers: bool,
}

impl Party {
    /// Takes their answer whether they want to be shown. Who cannot answer, a child or somebody
    /// without a phone, is answered for by a member of the household.
    ///
    /// # Errors
    /// `not_found` for anybody else.
    pub fn answered(
        mut self,
        actor: &Actor,
        place: &Place,
        agrees: Agrees,
    ) -> Result<Self, Refusal> {
        let target = Target::household(*place, self.household);
        allows(actor, Action::ShowingConsent, &target)?;
        let oneself = actor.membership.is_some_and(|me| Some(me.villager) == self.villager);
        if !self.part.is_shown() || (self.answers && !oneself) {
            return Err(Refusal::NotFound);
        }
        self.consent = match agrees {
            Agrees::Yes => Consent::Agreed,
            Agrees::No => Consent::Refused,
        };
        Ok(self)
    }
}

/// What somebody answers who was asked whether they want to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agrees {
    /// They do.
    Yes,
    /// They do not, or not any more.
    No,
}

impl Report {
    /// Whether everybody in the village may see it: a good deed that triage took on, whose text and
    /// photos passed the check (`checked`), and whose people all agreed. Where triage found that
    /// nobody can be recognised there is nobody to ask.
    pub fn is_in_feed(&self, checked: bool, parties: &[Party]) -> bool {
        let agreed = |party: &Party| !party.part.is_shown() || party.consent == Consent::Agreed;
        self.kind == Kind::GoodDeed
            && self.state.is_taken_on()
            && checked
            && parties.iter().all(agreed)
    }

    /// The person praised.
    pub fn praised(parties: &[Party]) -> Option<VillagerId> {
        parties.iter().find(|party| party.part == Part::Praised).and_then(|party| party.villager)
    }
}
