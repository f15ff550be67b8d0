//! Pledges: giving one, and confirming what became of it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::duty::{self, Confirmation, Outcome, Pledge, pledged_by};
use domain::id::{DutyId, UserId, VillageId, VillagerId};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;

use super::row::{DutyRow, Title, lock_in_tx};
use super::{Change, DutyReceipt};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::schema::duties;
use crate::villagers::{person, ties};

/// Gives a pledge: for oneself, or recorded for someone who agreed and is told.
///
/// # Errors
/// Those of [`pledged_by`] and [`duty::pledge`]; `already_exists` for a pledge of the same colour and
/// period.
pub fn pledge(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    who: VillagerId,
    wanted: &Pledge,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<DutyReceipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let person = person(tx, village, who)?;
        let home = Target::household(place, person.household);
        let permit = pledged_by(actor, &person, &home, wanted)?;
        let given = duty::pledge(id::new(), &person, wanted, day_of(now))?;
        let what = (None, Some(wanted.period));
        let written = (wanted.text.as_str(), wanted.consent.as_ref());
        let row = DutyRow::new(village, &given, what, written, (actor.user, now))?;
        diesel::insert_into(duties::table).values(&row).execute(tx)?;
        let (action, subject) = ("pledge_create", given.id.0);
        let change = Change { village, actor, permit, action, subject, reason: None, now };
        change.record_in_tx(tx)?;
        if wanted.consent.is_some() {
            let data = Title::Pledge(wanted.colour, wanted.period).told();
            change.tell_in_tx(tx, who, Kind::PledgeRecorded, data)?;
        }
        Ok(DutyReceipt::of(&given, None))
    })
}

/// Confirms what became of a pledge, and tells whoever gave it.
///
/// # Errors
/// Those of [`duty::confirm`]; `not_found` for what is no pledge.
pub fn confirm(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    pledge: DutyId,
    (outcome, reason): (Outcome, &str),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<DutyReceipt, Error> {
    let place = db.place(village)?;
    let permit = allows(actor, Action::PledgeConfirm, &Target::village(place))?;
    db.write_once(once, now, |tx| {
        let (row, None) = lock_in_tx(tx, village, pledge)? else {
            return Err(Refusal::NotFound.into());
        };
        let given = row.duty(None)?;
        let home = person(tx, village, given.villager)?.household;
        let by = UserId(row.recorded_by);
        let ties = ties(tx, village, actor, Some(home), by, pledge.0)?;
        let confirmation = Confirmation { outcome, reason, ties, before: row.outcome()? };
        let outcome = duty::confirm(&given, confirmation, day_of(now))?;
        diesel::update(duties::table.find((village.0, pledge.0)))
            .set((
                duties::outcome.eq(outcome.as_str()),
                duties::outcome_why.eq(reason),
                duties::outcome_by.eq(actor.user.0),
                duties::outcome_role.eq(permit.role.as_str()),
                duties::outcome_at.eq(now),
            ))
            .execute(tx)?;
        let (action, subject) = ("pledge_confirm", pledge.0);
        let change = Change { village, actor, permit, action, subject, reason: Some(reason), now };
        change.record_in_tx(tx)?;
        let mut data = row.title(None)?.told();
        if let Some(data) = data.as_object_mut() {
            data.insert("outcome".into(), json!(outcome.as_str()));
            data.insert("reason".into(), json!(reason));
        }
        change.tell_in_tx(tx, given.villager, Kind::PledgeConfirmed, data)?;
        Ok(DutyReceipt::of(&given, Some(outcome)))
    })
}
