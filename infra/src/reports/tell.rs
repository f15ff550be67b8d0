//! Telling people what became of a report. Nothing here tells anybody who reported it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{ReportId, UserId, VillagerId};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::row::Kept;
use super::same;
use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::schema::{report_reporters, reports};
use crate::villagers;

/// What a message says besides what the report is about.
pub(super) type More = Map<String, Value>;

/// One field more.
pub(super) fn with(name: &str, value: impl Into<Value>) -> More {
    More::from_iter([(name.to_owned(), value.into())])
}

/// The report of which a message tells: its id, what its category was called, and its place.
type Of<'a> = (ReportId, &'a str, &'a str);

fn data(kept: &Kept, (id, category_name, place): Of<'_>, mut more: More) -> Value {
    more.insert("report_id".into(), json!(id));
    more.insert("kind".into(), json!(kept.report.kind));
    more.insert("category_name".into(), json!(category_name));
    more.insert("place".into(), json!(place));
    Value::Object(more)
}

/// Tells villagers what is written in a report: those who deal with it, or, once it passed the check,
/// those whom it is about.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn villager_in_tx(
    tx: &mut PgConnection,
    kept: &Kept,
    to: &[VillagerId],
    kind: Kind,
    more: &More,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let of = (kept.report.id, kept.category_name.as_str(), kept.report.place.as_str());
    let message = |to: &VillagerId| Message { to: *to, kind, data: data(kept, of, more.clone()) };
    let list: Vec<_> = to.iter().map(message).collect();
    messages::leave_in_tx(tx, kept.report.village, &list, now)
}

/// Tells whoever reported it, and whoever reported the same: each of their own report, with the place
/// that they wrote themselves. What another wrote may not have passed the check.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn reporters_in_tx(
    tx: &mut PgConnection,
    kept: &Kept,
    kind: Kind,
    more: &More,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (village, main) = (kept.report.village, kept.report.id);
    let all = same::all(tx, village, main)?;
    let theirs = reports::village_id
        .eq(report_reporters::village_id)
        .and(reports::id.eq(report_reporters::report_id));
    let rows: Vec<(Uuid, Uuid, String, String)> = report_reporters::table
        .inner_join(reports::table.on(theirs))
        .filter(report_reporters::village_id.eq(village.0))
        .filter(report_reporters::report_id.eq_any(all))
        .select((
            report_reporters::report_id,
            report_reporters::user_id,
            reports::category_name,
            reports::place,
        ))
        .load(tx)?;
    let mut list = Vec::with_capacity(rows.len());
    for (report, user, category_name, place) in rows {
        // The villager that they are now: somebody else may have been bound to the one they were.
        let Some(to) = villagers::of_user(tx, village, UserId(user))? else { continue };
        let data = data(kept, (ReportId(report), &category_name, &place), more.clone());
        list.push(Message { to, kind, data });
    }
    messages::leave_in_tx(tx, village, &list, now)
}
