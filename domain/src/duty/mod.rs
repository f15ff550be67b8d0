//! What somebody took on: a duty post (设岗定责: 环境卫生岗, 治安巡逻岗) that they hold, or a pledge (承诺)
//! under one of the five colours (五色契约). Both are sources of role duty (section 13), and both are
//! the same thing here, a [`Duty`]: a person, from a day, until a day.
//!
//! A duty gives no points by itself. It opens items of the rule book ([`Item::duty_source`]): such an
//! item is claimed for somebody who had taken it on by the day of the deed ([`under`]), and the claim
//! goes the whole way of section 5 like any other. So no purse, no review and no notice had to be
//! made for duties, and role duty is explained as everything else is, with the name of the post or
//! pledge beside the item.
//!
//! Which items a duty opens is said where it changes least. Posts are the village's own (按需设岗,
//! 因事设岗): a post names the items by which it is scored ([`PostPlan`]). The five colours are the
//! same everywhere and each is for one kind of people ([`Colour::track`]), so an item of pledges
//! says by its tracks which colours it is for and nobody has to keep a second table.
//!
//! Nobody is forced (safeguard 15.1): who does not pledge for themselves agreed, and the record says
//! who said so, how and when ([`Consent`]); whoever holds a duty can lay it down any day. The last day
//! still counts, and deeds up to it can be claimed afterwards as before: nothing that they had is
//! lost. When the period of a pledge is over somebody free of ties confirms what became of it
//! ([`confirm`]). That is shown with the claims made under it; it moves no points, so that there is
//! one place to object to points, and no second one.
//!
//! Absent: applying for a post in the program. Who wants one says so to a cadre, who records it.

mod colour;
mod pledge;
mod post;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::actor::{Actor, Role};
use crate::claim::Person;
use crate::id::{DutyId, VillagerId};
use crate::person::{ACCOUNT_AGE_MIN, Residence, age_on};
use crate::policy::{Action, Permit, Target, allows, permits};
use crate::refusal::Refusal;
use crate::rule_book::{DutySource, Item};

pub use colour::Colour;
pub use pledge::{Confirmation, Outcome, Pledge, confirm, pledge, pledged_by};
pub use post::{DutyPost, PostPlan};

/// What somebody took on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Its id.
    pub id: DutyId,
    /// Who.
    pub villager: VillagerId,
    /// What.
    pub of: TakenOn,
    /// The first day.
    pub from: NaiveDate,
    /// The last day by itself: that of a pledge's period, or of a post that was closed.
    pub until: Option<NaiveDate>,
    /// The last day as somebody set it who ended it before.
    pub ended_on: Option<NaiveDate>,
}

/// What a duty is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TakenOn {
    /// A duty post.
    Post {
        /// The codes of the items by which it is scored.
        items: BTreeSet<String>,
    },
    /// A pledge.
    Pledge {
        /// Under which colour.
        colour: Colour,
    },
}

impl TakenOn {
    /// What an item calls it.
    pub const fn source(&self) -> DutySource {
        match self {
            Self::Post { .. } => DutySource::DutyPost,
            Self::Pledge { .. } => DutySource::Pledge,
        }
    }

    /// Whether deeds under this item belong to it.
    fn opens(&self, item: &Item) -> bool {
        item.duty_source == Some(self.source())
            && match self {
                Self::Post { items } => items.contains(&item.code),
                Self::Pledge { colour } => colour.is_for(item),
            }
    }
}

impl Duty {
    /// The last day on which it is in force; none as long as nobody set one.
    pub fn last_day(&self) -> Option<NaiveDate> {
        [self.until, self.ended_on].into_iter().flatten().min()
    }

    /// Whether it was in force on a day; on the day on which it was ended it still is.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && self.last_day().is_none_or(|last| day <= last)
    }

    /// Lays it down, or takes it from somebody: `on` is the last day. What was held is not rewritten.
    ///
    /// # Errors
    /// `duty_over` if it ended already, `duty_day_invalid`.
    pub fn ended(self, on: NaiveDate, today: NaiveDate) -> Result<Self, Refusal> {
        let last = self.last_day();
        let ended = self.ended_on.is_some_and(|end| end <= today || end == on);
        if ended || last.is_some_and(|last| last < today) {
            return Err(Refusal::DutyOver);
        }
        // An end that was set for later can be brought forward: it can be laid down any day.
        if on < today || last.is_some_and(|last| on > last) {
            return Err(Refusal::DutyDayInvalid { earliest: Some(today), latest: last });
        }
        Ok(Self { ended_on: Some(on), ..self })
    }
}

/// The duty to which a deed under an item belongs: the one that was named, or of those that fit the
/// one that was taken on first. None for an item that asks for none.
///
/// # Errors
/// `duty_not_held` if none that fits was in force on that day; `duty_not_asked` if one was named for
/// an item that asks for none.
pub fn under(
    item: &Item,
    named: Option<DutyId>,
    duties: &[Duty],
    day: NaiveDate,
) -> Result<Option<DutyId>, Refusal> {
    let Some(source) = item.duty_source else {
        return if named.is_some() { Err(Refusal::DutyNotAsked) } else { Ok(None) };
    };
    let fits = |duty: &&Duty| {
        duty.of.opens(item) && duty.holds_on(day) && named.is_none_or(|id| id == duty.id)
    };
    let first = duties.iter().filter(fits).min_by_key(|duty| (duty.from, duty.id));
    first.map(|duty| Some(duty.id)).ok_or(Refusal::DutyNotHeld { source, day })
}

/// That somebody agreed to what a cadre records for them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Who said so: the person, or a member of the household.
    pub by: String,
    /// How: spoken, signed, by telephone.
    pub how: String,
    /// When.
    pub on: NaiveDate,
}

impl Consent {
    /// # Errors
    /// `consent_missing` if it does not say who and how, or was not given yet.
    fn check(&self, today: NaiveDate) -> Result<(), Refusal> {
        let said = !self.by.trim().is_empty() && !self.how.trim().is_empty();
        if said && self.on <= today { Ok(()) } else { Err(Refusal::ConsentMissing) }
    }
}

/// Whether somebody can take anything on: of age for an account, and alive.
fn can_take_on(person: &Person, today: NaiveDate) -> Result<(), Refusal> {
    if person.residence == Residence::Deceased {
        return Err(Refusal::PersonNotEligible);
    }
    if person.born_on.is_some_and(|born| age_on(born, today) < ACCOUNT_AGE_MIN) {
        return Err(Refusal::TooYoung { age_min: ACCOUNT_AGE_MIN });
    }
    Ok(())
}

/// Who may end a duty: whoever holds it, and the village for a reason. Answers the role in which they
/// do. Members of the household do not: it is a person's own.
///
/// # Errors
/// `not_found`, `forbidden`, `reason_missing`.
pub fn ended_by(
    actor: &Actor,
    holder: VillagerId,
    home: &Target,
    reason: &str,
) -> Result<Permit, Refusal> {
    allows(actor, Action::DutyEnd, home)?;
    let is_holder = actor.membership.is_some_and(|me| me.villager == holder);
    let permit = permits(actor, Action::DutyEnd, home)
        .find(|permit| is_holder == (permit.role == Role::Villager))
        .ok_or(Refusal::Forbidden)?;
    if !is_holder && reason.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    Ok(permit)
}
