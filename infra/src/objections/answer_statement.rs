//! Answering an objection to a statement of the fund: it stands or falls as a whole.

use diesel::prelude::*;
use domain::id::{FundStatementId, ObjectionId, UserId};
use domain::objection::Verdict;
use domain::refusal::Refusal;
use serde_json::json;

use super::ObjectionRow;
use super::answer::{Answering, admitted_in_tx, finish_in_tx};
use crate::error::Error;
use crate::funds::statements;

pub(super) fn in_tx(
    tx: &mut PgConnection,
    answering: &Answering<'_>,
    row: &ObjectionRow,
) -> Result<(), Error> {
    let Answering { village, said, actor, .. } = *answering;
    let id = row.fund_statement_id.map(FundStatementId);
    let id = id.ok_or_else(|| Error::Bug("an objection to nothing".into()))?;
    let statement = statements::lock_in_tx(tx, village, id)?;
    let drawn_by = UserId(statement.drawn_by);
    let found = admitted_in_tx(tx, answering, ObjectionId(row.id), drawn_by)?;
    if statement.published_by == Some(actor.user.0) {
        // Who put it up checked it.
        return Err(Refusal::AlreadyDecided.into());
    }
    if said.points.is_some() {
        return Err(Refusal::CorrectionInvalid.into());
    }
    let next = statement.state()?.answered(said.verdict, !found.others.is_empty())?;
    statements::save_state_in_tx(tx, village, id, next)?;
    let facts = json!({"fund_statement_id": id, "period": statement.period});
    finish_in_tx(tx, answering, &found, said.verdict == Verdict::Struck, &facts)
}
