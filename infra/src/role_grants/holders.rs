//! Who holds a role in a village, or in a division above it, to be told something.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Role;
use domain::id::{VillageId, VillagerId};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{divisions, role_grants, users};

/// The villagers who hold a role in their own village now and have signed in. Who holds it for a town or
/// county is in [`holders_here_or_above`].
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

/// The villagers, wherever they live, who hold a role in the village or in a division above it and have
/// signed in, each with the village in which their messages are. Officers who are on no roster have no
/// messages; they see the lists.
///
/// # Errors
/// `not_found`, [`Error::Unavailable`].
pub fn holders_here_or_above(
    c: &mut PgConnection,
    village: VillageId,
    role: Role,
    now: DateTime<Utc>,
) -> Result<Vec<(VillageId, VillagerId)>, Error> {
    let (county, town): (Uuid, Option<Uuid>) = divisions::table
        .find(village.0)
        .select((divisions::county_id, divisions::town_id))
        .first(c)?;
    let here_or_above = [Some(village.0), town, Some(county)];
    let holder = role_grants::user_id.eq(users::id.nullable()).or(role_grants::village_id
        .eq(users::village_id)
        .and(role_grants::villager_id.eq(users::villager_id)));
    let found: Vec<(Option<Uuid>, Option<Uuid>)> = role_grants::table
        .inner_join(users::table.on(holder))
        .filter(role_grants::role.eq(role.as_str()))
        .filter(role_grants::division_id.eq_any(here_or_above.into_iter().flatten()))
        .filter(role_grants::ended_at.is_null())
        .filter(role_grants::begins_at.le(now))
        .filter(role_grants::ends_at.is_null().or(role_grants::ends_at.gt(now)))
        .select((users::village_id, users::villager_id))
        .distinct()
        .load(c)?;
    let known = |(home, villager): (Option<Uuid>, Option<Uuid>)| {
        Some((VillageId(home?), VillagerId(villager?)))
    };
    Ok(found.into_iter().filter_map(known).collect())
}
