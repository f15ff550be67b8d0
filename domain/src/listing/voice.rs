//! Whose word counts for who is shown.

use super::List;
use crate::actor::Actor;
use crate::id::{HouseholdId, VillagerId};
use crate::place::Place;
use crate::policy::{Action, Permit, Target, allows};
use crate::refusal::Refusal;

names! {
    /// Who spoke.
    Voice {
        /// Who is shown.
        Oneself "oneself",
        /// A member of their household.
        Household "household",
        /// A cadre who wrote down how they said so.
        Cadre "cadre",
    }
    /// What somebody had to do with an entry before.
    Part {
        /// Nothing.
        Nothing "nothing",
        /// They proposed it.
        Proposed "proposed",
        /// They voted on it.
        Voted "voted",
    }
}

/// Who is shown, as they live today: who moved to another household has their rights there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Who.
    pub villager: VillagerId,
    /// Their household today.
    pub household: HouseholdId,
    /// Whether they can speak for themselves: who never signed in cannot, without a cadre.
    pub signed_in: bool,
}

/// Somebody who speaks for who is shown.
#[derive(Clone, Copy, Debug)]
pub struct Speaker<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// The village.
    pub place: &'a Place,
    /// What they had to do with the entry before.
    pub part: Part,
    /// How the person said so, where a cadre writes it down.
    pub how: Option<&'a str>,
}

impl Speaker<'_> {
    /// Decides as whom they speak. About a warning the household does, which answers for it; about
    /// praise the person alone, unless they have no account. A cadre writes down how the person said so.
    /// Nobody speaks for another who proposed the entry or voted on it: who wants it shown does not also
    /// say what the person thinks of it.
    ///
    /// # Errors
    /// `forbidden` for another member of the household; `reason_missing` if a cadre does not say how;
    /// `own_claim` for who proposed it, `already_decided` for who voted on it; `not_found`.
    pub fn voice(&self, list: List, shown: &Shown) -> Result<(Voice, Permit), Refusal> {
        let target = Target::household(*self.place, shown.household);
        let at_home = self.actor.household() == Some(shown.household);
        let oneself = self.actor.membership.is_some_and(|me| me.villager == shown.villager);
        let (voice, permit) = if at_home {
            let permit = allows(self.actor, Action::ListEntryOwn, &target)?;
            let voice = if oneself { Voice::Oneself } else { Voice::Household };
            (voice, permit)
        } else {
            (Voice::Cadre, allows(self.actor, Action::ListEntryForOthers, &target)?)
        };
        let silent = self.how.is_none_or(|how| how.trim().is_empty());
        match (voice, self.part) {
            (Voice::Household, _) if list == List::Honor && shown.signed_in => {
                Err(Refusal::Forbidden)
            }
            (Voice::Cadre, _) if silent => Err(Refusal::ReasonMissing),
            (Voice::Household | Voice::Cadre, Part::Proposed) => Err(Refusal::OwnClaim),
            (Voice::Household | Voice::Cadre, Part::Voted) => Err(Refusal::AlreadyDecided),
            _ => Ok((voice, permit)),
        }
    }
}
