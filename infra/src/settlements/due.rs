//! What a village owes its shops and has not paid.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::VillageId;
use domain::points::Fen;
use domain::refusal::Refusal;
use domain::settlement::{Party, month_of};
use uuid::Uuid;

use super::months_closed_until;
use super::row::SettlementRow;
use super::sums::{self, Span};
use crate::error::Error;
use crate::schema::settlements;

/// What a village owes merchants, and merchants who run a store, and has not paid: what is due by their
/// statements, what these carried on, and what was sold and refunded since the last month that was closed.
/// A party that owes something itself does not lower what others get.
///
/// # Errors
/// `amount_out_of_range`.
pub fn unpaid_in(
    c: &mut PgConnection,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<Fen, Error> {
    let from = match months_closed_until(c, village) {
        Ok(from) => from,
        // No accounts, so no purchases.
        Err(Error::Refused(Refusal::NotFound)) => return Ok(Fen::ZERO),
        Err(error) => return Err(error),
    };
    let mut owed: BTreeMap<(Uuid, Party), Fen> = BTreeMap::new();
    let mut add = |party: (Uuid, Party), fen: Fen| {
        let sum = owed.entry(party).or_default();
        *sum = sum.plus(fen).ok_or(Refusal::AmountOutOfRange)?;
        Ok::<_, Error>(())
    };
    let unpaid: Vec<SettlementRow> = settlements::table
        .filter(settlements::village_id.eq(village.0))
        .filter(settlements::state.eq_any(["open", "differs", "approved"]))
        .select(SettlementRow::as_select())
        .load(c)?;
    for row in unpaid {
        add((row.village_id, row.party()?), Fen::new(row.due))?;
    }
    let month = month_of(from);
    let before = month.first_day().pred_opt().map(|day| month.kind().holding(day));
    let carried: Vec<SettlementRow> = settlements::table
        .filter(settlements::village_id.eq(village.0))
        .filter(settlements::month.eq(before.unwrap_or(month).to_string()))
        .filter(settlements::carried_out.ne(0))
        .select(SettlementRow::as_select())
        .load(c)?;
    for row in carried {
        add((row.village_id, row.party()?), Fen::new(row.carried_out))?;
    }
    // Until just after now: what was recorded at this very moment counts.
    let span = Span { from, to: now + chrono::Duration::microseconds(1) };
    for (party, figures) in sums::of_villages(c, &[village.0], span)? {
        add(party, figures.net(party.1)?)?;
    }
    let to_shops = owed
        .into_iter()
        .filter(|((_, party), fen)| !matches!(party, Party::VillageStore(_)) && *fen > Fen::ZERO);
    let total = to_shops.map(|(_, fen)| fen).try_fold(Fen::ZERO, Fen::plus);
    Ok(total.ok_or(Refusal::AmountOutOfRange)?)
}
