//! What people do with a payout: the vote of the assembly, the notice, taking it back.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::four_eyes::Hand;
use domain::id::{NoticeId, PayoutId, VillageId};
use domain::payout::{self, State};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::rule_book::Resolution;
use serde_json::json;

use super::create::{Anew, reckon_anew_in_tx};
use super::row::{PayoutRow, find, lock_in_tx, save_in_tx};
use super::settle::{fall_in_tx, hang_in_tx};
use crate::actors::{hand, villager_of};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::rule_books::as_json;
use crate::{notices, objections};

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
        let voted_reckoning = Some(row.reckoning);
        let row = save_in_tx(tx, PayoutRow { resolution, voted_reckoning, ..row.to(state) })?;
        step.record_in_tx(tx, "payout_vote", &row, None)?;
        Ok(row)
    })
}

/// Hangs a payout that the assembly voted for on the notice board, for so many days. It is reckoned anew at
/// that moment, since the assembly voted for a pool or prizes and not for parts. If more came out than was
/// voted for it does not hang and is a draft again.
///
/// # Errors
/// `payout_state`, `forbidden`, `not_found`, those of reckoning ([`super::create`]).
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
        let Anew { row, .. } = reckon_anew_in_tx(db, tx, row, None, now)?;
        let row = if row.state()? == State::Voted {
            let row = PayoutRow {
                notice_days: Some(days),
                published_by: Some(actor.user.0),
                published_by_villager: villager_of(Hand::of(actor)),
                ..row
            };
            hang_in_tx(tx, row, now, Some(actor.user))?
        } else {
            row
        };
        step.record_in_tx(tx, "payout_publish", &row, None)?;
        Ok(row)
    })
}

/// Takes a payout back before it is paid; since it hung, somebody else than who hung it. Objections to it have
/// what they asked for.
///
/// # Errors
/// `payout_state`, `checker_is_maker`, `reason_missing`, `forbidden`, `not_found`.
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
        // The notice before the payout, as everybody does.
        let notice = find(tx, village, id)?.notice_id;
        if let Some(notice) = notice {
            notices::hold_in_tx(tx, village, NoticeId(notice))?;
        }
        let row = lock_in_tx(tx, village, id)?;
        if row.notice_id != notice {
            return Err(Error::LostRace);
        }
        let hung_by = row.published_by.map(|user| hand(user, row.published_by_villager));
        payout::withdraw(row.state()?, hung_by, Hand::of(actor))?;
        let row = fall_in_tx(tx, row, reason, now)?;
        objections::payout_fell_in_tx(tx, (actor, permit.role), &row, reason, now)?;
        step.record_in_tx(tx, "payout_withdraw", &row, Some(reason))?;
        Ok(row)
    })
}
