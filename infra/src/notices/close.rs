//! Closing notices: what is undisputed takes effect, once, whoever closes and however often.
//!
//! A notice is closed in one transaction that holds its row: a second process finds the row locked
//! and leaves it alone, or finds it closed. If the program is killed meanwhile, Postgres undoes all
//! of it, and the next round begins anew. Everything is read at once and written at once: a thousand
//! claims cost a dozen statements.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::claim::{Claim, State};
use domain::id::{ClaimId, FundStatementId, NoticeId, PayoutId, RatingId, VillageId};
use domain::notice::{self, NoticeKind};
use serde_json::json;
use uuid::Uuid;

use super::{NoticeRow, facts};
use crate::audit::{self, Deed};
use crate::claims::{self, Event, Kept};
use crate::db::Db;
use crate::error::Error;
use crate::funds::statements;
use crate::messages::{self, Kind, Message};
use crate::schema::{claims as claims_table, notices, objections};
use crate::{payouts, posting, ratings};

/// What closing a notice came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    /// How many lines took effect.
    pub effective: usize,
    /// How many wait, since they are disputed.
    pub disputed: usize,
}

/// Notices whose time is over and that are not closed, the oldest first, at most so many.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn due(db: &Db, now: DateTime<Utc>, most: i64) -> Result<Vec<(VillageId, NoticeId)>, Error> {
    let rows: Vec<(Uuid, Uuid)> = db.read(|c| {
        Ok(notices::table
            .filter(notices::closed_at.is_null())
            .filter(notices::closes_at.le(now))
            .order(notices::closes_at)
            .limit(most)
            .select((notices::village_id, notices::id))
            .load(c)?)
    })?;
    Ok(rows.into_iter().map(|(village, id)| (VillageId(village), NoticeId(id))).collect())
}

/// Closes a notice whose time is over. Answers `None` if there is nothing to do: it is closed, not
/// due, or in the hands of another process.
///
/// # Errors
/// [`Error::Unavailable`]; then nothing happened.
pub fn close(
    db: &Db,
    village: VillageId,
    notice: NoticeId,
    now: DateTime<Utc>,
) -> Result<Option<Closed>, Error> {
    db.write(|tx| {
        let row: Option<NoticeRow> = notices::table
            .find((village.0, notice.0))
            .filter(notices::closed_at.is_null())
            .select(NoticeRow::as_select())
            .for_update()
            .skip_locked()
            .first(tx)
            .optional()?;
        let Some(row) = row.filter(|row| notice::is_due(row.closes_at, now)) else {
            return Ok(None);
        };
        let closed = match row.kind()? {
            NoticeKind::Claims => close_claims_in_tx(db, tx, &row, now)?,
            NoticeKind::Rating => close_rating_in_tx(db, tx, &row, now)?,
            NoticeKind::Dividend | NoticeKind::Awards => close_payout_in_tx(tx, &row, now)?,
            NoticeKind::FundStatement => close_statement_in_tx(tx, &row)?,
            // It was told; the worker alone lifts it.
            NoticeKind::Brake => Closed { effective: 1, disputed: 0 },
        };
        diesel::update(notices::table.find((village.0, notice.0)))
            .set(notices::closed_at.eq(now))
            .execute(tx)?;
        let deed = Deed {
            village,
            at: now,
            user: None,
            role: None,
            action: "notice_close",
            subject: Some(row.id),
            reason: None,
            detail: Some(json!({
                "number": row.number, "effective": closed.effective, "disputed": closed.disputed,
            })),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(Some(closed))
    })
}

/// Takes a notice down before its time: what hung on it was taken back, and what becomes of that is the
/// caller's part. The notice is held.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn take_down_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    notice: NoticeId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(notices::table.find((village.0, notice.0)).filter(notices::closed_at.is_null()))
        .set(notices::closed_at.eq(now))
        .execute(tx)?;
    Ok(())
}

