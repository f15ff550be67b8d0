//! Pledges: giving one, and what became of it.

use chrono::NaiveDate;

use super::{Colour, Consent, Duty, TakenOn, can_take_on};
use crate::actor::Actor;
use crate::calendar::Cycle;
use crate::claim::{Person, Ties};
use crate::id::DutyId;
use crate::policy::{Action, Permit, Target, allows};
use crate::refusal::Refusal;
use crate::rule_book::forbidden_duty;

/// What somebody wants to pledge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pledge {
    /// Under which colour.
    pub colour: Colour,
    /// For which period: the cycle of the village, or a shorter one.
    pub period: Cycle,
    /// What is promised.
    pub text: String,
    /// With it, a cadre records what was signed on paper; the day of the signature is the day on
    /// which it was given.
    pub consent: Option<Consent>,
}

/// Who may give a pledge for this person: the person alone, or a cadre for someone who agreed.
/// Answers the role in which they do.
///
/// # Errors
/// `not_found`, `forbidden`; `person_not_eligible` for a member of the household.
pub fn pledged_by(
    actor: &Actor,
    person: &Person,
    home: &Target,
    pledge: &Pledge,
) -> Result<Permit, Refusal> {
    if pledge.consent.is_some() {
        return allows(actor, Action::PledgeCreateForOthers, home);
    }
    let permit = allows(actor, Action::PledgeCreate, home)?;
    let own = actor.membership.is_some_and(|me| me.villager == person.villager);
    if own { Ok(permit) } else { Err(Refusal::PersonNotEligible) }
}

/// Gives a pledge. It holds from the day on which it was given, if the period has begun by then, to
/// the last day of the period.
///
/// # Errors
/// `person_not_eligible`, `too_young`; `track_excluded` for a colour of other people;
/// `consent_missing`; `duty_day_invalid` if the period was over when it was given; `duty_forbidden` if
/// it promises what must not be scored.
pub fn pledge(
    id: DutyId,
    person: &Person,
    pledge: &Pledge,
    today: NaiveDate,
) -> Result<Duty, Refusal> {
    can_take_on(person, today)?;
    if pledge.colour.track().is_some_and(|track| !person.tracks.contains(&track)) {
        return Err(Refusal::TrackExcluded);
    }
    if let Some(consent) = &pledge.consent {
        consent.check(today)?;
    }
    let given_on = pledge.consent.as_ref().map_or(today, |consent| consent.on);
    let last = pledge.period.last_day();
    if given_on > last {
        return Err(Refusal::DutyDayInvalid { earliest: None, latest: Some(last) });
    }
    if let Some(word) = forbidden_duty(&pledge.text) {
        return Err(Refusal::DutyForbidden { word });
    }
    Ok(Duty {
        id,
        villager: person.villager,
        of: TakenOn::Pledge { colour: pledge.colour },
        from: given_on.max(pledge.period.first_day()),
        until: Some(last),
        ended_on: None,
    })
}

names! {
    /// What became of a pledge.
    Outcome {
        /// 已兑现.
        Kept "kept",
        /// 部分兑现.
        PartlyKept "partly_kept",
        /// 未兑现.
        NotKept "not_kept",
    }
}

/// What somebody says that became of a pledge.
#[derive(Clone, Copy, Debug)]
pub struct Confirmation<'a> {
    /// What.
    pub outcome: Outcome,
    /// Why.
    pub reason: &'a str,
    /// What binds them to whoever pledged.
    pub ties: Ties,
    /// What was confirmed before.
    pub before: Option<Outcome>,
}

/// Confirms what became of a pledge, once, from the last day of its period on.
///
/// # Errors
/// `cycle_not_over`, `duty_over` if it was withdrawn, `already_decided`, `reason_missing` unless it was
/// kept, and those of [`Ties::free`].
pub fn confirm(
    duty: &Duty,
    confirmation: Confirmation<'_>,
    today: NaiveDate,
) -> Result<Outcome, Refusal> {
    confirmation.ties.free()?;
    if duty.ended_on.is_some() {
        return Err(Refusal::DutyOver);
    }
    if confirmation.before.is_some() {
        return Err(Refusal::AlreadyDecided);
    }
    if let Some(ends_on) = duty.until.filter(|last| today < *last) {
        return Err(Refusal::CycleNotOver { ends_on });
    }
    if confirmation.outcome != Outcome::Kept && confirmation.reason.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    Ok(confirmation.outcome)
}
