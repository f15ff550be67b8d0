//! Who holds a role in a village, or in a division above it, to be told something.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Role;
use domain::id::{VillageId, VillagerId};
use domain::place::Place;
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{role_grants, users};

/// The villagers who hold a role in their own village now and have signed in. Who holds it for a town or
/// county is in [`above`].
///
/// # Errors
/// [`Error::Unavailable`].
pub fn holders(
    c: &mut PgConnection,
    village: VillageId,
    role: Role,
    now: DateTime<Utc>,
) -> Result<Vec<VillagerId>, Error> {
    let holder = role_grants::user_id.eq(users::id.nullable()).or(role_grants::village_id
        .eq(users::village_id)
        .and(role_grants::villager_id.eq(users::villager_id)));
    let ids: Vec<Option<Uuid>> = role_grants::table
        .inner_join(users::table.on(holder))
        .filter(role_grants::role.eq(role.as_str()))
        .filter(role_grants::division_id.eq(village.0))
        .filter(role_grants::ended_at.is_null())
        .filter(role_grants::begins_at.le(now))
        .filter(role_grants::ends_at.is_null().or(role_grants::ends_at.gt(now)))
        .filter(users::village_id.eq(village.0))
        .select(users::villager_id)
        .distinct()
        .load(c)?;
    Ok(ids.into_iter().flatten().map(VillagerId).collect())
}

/// The people who hold a role for a village, its town or its county now and have signed in, each with the
/// village on whose roster they stand, since that is where a message is left for them: it may be another
/// one. Who is on no roster has no messages; they see the lists.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn above(
    c: &mut PgConnection,
    place: Place,
    role: Role,
    now: DateTime<Utc>,
) -> Result<Vec<(VillageId, VillagerId)>, Error> {
    let holder = role_grants::user_id.eq(users::id.nullable()).or(role_grants::village_id
        .eq(users::village_id)
        .and(role_grants::villager_id.eq(users::villager_id)));
    let found: Vec<(Option<Uuid>, Option<Uuid>)> = role_grants::table
        .inner_join(users::table.on(holder))
        .filter(role_grants::role.eq(role.as_str()))
        .filter(role_grants::division_id.eq_any([place.village.0, place.town.0, place.county.0]))
        .filter(role_grants::ended_at.is_null())
        .filter(role_grants::begins_at.le(now))
        .filter(role_grants::ends_at.is_null().or(role_grants::ends_at.gt(now)))
        .select((users::village_id, users::villager_id))
        .distinct()
        .load(c)?;
    let bound = found.into_iter().filter_map(|(village, villager)| village.zip(villager));
    Ok(bound.map(|(village, villager)| (VillageId(village), VillagerId(villager))).collect())
}
