//! Laying a duty down: stepping back from a post, withdrawing a pledge; or the village ends it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::duty::{Duty, ended_by};
use domain::id::{DutyId, UserId, VillageId, VillagerId};
use domain::policy::Target;
use domain::refusal::Refusal;
use serde_json::{Value, json};
use uuid::Uuid;

use super::row::{Title, lock_in_tx};
use super::{Change, DutyReceipt};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::schema::duties;
use crate::villagers::person;

/// Ends a duty; `on` is its last day, today if none is said. Whoever held it is told, unless they did
/// so themselves.
///
/// # Errors
/// Those of [`ended_by`] and [`Duty::ended`].
pub fn end(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    duty: DutyId,
    (on, reason): (Option<NaiveDate>, &str),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<DutyReceipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let (row, post) = lock_in_tx(tx, village, duty)?;
        let held = row.duty(post.as_ref())?;
        let home = person(tx, village, held.villager)?.household;
        let permit = ended_by(actor, held.villager, &Target::household(place, home), reason)?;
        let outcome = row.outcome()?;
        let (today, holder) = (day_of(now), held.villager);
        let ended = held.ended(on.unwrap_or(today), today)?;
        save_in_tx(tx, village, &ended, (actor.user, reason), now)?;
        let (action, subject) = ("duty_end", duty.0);
        let change = Change { village, actor, permit, action, subject, reason: Some(reason), now };
        change.record_in_tx(tx)?;
        if actor.membership.is_none_or(|me| me.villager != holder) {
            let data = told(&row.title(post.as_ref())?, &ended, reason);
            change.tell_in_tx(tx, holder, Kind::DutyEnded, data)?;
        }
        Ok(DutyReceipt::of(&ended, outcome))
    })
}

/// Ends all that somebody holds, today. Nobody is told.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn end_all_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    holder: VillagerId,
    (by, reason): (UserId, &str),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let held: Vec<Uuid> = duties::table
        .filter(duties::village_id.eq(village.0))
        .filter(duties::villager_id.eq(holder.0))
        .order(duties::id)
        .select(duties::id)
        .load(tx)?;
    let today = day_of(now);
    for id in held {
        let (row, post) = lock_in_tx(tx, village, DutyId(id))?;
        match row.duty(post.as_ref())?.ended(today, today) {
            Ok(ended) => save_in_tx(tx, village, &ended, (by, reason), now)?,
            Err(Refusal::DutyOver) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Ok(())
}

/// Writes that a duty was ended. To be called while its row is locked.
pub(super) fn save_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    duty: &Duty,
    (by, reason): (UserId, &str),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(duties::table.find((village.0, duty.id.0)))
        .set((
            duties::ended_on.eq(duty.ended_on),
            duties::ended_by.eq(by.0),
            duties::ended_at.eq(now),
            duties::ended_why.eq(reason),
        ))
        .execute(tx)?;
    Ok(())
}

/// What somebody is told whose duty ended.
pub(super) fn told(title: &Title, duty: &Duty, reason: &str) -> Value {
    let mut data = title.told();
    if let Some(data) = data.as_object_mut() {
        data.insert("on".into(), json!(duty.ended_on));
        data.insert("reason".into(), json!(reason));
    }
    data
}
