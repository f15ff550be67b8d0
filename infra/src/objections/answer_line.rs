//! Answering an objection to the line of a rating: it stands, is reckoned anew, or falls.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::id::{AccountId, ObjectionId, RatingId, RuleBookId, UserId};
use domain::objection::Verdict;
use domain::rating::{self, Line};
use domain::rating_line::{self, LineOutcome, LineState};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::ObjectionRow;
use super::answer::{Answering, admitted_in_tx, finish_in_tx};
use crate::db::Db;
use crate::error::Error;
use crate::ratings::effect::{line_of, line_takes_effect_in_tx};
use crate::schema::{rating_lines, ratings};
use crate::scores;

pub(super) fn on_line_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    answering: &Answering<'_>,
    row: &ObjectionRow,
) -> Result<(), Error> {
    let Answering { village, said, now, .. } = *answering;
    let (Some(rating), Some(account)) = (row.rating_id, row.account_id) else {
        return Err(Error::Bug("an objection to nothing".into()));
    };
    let (rating, account) = (RatingId(rating), AccountId(account));
    let (state, line) = lock_in_tx(tx, (village.0, rating.0, account.0))?;
    let (computed_by, book, cycle): (Uuid, Uuid, String) = ratings::table
        .find((village.0, rating.0))
        .select((ratings::computed_by, ratings::rule_book_id, ratings::cycle))
        .first(tx)?;
    let found = admitted_in_tx(tx, answering, ObjectionId(row.id), UserId(computed_by))?;
    if said.points.is_some() {
        // A line is reckoned, not set.
        return Err(Refusal::CorrectionInvalid.into());
    }
    let outcome = match said.verdict {
        Verdict::Upheld => LineOutcome::Upheld,
        Verdict::Struck => LineOutcome::Struck,
        Verdict::Corrected => {
            let cycle: Cycle =
                cycle.parse().map_err(|_| Error::Bug(format!("a rating of the cycle {cycle}")))?;
            let standing = scores::standing(tx, village, account, cycle)?;
            let book = db.book(tx, village, RuleBookId(book))?;
            LineOutcome::Corrected(rating::rate(&book, &standing)?)
        }
    };
    let (next, line) = rating_line::answer(state, line, outcome, !found.others.is_empty())?;
    let anew = matches!(outcome, LineOutcome::Corrected(_)).then_some(now);
    save_in_tx(tx, (village.0, rating.0, account.0), next, &line, anew)?;
    if next == LineState::Effective {
        let by = Some(answering.actor.user);
        line_takes_effect_in_tx(db, tx, village, rating, &line, now, by)?;
    }
    let facts = json!({
        "rating_id": rating, "account_id": account, "cycle": cycle,
        "score": line.score, "stars": line.star,
    });
    finish_in_tx(tx, answering, &found, outcome == LineOutcome::Struck, &facts)
}

fn lock_in_tx(tx: &mut PgConnection, key: (Uuid, Uuid, Uuid)) -> Result<(LineState, Line), Error> {
    let (state, account, household, score, stars, excluded): (
        String,
        Uuid,
        Uuid,
        i64,
        i16,
        Option<String>,
    ) = rating_lines::table
        .find(key)
        .select((
            rating_lines::state,
            rating_lines::account_id,
            rating_lines::household_id,
            rating_lines::score,
            rating_lines::stars,
            rating_lines::excluded,
        ))
        .for_no_key_update()
        .first(tx)?;
    let known = LineState::from_name(&state)
        .ok_or_else(|| Error::Bug(format!("a rating line that is {state}")))?;
    Ok((known, line_of((account, household, score, stars, excluded))?))
}

/// Writes the line, which is locked; `anew` is when it was reckoned again.
fn save_in_tx(
    tx: &mut PgConnection,
    key: (Uuid, Uuid, Uuid),
    state: LineState,
    line: &Line,
    anew: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    let excluded = line.excluded.map(serde_json::to_value).transpose();
    let excluded = excluded.map_err(|error| Error::Bug(error.to_string()))?;
    diesel::update(rating_lines::table.find(key))
        .set((
            rating_lines::state.eq(state.as_str()),
            rating_lines::score.eq(line.score.hundredths()),
            rating_lines::stars.eq(i16::from(line.star.get())),
            rating_lines::excluded.eq(excluded.as_ref().and_then(|name| name.as_str())),
        ))
        .execute(tx)?;
    if let Some(anew) = anew {
        diesel::update(rating_lines::table.find(key))
            .set(rating_lines::corrected_as_of.eq(anew))
            .execute(tx)?;
    }
    Ok(())
}
