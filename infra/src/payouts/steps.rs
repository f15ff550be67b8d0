//! What people do with a payout before it hangs: the vote of the assembly, the notice, taking it back.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::id::{PayoutId, VillageId};
use domain::payout::{self, State};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::rule_book::Resolution;
use serde_json::json;

use super::row::{PayoutRow, lock_in_tx, save_in_tx};
use super::settle::hang_in_tx;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::rule_books::as_json;

/// A step that somebody takes.
pub(super) struct Step<'a> {
    pub(super) village: VillageId,
    pub(super) actor: &'a Actor,
    pub(super) role: Role,
    pub(super) now: DateTime<Utc>,
}

impl Step<'_> {
    /// Writes down that it was taken.
    pub(super) fn record_in_tx(
        &self,
        tx: &mut PgConnection,
        action: &'static str,
        row: &PayoutRow,
        reason: Option<&str>,
    ) -> Result<(), Error> {
        let deed = Deed {
            village: self.village,
            at: self.now,
            user: Some(self.actor.user),
            role: Some(self.role),
            action,
            subject: Some(row.id),
            reason,
            detail: Some(json!({"state": row.state, "total_fen": row.total})),
        };
        audit::record_in_tx(tx, &deed)
    }
}

/// Records what the assembly resolved of a draft.
///
/// # Errors
/// `payout_state`, `resolution_not_carried`, `forbidden`, `not_found`.
pub fn vote(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (id, resolution): (PayoutId, Resolution),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<PayoutRow, Error> {
    let permit = allows(actor, Action::PayoutManage, &Target::village(db.place(village)?))?;
    let step = Step { village, actor, role: permit.role, now };
    db.write_once(once, now, |tx| {
        let row = lock_in_tx(tx, village, id)?;
        let state = payout::vote(row.state()?, &resolution, now)?;
        let resolution = Some(as_json(&resolution)?);
        let row = save_in_tx(tx, PayoutRow { resolution, ..row.to(state) })?;
        step.record_in_tx(tx, "payout_vote", &row, None)?;
        Ok(row)
    })
}

/// Hangs a payout that the assembly voted for on the notice board, for so many days.
///
/// # Errors
/// `payout_state`, `forbidden`, `not_found`.
pub fn publish(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (id, days): (PayoutId, u16),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<PayoutRow, Error> {
    let permit = allows(actor, Action::PayoutManage, &Target::village(db.place(village)?))?;
    let step = Step { village, actor, role: permit.role, now };
    let days = i16::try_from(days).map_err(|_| Refusal::PayoutPeriod)?;
    db.write_once(once, now, |tx| {
        let row = lock_in_tx(tx, village, id)?;
        row.state()?.is(State::Voted)?;
        let row = PayoutRow { notice_days: Some(days), ..row };
        let row = hang_in_tx(tx, row, now, Some(actor.user))?;
        step.record_in_tx(tx, "payout_publish", &row, None)?;
        Ok(row)
    })
}

/// Takes a payout back before it hangs.
///
/// # Errors
/// `payout_state`, `reason_missing`, `forbidden`, `not_found`.
pub fn withdraw(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (id, reason): (PayoutId, &str),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<PayoutRow, Error> {
    let permit = allows(actor, Action::PayoutManage, &Target::village(db.place(village)?))?;
    domain::objection::says_why(reason)?;
    let step = Step { village, actor, role: permit.role, now };
    db.write_once(once, now, |tx| {
        let row = lock_in_tx(tx, village, id)?;
        let state = payout::withdraw(row.state()?)?;
        let withdrawn_reason = Some(reason.to_owned());
        let row = save_in_tx(tx, PayoutRow { withdrawn_reason, ..row.to(state) })?;
        step.record_in_tx(tx, "payout_withdraw", &row, Some(reason))?;
        Ok(row)
    })
}
