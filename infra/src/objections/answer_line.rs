//! Answering an objection to the line of a rating: it stands, is reckoned anew, or falls.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::id::{AccountId, ObjectionId, RatingId, RuleBookId, UserId};
use domain::objection::Verdict;
use domain::person::Track;
use domain::rating::{self, Effective, Exclusion, Line};
use domain::rating_line::{self, LineOutcome, LineState};
use domain::refusal::Refusal;
use domain::rule_book::Grade;
use serde_json::json;
use uuid::Uuid;

use super::ObjectionRow;
use super::answer::{Answering, admitted_in_tx, finish_in_tx};
use crate::db::Db;
use crate::error::Error;
use crate::ledger;
use crate::ratings::effect::line_takes_effect_in_tx;
use crate::ratings::{LineRow, rated_members};
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
    let mut standing = None;
    let outcome = match said.verdict {
        Verdict::Upheld => LineOutcome::Upheld,
        Verdict::Struck => LineOutcome::Struck,
        Verdict::Corrected => {
            let cycle: Cycle =
                cycle.parse().map_err(|_| Error::Bug(format!("a rating of the cycle {cycle}")))?;
            let book = db.book(tx, village, RuleBookId(book))?;
            // Nothing is recorded meanwhile, so that the line can be reckoned again as of this moment.
            let as_of = ledger::moment_in_tx(tx, village, &[account].into(), now)?;
            let anew = scores::standing(tx, village, account, cycle, as_of, &book)?;
            let line = rating::rate(&book, cycle, &anew)?;
            standing = Some((as_of, anew));
            LineOutcome::Corrected(line)
        }
    };
    let (next, line) = rating_line::answer(state, line, outcome, !found.others.is_empty())?;
    let anew = standing.as_ref().map(|(as_of, standing)| (*as_of, &standing.effective));
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
    let row: LineRow =
        rating_lines::table.find(key).select(LineRow::as_select()).for_no_key_update().first(tx)?;
    let known = LineState::from_name(&row.state)
        .ok_or_else(|| Error::Bug(format!("a rating line that is {}", row.state)))?;
    Ok((known, row.line()?))
}

/// Writes the line, which is locked; `anew` is when it was reckoned again, and from what.
fn save_in_tx(
    tx: &mut PgConnection,
    key: (Uuid, Uuid, Uuid),
    state: LineState,
    line: &Line,
    anew: Option<(DateTime<Utc>, &Effective)>,
) -> Result<(), Error> {
    diesel::update(rating_lines::table.find(key))
        .set((
            rating_lines::state.eq(state.as_str()),
            rating_lines::score.eq(line.score.hundredths()),
            rating_lines::stars.eq(i16::from(line.star.get())),
            rating_lines::track.eq(line.track.map(Track::as_str)),
            rating_lines::grade.eq(line.grade.map(Grade::as_str)),
            rating_lines::direct_grade_id.eq(line.direct_grade.map(|claim| claim.0)),
            rating_lines::excluded.eq(line.excluded.map(Exclusion::as_str)),
        ))
        .execute(tx)?;
    if let Some((as_of, effective)) = anew {
        diesel::update(rating_lines::table.find(key))
            .set((
                rating_lines::corrected_as_of.eq(as_of),
                rating_lines::rated_members.eq(rated_members(effective)),
                rating_lines::head_id.eq(effective.head.map(|head| head.0)),
            ))
            .execute(tx)?;
    }
    Ok(())
}
