//! Villagers: what decisions need to know of them, and what binds them to each other.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::claim::{Person, Recorder, Ties};
use domain::id::{HouseholdId, UserId, VillageId, VillagerId};
use domain::person::{Residence, Track};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{households, kinships, recusals, users, villagers};

/// Reads the name of a residence.
///
/// # Errors
/// [`Error::Bug`] for one that this version does not know.
pub fn residence_of(name: &str) -> Result<Residence, Error> {
    let text: serde::de::value::StrDeserializer<'_, serde::de::value::Error> =
        name.into_deserializer();
    Residence::deserialize(text).map_err(|error| Error::Bug(error.to_string()))
}

/// Reads the names of tracks.
///
/// # Errors
/// [`Error::Bug`] for one that this version does not know.
pub fn tracks_of(names: &[String]) -> Result<BTreeSet<Track>, Error> {
    let known = |name: &String| {
        Track::from_name(name).ok_or_else(|| Error::Bug(format!("unknown track {name}")))
    };
    names.iter().map(known).collect()
}

/// The villagers with these ids, as claims need to know them, without their duties
/// (`duties::load_in_tx`). Unknown ids are left out.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn persons(
    c: &mut PgConnection,
    village: VillageId,
    ids: &[VillagerId],
) -> Result<Vec<Person>, Error> {
    type Row = (Uuid, Uuid, Option<NaiveDate>, String, Vec<String>);
    let rows: Vec<Row> = villagers::table
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::id.eq_any(ids.iter().map(|id| id.0)))
        .select((
            villagers::id,
            villagers::household_id,
            villagers::born_on,
            villagers::residence,
            villagers::tracks,
        ))
        .load(c)?;
    rows.into_iter()
        .map(|(id, household, born_on, residence, tracks)| {
            Ok(Person {
                villager: VillagerId(id),
                household: HouseholdId(household),
                born_on,
                residence: residence_of(&residence)?,
                tracks: tracks_of(&tracks)?,
                duties: Vec::new(),
            })
        })
        .collect()
}

/// One villager.
///
/// # Errors
/// `not_found`.
pub fn person(c: &mut PgConnection, village: VillageId, id: VillagerId) -> Result<Person, Error> {
    let found = persons(c, village, &[id])?;
    found.into_iter().next().ok_or_else(|| diesel::NotFound.into())
}

/// The actor as a recorder, if they are a villager here.
pub fn recorder(actor: &Actor, village: VillageId) -> Option<Recorder> {
    actor
        .membership
        .filter(|m| m.place.village == village)
        .map(|m| Recorder { villager: m.villager, household: m.household })
}

/// The members of a household, living or not, the head first where it is known.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn members(
    c: &mut PgConnection,
    village: VillageId,
    household: HouseholdId,
) -> Result<Vec<VillagerId>, Error> {
    let ids: Vec<Uuid> = villagers::table
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::household_id.eq(household.0))
        .order(villagers::id)
        .select(villagers::id)
        .load(c)?;
    Ok(ids.into_iter().map(VillagerId).collect())
}

/// The head of a household, if it has one.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn head(
    c: &mut PgConnection,
    village: VillageId,
    household: HouseholdId,
) -> Result<Option<VillagerId>, Error> {
    let found: Option<Option<Uuid>> = households::table
        .find((village.0, household.0))
        .select(households::head_id)
        .first(c)
        .optional()?;
    Ok(found.flatten().map(VillagerId))
}

/// The households in which declared kin of a villager live.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn kin_households(
    c: &mut PgConnection,
    village: VillageId,
    villager: VillagerId,
) -> Result<Vec<HouseholdId>, Error> {
    let ids: Vec<Uuid> = kinships::table
        .inner_join(villagers::table.on(
            villagers::village_id.eq(kinships::village_id).and(villagers::id.eq(kinships::kin_id)),
        ))
        .filter(kinships::village_id.eq(village.0))
        .filter(kinships::villager_id.eq(villager.0))
        .select(villagers::household_id)
        .distinct()
        .load(c)?;
    Ok(ids.into_iter().map(HouseholdId).collect())
}

/// The user that a villager is, if they have signed in.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn user_of(
    c: &mut PgConnection,
    village: VillageId,
    villager: VillagerId,
) -> Result<Option<UserId>, Error> {
    let found: Option<Uuid> = users::table
        .filter(users::village_id.eq(village.0))
        .filter(users::villager_id.eq(villager.0))
        .select(users::id)
        .first(c)
        .optional()?;
    Ok(found.map(UserId))
}

/// The users whom the villagers of these households are, of those who have signed in.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn users_of_households(
    c: &mut PgConnection,
    village: VillageId,
    households: &[HouseholdId],
) -> Result<Vec<UserId>, Error> {
    let homes: Vec<Uuid> = households.iter().map(|household| household.0).collect();
    let ids: Vec<Uuid> = users::table
        .inner_join(
            villagers::table.on(villagers::village_id
                .nullable()
                .eq(users::village_id)
                .and(villagers::id.nullable().eq(users::villager_id))),
        )
        .filter(users::village_id.eq(village.0))
        .filter(villagers::household_id.eq_any(homes))
        .select(users::id)
        .load(c)?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// What binds an actor to a household, and to a claim or rating about it.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn ties(
    c: &mut PgConnection,
    village: VillageId,
    actor: &Actor,
    household: Option<HouseholdId>,
    claimed_by: UserId,
    subject: Uuid,
) -> Result<Ties, Error> {
    let me = actor.membership.filter(|m| m.place.village == village);
    let kin = match me.zip(household) {
        None => false,
        Some((me, household)) => diesel::select(diesel::dsl::exists(
            kinships::table
                .inner_join(
                    villagers::table.on(villagers::village_id
                        .eq(kinships::village_id)
                        .and(villagers::id.eq(kinships::kin_id))),
                )
                .filter(kinships::village_id.eq(village.0))
                .filter(kinships::villager_id.eq(me.villager.0))
                .filter(villagers::household_id.eq(household.0)),
        ))
        .get_result(c)?,
    };
    let stepped_aside = diesel::select(diesel::dsl::exists(recusals::table.find((
        village.0,
        subject,
        actor.user.0,
    ))))
    .get_result(c)?;
    Ok(Ties {
        same_household: me.is_some_and(|me| Some(me.household) == household),
        kin,
        claimed: claimed_by == actor.user,
        stepped_aside,
    })
}

/// The villager that a user is, in this village.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn of_user(
    c: &mut PgConnection,
    village: VillageId,
    user: UserId,
) -> Result<Option<VillagerId>, Error> {
    let found: Option<Option<Uuid>> = users::table
        .filter(users::id.eq(user.0))
        .filter(users::village_id.eq(village.0))
        .select(users::villager_id)
        .first(c)
        .optional()?;
    Ok(found.flatten().map(VillagerId))
}
