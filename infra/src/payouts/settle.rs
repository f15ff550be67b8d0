//! The notice of a payout is over: it waits for answers, hangs once more, or takes effect. Or it is taken
//! down before, and nothing comes of it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{NoticeId, PayoutId, UserId, VillageId};
use domain::notice::LINES_MAX;
use domain::payout::{Next, State, settle};

use super::row::{PayoutRow, lines_of, lock_in_tx, save_in_tx};
use super::tell;
use crate::error::Error;
use crate::notices::{self, Hung};
use crate::schema::{objections, payout_reckonings};

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
        Next::TakesEffect => take_effect_in_tx(tx, row, now),
    }
}

/// Hangs the present reckoning of a payout on a notice of its own, for as many days as it says.
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
    diesel::update(payout_reckonings::table.find((row.village_id, row.id, row.reckoning)))
        .set(payout_reckonings::notice_id.eq(notice.0))
        .execute(tx)?;
    let row = PayoutRow { notice_id: Some(notice.0), renewed: false, effective_at: None, ..row };
    save_in_tx(tx, row.to(State::OnNotice))
}

/// Takes the notice of a payout down, if it hangs on one that is not over.
pub(super) fn take_down_in_tx(
    tx: &mut PgConnection,
    row: &PayoutRow,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    match row.notice_id {
        Some(notice) if row.state()? == State::OnNotice => {
            notices::take_down_in_tx(tx, VillageId(row.village_id), NoticeId(notice), now)
        }
        _ => Ok(()),
    }
}

/// Nothing comes of a payout that is locked: it is taken back for a reason, its notice is taken down, and
/// if it ever hung everybody who had a part is told.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn fall_in_tx(
    tx: &mut PgConnection,
    row: PayoutRow,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<PayoutRow, Error> {
    take_down_in_tx(tx, &row, now)?;
    if row.published_by.is_some() || row.state()?.is_public() {
        tell::withdrawn_in_tx(tx, &row, reason, now)?;
    }
    let row = PayoutRow { withdrawn_reason: Some(reason.to_owned()), ..row };
    save_in_tx(tx, row.to(State::Withdrawn))
}

/// Whoever objected after the notice was over holds what held already; who has a part knows of it.
fn take_effect_in_tx(
    tx: &mut PgConnection,
    row: PayoutRow,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let lines = lines_of(tx, &row)?;
    if row.effective_at.is_none() {
        tell::effective_in_tx(tx, &row, &lines, now)?;
    }
    let effective_at = row.effective_at.or(Some(now));
    save_in_tx(tx, PayoutRow { effective_at, ..row.to(State::Effective) })?;
    Ok(lines.len())
}
