//! Writing a grant: the one way in which a role comes to be held.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Role, Scope};
use domain::id::{DivisionId, MerchantId, UserId, VillageId, VillagerId};
use domain::refusal::Refusal;
use domain::role_grant::Term;
use uuid::Uuid;

use super::granted;
use crate::error::Error;
use crate::id;
use crate::schema::{role_grants, users};

/// Who holds a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// A villager, whoever signs in as them.
    Villager(VillageId, VillagerId),
    /// A user.
    User(UserId),
}

/// A grant to write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NewGrant<'a> {
    pub role: Role,
    pub scope: Scope,
    pub holder: Holder,
    pub term: Term,
    pub reason: &'a str,
    pub granted_by: Option<UserId>,
}

/// Writes a grant. The caller has asked the domain who may, and records the deed.
///
/// # Errors
/// `already_exists` if the same person holds the role for the same thing during that time.
pub(crate) fn insert_in_tx(
    tx: &mut PgConnection,
    grant: &NewGrant<'_>,
    now: DateTime<Utc>,
) -> Result<Uuid, Error> {
    let user = user_of(tx, grant.holder)?;
    let villager = villager_of(tx, grant.holder)?;
    let (division, merchant) = columns_of(grant.scope);
    let mut held = role_grants::table
        .filter(role_grants::role.eq(grant.role.as_str()))
        .filter(role_grants::division_id.is_not_distinct_from(division))
        .filter(role_grants::merchant_id.is_not_distinct_from(merchant))
        .filter(role_grants::ended_at.is_null())
        .select((role_grants::begins_at, role_grants::ends_at))
        .into_boxed();
    // Granted to the villager or to the user, it is the same person.
    held = match (user, villager) {
        (Some(user), Some((_, villager))) => held.filter(
            role_grants::user_id
                .eq(user.0)
                .assume_not_null()
                .or(role_grants::villager_id.eq(villager.0).assume_not_null()),
        ),
        (Some(user), None) => held.filter(role_grants::user_id.eq(user.0)),
        (None, Some((_, villager))) => held.filter(role_grants::villager_id.eq(villager.0)),
        (None, None) => return Err(Refusal::NotFound.into()),
    };
    let held: Vec<(DateTime<Utc>, Option<DateTime<Utc>>)> = held.load(tx)?;
    let overlaps = |&(begins_at, ends_at): &(DateTime<Utc>, Option<DateTime<Utc>>)| {
        granted(begins_at, ends_at, None).term.overlaps(&grant.term)
    };
    if held.iter().any(overlaps) {
        return Err(Refusal::AlreadyExists.into());
    }
    let id: Uuid = id::new();
    let (holder_user, holder_village, holder_villager) = match grant.holder {
        Holder::User(user) => (Some(user.0), None, None),
        Holder::Villager(village, villager) => (None, Some(village.0), Some(villager.0)),
    };
    diesel::insert_into(role_grants::table)
        .values((
            role_grants::id.eq(id),
            role_grants::role.eq(grant.role.as_str()),
            role_grants::division_id.eq(division),
            role_grants::merchant_id.eq(merchant),
            role_grants::user_id.eq(holder_user),
            role_grants::village_id.eq(holder_village),
            role_grants::villager_id.eq(holder_villager),
            role_grants::begins_at.eq(grant.term.begins_at),
            role_grants::ends_at.eq(grant.term.ends_at),
            role_grants::reason.eq(grant.reason),
            role_grants::granted_by.eq(grant.granted_by.map(|user| user.0)),
            role_grants::granted_at.eq(now),
        ))
        .execute(tx)?;
    Ok(id)
}

fn user_of(tx: &mut PgConnection, holder: Holder) -> Result<Option<UserId>, Error> {
    match holder {
        Holder::User(user) => Ok(Some(user)),
        Holder::Villager(village, villager) => {
            let user: Option<Uuid> = users::table
                .filter(users::village_id.eq(village.0))
                .filter(users::villager_id.eq(villager.0))
                .select(users::id)
                .first(tx)
                .optional()?;
            Ok(user.map(UserId))
        }
    }
}

/// The villager that the holder is, if they are on a roster.
pub(super) fn villager_of(
    tx: &mut PgConnection,
    holder: Holder,
) -> Result<Option<(VillageId, VillagerId)>, Error> {
    match holder {
        Holder::Villager(village, villager) => Ok(Some((village, villager))),
        Holder::User(user) => {
            let (village, villager): (Option<Uuid>, Option<Uuid>) = users::table
                .find(user.0)
                .select((users::village_id, users::villager_id))
                .first(tx)?;
            Ok(village.zip(villager).map(|(v, p)| (VillageId(v), VillagerId(p))))
        }
    }
}

/// A scope as it is stored: division, merchant, or neither for the platform.
pub(crate) fn columns_of(scope: Scope) -> (Option<Uuid>, Option<Uuid>) {
    match scope {
        Scope::Division(division) => (Some(division.0), None),
        Scope::Merchant(merchant) => (None, Some(merchant.0)),
        Scope::Platform => (None, None),
    }
}

/// A stored scope.
pub(crate) fn scope_of(division: Option<Uuid>, merchant: Option<Uuid>) -> Scope {
    match (division, merchant) {
        (Some(division), _) => Scope::Division(DivisionId(division)),
        (None, Some(merchant)) => Scope::Merchant(MerchantId(merchant)),
        (None, None) => Scope::Platform,
    }
}
