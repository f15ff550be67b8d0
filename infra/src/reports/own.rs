//! What whoever sent a report does with it. Nothing here leaves their name behind.

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::id::{ReportId, VillageId, VillagerId};
use domain::report::reporter::Known;
use domain::report::{By, Event, Report};
use serde_json::json;

use super::case::{self, Case, Step, audit_in_tx, record_in_tx};
use super::create::Receipt;
use super::{row, tell};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use diesel::PgConnection;

/// What whoever sent a report does.
#[derive(Clone, Copy, Debug)]
pub enum Own<'a> {
    /// Confirms that it is done.
    Confirm,
    /// Says that it is not.
    Reopen {
        /// Why.
        reason: &'a str,
    },
    /// Takes it back.
    Withdraw,
}

/// Changes one's own report.
///
/// # Errors
/// Those of [`Report::confirm`], [`Report::reopen`] and [`Report::withdraw`].
pub fn change(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    own: Own<'_>,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let mut case = Case::lock_in_tx(tx, actor, village, id, now)?;
        let (known, report) = (known(tx, &case)?, case.kept.report.clone());
        let (event, action, reason) = match own {
            Own::Confirm => (Event::Confirmed, "report_confirm", None),
            Own::Reopen { reason } => (Event::Reopened, "report_reopen", Some(reason)),
            Own::Withdraw => (Event::Withdrawn, "report_withdraw", None),
        };
        case.kept.report = match own {
            Own::Confirm => report.confirm(actor, &place, known)?,
            Own::Reopen { reason } => {
                let calendar = db.calendar(tx)?;
                report.reopen(actor, &place, known, reason, &calendar, now)?
            }
            Own::Withdraw => report.withdraw(actor, &place, known)?,
        };
        if event == Event::Reopened {
            (case.kept.overdue_told, case.kept.urged_at) = (false, None);
            let more = reason.map_or_else(tell::More::new, |why| tell::with("reason", why));
            let to = worker(&case.kept.report);
            tell::villager_in_tx(tx, &case.kept, &to, Kind::ReportReopened, &more, now)?;
        }
        row::save_in_tx(tx, &mut case.kept, &case.parties, now)?;
        let by = By::Reporter;
        let step = Step { event, by, user: None, reason, at: now };
        record_in_tx(tx, (village, id, case.kept.report.state), step)?;
        audit_in_tx(tx, (village, id), action, (actor, by), None, now)?;
        Ok(Receipt::of(&case.kept.report))
    })
}

fn known(tx: &mut PgConnection, case: &Case) -> Result<Known, Error> {
    let (village, id) = (case.kept.report.village, case.kept.report.id);
    Ok(Known {
        reporter: case.reporter,
        urged_at: case.kept.urged_at,
        proposed: case::claim_of(tx, village, id)?.is_some(),
    })
}

/// The grid worker who has it in hand, or had it last.
pub(super) fn worker(report: &Report) -> Vec<VillagerId> {
    report.worker.map(|worker| worker.villager).into_iter().collect()
}

/// Urges whoever should have acted: the grid worker who has it in hand, or the desk.
///
/// # Errors
/// Those of [`Report::urge`].
pub fn urge(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let mut case = Case::lock_in_tx(tx, actor, village, id, now)?;
        let known = known(tx, &case)?;
        let by = case.kept.report.urge(actor, &place, known, now)?;
        case.kept.urged_at = Some(now);
        row::save_in_tx(tx, &mut case.kept, &case.parties, now)?;
        let step = Step { event: Event::Urged, by, user: Some(actor.user), reason: None, at: now };
        record_in_tx(tx, (village, id, case.kept.report.state), step)?;
        tell_urged_in_tx(tx, &case.kept, now)?;
        audit_in_tx(tx, (village, id), "report_urge", (actor, by), None, now)?;
        Ok(Receipt::of(&case.kept.report))
    })
}

/// Tells whoever should have acted: the grid worker who has it in hand, or the desk.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn tell_urged_in_tx(
    tx: &mut PgConnection,
    kept: &row::Kept,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let in_hand = kept.report.state == domain::report::State::Dispatched;
    let to = if in_hand { worker(&kept.report) } else { tell::desk(tx, kept.report.village, now)? };
    let more = tell::with("due_at", json!(kept.report.due_at));
    tell::villager_in_tx(tx, kept, &to, Kind::ReportUrged, &more, now)
}
