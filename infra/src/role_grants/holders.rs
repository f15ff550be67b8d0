//! Who of a village holds a role in it, to be told something.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Role;
use domain::id::{VillageId, VillagerId};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{role_grants, users};

/// The villagers who hold a role in their own village now and have signed in. Officers above have no
/// messages; they see the lists.
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
