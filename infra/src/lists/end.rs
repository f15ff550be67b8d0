//! What time does to entries, by the worker.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::calendar::day_of;
use domain::listing::{Ending, List};
use serde_json::json;

use super::row::{EntryRow, save_in_tx};
use super::show::list_fact_stands;
use super::tell::{record_in_tx, tell_in_tx, urge_in_tx};
use crate::db::Db;
use crate::error::Error;
use crate::messages::Kind;
use crate::schema::list_entries;

/// How long before its end a wish or objection is urged.
const URGED_BEFORE: Duration = Duration::days(1);

/// What a round did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Entries that ended.
    pub ended: usize,
    /// Wishes and objections that were urged.
    pub urged: usize,
}

/// Ends entries whose term is over, whose fact is gone, or whose removal nobody saw to in time; and
/// urges what is to be answered within a day. At most so many of each; several processes may do it at
/// once, and each entry is one transaction's.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn end(db: &Db, now: DateTime<Utc>, most: i64) -> Result<Ended, Error> {
    let ended = db.write(|tx| end_in_tx(tx, now, most))?;
    let urged = db.write(|tx| urge_all_in_tx(tx, now, most))?;
    Ok(Ended { ended, urged })
}

fn end_in_tx(tx: &mut PgConnection, now: DateTime<Utc>, most: i64) -> Result<usize, Error> {
    let today = day_of(now);
    let overdue = list_entries::list
        .eq(List::Honor.as_str())
        .and(list_entries::removal_answered_at.is_null())
        .and(list_entries::removal_due_at.le(now));
    let stands = list_fact_stands(
        list_entries::village_id,
        list_entries::list,
        list_entries::fact,
        list_entries::fact_id,
        list_entries::household_id,
        list_entries::stars,
    );
    let rows: Vec<EntryRow> = list_entries::table
        .filter(list_entries::state.eq_any(["proposed", "approved"]))
        .filter(
            list_entries::shown_until
                .lt(today)
                .or(overdue.nullable())
                .or(diesel::dsl::not(stands).nullable()),
        )
        .order((list_entries::village_id, list_entries::id))
        .limit(most)
        .select(EntryRow::as_select())
        .for_no_key_update()
        .skip_locked()
        .load(tx)?;
    let count = rows.len();
    for mut row in rows {
        let unanswered = row.removal_answered_at.is_none();
        let wished = row.removal_due_at.is_some_and(|due| due <= now && unanswered);
        let why = if row.shown_until.is_some_and(|until| until < today) {
            Ending::Expired
        } else if wished && row.list()? == List::Honor {
            Ending::RemovalOverdue
        } else {
            Ending::FactGone
        };
        row.end(why, now);
        save_in_tx(tx, &mut row)?;
        tell_in_tx(tx, &row, Kind::ListEntryEnded, json!({"why": why.as_str()}), now)?;
        record_in_tx(tx, &row, None, "list_entry_end", None, now)?;
    }
    Ok(count)
}

fn urge_all_in_tx(tx: &mut PgConnection, now: DateTime<Utc>, most: i64) -> Result<usize, Error> {
    let rows: Vec<EntryRow> = list_entries::table
        .filter(list_entries::state.eq_any(["proposed", "approved"]))
        .filter(list_entries::removal_asked_at.is_not_null())
        .filter(list_entries::removal_answered_at.is_null())
        .filter(list_entries::removal_urged_at.is_null())
        .filter(list_entries::removal_due_at.le(now + URGED_BEFORE))
        .order(list_entries::removal_due_at)
        .limit(most)
        .select(EntryRow::as_select())
        .for_no_key_update()
        .skip_locked()
        .load(tx)?;
    let count = rows.len();
    for mut row in rows {
        row.removal_urged_at = Some(now);
        save_in_tx(tx, &mut row)?;
        urge_in_tx(tx, &row, now)?;
    }
    Ok(count)
}
