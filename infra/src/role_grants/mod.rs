//! Roles: granting, ending and listing them. A grant is never deleted; it ends.
//!
//! Grants for one division are decided one after the other: the row of the division is locked, so
//! that two administrators who grant the same role at once make one grant.

mod holders;
mod insert;
mod list;

pub(crate) use holders::{above, holders};
pub(crate) use insert::{Holder, NewGrant, columns_of, insert_in_tx, scope_of};
pub use list::{GrantRow, list};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role, Scope};
use domain::binding::{Candidate, may_bind};
use domain::calendar::day_of;
use domain::id::{DivisionId, UserId, VillageId, VillagerId};
use domain::place::DivisionLevel;
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;
use domain::role_grant::{Granted, Term, may_manage};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Deed, NO_VILLAGE};
use crate::binding;
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::{self, Kind, Message};
use crate::places::DivisionRow;
use crate::schema::{divisions, role_grants, users};

/// To whom a role is to be granted.
#[derive(Clone, Copy, Debug)]
pub enum To {
    /// A villager of the village, also one who has not signed in yet.
    Villager(VillagerId),
    /// A user, also one who is on no roster.
    User(UserId),
}

/// What is to be granted.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The role.
    pub role: Role,
    /// To whom.
    pub to: To,
    /// From when on; none for now.
    pub begins_at: Option<DateTime<Utc>>,
    /// Until when; none for until further notice.
    pub ends_at: Option<DateTime<Utc>>,
    /// Why.
    pub reason: String,
}

/// Grants a role for a division.
///
/// # Errors
/// `not_found`, `forbidden`, `role_not_grantable`, `term_empty`, `already_exists` if they hold it
/// during that time, `too_young`, `roster_no_match` for the dead.
pub fn create(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    ask: &Ask,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<GrantRow, Error> {
    let id: Uuid = db.write_once(once, now, |tx| {
        let place = lock_in_tx(tx, division)?;
        let permit = may_manage(actor, ask.role, &target_of(&place), place.path().level())?;
        let grant = NewGrant {
            role: ask.role,
            scope: Scope::Division(division),
            holder: holder_in_tx(tx, &place, ask.to, now)?,
            term: Term::new(ask.begins_at, ask.ends_at, now)?,
            reason: &ask.reason,
            granted_by: Some(actor.user),
        };
        let id = insert_in_tx(tx, &grant, now)?;
        let deed = Change { actor, permit, place: &place, role: ask.role, id, reason: &ask.reason };
        deed.record_in_tx(tx, "role_grant_create", now)?;
        let data = json!({"ends_at": ask.ends_at, "begins_at": grant.term.begins_at});
        deed.tell_in_tx(tx, grant.holder, Kind::RoleGranted, data, now)?;
        Ok(id)
    })?;
    list::one(db, division, id)
}

/// Ends a role before its term, from this moment on.
///
/// # Errors
/// `not_found`, `forbidden`, `role_not_grantable` for a role that the actor could not grant,
/// `role_over`.
pub fn end(
    db: &Db,
    actor: &Actor,
    division: DivisionId,
    id: Uuid,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<GrantRow, Error> {
    db.write(|tx| {
        let place = lock_in_tx(tx, division)?;
        let target = target_of(&place);
        allows(actor, Action::RoleManage, &target)?;
        let (role, holder, granted) = list::granted_in_tx(tx, division, id)?;
        let permit = may_manage(actor, role, &target, place.path().level())?;
        granted.end(now)?;
        let ended = diesel::update(role_grants::table.find(id))
            .filter(role_grants::ended_at.is_null())
            .set((role_grants::ended_at.eq(now), role_grants::ended_by.eq(actor.user.0)))
            .execute(tx)?;
        if ended == 0 {
            return Err(Error::LostRace);
        }
        let deed = Change { actor, permit, place: &place, role, id, reason };
        deed.record_in_tx(tx, "role_grant_end", now)?;
        deed.tell_in_tx(tx, holder, Kind::RoleEnded, json!({}), now)
    })?;
    list::one(db, division, id)
}

/// Reads a division, and lets nobody else change its roles until the transaction ends.
fn lock_in_tx(tx: &mut PgConnection, division: DivisionId) -> Result<DivisionRow, Error> {
    Ok(divisions::table
        .find(division.0)
        .select(DivisionRow::as_select())
        .for_no_key_update()
        .first(tx)?)
}

fn target_of(division: &DivisionRow) -> Target {
    match division.place() {
        Some(place) => Target::village(place),
        None => Target::division(division.path()),
    }
}

/// The village a deed is recorded under: the division if it is one.
pub(crate) fn village_of(tx: &mut PgConnection, division: DivisionId) -> Result<VillageId, Error> {
    let row = crate::places::division_in_tx(tx, division)?;
    Ok(row.place().map_or(NO_VILLAGE, |place| place.village))
}

fn holder_in_tx(
    tx: &mut PgConnection,
    division: &DivisionRow,
    to: To,
    now: DateTime<Utc>,
) -> Result<Holder, Error> {
    match to {
        To::Villager(villager) => {
            if division.path().level() != DivisionLevel::Village {
                return Err(Refusal::NotFound.into());
            }
            let village = VillageId(division.id);
            let found = binding::candidate(tx, village, villager)?;
            // Whether somebody signed in as them already does not matter here.
            may_bind(&Candidate { taken: false, ..found.candidate }, day_of(now))?;
            Ok(Holder::Villager(village, villager))
        }
        To::User(user) => {
            let known: Uuid = users::table.find(user.0).select(users::id).first(tx)?;
            Ok(Holder::User(UserId(known)))
        }
    }
}

/// A role that was granted or ended, to be recorded and told.
struct Change<'a> {
    actor: &'a Actor,
    permit: Permit,
    place: &'a DivisionRow,
    role: Role,
    id: Uuid,
    reason: &'a str,
}

impl Change<'_> {
    fn record_in_tx(
        &self,
        tx: &mut PgConnection,
        action: &str,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let village = self.place.place().map_or(NO_VILLAGE, |place| place.village);
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(self.actor.user),
                role: Some(self.permit.role),
                action,
                subject: Some(self.id),
                reason: Some(self.reason),
                detail: Some(json!({"role": self.role.as_str(), "division_id": self.place.id})),
            },
        )
    }

    /// Tells the holder, if they are on a roster: messages are for villagers.
    fn tell_in_tx(
        &self,
        tx: &mut PgConnection,
        holder: Holder,
        kind: Kind,
        mut data: serde_json::Value,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let Some((village, to)) = insert::villager_of(tx, holder)? else { return Ok(()) };
        if let Some(data) = data.as_object_mut() {
            data.insert("role".into(), json!(self.role.as_str()));
            data.insert("scope_name".into(), json!(self.place.name));
            data.insert("reason".into(), json!(self.reason));
        }
        messages::leave_in_tx(tx, village, &[Message { to, kind, data }], now)
    }
}

/// What a stored grant says of its time.
fn granted(
    begins_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
) -> Granted {
    Granted { term: Term { begins_at, ends_at }, ended_at }
}
