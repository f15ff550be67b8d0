//! The month is closed: for many villages at once, in one transaction each batch, and once. Where one
//! village cannot be closed, the others of its batch are, each by itself.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::Cycle;
use domain::four_eyes::Hand;
use domain::id::VillageId;
use domain::points::Fen;
use domain::policy::{Action, Permit, Target, allows};
use domain::settlement::{Party, State, may_close, settle};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::calendar::{CalendarRow, go_on_in_tx};
use super::row::SettlementRow;
use super::sums::{self, Span, Sums};
use super::tell;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::schema::{settlement_calendars, settlements};

/// How many villages one transaction takes: of purchases each batch reads its own villages only, but the
/// entries of the month it reads all, since they lie in the order of their time.
const VILLAGES_MAX: i64 = 200;
/// How many statements one INSERT writes: each has so many columns that more are too many parameters.
const ROWS_MAX: usize = 1_000;

/// What closing came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Months of villages that were closed.
    pub months: usize,
    /// Statements that were made.
    pub statements: usize,
    /// Of these, those that differ from the ledger.
    pub differing: usize,
}

impl Closed {
    const fn add(&mut self, more: Self) {
        self.months += more.months;
        self.statements += more.statements;
        self.differing += more.differing;
    }
}

/// What a round of closing came to.
#[derive(Debug, Default)]
pub struct Round {
    /// What was closed.
    pub closed: Closed,
    /// What kept villages from being closed; they are tried again in the next round.
    pub failed: Vec<Error>,
}

/// Closes the months that are due, batch by batch. A village that cannot be closed, say for a stored value
/// that cannot be read, is left out and keeps nobody else waiting.
pub fn close_round(db: &Db, now: DateTime<Utc>, batches_max: usize) -> Round {
    let mut round = Round::default();
    let mut left_out: Vec<Uuid> = Vec::new();
    for _ in 0..batches_max {
        match close_batch(db, now, Which::AllBut(&left_out)) {
            Ok(closed) => {
                round.closed.add(closed);
                if closed.months == 0 {
                    break;
                }
            }
            Err((taken, Error::Unavailable(why))) => {
                tracing::warn!(why, villages = taken.len(), "months stay open for now");
                round.failed.push(Error::Unavailable(why));
                break;
            }
            Err((taken, error)) if taken.is_empty() => {
                round.failed.push(error);
                break;
            }
            Err((taken, _)) => {
                for village in taken {
                    match close_batch(db, now, Which::One(village)) {
                        Ok(closed) => round.closed.add(closed),
                        Err((_, error)) => {
                            tracing::error!(%village, %error, "a month of a village stays open");
                            left_out.push(village);
                            round.failed.push(error);
                        }
                    }
                }
            }
        }
    }
    round
}

/// Closes the month that has been due for longest, for at most [`VILLAGES_MAX`] villages. Nothing is left
/// to do once no month was closed. Villages in the hands of another process are left alone.
///
/// # Errors
/// [`Error::Unavailable`]; then nothing of this batch happened.
pub fn close_due(db: &Db, now: DateTime<Utc>) -> Result<Closed, Error> {
    close_batch(db, now, Which::AllBut(&[])).map_err(|(_, error)| error)
}

/// Which villages.
#[derive(Clone, Copy)]
enum Which<'a> {
    AllBut(&'a [Uuid]),
    One(Uuid),
}

/// Those that were in hand when it failed come with the error.
fn close_batch(
    db: &Db,
    now: DateTime<Utc>,
    which: Which<'_>,
) -> Result<Closed, (Vec<Uuid>, Error)> {
    let mut taken: Vec<Uuid> = Vec::new();
    let outcome = db.write(|tx| {
        taken.clear();
        let due = || {
            settlement_calendars::table
                .filter(settlement_calendars::close_due_at.le(now))
                .order((settlement_calendars::close_due_at, settlement_calendars::village_id))
                .limit(VILLAGES_MAX)
                .select(CalendarRow::as_select())
        };
        let due: Vec<CalendarRow> = match which {
            Which::AllBut(left_out) => due()
                .filter(settlement_calendars::village_id.ne_all(left_out))
                .for_update()
                .skip_locked()
                .load(tx)?,
            Which::One(village) => due()
                .filter(settlement_calendars::village_id.eq(village))
                .for_update()
                .skip_locked()
                .load(tx)?,
        };
        let Some(month) = due.first().map(CalendarRow::month) else {
            return Ok(Closed::default());
        };
        taken.extend(due.iter().filter(|row| row.month() == month).map(|row| row.village_id));
        close_in_tx(tx, &taken, month, None, now)
    });
    outcome.map_err(|error| (taken, error))
}

