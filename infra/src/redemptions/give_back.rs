//! Points that return with redemptions: what goes back, what is taken of it later (`domain::ledger::Arrears`),
//! and what has run out meanwhile (`domain::expiry::over_on_return`). All of it in one transaction, each as an
//! entry of its own, so that the statement of the household says what became of its points.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::calendar::day_of;
use domain::expiry::{YearOver, over_on_return};
use domain::id::{AccountId, RedemptionId, UserId, VillageId};
use domain::ledger::{Entry, Posting, Source, take_later};
use domain::lots::Movement;
use uuid::Uuid;

use super::receipt::RedemptionRow;
use super::settle::Done;
use crate::db::Db;
use crate::error::Error;
use crate::expiries::{self, Over};
use crate::ledger::{EntryRow, arrears, purses};
use crate::schema::entries;
use crate::{id, ledger};

/// What of the points that a redemption gave back did not stay with the household, in hundredths of a point.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gone {
    /// What was taken of them later.
    pub(super) taken: i64,
    /// What had run out meanwhile.
    pub(super) ran_out: i64,
}

/// By redemption; of most there is nothing.
pub(super) type AllGone = BTreeMap<Uuid, Gone>;

/// Gives back the points of those that return them.
///
/// # Errors
/// [`Error::LostRace`] if an account changed in the meantime.
pub(super) fn give_back_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    done: &[Done],
    (by, now): (Option<UserId>, DateTime<Utc>),
) -> Result<AllGone, Error> {
    let mut gone = AllGone::new();
    let returning: Vec<&Done> = done.iter().filter(|(_, s)| s.returns_points).collect();
    if returning.is_empty() {
        return Ok(gone);
    }
    let sources: Vec<Uuid> = returning.iter().map(|(row, _)| row.id).collect();
    let taken = taken_by(tx, village, &sources)?;
    let accounts: BTreeSet<AccountId> = taken.iter().map(|entry| entry.posting.account).collect();
    ledger::lock_in_tx(tx, village, &accounts)?;
    let mut open = arrears::of_in_tx(tx, village, &accounts)?;
    let (mut postings, mut later) = (Vec::with_capacity(taken.len()), Vec::new());
    for entry in &taken {
        let back = Posting::reversing(entry, id::new());
        let theirs = open.entry(back.account).or_default();
        let held = (back.amount, entry.account_version);
        let rest = take_later(theirs, held, id::new);
        postings.push(back);
        let taken = rest.iter().fold(0_i64, |sum, (_, p)| sum.saturating_sub(p.amount));
        if taken > 0 {
            gone.entry(entry.posting.source.id()).or_default().taken = taken;
        }
        postings.extend(rest.iter().map(|(_, posting)| posting.clone()));
        later.extend(rest);
    }
    ledger::post_back_in_tx(tx, village, postings, now, by)?;
    arrears::taken_in_tx(tx, village, &later)?;
    run_out_in_tx(db, tx, village, (&returning, &mut gone), (by, now))?;
    Ok(gone)
}

/// What these redemptions took, in one query.
fn taken_by(
    tx: &mut PgConnection,
    village: VillageId,
    sources: &[Uuid],
) -> Result<Vec<Entry>, Error> {
    let of_redemptions = Source::Redemption(RedemptionId(Uuid::nil())).code();
    let rows: Vec<EntryRow> = entries::table
        .filter(entries::village_id.eq(village.0))
        .filter(entries::source_id.eq_any(sources))
        .filter(entries::source.eq(of_redemptions))
        .filter(entries::reverses.is_null())
        .order((entries::account_id, entries::account_version))
        .select(EntryRow::as_select())
        .load(tx)?;
    rows.into_iter().map(EntryRow::entry).collect()
}

/// Takes what would have run out while it was held, where the household itself let it come back so late.
fn run_out_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    (returning, all_gone): (&[&Done], &mut AllGone),
    (by, now): (Option<UserId>, DateTime<Utc>),
) -> Result<(), Error> {
    let today = day_of(now);
    let over = expiries::over(db, tx, village, today)?;
    let mut late: Vec<(&RedemptionRow, Vec<&Over>)> = Vec::new();
    for (row, settled) in returning {
        let missed = |year: &&Over| year.over.was_missed(row.redeemed_at, today);
        let missed: Vec<&Over> = over.iter().filter(missed).collect();
        if !settled.keeps_late && !missed.is_empty() {
            late.push((row, missed));
        }
    }
    if late.is_empty() {
        return Ok(());
    }
    let accounts: BTreeSet<AccountId> =
        late.iter().map(|(row, _)| AccountId(row.account_id)).collect();
    let accounts: Vec<AccountId> = accounts.into_iter().collect();
    let mut purses: BTreeMap<AccountId, Vec<Movement>> = purses::of(tx, village, &accounts)?
        .into_iter()
        .map(|purse| (purse.account, purse.movements))
        .collect();
    let mut postings = Vec::with_capacity(late.len());
    for (row, missed) in late {
        let Some(movements) = purses.get_mut(&AccountId(row.account_id)) else { continue };
        let years: Vec<YearOver> = missed.iter().map(|year| year.over).collect();
        let points = over_on_return(movements, RedemptionId(row.id), &years)?;
        let Some(last) = missed.last().filter(|_| points.is_positive()) else { continue };
        let gone = row.redemption()?.ran_out(id::new(), points, (last.over.year, last.book));
        movements.push(Movement {
            entry: gone.id,
            day: today,
            amount: points.negated(),
            reverses: None,
            expires: None,
            cause: (gone.source, gone.source_posting),
        });
        all_gone.entry(row.id).or_default().ran_out = points.hundredths();
        postings.push(gone);
    }
    ledger::post_back_in_tx(tx, village, postings, now, by)?;
    Ok(())
}
