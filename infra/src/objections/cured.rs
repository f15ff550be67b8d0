//! Objections to a deduction that was put right: there is nothing left to answer.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Role;
use domain::claim::Claim;
use domain::id::{UserId, VillagerId};
use serde_json::json;
use uuid::Uuid;

use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::schema::{objections, users};

/// Closes what is open against a deduction that was cured: it fell, which is what the objections
/// could have reached at most. Those who raised them are told.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn close_cured_in_tx(
    tx: &mut PgConnection,
    claim: &Claim,
    by: UserId,
    role: Option<Role>,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let closed: Vec<(Uuid, Uuid)> = diesel::update(
        objections::table
            .filter(objections::village_id.eq(claim.village.0))
            .filter(objections::claim_id.eq(claim.id.0))
            .filter(objections::answered_at.is_null()),
    )
    .set((
        objections::answered_by.eq(by.0),
        objections::answered_role.eq(role.map(Role::as_str)),
        objections::answered_at.eq(now),
        objections::outcome.eq("struck"),
        objections::answer.eq(reason),
    ))
    .returning((objections::id, objections::raised_by))
    .get_results(tx)?;
    let mut told = Vec::with_capacity(closed.len());
    for (objection, raised_by) in closed {
        let villager: Option<Option<Uuid>> =
            users::table.find(raised_by).select(users::villager_id).first(tx).optional()?;
        told.extend(villager.flatten().map(|to| Message {
            to: VillagerId(to),
            kind: Kind::ObjectionAnswered,
            data: json!({"objection_id": objection, "outcome": "struck", "answer": reason}),
        }));
    }
    messages::leave_in_tx(tx, claim.village, &told, now)
}
