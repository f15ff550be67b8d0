//! From when on purchases are a signal, village by village. It is set by those above the village: whoever
//! is watched does not set the lines.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::VillageId;
use domain::policy::{Action, Target, allows};
use domain::signal::Lines;
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::schema::signal_lines;

/// The lines of a village, and since when; none of that where nobody set them.
#[derive(Clone, Copy, Debug)]
pub struct SetLines {
    /// The lines.
    pub lines: Lines,
    /// When they were set.
    pub set_at: Option<DateTime<Utc>>,
}

/// The lines of a village.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn lines_of(db: &Db, actor: &Actor, village: VillageId) -> Result<SetLines, Error> {
    allows(actor, Action::SignalLinesShow, &Target::village(db.place(village)?))?;
    db.read(|c| found(c, village))
}

/// Sets the lines of a village, for days that are looked through from now on.
///
/// # Errors
/// Those of [`Lines::check`]; `forbidden`, `not_found`.
pub fn set_lines(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    lines: Lines,
    now: DateTime<Utc>,
) -> Result<SetLines, Error> {
    let permit = allows(actor, Action::SignalLinesSet, &Target::village(db.place(village)?))?;
    lines.check()?;
    let stored = serde_json::to_value(lines).map_err(|error| Error::Bug(error.to_string()))?;
    db.write(|tx| {
        let row = (
            signal_lines::lines.eq(&stored),
            signal_lines::set_by.eq(actor.user.0),
            signal_lines::set_at.eq(now),
        );
        diesel::insert_into(signal_lines::table)
            .values((signal_lines::village_id.eq(village.0), row))
            .on_conflict(signal_lines::village_id)
            .do_update()
            .set(row)
            .execute(tx)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "signal_lines_set",
                subject: None::<Uuid>,
                reason: None,
                detail: Some(json!({"lines": stored})),
            },
        )?;
        Ok(SetLines { lines, set_at: Some(now) })
    })
}

/// The lines of a village, for the worker.
pub(super) fn lines_in(c: &mut PgConnection, village: VillageId) -> Result<Lines, Error> {
    Ok(found(c, village)?.lines)
}

fn found(c: &mut PgConnection, village: VillageId) -> Result<SetLines, Error> {
    let row: Option<(serde_json::Value, DateTime<Utc>)> = signal_lines::table
        .find(village.0)
        .select((signal_lines::lines, signal_lines::set_at))
        .first(c)
        .optional()?;
    let Some((lines, set_at)) = row else {
        return Ok(SetLines { lines: Lines::default(), set_at: None });
    };
    let lines = serde_json::from_value(lines)
        .map_err(|_| Error::Bug("stored lines of signals that cannot be read".into()))?;
    Ok(SetLines { lines, set_at: Some(set_at) })
}
