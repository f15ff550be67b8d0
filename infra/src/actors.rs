//! Who acts: the user with their villager and the roles they hold now, in two queries.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Grant, Membership, Role, Scope};
use domain::four_eyes::Hand;
use domain::id::{DivisionId, HouseholdId, MerchantId, UserId, VillageId, VillagerId};
use domain::place::Place;
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{divisions, role_grants, users, villagers};

/// The actor that a user is at this moment, or `None` for an unknown user.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn load(
    c: &mut PgConnection,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Option<Actor>, Error> {
    type Bound = (Uuid, Uuid, Uuid, Option<Uuid>, Uuid);
    let found: Option<(Uuid, Option<Bound>)> = users::table
        .left_join(
            villagers::table
                .inner_join(divisions::table.on(divisions::id.eq(villagers::village_id)))
                .on(users::village_id
                    .eq(villagers::village_id.nullable())
                    .and(users::villager_id.eq(villagers::id.nullable()))),
        )
        .filter(users::id.eq(user.0))
        .select((
            users::id,
            (
                villagers::village_id,
                villagers::id,
                villagers::household_id,
                divisions::town_id,
                divisions::county_id,
            )
                .nullable(),
        ))
        .first(c)
        .optional()?;
    let Some((_, bound)) = found else { return Ok(None) };
    let membership = bound.and_then(|(village, villager, household, town, county)| {
        Some(Membership {
            place: Place {
                county: DivisionId(county),
                town: DivisionId(town?),
                village: VillageId(village),
            },
            household: HouseholdId(household),
            villager: VillagerId(villager),
        })
    });
    let grants = grants(c, user, membership, now)?;
    Ok(Some(Actor { user, membership, grants }))
}

/// Whose hand it was, as stored: the user, and the villager that they were bound to then.
pub(crate) fn hand(user: Uuid, villager: Option<Uuid>) -> Hand {
    Hand { user: UserId(user), villager: villager.map(VillagerId) }
}

/// The villager of a hand, to be stored beside its user.
pub(crate) fn villager_of(hand: Hand) -> Option<Uuid> {
    hand.villager.map(|villager| villager.0)
}

fn grants(
    c: &mut PgConnection,
    user: UserId,
    membership: Option<Membership>,
    now: DateTime<Utc>,
) -> Result<Vec<Grant>, Error> {
    let (village, villager) =
        membership.map_or((None, None), |m| (Some(m.place.village.0), Some(m.villager.0)));
    let rows: Vec<(String, Option<Uuid>, Option<Uuid>)> = role_grants::table
        .filter(
            role_grants::user_id.eq(user.0).or(role_grants::village_id
                .eq(village)
                .and(role_grants::villager_id.eq(villager))
                .assume_not_null()),
        )
        .filter(role_grants::ended_at.is_null())
        .filter(role_grants::begins_at.le(now))
        .filter(role_grants::ends_at.is_null().or(role_grants::ends_at.gt(now)))
        .select((role_grants::role, role_grants::division_id, role_grants::merchant_id))
        .load(c)?;
    Ok(rows
        .into_iter()
        .filter_map(|(role, division, merchant)| {
            let scope = match (division, merchant) {
                (Some(division), _) => Scope::Division(DivisionId(division)),
                (None, Some(merchant)) => Scope::Merchant(MerchantId(merchant)),
                (None, None) => Scope::Platform,
            };
            Some(Grant { role: Role::from_name(&role)?, scope })
        })
        .collect())
}
