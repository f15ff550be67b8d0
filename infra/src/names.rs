//! What people are called, for lists that show who did something.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::id::VillageId;
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{users, villagers};

/// The names of users who are bound to a villager, by user. Whoever is not bound has no name here.
pub(crate) fn of_users(
    c: &mut PgConnection,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, Error> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let rows: Vec<(Uuid, String)> = users::table
        .inner_join(
            villagers::table.on(users::village_id
                .eq(villagers::village_id.nullable())
                .and(users::villager_id.eq(villagers::id.nullable()))),
        )
        .filter(users::id.eq_any(ids))
        .select((users::id, villagers::name))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

/// The names of villagers of one village, by villager.
pub(crate) fn of_villagers(
    c: &mut PgConnection,
    village: VillageId,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, Error> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let rows: Vec<(Uuid, String)> = villagers::table
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::id.eq_any(ids))
        .select((villagers::id, villagers::name))
        .load(c)?;
    Ok(rows.into_iter().collect())
}
