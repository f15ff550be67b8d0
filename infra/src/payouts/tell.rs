//! Whom a payout concerns is told: that it holds, that a part fell, that it was taken back, that a handover
//! was put down by mistake.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::VillageId;
use domain::payout::Line;
use serde_json::{Value, json};
use uuid::Uuid;

use super::row::{HandoverRow, LineRow, PayoutRow};
use super::shown::receivers;
use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::schema::payout_lines;

/// Leaves a message of a kind with whoever each of these accounts is of.
fn leave_in_tx(
    tx: &mut PgConnection,
    row: &PayoutRow,
    kind: Kind,
    about: Vec<(Uuid, Value)>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let village = VillageId(row.village_id);
    let accounts: Vec<Uuid> = about.iter().map(|(account, _)| *account).collect();
    let to = receivers(tx, village, &accounts)?;
    let told: Vec<Message> = about
        .into_iter()
        .filter_map(|(account, data)| Some(Message { to: to.get(&account).copied()?, kind, data }))
        .collect();
    messages::leave_in_tx(tx, village, &told, now)
}

/// Tells those who have a part that it holds.
pub(super) fn effective_in_tx(
    tx: &mut PgConnection,
    row: &PayoutRow,
    lines: &[Line],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let with_part = lines.iter().filter(|line| line.has_part());
    let data = |line: &Line| {
        json!({
            "payout_id": row.id, "payout_title": row.title, "fen": line.fen,
            "prize_title": line.title, "goods": line.goods,
        })
    };
    let about = with_part.map(|line| (line.of.account.0, data(line))).collect();
    leave_in_tx(tx, row, Kind::PayoutEffective, about, now)
}

/// Tells those whose part fell what it was and what it is.
pub(super) fn lowered_in_tx(
    tx: &mut PgConnection,
    row: &PayoutRow,
    lowered: &[(&Line, Option<&Line>)],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let data = |before: &Line, after: Option<&Line>| {
        json!({
            "payout_id": row.id, "payout_title": row.title, "fen_before": before.fen,
            "prize_title_before": before.title, "fen": after.map_or(0, |line| line.fen.get()),
            "prize_title": after.and_then(|line| line.title.as_ref()),
            "goods": after.and_then(|line| line.goods.as_ref()),
        })
    };
    let about = lowered.iter().map(|(line, now)| (line.of.account.0, data(line, *now))).collect();
    leave_in_tx(tx, row, Kind::PayoutPartLowered, about, now)
}

/// Tells everybody who ever saw a part of theirs in it that it was taken back.
pub(super) fn withdrawn_in_tx(
    tx: &mut PgConnection,
    row: &PayoutRow,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let accounts: Vec<Uuid> = payout_lines::table
        .filter(payout_lines::village_id.eq(row.village_id))
        .filter(payout_lines::payout_id.eq(row.id))
        .filter(payout_lines::fen.gt(0).or(payout_lines::title.is_not_null()))
        .select(payout_lines::account_id)
        .distinct()
        .load(tx)?;
    let data = json!({"payout_id": row.id, "payout_title": row.title, "reason": reason});
    let about = accounts.into_iter().map(|account| (account, data.clone())).collect();
    leave_in_tx(tx, row, Kind::PayoutWithdrawn, about, now)
}

/// Tells whose part it is that it was handed out, or that this was put down by mistake.
pub(super) fn handover_in_tx(
    tx: &mut PgConnection,
    row: &PayoutRow,
    line: &LineRow,
    handover: &HandoverRow,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut data = json!({
        "payout_id": row.id, "payout_title": row.title, "fen": line.fen,
        "prize_title": line.title, "goods": line.goods, "how": handover.how,
        "received_by": handover.received_by,
    });
    let kind = if handover.reverses {
        data["reason"] = json!(handover.note);
        Kind::PartHandoverReversed
    } else {
        Kind::PartHandedOut
    };
    leave_in_tx(tx, row, kind, vec![(line.account_id, data)], now)
}