/// Closes the months of a village up to this one, as the worker would; of what is closed nothing changes.
///
/// # Errors
/// `settlement_too_early`, `cycle_wrong_kind`, `forbidden`, `not_found`.
pub fn close_month(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    month: Cycle,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Closed, Error> {
    let permit = allows(actor, Action::SettlementManage, &Target::village(db.place(village)?))?;
    may_close(month, now)?;
    db.write_once(once, now, |tx| {
        let mut row: CalendarRow = settlement_calendars::table
            .find(village.0)
            .select(CalendarRow::as_select())
            .for_update()
            .first(tx)?;
        let mut all = Closed::default();
        while row.month().first_day() <= month.first_day() {
            let by = Some((Hand::of(actor), permit));
            let closed = close_in_tx(tx, &[village.0], row.month(), by, now)?;
            all.add(closed);
            row.open_from = Span::of(row.month()).to;
        }
        Ok(all)
    })
}

/// Closes a month for villages whose calendars are locked.
fn close_in_tx(
    tx: &mut PgConnection,
    villages: &[Uuid],
    month: Cycle,
    by: Option<(Hand, Permit)>,
    now: DateTime<Utc>,
) -> Result<Closed, Error> {
    let sums = sums::of_villages(tx, villages, Span::of(month))?;
    let carried = carried_in_tx(tx, villages, month)?;
    let rows = settled((sums, carried), month, by.map(|(hand, _)| hand), now)?;
    for some in rows.chunks(ROWS_MAX) {
        diesel::insert_into(settlements::table).values(some).execute(tx)?;
    }
    go_on_in_tx(tx, villages, month)?;
    tell::made_in_tx(tx, &rows, now)?;
    for village in villages {
        let made = rows.iter().filter(|row| row.village_id == *village);
        audit::record_in_tx(
            tx,
            &Deed {
                village: VillageId(*village),
                at: now,
                user: by.map(|(hand, _)| hand.user),
                role: by.map(|(_, permit)| permit.role),
                action: "settlement_close_month",
                subject: None,
                reason: None,
                detail: Some(json!({"month": month.to_string(), "statements": made.count()})),
            },
        )?;
    }
    let differing = rows.iter().filter(|row| row.state == State::Differs.as_str()).count();
    Ok(Closed { months: villages.len(), statements: rows.len(), differing })
}

/// What the month before left for this one.
fn carried_in_tx(
    tx: &mut PgConnection,
    villages: &[Uuid],
    month: Cycle,
) -> Result<BTreeMap<(Uuid, Party), Fen>, Error> {
    let before = month.first_day().pred_opt().map(|day| month.kind().holding(day));
    let rows: Vec<SettlementRow> = settlements::table
        .filter(settlements::village_id.eq_any(villages))
        .filter(settlements::month.eq(before.unwrap_or(month).to_string()))
        .filter(settlements::carried_out.ne(0))
        .select(SettlementRow::as_select())
        .load(tx)?;
    rows.iter().map(|row| Ok(((row.village_id, row.party()?), Fen::new(row.carried_out)))).collect()
}

/// The statements of a month: of every party that sold, took back, or has something carried.
fn settled(
    (mut sums, carried): (Sums, BTreeMap<(Uuid, Party), Fen>),
    month: Cycle,
    by: Option<Hand>,
    now: DateTime<Utc>,
) -> Result<Vec<SettlementRow>, Error> {
    for key in carried.keys() {
        sums.entry(*key).or_default();
    }
    sums.iter()
        .map(|((village, party), figures)| {
            let carried_in = carried.get(&(*village, *party)).copied().unwrap_or_default();
            let balance = settle(*party, figures, carried_in)?;
            Ok(SettlementRow::new((*village, *party, month), (figures, &balance), by, now))
        })
        .collect()
}
