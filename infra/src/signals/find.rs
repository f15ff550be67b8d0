//! What a supervisor found: written once, and it stays.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::VillageId;
use domain::policy::{Action, Target, allows};
use domain::signal::{Finding, may_find};
use uuid::Uuid;

use super::SignalRow;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::schema::purchase_signals;

/// Writes what a supervisor found of a signal.
///
/// # Errors
/// `signal_found` if somebody has, `not_found`.
pub fn find(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, Uuid),
    (finding, text): (Finding, &str),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<SignalRow, Error> {
    let target = Target::village(db.place(village)?);
    let permit = allows(actor, Action::PurchaseSignalFind, &target)?;
    db.write_once(once, now, |tx| {
        let mut row: SignalRow = purchase_signals::table
            .find((village.0, id))
            .select(SignalRow::as_select())
            .for_no_key_update()
            .first(tx)?;
        may_find(row.finding())?;
        row.finding = Some(finding.as_str().to_owned());
        row.found_text = Some(text.to_owned());
        row.found_by = Some(actor.user.0);
        row.found_at = Some(now);
        diesel::update(purchase_signals::table.find((village.0, id)))
            .set((
                purchase_signals::finding.eq(&row.finding),
                purchase_signals::found_text.eq(&row.found_text),
                purchase_signals::found_by.eq(row.found_by),
                purchase_signals::found_at.eq(row.found_at),
            ))
            .execute(tx)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "purchase_signal_find",
                subject: Some(id),
                reason: Some(text),
                detail: None,
            },
        )?;
        Ok(row)
    })
}
