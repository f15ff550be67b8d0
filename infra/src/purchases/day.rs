//! What was given on a day, to an account and under an agreement.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Uuid as SqlUuid};
use domain::discount::{Agreement, Spent};
use domain::id::VillageId;
use domain::points::Fen;
use uuid::Uuid;

use super::receipt::PurchaseRow;
use crate::error::Error;
use crate::schema::purchase_days;

diesel::define_sql_function! {
    /// See the migration that makes it.
    fn purchase_day_add(
        village: SqlUuid, subject: SqlUuid, day: Date, discount: BigInt, ceiling: BigInt
    ) -> Bool;
}

/// What was given on that day.
pub(super) fn spent_in_tx(
    tx: &mut PgConnection,
    row: &PurchaseRow,
    day: NaiveDate,
) -> Result<Spent, Error> {
    let mut given = |subject: Uuid| -> Result<Fen, Error> {
        let fen: Option<i64> = purchase_days::table
            .find((row.village_id, subject, day))
            .select(purchase_days::discount)
            .first(tx)
            .optional()?;
        Ok(fen.map_or(Fen::ZERO, Fen::new))
    };
    Ok(Spent { by_account: given(row.account_id)?, by_merchant: given(row.agreement_id)? })
}

/// Adds a discount to the day.
///
/// # Errors
/// [`Error::LostRace`] if a ceiling was used up in the meantime.
pub(super) fn add_in_tx(
    tx: &mut PgConnection,
    row: &PurchaseRow,
    agreement: &Agreement,
    day: NaiveDate,
    discount: Fen,
) -> Result<(), Error> {
    let subjects = [
        (row.account_id, row.account_daily_ceiling),
        (row.agreement_id, agreement.terms.merchant_daily_ceiling.get()),
    ];
    for (subject, ceiling) in subjects {
        let call = purchase_day_add(row.village_id, subject, day, discount.get(), ceiling);
        let _: bool = diesel::select(call).get_result(tx)?;
    }
    Ok(())
}

/// Takes a discount from the day on which it was given.
pub(super) fn take_back_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    row: &PurchaseRow,
    day: NaiveDate,
) -> Result<(), Error> {
    for subject in [row.account_id, row.agreement_id] {
        diesel::update(purchase_days::table.find((village.0, subject, day)))
            .set(purchase_days::discount.eq(purchase_days::discount - row.discount))
            .execute(tx)?;
    }
    Ok(())
}
