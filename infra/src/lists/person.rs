//! Who is shown, as they live today: who moved to another household has their rights there.

use diesel::prelude::*;
use domain::actor::Actor;
use domain::claim::{Person, Ties};
use domain::id::{HouseholdId, UserId, VillagerId};
use domain::listing::{Part, Shown, Voice};
use domain::place::Place;
use domain::policy::Permit;

use super::row::EntryRow;
use crate::claims::votes_in_tx;
use crate::error::Error;
use crate::villagers;

/// The person of an entry.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn of_entry(c: &mut PgConnection, row: &EntryRow) -> Result<Person, Error> {
    villagers::person(c, row.village(), VillagerId(row.person_id))
}

/// As whom an actor speaks for the person of an entry.
///
/// # Errors
/// Those of [`domain::listing::Speaker::voice`].
pub(super) fn voice_in_tx(
    tx: &mut PgConnection,
    row: &EntryRow,
    actor: &Actor,
    place: &Place,
    how: Option<&str>,
) -> Result<(Voice, Permit), Error> {
    let person = of_entry(tx, row)?;
    let shown = Shown {
        villager: person.villager,
        household: person.household,
        signed_in: villagers::user_of(tx, row.village(), person.villager)?.is_some(),
    };
    let voted = has_voted_in_tx(tx, row, actor)?;
    let part = match (UserId(row.proposed_by) == actor.user, voted) {
        (true, _) => Part::Proposed,
        (false, true) => Part::Voted,
        (false, false) => Part::Nothing,
    };
    let speaker = domain::listing::Speaker { actor, place, part, how };
    Ok(speaker.voice(row.list()?, &shown)?)
}

/// Whether an actor voted on an entry.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn has_voted_in_tx(
    tx: &mut PgConnection,
    row: &EntryRow,
    actor: &Actor,
) -> Result<bool, Error> {
    let votes = votes_in_tx(tx, row.village(), row.id)?;
    Ok(votes.iter().any(|vote| vote.user == actor.user))
}

/// What binds an actor to an entry: to the household of the person today, and to the one whose books
/// the fact stands in.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn ties_in_tx(
    tx: &mut PgConnection,
    row: &EntryRow,
    actor: &Actor,
) -> Result<Ties, Error> {
    let (today, then) = (of_entry(tx, row)?.household, HouseholdId(row.household_id));
    let by = UserId(row.proposed_by);
    let mut ties = villagers::ties(tx, row.village(), actor, Some(today), by, row.id)?;
    if then != today {
        let before = villagers::ties(tx, row.village(), actor, Some(then), by, row.id)?;
        ties.same_household |= before.same_household;
        ties.kin |= before.kin;
    }
    Ok(ties)
}
