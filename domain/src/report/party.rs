//! The people whom a report is about: who is praised, who else can be recognised, which household is
//! concerned; and the consent without which nobody is shown.

use chrono::NaiveDate;

use super::{Kind, Report};
use crate::actor::Actor;
use crate::id::{HouseholdId, VillagerId};
use crate::listing::AGE_MIN;
use crate::person::age_on;
use crate::place::Place;
use crate::policy::{Action, Target, allows};
use crate::refusal::Refusal;

/// The most people of one report.
pub const PARTIES_MAX: usize = 20;
/// How often somebody can change their answer on one day before they must wait until the next to
/// agree again. Ours: enough for a slip of the finger, and too little to fill the timeline.
pub const ANSWERS_A_DAY_MAX: usize = 5;

names! {
    /// What somebody has to do with a report.
    Part {
        /// The person praised.
        Praised "praised",
        /// Somebody else who can be recognised in text or photos.
        Shown "shown",
        /// The household that a nuisance seems to come from.
        Concerned "concerned",
    }
}

impl Part {
    /// Whether the report shows them, so that it needs their consent to be public.
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Praised | Self::Shown)
    }
}

names! {
    /// Whether somebody agrees to be shown.
    Consent {
        /// They were asked. Silence is no consent.
        Asked "asked",
        /// They agreed.
        Agreed "agreed",
        /// They do not agree, or not any more.
        Refused "refused",
    }
}

/// Somebody whom a report is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Party {
    /// Who; none where it is a household as a whole.
    pub villager: Option<VillagerId>,
    /// The household: of a person the one in which they live now, not the one in which they lived when
    /// they were named.
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
    /// without a phone, is answered for by a member of the household. `today` counts how often the
    /// answer changed on the same day already. Who answers the same again changes nothing; nobody is
    /// ever kept from taking their consent back.
    ///
    /// # Errors
    /// `not_found` for anybody else; `showing_too_many` for who agrees again too often.
    pub fn answered(
        mut self,
        actor: &Actor,
        place: &Place,
        agrees: Agrees,
        today: usize,
    ) -> Result<Self, Refusal> {
        let target = Target::household(*place, self.household);
        allows(actor, Action::ShowingConsent, &target)?;
        let oneself = actor.membership.is_some_and(|me| Some(me.villager) == self.villager);
        if !self.part.is_shown() || (self.answers && !oneself) {
            return Err(Refusal::NotFound);
        }
        let consent = match agrees {
            Agrees::Yes => Consent::Agreed,
            Agrees::No => Consent::Refused,
        };
        let again = agrees == Agrees::Yes && self.consent != consent;
        if again && today >= ANSWERS_A_DAY_MAX {
            return Err(Refusal::ShowingTooMany { a_day_max: ANSWERS_A_DAY_MAX });
        }
        self.consent = consent;
        Ok(self)
    }
}

/// Whether somebody is named among the good deeds that everybody may see: grown up on that day, as on
/// the lists ([`crate::listing::may_be_shown`]). A household can agree that the deed of a child is
/// shown, but not that the child's name stands beside it; nor is anybody named whose age is unknown.
pub fn is_named(born_on: Option<NaiveDate>, today: NaiveDate) -> bool {
    born_on.is_some_and(|born| age_on(born, today) >= AGE_MIN)
}

/// A text of the feed without the name of somebody who is not named there. Not masked as on the notice
/// board: in a village two characters of a child's name say who it is.
pub fn without_name(text: &str, name: &str) -> String {
    if name.is_empty() { text.to_owned() } else { text.replace(name, "某某") }
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
