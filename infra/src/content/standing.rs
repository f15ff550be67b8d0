//! Whether others may see things.

use std::collections::BTreeMap;

use diesel::prelude::*;
use domain::content::{Standing, State};
use domain::id::VillageId;
use uuid::Uuid;

use crate::error::Error;
use crate::schema::content_checks;

/// The standing of things, by their ids. Every one that was asked about is there: without any check it
/// waits.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn standing_in(
    c: &mut PgConnection,
    village: VillageId,
    subjects: &[Uuid],
) -> Result<BTreeMap<Uuid, Standing>, Error> {
    let rows: Vec<(Uuid, String)> = content_checks::table
        .filter(content_checks::village_id.eq(village.0))
        .filter(content_checks::subject_id.eq_any(subjects))
        .select((content_checks::subject_id, content_checks::state))
        .load(c)?;
    let mut states: BTreeMap<Uuid, Vec<State>> =
        subjects.iter().map(|subject| (*subject, Vec::new())).collect();
    for (subject, state) in rows {
        let state = State::from_name(&state)
            .ok_or_else(|| Error::Bug(format!("unknown state of a check: {state}")))?;
        states.entry(subject).or_default().push(state);
    }
    Ok(states.into_iter().map(|(subject, states)| (subject, Standing::of(states))).collect())
}
