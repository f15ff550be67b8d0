//! What time does to entries, by the worker.
//!
//! Terms and wishes are found by their day, each round. Whether an entry still has its ground, its fact
//! and its person, is looked at for some in a round, those longest not looked at first, and for each
//! once in [`LOOKED_AT_EVERY`]: the lists ask for themselves whenever they are shown, so what is late
//! here is the message, and nothing else.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::calendar::day_of;
use domain::listing::{Ground, List, RESIDENCES, born_by, may_be_shown};
use domain::person::Residence;
use serde_json::json;
use uuid::Uuid;

use super::fact::{list_fact_stands, stands_in_tx};
use super::person::of_entry;
use super::row::{EntryRow, save_in_tx};
use super::tell::{record_in_tx, tell_in_tx, urge_in_tx};
use crate::db::Db;
use crate::error::Error;
use crate::messages::Kind;
use crate::schema::{list_entries, villagers};

/// How long before its end a wish or objection is urged.
const URGED_BEFORE: Duration = Duration::days(1);
/// How often the worker looks whether an entry has its ground, at most.
const LOOKED_AT_EVERY: Duration = Duration::minutes(5);
/// At how many it looks in a round, at most.
const LOOKED_AT_MAX: i64 = 500;

/// Village and id of an entry.
type EntryKey = (Uuid, Uuid);

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Entries that ended.
    pub ended: usize,
    /// Wishes and objections that were urged.
    pub urged: usize,
}

