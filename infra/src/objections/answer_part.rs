//! Answering an objection to somebody's part in a payout: it stands, everything is reckoned anew, or the
//! line falls and the others share what it had.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::id::{AccountId, ObjectionId, PayoutId, UserId, VillageId};
use domain::objection::Verdict;
use domain::payout::State;
use domain::refusal::Refusal;
use serde_json::json;

use super::ObjectionRow;
use super::answer::{Answer, Answering, Found, admitted_in_tx, finish_in_tx};
use crate::db::Db;
use crate::error::Error;
use crate::payouts::{self, Anew, PayoutRow};
use crate::schema::objections;

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
    let mut found = admitted_in_tx(tx, answering, ObjectionId(row.id), UserId(payout.made_by))?;
    if said.points.is_some() {
        // A part is reckoned, not set.
        return Err(Refusal::CorrectionInvalid.into());
    }
    if said.verdict != Verdict::Upheld {
        let struck = (said.verdict == Verdict::Struck).then_some(account);
        payout = match payouts::reckon_anew_in_tx(db, tx, payout.clone(), struck, now) {
            Ok(Anew { changed: false, .. }) => return Err(Refusal::CorrectionInvalid.into()),
            Ok(Anew { row, .. }) => row,
            // Nobody is left who earned anything: nothing comes of the whole plan, nor of what others said
            // against it.
            Err(Error::Refused(Refusal::NobodyEarned)) => {
                let others = open_in_tx(tx, village, id)?;
                found.others = others.into_iter().filter(|one| one.id != found.row.id).collect();
                payouts::fall_in_tx(tx, payout, &said.text, now)?
            }
            Err(error) => return Err(error),
        };
    }
    let data = json!({"payout_id": id, "account_id": account, "payout_title": payout.title});
    let fell = payout.state()? == State::Withdrawn;
    finish_in_tx(tx, answering, &found, fell || said.verdict == Verdict::Struck, &data)?;
    if payout.state()? == State::Disputed {
        let open = payouts::objections_open_in_tx(tx, village, id)? > 0;
        payouts::go_on_in_tx(tx, payout, open, now, Some(answering.actor.user))?;
    }
    Ok(())
}

/// The objections to a payout that wait for an answer.
fn open_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: PayoutId,
) -> Result<Vec<ObjectionRow>, Error> {
    Ok(objections::table
        .filter(objections::village_id.eq(village.0))
        .filter(objections::payout_id.eq(id.0))
        .filter(objections::answered_at.is_null())
        .order(objections::id)
        .select(ObjectionRow::as_select())
        .load(tx)?)
}

/// A payout was taken back: what was said against it is answered by that, and whoever said it is told why.
///
/// # Errors
/// [`Error::LostRace`] if one of them was answered meanwhile.
pub(crate) fn payout_fell_in_tx(
    tx: &mut PgConnection,
    (actor, role): (&Actor, Role),
    payout: &PayoutRow,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (village, id) = (VillageId(payout.village_id), PayoutId(payout.id));
    let mut open = open_in_tx(tx, village, id)?.into_iter();
    let Some(row) = open.next() else { return Ok(()) };
    let found = Found { row, others: open.collect() };
    let said = Answer { verdict: Verdict::Struck, points: None, text: reason.to_owned() };
    let answering = Answering { village, actor, role, said: &said, now };
    let data = json!({"payout_id": id, "payout_title": payout.title});
    finish_in_tx(tx, &answering, &found, true, &data)
}
