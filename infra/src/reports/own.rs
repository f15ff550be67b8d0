//! What whoever sent a report does with it, or with the one that it was joined to. Nothing here leaves
//! their name behind.

use chrono::{DateTime, Utc};
use domain::actor::{Actor, Role};
use domain::id::{ReportId, VillageId, VillagerId};
use domain::report::reporter::Known;
use domain::report::{By, Event, Report, State};
use serde_json::json;

use super::case::{self, Case, Step, audit_in_tx, record_in_tx};
use super::create::Receipt;
use super::{row, same, tell};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::role_grants::holders;
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

impl Own<'_> {
    const fn names(&self) -> (Event, &'static str) {
        match self {
            Self::Confirm => (Event::Confirmed, "report_confirm"),
            Self::Reopen { .. } => (Event::Reopened, "report_reopen"),
            Self::Withdraw => (Event::Withdrawn, "report_withdraw"),
        }
    }
}

/// Changes one's own report; where it was joined to another, one confirms and reopens that one.
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
        let mut case = match own {
            Own::Withdraw => Case::lock_in_tx(tx, actor, village, id, now)?,
            _ => Case::lock_for_sender_in_tx(tx, actor, village, id, now)?,
        };
        let (known, report) = (known(tx, &case, id)?, case.kept.report.clone());
        let (event, action) = own.names();
        let mut why = None;
        case.kept.becomes(match own {
            Own::Confirm => {
                let confirmed = report.confirm(actor, &place, known)?;
                same::confirm_in_tx(tx, village, id, now)?;
                confirmed
            }
            Own::Reopen { reason } => {
                why = Some(reason);
                let calendar = db.calendar(tx)?;
                let reopened = report.reopen(actor, &place, known, reason, &calendar, now)?;
                same::unconfirm_in_tx(tx, village, reopened.id)?;
                let (to, more) = (worker(&reopened), tell::with("reason", reason));
                tell::villager_in_tx(tx, &case.kept, &to, Kind::ReportReopened, &more, now)?;
                reopened
            }
            Own::Withdraw => report.withdraw(actor, &place, known)?,
        });
        row::save_in_tx(tx, &mut case.kept, &case.parties, now)?;
        let step = Step { event, by: By::Reporter, user: None, reason: why, at: now };
        sent_by_in_tx(tx, actor, (&case, id), action, step)
    })
}

/// Records what whoever sent `id` did to the report of the case: in its timeline, in that of their own
/// report if it was joined to it, and in the audit log.
fn sent_by_in_tx(
    tx: &mut PgConnection,
    actor: &Actor,
    (case, id): (&Case, ReportId),
    action: &'static str,
    step: Step<'_>,
) -> Result<Receipt, Error> {
    let main = &case.kept.report;
    let mut by = step.by;
    if main.id != id && by == By::Reporter {
        record_in_tx(tx, (main.village, id, State::Joined), step)?;
        by = By::AlsoReported;
    }
    record_in_tx(tx, (main.village, main.id, main.state), Step { by, ..step })?;
    audit_in_tx(tx, (main.village, main.id), action, (actor, by), None, step.at)?;
    // Of the other report they are told where it stands, and not which it is.
    Ok(Receipt { report: id, ..Receipt::of(main) })
}

fn known(tx: &mut PgConnection, case: &Case, id: ReportId) -> Result<Known, Error> {
    let (village, main) = (case.kept.report.village, case.kept.report.id);
    Ok(Known {
        reporter: case.reporter,
        urged_at: case.kept.urged_at,
        proposed: case::claim_of(tx, village, main)?.is_some(),
        confirmed: same::has_confirmed(tx, village, id)?,
        others: same::others(tx, village, main, case.reporter)?,
    })
}

/// The grid worker who has it in hand, or had it last.
pub(super) fn worker(report: &Report) -> Vec<VillagerId> {
    report.worker.map(|worker| worker.villager).into_iter().collect()
}

/// Urges whoever should have acted: the grid worker who has it in hand, or the desk. Where the report
/// was joined to another, one urges that one.
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
        let mut case = Case::lock_for_sender_in_tx(tx, actor, village, id, now)?;
        let known = known(tx, &case, id)?;
        let by = case.kept.report.urge(actor, &place, known, now)?;
        case.kept.urged_at = Some(now);
        row::save_in_tx(tx, &mut case.kept, &case.parties, now)?;
        let step = Step { event: Event::Urged, by, user: Some(actor.user), reason: None, at: now };
        tell_urged_in_tx(tx, &case.kept, now)?;
        sent_by_in_tx(tx, actor, (&case, id), "report_urge", step)
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
    let in_hand = kept.report.state == State::Dispatched;
    let to = if in_hand {
        worker(&kept.report)
    } else {
        holders(tx, kept.report.village, Role::VillageAdmin, now)?
    };
    let more = tell::with("due_at", json!(kept.report.due_at));
    tell::villager_in_tx(tx, kept, &to, Kind::ReportUrged, &more, now)
}
