//! The worker's part: telling that something will lapse, and letting it lapse, in batches of one village
//! each. A batch is one transaction: it is there as a whole or not at all, so that a program that is killed
//! anywhere goes on where it was. Several may run at once: each takes what no other holds.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::VillageId;
use domain::store::RedemptionState;
use uuid::Uuid;

use super::give_back::AllGone;
use super::receipt::RedemptionRow;
use super::settle::apply_in_tx;
use super::tell;
use crate::db::Db;
use crate::error::Error;
use crate::messages::Kind;
use crate::schema::{redemptions, stores};

/// How many redemptions one transaction takes.
pub const BATCH_MAX: i64 = 200;
/// How many due ones are looked at to find their villages.
const LOOKED_AT: i64 = 1_000;

/// What a round came to.
#[derive(Debug, Default)]
pub struct Lapsed {
    /// Redemptions whose households were told that they will lapse.
    pub told: usize,
    /// Redemptions that lapsed.
    pub lapsed: usize,
    /// What failed, a village each; the others were gone through all the same.
    pub failures: Vec<Error>,
}

#[derive(Clone, Copy, Debug)]
enum Part {
    Tell,
    Lapse,
}

#[diesel::dsl::auto_type]
fn waiting() -> _ {
    let state: &'static str = RedemptionState::Waiting.as_str();
    redemptions::table.filter(redemptions::state.eq(state))
}

#[diesel::dsl::auto_type]
fn lapsing(now: DateTime<Utc>) -> _ {
    redemptions::lapses_at.le(now)
}

/// What lapses already is not told of before.
#[diesel::dsl::auto_type]
fn to_tell(now: DateTime<Utc>) -> _ {
    redemptions::tell_at
        .le(now)
        .and(redemptions::told_at.is_null())
        .and(redemptions::lapses_at.gt(now))
}

/// Does what is due, at most so many batches of each part. What fails in one village keeps neither the others
/// waiting nor those who are to be told; it is tried again in the next round.
pub fn lapse(db: &Db, now: DateTime<Utc>, batches_max: usize) -> Lapsed {
    let mut failures = Vec::new();
    let lapsed = part(db, Part::Lapse, now, batches_max, &mut failures);
    let told = part(db, Part::Tell, now, batches_max, &mut failures);
    Lapsed { told, lapsed, failures }
}

fn part(
    db: &Db,
    part: Part,
    now: DateTime<Utc>,
    batches_max: usize,
    failures: &mut Vec<Error>,
) -> usize {
    let due = villages(db, part, now).unwrap_or_else(|error| {
        failures.push(error);
        Vec::new()
    });
    let mut done = 0;
    let mut batches = 0;
    for village in due {
        let mut more = true;
        while more && batches < batches_max {
            batches += 1;
            let count =
                db.write(|tx| batch_in_tx(db, tx, part, village, now)).unwrap_or_else(|error| {
                    tracing::warn!(%village, ?part, ?error, "redemptions that lapse");
                    failures.push(error);
                    0
                });
            done += count;
            more = i64::try_from(count).is_ok_and(|count| count == BATCH_MAX);
        }
    }
    done
}

/// The villages where something is due, those first that wait longest.
fn villages(db: &Db, part: Part, now: DateTime<Utc>) -> Result<Vec<VillageId>, Error> {
    let ids: Vec<Uuid> = db.read(|c| {
        let due = waiting().select(redemptions::village_id).limit(LOOKED_AT);
        Ok(match part {
            Part::Lapse => due.filter(lapsing(now)).order(redemptions::lapses_at).load(c)?,
            Part::Tell => due.filter(to_tell(now)).order(redemptions::tell_at).load(c)?,
        })
    })?;
    let mut seen = BTreeSet::new();
    Ok(ids.into_iter().filter(|id| seen.insert(*id)).map(VillageId).collect())
}

/// Which of these stores are closed: what waits there returns its points, whatever was agreed.
fn closed_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    rows: &[RedemptionRow],
) -> Result<BTreeSet<Uuid>, Error> {
    let ids: Vec<Uuid> = stores::table
        .filter(stores::village_id.eq(village.0))
        .filter(stores::id.eq_any(rows.iter().map(|row| row.store_id)))
        .filter(stores::closed_at.is_not_null())
        .select(stores::id)
        .load(tx)?;
    Ok(ids.into_iter().collect())
}

fn batch_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    part: Part,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let due = waiting()
        .filter(redemptions::village_id.eq(village.0))
        .select(RedemptionRow::as_select())
        .limit(BATCH_MAX)
        .for_no_key_update()
        .skip_locked();
    match part {
        Part::Tell => {
            let rows: Vec<RedemptionRow> =
                due.filter(to_tell(now)).order(redemptions::tell_at).load(tx)?;
            let told = redemptions::table
                .filter(redemptions::village_id.eq(village.0))
                .filter(redemptions::id.eq_any(rows.iter().map(|row| row.id)));
            diesel::update(told).set(redemptions::told_at.eq(now)).execute(tx)?;
            let told = (rows.as_slice(), &AllGone::new());
            tell::all_in_tx(tx, village, told, (Kind::RedemptionLapsing, None), now)?;
            Ok(rows.len())
        }
        Part::Lapse => {
            let rows: Vec<RedemptionRow> =
                due.filter(lapsing(now)).order(redemptions::lapses_at).load(tx)?;
            let closed = closed_in_tx(tx, village, &rows)?;
            let mut done = Vec::with_capacity(rows.len());
            for mut row in rows {
                row.lapse_returns |= closed.contains(&row.store_id);
                if let Some(settled) = row.redemption()?.lapse(now) {
                    done.push((row, settled));
                }
            }
            let gone = apply_in_tx(db, tx, village, &done, (None, None), now)?;
            let rows: Vec<_> = done.into_iter().map(|(row, _)| row).collect();
            let told = (rows.as_slice(), &gone);
            tell::all_in_tx(tx, village, told, (Kind::RedemptionLapsed, None), now)?;
            Ok(rows.len())
        }
    }
}
