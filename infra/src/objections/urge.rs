//! Urging answers that are overdue.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::actor::Role;
use domain::id::{VillageId, VillagerId};
use domain::policy::Action;
use serde_json::json;
use uuid::Uuid;

use super::ObjectionRow;
use crate::db::Db;
use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::schema::{
    divisions, kinships, objections, recusals, role_grants, users, villagers, votes,
};

/// Marks overdue objections as urged, at most so many, and tells those of the village who can
/// answer. Each is urged once; that it is overdue stays visible. Answers how many.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn urge(db: &Db, now: DateTime<Utc>, most: i64) -> Result<usize, Error> {
    db.write(|tx| {
        let overdue: Vec<ObjectionRow> = objections::table
            .filter(objections::answered_at.is_null())
            .filter(objections::urged_at.is_null())
            .filter(objections::due_at.le(now))
            .order(objections::due_at)
            .limit(most)
            .select(ObjectionRow::as_select())
            .for_no_key_update()
            .skip_locked()
            .load(tx)?;
        for row in &overdue {
            diesel::update(objections::table.find((row.village_id, row.id)))
                .set(objections::urged_at.eq(now))
                .execute(tx)?;
            let data = json!({
                "objection_id": row.id, "claim_id": row.claim_id, "account_id": row.account_id,
                "due_at": row.due_at,
            });
            let told: Vec<Message> = can_answer(tx, row, now)?
                .into_iter()
                .map(|to| Message { to, kind: Kind::ObjectionOverdue, data: data.clone() })
                .collect();
            messages::leave_in_tx(tx, VillageId(row.village_id), &told, now)?;
        }
        Ok(overdue.len())
    })
}

/// Villagers who hold a role that answers and are not kept out: of the household, kin, who raised
/// it, voted before or stepped aside. Officers above the village have no messages and see the list.
fn can_answer(
    tx: &mut PgConnection,
    row: &ObjectionRow,
    now: DateTime<Utc>,
) -> Result<Vec<VillagerId>, Error> {
    let roles = Action::ObjectionAnswer.rules().iter().map(|(role, _)| Role::as_str(*role));
    let above: (Uuid, Option<Uuid>) = divisions::table
        .find(row.village_id)
        .select((divisions::county_id, divisions::town_id))
        .first(tx)?;
    let scopes = [Some(row.village_id), Some(above.0), above.1];
    let subject = row.subject()?;
    // Nobody is of no household: a statement of the fund concerns none.
    let concerned = row.household_id.unwrap_or(Uuid::nil());
    let ids: Vec<Uuid> = role_grants::table
        .inner_join(
            users::table.on(role_grants::user_id.eq(users::id.nullable()).or(
                role_grants::village_id
                    .eq(users::village_id)
                    .and(role_grants::villager_id.eq(users::villager_id)),
            )),
        )
        .inner_join(
            villagers::table.on(users::village_id
                .eq(villagers::village_id.nullable())
                .and(users::villager_id.eq(villagers::id.nullable()))),
        )
        .filter(role_grants::role.eq_any(roles))
        .filter(role_grants::division_id.eq_any(scopes.into_iter().flatten()))
        .filter(role_grants::ended_at.is_null())
        .filter(role_grants::begins_at.le(now))
        .filter(role_grants::ends_at.is_null().or(role_grants::ends_at.gt(now)))
        .filter(villagers::village_id.eq(row.village_id))
        .filter(villagers::household_id.ne(concerned))
        .filter(users::id.ne(row.raised_by))
        .filter(not(exists(
            votes::table
                .filter(votes::village_id.eq(row.village_id))
                .filter(votes::subject_id.eq(subject))
                .filter(votes::user_id.eq(users::id)),
        )))
        .filter(not(exists(
            recusals::table
                .filter(recusals::village_id.eq(row.village_id))
                .filter(recusals::subject_id.eq(subject))
                .filter(recusals::user_id.eq(users::id)),
        )))
        .select(villagers::id)
        .distinct()
        .load(tx)?;
    let kin: Vec<Uuid> = kinships::table
        .inner_join(villagers::table.on(
            villagers::village_id.eq(kinships::village_id).and(villagers::id.eq(kinships::kin_id)),
        ))
        .filter(kinships::village_id.eq(row.village_id))
        .filter(villagers::household_id.eq(concerned))
        .select(kinships::villager_id)
        .load(tx)?;
    Ok(ids.into_iter().filter(|id| !kin.contains(id)).map(VillagerId).collect())
}
