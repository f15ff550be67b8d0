//! Postings of a rating, together with the stars that accounts carry from then on: one statement and
//! one new version of an account's row for both.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{AccountId, UserId, VillageId, VillagerId};
use domain::ledger::{Balances, Entry, Posting, Sheet};
use domain::rule_book::Star;
use uuid::Uuid;

use super::append_in_tx;
use crate::error::Error;
use crate::schema::accounts;

/// Accounts that are locked until the transaction ends, with what a rating asks of them.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Their balances.
    pub sheet: Sheet,
    /// The cycle of the star that each carries, if any.
    pub cycles: BTreeMap<AccountId, String>,
    /// Whose they are, where each person has an account.
    pub villagers: BTreeMap<AccountId, VillagerId>,
}

/// The stars that accounts carry from now on.
#[derive(Clone, Copy, Debug)]
pub struct Stars<'a> {
    /// The star of each.
    pub by_account: &'a BTreeMap<AccountId, Star>,
    /// The cycle in which they were earned, written `2026-Q3`.
    pub cycle: &'a str,
}

/// Locks accounts as [`super::lock_in_tx`] does.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn hold_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    ids: &BTreeSet<AccountId>,
) -> Result<Held, Error> {
    type Row = (Uuid, i64, i64, i64, i64, Option<String>, Option<Uuid>);
    let rows: Vec<Row> = accounts::table
        .filter(accounts::village_id.eq(village.0))
        .filter(accounts::id.eq_any(ids.iter().map(|id| id.0)))
        .order(accounts::id)
        .select((
            accounts::id,
            accounts::score,
            accounts::points,
            accounts::star_credit,
            accounts::version,
            accounts::stars_cycle,
            accounts::villager_id,
        ))
        .for_no_key_update()
        .load(tx)?;
    let mut held = Held::default();
    for (id, score, points, star_credit, version, cycle, villager) in rows {
        let id = AccountId(id);
        held.sheet.0.insert(id, Balances { score, points, star_credit, version });
        held.cycles.extend(cycle.map(|cycle| (id, cycle)));
        held.villagers.extend(villager.map(|villager| (id, VillagerId(villager))));
    }
    Ok(held)
}

/// Posts what a rating brings to accounts that are held, and has them carry its stars: all of it or
/// nothing. No posting moves a score. Answers the entries.
///
/// # Errors
/// Those of [`Sheet::post`].
pub fn post_with_stars_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    held: &Held,
    postings: Vec<Posting>,
    stars: Stars<'_>,
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<Vec<Entry>, Error> {
    let mut after = held.sheet.clone();
    let done = after.post(postings)?;
    append_in_tx(tx, village, (&held.sheet, &after), &done, Some(stars), (now, by))?;
    Ok(done)
}
