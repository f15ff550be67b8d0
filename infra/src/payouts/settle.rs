//! The notice of a payout is over: it waits for answers, hangs once more, or takes effect.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{AccountId, NoticeId, PayoutId, UserId, VillageId};
use domain::ledger::Posting;
use domain::notice::LINES_MAX;
use domain::payout::{Line, Next, State, settle, used_up};
use serde_json::json;
use uuid::Uuid;

use super::row::{LineRow, PayoutRow, lines_of, lock_in_tx, save_in_tx};
use super::shown::receivers;
use crate::error::Error;
use crate::id;
use crate::ledger;
use crate::messages::{self, Kind, Message};
use crate::notices::{self, Hung};
use crate::schema::{objections, payout_lines};

/// How many postings one statement takes.
const BATCH: usize = 5_000;

/// How many objections to a payout are open.
pub(crate) fn objections_open_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: PayoutId,
) -> Result<usize, Error> {
    let count: i64 = objections::table
        .filter(objections::village_id.eq(village.0))
        .filter(objections::payout_id.eq(id.0))
        .filter(objections::answered_at.is_null())
        .count()
        .get_result(tx)?;
    Ok(usize::try_from(count).unwrap_or(LINES_MAX))
}

/// The notice of a payout closes. Answers how many lines took effect, and how many objections are
/// still waited for.
///
/// # Errors
/// `payout_state` unless it hangs on a notice.
pub(crate) fn over_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: PayoutId,
    now: DateTime<Utc>,
) -> Result<(usize, usize), Error> {
    let row = lock_in_tx(tx, village, id)?;
    row.state()?.is(State::OnNotice)?;
    let open = objections_open_in_tx(tx, village, id)?;
    Ok((go_on_in_tx(tx, row, open > 0, now, None)?, open))
}

/// Goes on with a payout whose notice is over and that is locked. Answers how many lines took effect.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn go_on_in_tx(
    tx: &mut PgConnection,
    row: PayoutRow,
    objection_open: bool,
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<usize, Error> {
    match settle(objection_open, row.renewed) {
        Next::Waits => {
            save_in_tx(tx, row.to(State::Disputed))?;
            Ok(0)
        }
        Next::HangsAgain => {
            hang_in_tx(tx, row, now, by)?;
            Ok(0)
        }
        Next::TakesEffect => take_effect_in_tx(tx, row, now, by),
    }
}

/// Hangs a payout on a notice of its own, for as many days as it says.
///
/// # Errors
/// [`Error::LostRace`] when another notice of the village opened at the same moment.
pub(super) fn hang_in_tx(
    tx: &mut PgConnection,
    row: PayoutRow,
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<PayoutRow, Error> {
    let days = row.notice_days.and_then(|days| u16::try_from(days).ok()).unwrap_or_default();
    let hung = Hung::Payout(row.notice_kind()?, PayoutId(row.id));
    let notice: NoticeId = notices::open_in_tx(tx, VillageId(row.village_id), hung, days, now, by)?;
    let row = PayoutRow { notice_id: Some(notice.0), renewed: false, ..row };
    save_in_tx(tx, row.to(State::OnNotice))
}

fn take_effect_in_tx(
    tx: &mut PgConnection,
    row: PayoutRow,
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<usize, Error> {
    let (village, id) = (VillageId(row.village_id), PayoutId(row.id));
    let rows = lines_of(tx, village, id)?;
    let lines = rows.iter().map(LineRow::line).collect::<Result<Vec<_>, Error>>()?;
    use_up_in_tx(tx, &row, &lines, now, by)?;
    tell_in_tx(tx, &row, &lines, now)?;
    save_in_tx(tx, PayoutRow { effective_at: Some(now), ..row.to(State::Effective) })?;
    Ok(lines.len())
}

/// The points that parts are paid for are used up, if the terms say so; each line keeps how many.
fn use_up_in_tx(
    tx: &mut PgConnection,
    row: &PayoutRow,
    lines: &[Line],
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<(), Error> {
    let (village, id, terms) = (VillageId(row.village_id), PayoutId(row.id), row.terms()?);
    let mut postings: Vec<Posting> = lines
        .iter()
        .filter_map(|line| used_up(&terms, id, line, row.until_day, id::new()))
        .collect();
    // Accounts are locked in the order of their ids.
    postings.sort_unstable_by_key(|posting| posting.account);
    let mut taken: BTreeMap<i64, Vec<Uuid>> = BTreeMap::new();
    for batch in postings.chunks(BATCH) {
        for entry in ledger::post_in_tx(tx, village, batch.to_vec(), now, by)? {
            let AccountId(account) = entry.posting.account;
            taken.entry(-entry.posting.amount).or_default().push(account);
        }
    }
    for (points, accounts) in taken {
        diesel::update(
            payout_lines::table
                .filter(payout_lines::village_id.eq(village.0))
                .filter(payout_lines::payout_id.eq(id.0))
                .filter(payout_lines::account_id.eq_any(accounts)),
        )
        .set(payout_lines::used_up.eq(points))
        .execute(tx)?;
    }
    Ok(())
}

/// Tells those who have a part what it is.
fn tell_in_tx(
    tx: &mut PgConnection,
    row: &PayoutRow,
    lines: &[Line],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let village = VillageId(row.village_id);
    let with_part: Vec<&Line> = lines.iter().filter(|line| line.has_part()).collect();
    let accounts: Vec<Uuid> = with_part.iter().map(|line| line.of.account.0).collect();
    let to = receivers(tx, village, &accounts)?;
    let told: Vec<Message> = with_part
        .iter()
        .filter_map(|line| {
            let data = json!({
                "payout_id": row.id, "payout_title": row.title, "fen": line.fen,
                "prize_title": line.title, "goods": line.goods,
            });
            let to = to.get(&line.of.account.0).copied()?;
            Some(Message { to, kind: Kind::PayoutEffective, data })
        })
        .collect();
    messages::leave_in_tx(tx, village, &told, now)
}