/// Ends entries whose term is over, whose ground is gone, or whose removal nobody saw to in time; and
/// urges what is to be answered within a day. At most so many of each; several processes may do it at
/// once. Each entry is a transaction, and one that fails does not keep the others waiting.
///
/// # Errors
/// [`Error::Unavailable`]; the first failure of an entry, after the others were seen to.
pub fn end(db: &Db, now: DateTime<Utc>, most: i64) -> Result<Ended, Error> {
    let mut over = db.read(|c| over(c, now, most))?;
    let looked_at = db.write(|tx| take_in_tx(tx, now))?;
    over.extend(db.read(|c| groundless(c, &looked_at, now))?);
    let to_urge = db.read(|c| to_urge(c, now, most))?;
    let (mut done, mut failed) = (Ended::default(), None);
    for (keys, count, each) in [
        (over, &mut done.ended, end_in_tx as Each),
        (to_urge, &mut done.urged, urge_one_in_tx as Each),
    ] {
        for key in keys {
            match db.write(|tx| each(tx, key, now)) {
                Ok(changed) => *count += usize::from(changed),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
    }
    failed.map_or(Ok(done), Err)
}

type Each = fn(&mut PgConnection, EntryKey, DateTime<Utc>) -> Result<bool, Error>;

/// Entries whose term is over, and praise whose removal nobody saw to.
fn over(c: &mut PgConnection, now: DateTime<Utc>, most: i64) -> Result<Vec<EntryKey>, Error> {
    let mut keys: Vec<EntryKey> = list_entries::table
        .filter(list_entries::looked_at.is_not_null())
        .filter(list_entries::shown_until.lt(day_of(now)))
        .order(list_entries::shown_until)
        .limit(most)
        .select((list_entries::village_id, list_entries::id))
        .load(c)?;
    let wished: Vec<EntryKey> = list_entries::table
        .filter(list_entries::looked_at.is_not_null())
        .filter(list_entries::list.eq(List::Honor.as_str()))
        .filter(list_entries::removal_answered_at.is_null())
        .filter(list_entries::removal_due_at.le(now))
        .order(list_entries::removal_due_at)
        .limit(most)
        .select((list_entries::village_id, list_entries::id))
        .load(c)?;
    keys.extend(wished);
    Ok(keys)
}

/// Takes the entries that were not looked at for the longest time, and marks them as looked at: before
/// anything is done, so that one that fails comes last the next time.
fn take_in_tx(tx: &mut PgConnection, now: DateTime<Utc>) -> Result<Vec<EntryKey>, Error> {
    let keys: Vec<EntryKey> = list_entries::table
        .filter(list_entries::looked_at.le(now - LOOKED_AT_EVERY))
        .order(list_entries::looked_at)
        .limit(LOOKED_AT_MAX)
        .select((list_entries::village_id, list_entries::id))
        .for_no_key_update()
        .skip_locked()
        .load(tx)?;
    diesel::update(list_entries::table)
        .filter(list_entries::village_id.eq_any(keys.iter().map(|(village, _)| *village)))
        .filter(list_entries::id.eq_any(keys.iter().map(|(_, id)| *id)))
        .set(list_entries::looked_at.eq(now))
        .execute(tx)?;
    Ok(keys)
}

/// Those of these entries whose fact is gone, or whose person may not be shown any more.
fn groundless(
    c: &mut PgConnection,
    keys: &[EntryKey],
    now: DateTime<Utc>,
) -> Result<Vec<EntryKey>, Error> {
    let stands = list_fact_stands(
        list_entries::village_id,
        list_entries::list,
        list_entries::fact,
        list_entries::fact_id,
        list_entries::account_id,
        list_entries::stars,
        list_entries::person_id,
    );
    // As domain::listing::may_be_shown.
    let grown = villagers::born_on.le(born_by(day_of(now))).is_not_distinct_from(true);
    let fit = villagers::residence.eq_any(RESIDENCES.map(Residence::as_str));
    Ok(list_entries::table
        .inner_join(
            villagers::table.on(villagers::village_id
                .eq(list_entries::village_id)
                .and(villagers::id.eq(list_entries::person_id))),
        )
        .filter(list_entries::village_id.eq_any(keys.iter().map(|(village, _)| *village)))
        .filter(list_entries::id.eq_any(keys.iter().map(|(_, id)| *id)))
        .filter(diesel::dsl::not(stands.and(grown).and(fit)))
        .select((list_entries::village_id, list_entries::id))
        .load(c)?)
}

fn to_urge(c: &mut PgConnection, now: DateTime<Utc>, most: i64) -> Result<Vec<EntryKey>, Error> {
    Ok(list_entries::table
        .filter(list_entries::looked_at.is_not_null())
        .filter(list_entries::removal_answered_at.is_null())
        .filter(list_entries::removal_urged_at.is_null())
        .filter(list_entries::removal_due_at.le(now + URGED_BEFORE))
        .order(list_entries::removal_due_at)
        .limit(most)
        .select((list_entries::village_id, list_entries::id))
        .load(c)?)
}

/// Locks an entry, unless another process has it in hand.
fn lock_in_tx(tx: &mut PgConnection, key: EntryKey) -> Result<Option<EntryRow>, Error> {
    Ok(list_entries::table
        .find(key)
        .select(EntryRow::as_select())
        .for_no_key_update()
        .skip_locked()
        .first(tx)
        .optional()?)
}

fn end_in_tx(tx: &mut PgConnection, key: EntryKey, now: DateTime<Utc>) -> Result<bool, Error> {
    let Some(mut row) = lock_in_tx(tx, key)? else { return Ok(false) };
    let ground = Ground {
        fact_stands: stands_in_tx(tx, &row)?,
        person_fit: may_be_shown(&of_entry(tx, &row)?, day_of(now)).is_ok(),
    };
    let Some(why) = row.entry()?.ends(ground, now) else { return Ok(false) };
    row.end(why, now);
    save_in_tx(tx, &mut row)?;
    tell_in_tx(tx, &row, Kind::ListEntryEnded, json!({"why": why.as_str()}), now)?;
    record_in_tx(tx, &row, None, "list_entry_end", None, now)?;
    Ok(true)
}

fn urge_one_in_tx(tx: &mut PgConnection, key: EntryKey, now: DateTime<Utc>) -> Result<bool, Error> {
    let Some(mut row) = lock_in_tx(tx, key)? else { return Ok(false) };
    let waits = row.entry()?.removal_due_at.is_some_and(|due| due <= now + URGED_BEFORE);
    if !waits || row.removal_urged_at.is_some() || row.ended_at.is_some() {
        return Ok(false);
    }
    row.removal_urged_at = Some(now);
    save_in_tx(tx, &mut row)?;
    urge_in_tx(tx, &row, now)?;
    Ok(true)
}
