//! Sign-ins that matched nothing on a roster and wait for a cadre.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::binding::{Method, RequestState, may_bind, may_request};
use domain::calendar::day_of;
use domain::id::{UserId, VillageId, VillagerId};
use domain::policy::{Action, Target, allows};
use serde_json::json;
use uuid::Uuid;

use super::{By, bind_in_tx, candidate, check_unbound_in_tx};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::reading::Why;
use crate::schema::{binding_requests, users};

/// A request.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = binding_requests)]
pub struct RequestRow {
    /// The village that is asked.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// Who asks.
    pub user_id: Uuid,
    /// The name that they gave.
    pub name: String,
    /// What they wrote.
    pub note: String,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// `waiting`, `accepted` or `refused`.
    pub state: String,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was refused.
    pub reason: Option<String>,
}

/// What a cadre says to a request.
#[derive(Clone, Debug)]
pub enum Decision {
    /// It is this villager.
    Accept(VillagerId),
    /// No, for this reason.
    Refuse(String),
}

/// Asks the cadres of a village who one is.
///
/// # Errors
/// `not_found` for an unknown village, `already_bound`, `already_exists` while one waits there.
pub fn create(
    db: &Db,
    user: UserId,
    village: VillageId,
    name: &str,
    note: &str,
    now: DateTime<Utc>,
) -> Result<RequestRow, Error> {
    db.place(village)?;
    db.write(|tx| {
        let bound: Option<Uuid> = users::table.find(user.0).select(users::villager_id).first(tx)?;
        let waiting: i64 = binding_requests::table
            .filter(binding_requests::user_id.eq(user.0))
            .filter(binding_requests::state.eq(RequestState::Waiting.as_str()))
            .count()
            .get_result(tx)?;
        may_request(bound.is_some(), waiting)?;
        let row = diesel::insert_into(binding_requests::table)
            .values((
                binding_requests::village_id.eq(village.0),
                binding_requests::id.eq(id::new::<Uuid>()),
                binding_requests::user_id.eq(user.0),
                binding_requests::name.eq(name),
                binding_requests::note.eq(note),
                binding_requests::requested_at.eq(now),
                binding_requests::state.eq(RequestState::Waiting.as_str()),
            ))
            .returning(RequestRow::as_returning())
            .get_result(tx)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(user),
                role: None,
                action: "binding_request_create",
                subject: Some(row.id),
                reason: None,
                detail: None,
            },
        )?;
        Ok(row)
    })
}

/// The newest requests of a user, in whatever village and state.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn of_user(c: &mut PgConnection, user: UserId, limit: i64) -> Result<Vec<RequestRow>, Error> {
    Ok(binding_requests::table
        .filter(binding_requests::user_id.eq(user.0))
        .order(binding_requests::id.desc())
        .limit(limit)
        .select(RequestRow::as_select())
        .load(c)?)
}

/// The requests that wait in a village, the oldest first, `after` an id; one more than `limit`.
///
/// # Errors
/// `not_found`, `forbidden`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    after: Option<Uuid>,
    limit: i64,
    why: &Why,
) -> Result<Vec<RequestRow>, Error> {
    db.allows_reading(actor, Action::BindingShow, &Target::village(db.place(village)?), why)?;
    db.read(|c| {
        Ok(binding_requests::table
            .filter(binding_requests::village_id.eq(village.0))
            .filter(binding_requests::state.eq(RequestState::Waiting.as_str()))
            .filter(binding_requests::id.gt(after.unwrap_or_default()))
            .order(binding_requests::id)
            .limit(limit.saturating_add(1))
            .select(RequestRow::as_select())
            .load(c)?)
    })
}

/// Decides on a request. Answers who had asked.
///
/// # Errors
/// `not_found`, `forbidden`, `binding_request_decided`, `already_bound`, `villager_taken`,
/// `too_young`.
pub fn decide(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    request: Uuid,
    decision: &Decision,
    now: DateTime<Utc>,
) -> Result<RequestRow, Error> {
    let permit = allows(actor, Action::BindingManage, &Target::village(db.place(village)?))?;
    let (state, villager, reason) = match decision {
        Decision::Accept(villager) => (RequestState::Accepted, Some(*villager), None),
        Decision::Refuse(reason) => (RequestState::Refused, None, Some(reason.as_str())),
    };
    db.write(|tx| {
        let row: RequestRow = binding_requests::table
            .find((village.0, request))
            .select(RequestRow::as_select())
            .first(tx)?;
        let before = RequestState::from_name(&row.state)
            .ok_or_else(|| Error::Bug(format!("unknown state {}", row.state)))?;
        before.decide()?;
        let decided: Option<RequestRow> =
            diesel::update(binding_requests::table.find((village.0, request)))
                .filter(binding_requests::state.eq(RequestState::Waiting.as_str()))
                .set((
                    binding_requests::state.eq(state.as_str()),
                    binding_requests::decided_by.eq(actor.user.0),
                    binding_requests::decided_at.eq(now),
                    binding_requests::villager_id.eq(villager.map(|villager| villager.0)),
                    binding_requests::reason.eq(reason),
                ))
                .returning(RequestRow::as_returning())
                .get_result(tx)
                .optional()?;
        let decided = decided.ok_or(Error::LostRace)?;
        let user = UserId(row.user_id);
        if let Some(villager) = villager {
            let found = candidate(tx, village, villager)?;
            check_unbound_in_tx(tx, user)?;
            may_bind(&found.candidate, day_of(now))?;
            let by = By { user: actor.user, role: Some(permit.role) };
            bind_in_tx(tx, user, &found.candidate, Method::Request, by, now)?;
        }
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "binding_request_decide",
                subject: Some(request),
                reason,
                detail: Some(json!({"state": state.as_str()})),
            },
        )?;
        Ok(decided)
    })
}