/// The stars of a rating take effect.
fn close_rating_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    row: &NoticeRow,
    now: DateTime<Utc>,
) -> Result<Closed, Error> {
    let rating = row.rating_id.ok_or_else(|| Error::Bug("a rating's notice without it".into()))?;
    let done =
        ratings::take_effect_in_tx(db, tx, VillageId(row.village_id), RatingId(rating), now)?;
    Ok(Closed { effective: done.effective, disputed: done.disputed })
}

/// A payout takes effect, waits, or hangs once more.
fn close_payout_in_tx(
    tx: &mut PgConnection,
    row: &NoticeRow,
    now: DateTime<Utc>,
) -> Result<Closed, Error> {
    let payout = row.payout_id.ok_or_else(|| Error::Bug("a payout's notice without it".into()))?;
    let village = VillageId(row.village_id);
    let (effective, disputed) = payouts::over_in_tx(tx, village, PayoutId(payout), now)?;
    Ok(Closed { effective, disputed })
}

/// A statement of the fund stands, or waits for the answer to an objection.
fn close_statement_in_tx(tx: &mut PgConnection, row: &NoticeRow) -> Result<Closed, Error> {
    let statement = row.fund_statement_id;
    let statement =
        statement.ok_or_else(|| Error::Bug("a statement's notice without it".into()))?;
    let village = VillageId(row.village_id);
    let disputed = statements::over_in_tx(tx, village, FundStatementId(statement))?;
    Ok(Closed { effective: usize::from(!disputed), disputed: usize::from(disputed) })
}

fn close_claims_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    row: &NoticeRow,
    now: DateTime<Utc>,
) -> Result<Closed, Error> {
    let (village, notice) = (VillageId(row.village_id), NoticeId(row.id));
    let hanging = claims::on_notice_in_tx(tx, village, notice)?;
    let disputed = disputed_in_tx(tx, village, notice)?;
    let mut settled = Vec::with_capacity(hanging.len());
    for kept in hanging {
        let (id, version) = (kept.claim.id.0, kept.claim.version);
        let claim = notice::settle(kept.claim, disputed.contains(&id))?;
        let posted_at = (claim.state == State::Posted).then_some(now).or(kept.posted_at);
        settled.push((Kept { claim, posted_at, ..kept }, version));
    }
    claims::save_all_in_tx(tx, village, notice, &settled, now)?;
    let in_state = |state| {
        let list = settled.iter().map(|(kept, _)| &kept.claim);
        list.filter(|claim| claim.state == state).collect::<Vec<&Claim>>()
    };
    let (posted, waiting) = (in_state(State::Posted), in_state(State::Disputed));
    // These are told that they gave way, not that they count.
    let give_way: BTreeSet<ClaimId> = posted.iter().flat_map(|claim| claim.replaces()).collect();
    let mut told = Vec::with_capacity(settled.len());
    for (list, event, kind) in
        [(&posted, "posted", Kind::ClaimPosted), (&waiting, "disputed", Kind::ClaimDisputed)]
    {
        let event = Event { event, user: None, role: None, reason: None, at: now };
        claims::record_in_tx(tx, list, event)?;
        for claim in list.iter().filter(|claim| !give_way.contains(&claim.id)) {
            let mut data = facts(db, tx, village, claim)?;
            data["notice_number"] = json!(row.number);
            told.push(Message { to: claim.person, kind, data });
        }
    }
    messages::leave_in_tx(tx, village, &told, now)?;
    posting::post_in_tx(db, tx, village, &posted, now, None)?;
    Ok(Closed { effective: posted.len(), disputed: waiting.len() })
}

/// The claims of a notice to which an objection or appeal is open.
fn disputed_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    notice: NoticeId,
) -> Result<BTreeSet<Uuid>, Error> {
    let on_it = claims_table::table
        .filter(claims_table::village_id.eq(village.0))
        .filter(claims_table::notice_id.eq(notice.0))
        .select(claims_table::id.nullable());
    let ids: Vec<Option<Uuid>> = objections::table
        .filter(objections::village_id.eq(village.0))
        .filter(objections::answered_at.is_null())
        .filter(objections::claim_id.eq_any(on_it))
        .select(objections::claim_id)
        .load(tx)?;
    Ok(ids.into_iter().flatten().collect())
}
