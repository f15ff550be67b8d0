//! The points that parts are paid for are used up with the payment, if the terms say so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, SmallInt, Uuid as SqlUuid};
use domain::id::{AccountId, ClaimId, PayoutId, RuleBookId, UserId, VillageId};
use domain::ledger::Source;
use domain::payout::{self, Line, Terms};
use domain::points::Points;
use domain::store::RedemptionState;
use uuid::Uuid;

use super::row::PayoutRow;
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::ledger::{self, EntryRow, purses};
use crate::schema::redemptions;

/// How many accounts are read and posted at once: with all entries of their points purses.
const BATCH: usize = 500;

/// Takes the points that these lines are paid for, as far as they are still there, and writes to each line
/// how many.
///
/// # Errors
/// Those of [`ledger::post_in_tx`].
pub(super) fn use_up_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    row: &PayoutRow,
    lines: &[Line],
    (now, by): (DateTime<Utc>, UserId),
) -> Result<(), Error> {
    let terms = row.terms()?;
    if !matches!(terms, Terms::Dividend { uses_up_points: true, .. }) {
        return Ok(());
    }
    let (village, id) = (VillageId(row.village_id), PayoutId(row.id));
    let parts = lines.iter().filter(|line| line.has_part());
    let parts: BTreeMap<AccountId, &Line> = parts.map(|line| (line.of.account, line)).collect();
    let all: Vec<AccountId> = parts.keys().copied().collect();
    // All at once and in their order, before anything is read of their purses.
    ledger::lock_in_tx(tx, village, &all.iter().copied().collect())?;
    let (mut accounts, mut taken): (Vec<Uuid>, Vec<i64>) = (Vec::new(), Vec::new());
    for batch in all.chunks(BATCH) {
        let left = left_in_tx(db, tx, row, &terms, batch)?;
        let postings = batch.iter().filter_map(|account| {
            let points = left.get(account).copied().unwrap_or(Points::ZERO);
            let entry = (row.until_day, id::new());
            parts.get(account).and_then(|line| payout::used_up(&terms, id, line, points, entry))
        });
        for entry in ledger::post_in_tx(tx, village, postings.collect(), now, Some(by))? {
            accounts.push(entry.posting.account.0);
            taken.push(-entry.posting.amount);
        }
    }
    diesel::sql_query(
        "UPDATE payout_lines AS l SET used_up = t.points \
         FROM unnest($1, $2) AS t (account, points) \
         WHERE l.village_id = $3 AND l.payout_id = $4 AND l.reckoning = $5 \
             AND l.account_id = t.account",
    )
    .bind::<Array<SqlUuid>, _>(accounts)
    .bind::<Array<BigInt>, _>(taken)
    .bind::<SqlUuid, _>(village.0)
    .bind::<SqlUuid, _>(id.0)
    .bind::<SmallInt, _>(row.reckoning)
    .execute(tx)?;
    Ok(())
}

/// What is left in the purses of accounts of the points that their parts are paid for, with what waits in a
/// store to be picked up.
fn left_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    row: &PayoutRow,
    terms: &Terms,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Points>, Error> {
    let village = VillageId(row.village_id);
    let mut purses: BTreeMap<AccountId, Vec<EntryRow>> = BTreeMap::new();
    for entry in purses::entries_of(tx, village, accounts)? {
        purses.entry(AccountId(entry.account_id)).or_default().push(entry);
    }
    let held: BTreeSet<Uuid> = redemptions::table
        .filter(redemptions::village_id.eq(village.0))
        .filter(redemptions::account_id.eq_any(accounts.iter().map(|account| account.0)))
        .filter(redemptions::state.eq(RedemptionState::Waiting.as_str()))
        .select(redemptions::id)
        .load(tx)?
        .into_iter()
        .collect();
    let mut counts: BTreeMap<(Uuid, String), bool> = BTreeMap::new();
    let mut left = BTreeMap::new();
    for (account, entries) in purses {
        let mut claims = BTreeSet::new();
        for entry in entries.iter().filter(|entry| is_of_period(row, entry)) {
            let (Some(book), Some(code)) = (entry.rule_book_id, &entry.item_code) else { continue };
            let key = (book, code.clone());
            let counted = match counts.get(&key) {
                Some(counted) => *counted,
                None => {
                    let judged = db.book(tx, village, RuleBookId(book))?;
                    let counted = judged.item(code).is_some_and(|item| terms.counts(item));
                    *counts.entry(key).or_insert(counted)
                }
            };
            if counted {
                claims.insert(ClaimId(entry.source_id));
            }
        }
        let mut movements =
            entries.into_iter().map(purses::movement).collect::<Result<Vec<_>, _>>()?;
        // What waits in a store may come back; then it is used up late.
        movements.retain(
            |moved| !matches!(moved.cause.0, Source::Redemption(id) if held.contains(&id.0)),
        );
        left.insert(account, payout::left_of(&movements, &claims)?);
    }
    Ok(left)
}

/// Whether an entry is of a claim that the reckoning looked at.
fn is_of_period(row: &PayoutRow, entry: &EntryRow) -> bool {
    let claim = Source::Claim(ClaimId(entry.source_id)).code();
    entry.source == claim
        && entry.reverses.is_none()
        && (row.from_day..=row.until_day).contains(&entry.happened_on)
        && entry.recorded_at <= row.as_of
}
