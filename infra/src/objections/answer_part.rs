//! Answering an objection to somebody's part in a payout: it stands, everything is reckoned anew, or the
//! line falls and the others share what it had.

use diesel::prelude::*;
use domain::id::{AccountId, ObjectionId, PayoutId, UserId};
use domain::objection::Verdict;
use domain::payout::State;
use domain::refusal::Refusal;
use serde_json::json;

use super::ObjectionRow;
use super::answer::{Answering, admitted_in_tx, finish_in_tx};
use crate::db::Db;
use crate::error::Error;
use crate::payouts;

pub(super) fn on_part_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    answering: &Answering<'_>,
    row: &ObjectionRow,
) -> Result<(), Error> {
    let Answering { village, said, now, .. } = *answering;
    let (Some(payout), Some(account)) = (row.payout_id, row.account_id) else {
        return Err(Error::Bug("an objection to nothing".into()));
    };
    let (id, account) = (PayoutId(payout), AccountId(account));
    let mut payout = payouts::lock_in_tx(tx, village, id)?;
    payout.state()?.takes_answer()?;
    let found = admitted_in_tx(tx, answering, ObjectionId(row.id), UserId(payout.made_by))?;
    if said.points.is_some() {
        // A part is reckoned, not set.
        return Err(Refusal::CorrectionInvalid.into());
    }
    if said.verdict != Verdict::Upheld {
        let struck = (said.verdict == Verdict::Struck).then_some(account);
        let anew = payouts::reckon_anew_in_tx(db, tx, payout, struck, now)?;
        payout = anew.ok_or(Refusal::CorrectionInvalid)?;
    }
    let data = json!({"payout_id": id, "account_id": account, "payout_title": payout.title});
    finish_in_tx(tx, answering, &found, said.verdict == Verdict::Struck, &data)?;
    if payout.state()? == State::Disputed {
        let open = payouts::objections_open_in_tx(tx, village, id)? > 0;
        payouts::go_on_in_tx(tx, payout, open, now, Some(answering.actor.user))?;
    }
    Ok(())
}
