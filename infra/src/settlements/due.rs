//! What a village owes its shops and has not paid: by their statements, and since the last of these by the
//! till alone. That both sides agree is seen when a month is closed; here everybody of the village asks.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::discount::{Bearer, PurchaseState};
use domain::id::{MerchantId, StoreId, VillageId};
use domain::points::Fen;
use domain::refusal::Refusal;
use domain::settlement::{Party, month_of};
use domain::store::RedemptionState;
use uuid::Uuid;

use super::months_closed_until;
use super::row::SettlementRow;
use super::sums::Span;
use crate::error::Error;
use crate::ledger::sum_exact;
use crate::schema::{purchases, redemptions, settlements, stores};

/// What is owed to whom; a store of the village is not among them.
#[derive(Default)]
struct Owed(BTreeMap<Party, Fen>);

impl Owed {
    fn add(&mut self, party: Party, fen: Fen) -> Result<(), Error> {
        if !matches!(party, Party::VillageStore(_)) {
            let sum = self.0.entry(party).or_default();
            *sum = sum.plus(fen).ok_or(Refusal::AmountOutOfRange)?;
        }
        Ok(())
    }

    fn take(&mut self, party: Party, fen: i64) -> Result<(), Error> {
        self.add(party, Fen::ZERO.minus(Fen::new(fen)).ok_or(Refusal::AmountOutOfRange)?)
    }
}

/// What a village owes merchants, and merchants who run a store, and has not paid: what is due by their
/// statements, what these carried on, and what was sold and refunded since the last month that was closed.
/// A party that owes something itself does not lower what others get.
///
/// Reads more than once: run it where all of it sees the same moment ([`crate::db::Db::write_of_one_moment`]),
/// or a month that is being closed counts twice.
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
    let mut owed = Owed::default();
    let unpaid: Vec<SettlementRow> = settlements::table
        .filter(settlements::village_id.eq(village.0))
        .filter(settlements::state.eq_any(["open", "differs", "approved"]))
        .select(SettlementRow::as_select())
        .load(c)?;
    for row in unpaid {
        owed.add(row.party()?, Fen::new(row.due))?;
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
        owed.add(row.party()?, Fen::new(row.carried_out))?;
    }
    // Until just after now: what was recorded at this very moment counts.
    let span = Span { from, to: now + chrono::Duration::microseconds(1) };
    at_merchants(c, village, span, &mut owed)?;
    at_stores(c, village, span, &mut owed)?;
    let mut to_shops = owed.0.into_values().filter(|fen| *fen > Fen::ZERO);
    Ok(to_shops.try_fold(Fen::ZERO, Fen::plus).ok_or(Refusal::AmountOutOfRange)?)
}

fn at_merchants(
    c: &mut PgConnection,
    village: VillageId,
    span: Span,
    owed: &mut Owed,
) -> Result<(), Error> {
    let theirs = || {
        purchases::table
            .filter(purchases::village_id.eq(village.0))
            .filter(purchases::bearer.eq(Bearer::CreditOffset.as_str()))
            .group_by(purchases::merchant_id)
            .select((purchases::merchant_id, sum_exact(purchases::discount)))
    };
    let sold: Vec<(Uuid, i64)> = theirs()
        .filter(purchases::made_at.ge(span.made_from()))
        .filter(purchases::made_at.lt(span.to))
        .filter(purchases::completed_at.ge(span.from))
        .filter(purchases::completed_at.lt(span.to))
        .load(c)?;
    let refunded: Vec<(Uuid, i64)> = theirs()
        .filter(purchases::refunded_at.ge(span.from))
        .filter(purchases::refunded_at.lt(span.to))
        .filter(purchases::state.eq(PurchaseState::Refunded.as_str()))
        .load(c)?;
    for (merchant, fen) in sold {
        owed.add(Party::Merchant(MerchantId(merchant)), Fen::new(fen))?;
    }
    for (merchant, fen) in refunded {
        owed.take(Party::Merchant(MerchantId(merchant)), fen)?;
    }
    Ok(())
}

/// At the stores that merchants run.
fn at_stores(
    c: &mut PgConnection,
    village: VillageId,
    span: Span,
    owed: &mut Owed,
) -> Result<(), Error> {
    let run_by_merchants: Vec<Uuid> = stores::table
        .filter(stores::village_id.eq(village.0))
        .filter(stores::merchant_id.is_not_null())
        .select(stores::id)
        .load(c)?;
    if run_by_merchants.is_empty() {
        return Ok(());
    }
    let theirs = || {
        redemptions::table
            .filter(redemptions::village_id.eq(village.0))
            .filter(redemptions::store_id.eq_any(run_by_merchants.clone()))
            .group_by(redemptions::store_id)
            .select((redemptions::store_id, sum_exact(redemptions::worth)))
    };
    let handed_over: Vec<(Uuid, i64)> = theirs()
        .filter(redemptions::handed_over_at.ge(span.from))
        .filter(redemptions::handed_over_at.lt(span.to))
        .load(c)?;
    let refunded: Vec<(Uuid, i64)> = theirs()
        .filter(redemptions::state.eq(RedemptionState::Refunded.as_str()))
        .filter(redemptions::ended_at.ge(span.from))
        .filter(redemptions::ended_at.lt(span.to))
        .load(c)?;
    for (store, fen) in handed_over {
        owed.add(Party::MerchantStore(StoreId(store)), Fen::new(fen))?;
    }
    for (store, fen) in refunded {
        owed.take(Party::MerchantStore(StoreId(store)), fen)?;
    }
    Ok(())
}
