//! The payouts of a village for those who run it, the pay list, and a household's own parts.

use std::collections::HashSet;

use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{HouseholdId, PayoutId, VillageId};
use domain::payout::State;
use domain::points::Fen;
use domain::policy::{Action, Target};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::create::fund_short;
use super::hand;
use super::row::{HandoverRow, LineRow, PayoutRow, find};
use super::shown::{ShownLine, lines_after};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{accounts, payout_lines, payouts};

/// The most lines of a file: more than any village has accounts, and what a workbook holds.
const LINES_MAX: i64 = 100_000;

/// The payouts of a village, the newest first, before an id.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    before: Option<Uuid>,
    limit: i64,
    why: &Why,
) -> Result<Vec<PayoutRow>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::PayoutShow, &target, why)?;
    db.read(|c| {
        let rows: Vec<PayoutRow> = payouts::table
            .filter(payouts::village_id.eq(village.0))
            .filter(payouts::id.lt(before.unwrap_or(Uuid::max())))
            .order(payouts::id.desc())
            .limit(limit)
            .select(PayoutRow::as_select())
            .load(c)?;
        rows.into_iter().map(|row| with_fund_of_now(c, row)).collect()
    })
}

/// The same payout with what the fund is short of now, while it is not paid.
fn with_fund_of_now(c: &mut PgConnection, row: PayoutRow) -> Result<PayoutRow, Error> {
    let fund_short = match row.state()? {
        State::Paid | State::Withdrawn => 0,
        _ => fund_short(c, VillageId(row.village_id), Fen::new(row.total))?.get(),
    };
    Ok(PayoutRow { fund_short, ..row })
}

/// A payout with how far it is.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The payout.
    pub row: PayoutRow,
    /// How many parts there are to hand out.
    pub parts: i64,
    /// How many were handed out.
    pub handed_out: i64,
}

/// One payout.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: PayoutId,
    why: &Why,
) -> Result<Overview, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::PayoutShow, &target, &why.about(id.0))?;
    db.read(|c| {
        let row = find(c, village, id)?;
        let row = with_fund_of_now(c, row)?;
        let parts: i64 = payout_lines::table
            .filter(payout_lines::village_id.eq(village.0))
            .filter(payout_lines::payout_id.eq(id.0))
            .filter(payout_lines::reckoning.eq(row.reckoning))
            .filter(payout_lines::fen.gt(0).or(payout_lines::title.is_not_null()))
            .select(count_star())
            .first(c)?;
        let handed_out = hand::count(c, village, id)?;
        Ok(Overview { row, parts, handed_out })
    })
}

/// The lines of a payout after a place, with names and what was handed out.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn lines(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (id, after): (PayoutId, i32),
    limit: i64,
    why: &Why,
) -> Result<Vec<ShownLine>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::PayoutShow, &target, &why.about(id.0))?;
    db.read(|c| {
        let row = find(c, village, id)?;
        lines_after(c, (village, id, row.reckoning), false, after, limit)
    })
}

/// The whole pay list, to be taken out of the program as a file: everybody needs a reason, which is
/// recorded (safeguard 15.6).
///
/// # Errors
/// `payout_state` before it holds; `reason_required`, `forbidden`, `not_found`.
pub fn export(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: PayoutId,
    why: &Why,
) -> Result<(PayoutRow, Vec<ShownLine>), Error> {
    let target = Target::village(db.place(village)?);
    let permit = domain::policy::allows(actor, Action::PayoutShow, &target)?;
    let reason = why.reason.as_deref().ok_or(Refusal::ReasonRequired)?;
    let found = db.read(|c| {
        let row = find(c, village, id)?;
        match row.state()? {
            State::Effective | State::Paid => {}
            _ => return Err(Refusal::PayoutState.into()),
        }
        let lines = lines_after(c, (village, id, row.reckoning), true, 0, LINES_MAX)?;
        Ok((row, lines))
    })?;
    db.write(|tx| {
        let deed = Deed {
            village,
            at: why.at,
            user: Some(actor.user),
            role: Some(permit.role),
            action: Action::PayoutShow.as_str(),
            subject: Some(id.0),
            reason: Some(reason),
            detail: Some(json!({"file": true, "lines": found.1.len()})),
        };
        audit::record_in_tx(tx, &deed)
    })?;
    Ok(found)
}

/// A part of a household's own.
#[derive(Clone, Debug)]
pub struct OwnPart {
    /// Of which payout.
    pub payout: PayoutRow,
    /// The line.
    pub line: LineRow,
    /// That it was handed out.
    pub handover: Option<HandoverRow>,
}

/// The parts of a household in payouts that hang or hung, the newest first, after a payout and a place
/// in it: where each person has an account, a household has several.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn of_household(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    household: HouseholdId,
    (after, limit): (Option<(Uuid, i32)>, i64),
    why: &Why,
) -> Result<Vec<OwnPart>, Error> {
    let target = Target::household(db.place(village)?, household);
    db.allows_reading(actor, Action::BalanceShow, &target, why)?;
    let (last, place) = after.unwrap_or((Uuid::max(), 0));
    let public = State::ALL.iter().filter(|state| state.is_public());
    let public: Vec<_> = public.map(|state| state.as_str()).collect();
    db.read(|c| {
        let rows: Vec<(PayoutRow, LineRow)> = payout_lines::table
            .inner_join(
                payouts::table.on(payouts::village_id
                    .eq(payout_lines::village_id)
                    .and(payouts::id.eq(payout_lines::payout_id))
                    .and(payouts::reckoning.eq(payout_lines::reckoning))),
            )
            .inner_join(
                accounts::table.on(accounts::village_id
                    .eq(payout_lines::village_id)
                    .and(accounts::id.eq(payout_lines::account_id))),
            )
            .filter(payout_lines::village_id.eq(village.0))
            // Of now: what a person earned goes with them when they move.
            .filter(accounts::household_id.eq(household.0))
            .filter(payouts::state.eq_any(&public))
            .filter(
                payouts::id.lt(last).or(payouts::id.eq(last).and(payout_lines::place.gt(place))),
            )
            .order((payouts::id.desc(), payout_lines::place))
            .limit(limit)
            .select((PayoutRow::as_select(), LineRow::as_select()))
            .load(c)?;
        let parts: HashSet<(Uuid, Uuid)> =
            rows.iter().map(|(_, line)| (line.payout_id, line.account_id)).collect();
        let mut handed_out = hand::standing(c, village, &parts)?;
        let part = |(payout, line): (PayoutRow, LineRow)| {
            let handover = handed_out.remove(&(line.payout_id, line.account_id));
            OwnPart { payout, line, handover }
        };
        Ok(rows.into_iter().map(part).collect())
    })
}
