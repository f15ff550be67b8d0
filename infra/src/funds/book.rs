//! Booking a voucher: the one way in which money of the fund moves.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::fund::{self, Purse, Voucher};
use domain::id::{FundAccountId, VillageId};
use domain::points::Fen;
use uuid::Uuid;

use super::VoucherRow;
use crate::error::Error;
use crate::schema::{fund_accounts, fund_entries, fund_statements, fund_vouchers};

/// Moves what a voucher moves that a second person booked. Saving the voucher itself is the caller's part
/// of the same transaction, and comes before.
///
/// # Errors
/// Those of [`fund::book`]; [`Error::LostRace`].
pub(super) fn in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    voucher: &Voucher,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let corrected = match voucher.corrects {
        None => None,
        Some(id) => {
            let row: VoucherRow = fund_vouchers::table
                .find((village.0, id.0))
                .select(VoucherRow::as_select())
                .first(tx)?;
            Some(row.voucher()?)
        }
    };
    let touched = [Some(voucher.account), voucher.to];
    let mut purses = lock_in_tx(tx, village, touched.into_iter().flatten())?;
    let recorded_at = after_statements_in_tx(tx, village, now)?;
    for entry in fund::book(voucher, corrected.as_ref(), &mut purses)? {
        diesel::insert_into(fund_entries::table)
            .values((
                fund_entries::village_id.eq(village.0),
                fund_entries::account_id.eq(entry.account.0),
                fund_entries::account_version.eq(entry.account_version),
                fund_entries::voucher_id.eq(voucher.id.0),
                fund_entries::amount.eq(entry.amount.get()),
                fund_entries::balance_after.eq(entry.balance_after.get()),
                fund_entries::recorded_at.eq(recorded_at),
            ))
            .execute(tx)?;
        diesel::update(fund_accounts::table.find((village.0, entry.account.0)))
            .set((
                fund_accounts::balance.eq(entry.balance_after.get()),
                fund_accounts::version.eq(entry.account_version),
            ))
            .execute(tx)?;
    }
    Ok(())
}

fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    ids: impl Iterator<Item = FundAccountId>,
) -> Result<BTreeMap<FundAccountId, Purse>, Error> {
    let rows: Vec<(Uuid, i64, i64, Option<DateTime<Utc>>)> = fund_accounts::table
        .filter(fund_accounts::village_id.eq(village.0))
        .filter(fund_accounts::id.eq_any(ids.map(|id| id.0).collect::<Vec<_>>()))
        .order(fund_accounts::id)
        .select((
            fund_accounts::id,
            fund_accounts::balance,
            fund_accounts::version,
            fund_accounts::closed_at,
        ))
        .for_no_key_update()
        .load(tx)?;
    let purse = |(id, balance, version, closed_at): (Uuid, i64, i64, Option<_>)| {
        let closed = closed_at.is_some();
        (FundAccountId(id), Purse { balance: Fen::new(balance), version, closed })
    };
    Ok(rows.into_iter().map(purse).collect())
}

/// `now`, or just after the newest statement: what a statement says of its period stays true, since it
/// locks every account while it is drawn up, and whoever gets a lock later sees it here.
fn after_statements_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Error> {
    let drawn: Option<DateTime<Utc>> = fund_statements::table
        .filter(fund_statements::village_id.eq(village.0))
        .select(diesel::dsl::max(fund_statements::drawn_at))
        .first(tx)?;
    let after = drawn.map(|drawn_at| drawn_at + Duration::microseconds(1));
    Ok(after.map_or(now, |after| now.max(after)))
}
