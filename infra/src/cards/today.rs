//! What a card has taken today, at the shops and at the points stores. Its row is locked while it is read.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::calendar::{day_of, start_of};
use domain::discount::PurchaseState;
use domain::id::{CardId, VillageId};
use domain::points::Fen;
use domain::refusal::Refusal;
use domain::store::RedemptionState;

use crate::error::Error;
use crate::ledger::sum_exact;
use crate::schema::{purchases, quotes, redemptions};

/// What was redeemed with it.
pub(crate) fn redeemed_today(
    c: &mut PgConnection,
    village: VillageId,
    card: CardId,
    now: DateTime<Utc>,
) -> Result<Fen, Error> {
    let taken: Option<i64> = redemptions::table
        .filter(redemptions::village_id.eq(village.0))
        .filter(redemptions::card_id.eq(card.0))
        .filter(redemptions::redeemed_at.ge(start_of(day_of(now))))
        .filter(redemptions::state.ne(RedemptionState::Refunded.as_str()))
        .select(sum_exact(redemptions::card_worth.assume_not_null()).nullable())
        .first(c)?;
    Ok(Fen::new(taken.unwrap_or(0)))
}

/// What was redeemed with it, and what came off at the shops.
pub(crate) fn taken_today(
    c: &mut PgConnection,
    village: VillageId,
    card: CardId,
    now: DateTime<Utc>,
) -> Result<Fen, Error> {
    let off: Option<i64> = quotes::table
        .inner_join(purchases::table.on(
            purchases::village_id.eq(quotes::village_id).and(purchases::quote_id.eq(quotes::id)),
        ))
        .filter(quotes::village_id.eq(village.0))
        .filter(quotes::card_id.eq(card.0))
        .filter(quotes::quoted_at.ge(start_of(day_of(now))))
        .filter(purchases::state.eq(PurchaseState::Completed.as_str()))
        .select(sum_exact(purchases::discount).nullable())
        .first(c)?;
    let redeemed = redeemed_today(c, village, card, now)?;
    Ok(redeemed.plus(Fen::new(off.unwrap_or(0))).ok_or(Refusal::AmountOutOfRange)?)
}
