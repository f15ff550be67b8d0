//! Hearing what WeChat says, whenever and however often it says it.
//!
//! Each question has WeChat's name, the trace id. The answer about a photo may arrive before the
//! question's name was written down, or after whoever asked was killed; so the answer is kept under
//! its name and counts as soon as both are known. Both sides write the same row, one after the other.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::content::Answer;
use domain::id::VillageId;
use uuid::Uuid;

use super::change::Locked;
use crate::error::Error;
use crate::schema::content_traces;

/// What WeChat said about something that it was asked.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) trace_id: String,
    pub(super) answer: Answer,
    pub(super) label: Option<i32>,
}

/// What came of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It changed the check.
    Counted,
    /// It was written down and changed nothing: a person had decided, or it said nothing new.
    Recorded,
    /// Nobody asked that, yet: it is kept for when somebody says so.
    Unasked,
    /// It was heard before.
    Repeated,
}

/// Hears an answer of WeChat about a photo.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn heard_in_tx(
    tx: &mut PgConnection,
    trace_id: &str,
    (answer, label): (Answer, Option<i32>),
    now: DateTime<Utc>,
) -> Result<Heard, Error> {
    let said = Said { trace_id: trace_id.to_owned(), answer, label };
    use diesel::query_dsl::methods::FilterDsl;
    let upsert = diesel::insert_into(content_traces::table)
        .values((content_traces::trace_id.eq(trace_id), answered(&said, now)))
        .on_conflict(content_traces::trace_id)
        .do_update()
        .set(answered(&said, now));
    // Only the first answer under a name is written.
    let first = FilterDsl::filter(upsert, content_traces::answered_at.is_null())
        .returning((content_traces::village_id, content_traces::check_id))
        .get_result::<(Option<Uuid>, Option<Uuid>)>(tx)
        .optional()?;
    match first {
        None => Ok(Heard::Repeated),
        Some((Some(village), Some(check))) => {
            count_in_tx(tx, VillageId(village), check, &said, now)
        }
        Some(_) => Ok(Heard::Unasked),
    }
}

type Answered = (
    diesel::dsl::Eq<content_traces::answer, Option<&'static str>>,
    diesel::dsl::Eq<content_traces::label, Option<i32>>,
    diesel::dsl::Eq<content_traces::answered_at, Option<DateTime<Utc>>>,
);

fn answered(said: &Said, now: DateTime<Utc>) -> Answered {
    (
        content_traces::answer.eq(Some(said.answer.as_str())),
        content_traces::label.eq(said.label),
        content_traces::answered_at.eq(Some(now)),
    )
}

/// Writes down that a photo was asked about under this name. If the answer is there already, it
/// counts now.
pub(super) fn asked_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    check: Uuid,
    trace_id: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let asked = (
        content_traces::village_id.eq(village.0),
        content_traces::check_id.eq(check),
        content_traces::asked_at.eq(now),
    );
    let (answer, label): (Option<String>, Option<i32>) = diesel::insert_into(content_traces::table)
        .values((content_traces::trace_id.eq(trace_id), asked))
        .on_conflict(content_traces::trace_id)
        .do_update()
        .set(asked)
        .returning((content_traces::answer, content_traces::label))
        .get_result(tx)?;
    let Some(answer) = answer else { return Ok(()) };
    let answer = Answer::from_name(&answer)
        .ok_or_else(|| Error::Bug(format!("unknown answer of WeChat: {answer}")))?;
    let said = Said { trace_id: trace_id.to_owned(), answer, label };
    count_in_tx(tx, village, check, &said, now)?;
    Ok(())
}

/// Writes down what WeChat said at once, about a text, and lets it count.
pub(super) fn told_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    check: Uuid,
    (answer, label): (Answer, Option<i32>),
    traces: &[Said],
    now: DateTime<Utc>,
) -> Result<Heard, Error> {
    for said in traces {
        let asked = (
            content_traces::village_id.eq(village.0),
            content_traces::check_id.eq(check),
            content_traces::asked_at.eq(now),
        );
        diesel::insert_into(content_traces::table)
            .values((content_traces::trace_id.eq(&said.trace_id), asked, answered(said, now)))
            .on_conflict_do_nothing()
            .execute(tx)?;
    }
    let locked = Locked::in_tx(tx, village, check)?;
    let heard = locked.check.heard(answer);
    let names: Vec<&str> = traces.iter().map(|said| said.trace_id.as_str()).collect();
    note_in_tx(tx, &names, heard.is_some())?;
    match heard {
        None => Ok(Heard::Recorded),
        Some(check) => {
            locked.becomes_in_tx(tx, check, label, now)?;
            Ok(Heard::Counted)
        }
    }
}

fn count_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    check: Uuid,
    said: &Said,
    now: DateTime<Utc>,
) -> Result<Heard, Error> {
    let locked = Locked::in_tx(tx, village, check)?;
    let heard = locked.check.heard(said.answer);
    note_in_tx(tx, &[&said.trace_id], heard.is_some())?;
    match heard {
        None => Ok(Heard::Recorded),
        Some(check) => {
            locked.becomes_in_tx(tx, check, said.label, now)?;
            Ok(Heard::Counted)
        }
    }
}

fn note_in_tx(tx: &mut PgConnection, traces: &[&str], counted: bool) -> Result<(), Error> {
    diesel::update(content_traces::table.filter(content_traces::trace_id.eq_any(traces)))
        .set(content_traces::counted.eq(counted))
        .execute(tx)?;
    Ok(())
}
