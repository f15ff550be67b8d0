//! What the village owes, summed from where it is kept, against what the fund holds.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::fund::{Coverage, Liability};
use domain::id::VillageId;
use domain::payout::State;
use domain::points::{Fen, Points};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use domain::store::RedemptionState;

use crate::db::Db;
use crate::error::Error;
use crate::ledger::sum_exact;
use crate::schema::{accounts, fund_accounts, payout_lines, payouts, redemptions};
use crate::settlements;

/// The coverage of a village now.
///
/// # Errors
/// `forbidden`, `not_found`, `amount_out_of_range`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<Coverage, Error> {
    allows(actor, Action::FundShow, &Target::village(db.place(village)?))?;
    db.read(|c| {
        c.build_transaction().repeatable_read().read_only().run(|c| of_in(db, c, village, now))
    })
}

/// The coverage of a village, as the transaction sees it.
///
/// # Errors
/// `amount_out_of_range`.
pub(super) fn of_in(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<Coverage, Error> {
    let held: i64 = fund_accounts::table
        .filter(fund_accounts::village_id.eq(village.0))
        .select(sum_exact(fund_accounts::balance))
        .first(c)?;
    let (points, star_credit): (i64, i64) = accounts::table
        .filter(accounts::village_id.eq(village.0))
        .select((sum_exact(accounts::points), sum_exact(accounts::star_credit)))
        .first(c)?;
    let points = Points::from_hundredths(points);
    let points_worth = match db.book_on(c, village, day_of(now)) {
        Ok((_, book)) => book.worth_of(points)?.unwrap_or(Fen::ZERO),
        Err(Error::Refused(Refusal::NoRuleBook { .. })) => Fen::ZERO,
        Err(error) => return Err(error),
    };
    Ok(Coverage {
        held: Fen::new(held),
        liability: Liability {
            points,
            points_worth,
            star_credit: Fen::new(star_credit),
            merchants_unpaid: settlements::unpaid_in(c, village, now)?,
            goods_reserved: reserved_in(c, village)?,
            dividends_unpaid: dividends_in(c, village)?,
        },
    })
}

/// The worth of what was redeemed and waits on the shelf.
fn reserved_in(c: &mut PgConnection, village: VillageId) -> Result<Fen, Error> {
    let worth: i64 = redemptions::table
        .filter(redemptions::village_id.eq(village.0))
        .filter(redemptions::state.eq(RedemptionState::Waiting.as_str()))
        .select(sum_exact(redemptions::worth))
        .first(c)?;
    Ok(Fen::new(worth))
}

/// The parts of dividends that hold and whose money is still in the fund.
fn dividends_in(c: &mut PgConnection, village: VillageId) -> Result<Fen, Error> {
    let parts: i64 = payout_lines::table
        .inner_join(
            payouts::table.on(payouts::village_id
                .eq(payout_lines::village_id)
                .and(payouts::id.eq(payout_lines::payout_id))
                .and(payouts::reckoning.eq(payout_lines::reckoning))),
        )
        .filter(payout_lines::village_id.eq(village.0))
        .filter(payouts::state.eq(State::Effective.as_str()))
        .select(sum_exact(payout_lines::fen))
        .first(c)?;
    Ok(Fen::new(parts))
}
