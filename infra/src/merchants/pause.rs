//! Pausing a merchant, resuming, and closing it for good.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::alliance::{Pause, PausedBy};
use domain::calendar::day_of;
use domain::id::MerchantId;
use domain::policy::{Action, Permit, allows};

use super::{MerchantRow, find, lock_in_tx, record, target};
use crate::db::Db;
use crate::error::Error;
use crate::schema::merchants;

/// A pause that somebody asks for.
#[derive(Clone, Debug)]
pub struct PauseAsk {
    /// The first day; today if none.
    pub from: Option<NaiveDate>,
    /// The last day; until somebody ends it if none.
    pub until: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// Pauses a merchant: on these days it neither scans nor sells and is not on the list. Refunds go on.
///
/// # Errors
/// Those of [`domain::alliance::Standing::pause`]; `not_found`.
pub fn pause(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    ask: &PauseAsk,
    now: DateTime<Utc>,
) -> Result<MerchantRow, Error> {
    let permit = may(db, actor, merchant, Action::MerchantPause)?;
    let today = day_of(now);
    let pause = Pause { from: ask.from.unwrap_or(today), until: ask.until, by: paused_by(permit) };
    db.write(|tx| {
        let mut row = lock_in_tx(tx, merchant)?;
        row.standing()?.pause(pause, today)?;
        row.paused_from = Some(pause.from);
        row.paused_until = pause.until;
        row.paused_by = Some(pause.by.as_str().to_owned());
        row.paused_why = Some(ask.reason.clone());
        save_pause(tx, &row)?;
        record(tx, actor, permit, merchant, "merchant_pause", Some(&ask.reason), now)?;
        Ok(row)
    })
}

/// Ends a pause: from this moment the merchant trades again.
///
/// # Errors
/// Those of [`domain::alliance::Standing::resume`]; `not_found`.
pub fn resume(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<MerchantRow, Error> {
    let permit = may(db, actor, merchant, Action::MerchantPause)?;
    db.write(|tx| {
        let mut row = lock_in_tx(tx, merchant)?;
        row.standing()?.resume(paused_by(permit), day_of(now))?;
        (row.paused_from, row.paused_until) = (None, None);
        (row.paused_by, row.paused_why) = (None, None);
        save_pause(tx, &row)?;
        record(tx, actor, permit, merchant, "merchant_resume", Some(reason), now)?;
        Ok(row)
    })
}

/// Closes a merchant: from this moment it neither scans nor sells. Refunds go on.
///
/// # Errors
/// `merchant_closed` if it is closed already, `not_found`.
pub fn close(
    db: &Db,
    actor: &Actor,
    merchant: MerchantId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<MerchantRow, Error> {
    let permit = may(db, actor, merchant, Action::MerchantManage)?;
    db.write(|tx| {
        let mut row = lock_in_tx(tx, merchant)?;
        row.standing()?.is_open()?;
        row.closed_at = Some(now);
        diesel::update(merchants::table.find(merchant.0))
            .set(merchants::closed_at.eq(now))
            .execute(tx)?;
        record(tx, actor, permit, merchant, "merchant_close", Some(reason), now)?;
        Ok(row)
    })
}

fn may(db: &Db, actor: &Actor, merchant: MerchantId, action: Action) -> Result<Permit, Error> {
    let target = target(db, &db.read(|c| find(c, merchant))?)?;
    Ok(allows(actor, action, &target)?)
}

/// The owner speaks for the merchant, everybody else for the division.
fn paused_by(permit: Permit) -> PausedBy {
    if permit.role == Role::MerchantOwner { PausedBy::Merchant } else { PausedBy::Division }
}

fn save_pause(tx: &mut PgConnection, row: &MerchantRow) -> Result<(), Error> {
    diesel::update(merchants::table.find(row.id))
        .set((
            merchants::paused_from.eq(row.paused_from),
            merchants::paused_until.eq(row.paused_until),
            merchants::paused_by.eq(&row.paused_by),
            merchants::paused_why.eq(&row.paused_why),
        ))
        .execute(tx)?;
    Ok(())
}
