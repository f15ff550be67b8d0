//! Paying out of the fund, or into it, what was approved elsewhere: a merchant's statement, a dividend; and
//! taking such a payment back.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::four_eyes::Hand;
use domain::fund::{PartyShown, VoucherKind, VoucherState};
use domain::id::{FundAccountId, FundVoucherId, VillageId};
use domain::points::Fen;

use super::{VoucherRow, book, next_number};
use crate::actors::villager_of;
use crate::error::Error;
use crate::id;
use crate::schema::fund_vouchers;

/// A payment that settles something.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// [`VoucherKind::Payment`], or [`VoucherKind::Takings`] for what a points store hands over.
    pub kind: VoucherKind,
    /// Out of which account, or into which.
    pub account: FundAccountId,
    /// How much, above zero.
    pub amount: Fen,
    /// Who gets or gave it.
    pub party: String,
    /// How the notice board names them: merchants by name, people masked.
    pub party_shown: PartyShown,
    /// What for.
    pub purpose: String,
    /// The number of its document.
    pub document: String,
    /// The day on its document.
    pub happened_on: NaiveDate,
    /// What it settles: once.
    pub settles: uuid::Uuid,
    /// Who approved it.
    pub made_by: Hand,
    /// Who pays it: somebody else.
    pub checked_by: Hand,
}

/// Books a payment whose approval was recorded elsewhere, in the transaction of what it settles. Answers
/// its voucher. What it settles must be locked.
///
/// # Errors
/// `checker_is_maker`, `fund_too_low`, `fund_account_closed`, `price_invalid`, `deed_in_future`,
/// `not_found` for an account that the village does not have; [`Error::LostRace`].
pub fn settle_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    settlement: &Settlement,
    now: DateTime<Utc>,
) -> Result<FundVoucherId, Error> {
    let row = VoucherRow {
        village_id: village.0,
        id: id::new(),
        number: next_number(tx, village)?,
        kind: settlement.kind.as_str().to_owned(),
        account_id: settlement.account.0,
        to_account_id: None,
        amount: settlement.amount.get(),
        party: settlement.party.clone(),
        party_shown: settlement.party_shown.as_str().to_owned(),
        purpose: settlement.purpose.clone(),
        document: settlement.document.clone(),
        happened_on: settlement.happened_on,
        settles_id: Some(settlement.settles),
        corrects_id: None,
        state: VoucherState::Booked.as_str().to_owned(),
        made_by: settlement.made_by.user.0,
        made_by_villager: villager_of(settlement.made_by),
        made_at: now,
        checked_by: Some(settlement.checked_by.user.0),
        checked_at: Some(now),
        reason: None,
    };
    let prepared = domain::fund::Voucher { state: VoucherState::Prepared, ..row.voucher()? };
    prepared.check(now)?;
    let booked = prepared.booked_by(settlement.checked_by)?;
    // An account that is not there is refused here rather than by the foreign key.
    super::accounts::find(tx, village, settlement.account)?;
    diesel::insert_into(fund_vouchers::table).values(&row).execute(tx)?;
    book::in_tx(tx, village, &booked, now)?;
    Ok(booked.id)
}

/// A payment that never arrived.
#[derive(Clone, Debug)]
pub struct Return {
    /// Its voucher.
    pub voucher: FundVoucherId,
    /// Why it goes back.
    pub reason: String,
    /// Who says so.
    pub made_by: Hand,
    /// Who agrees: somebody else.
    pub checked_by: Hand,
}

/// Books the voucher that takes back what settled something, in the transaction in which that is open
/// again: another payment can settle it. Answers the new voucher. What was settled must be locked.
///
/// # Errors
/// `checker_is_maker`, `voucher_state`, `voucher_corrected`, `fund_too_low`, `fund_account_closed`,
/// `not_found`; [`Error::LostRace`].
pub fn return_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    back: &Return,
    now: DateTime<Utc>,
) -> Result<FundVoucherId, Error> {
    let paid = || fund_vouchers::table.find((village.0, back.voucher.0));
    let wrong: VoucherRow = paid().select(VoucherRow::as_select()).for_no_key_update().first(tx)?;
    let prepared = wrong.voucher()?.returned_by(id::new(), back.made_by, now)?;
    let booked = prepared.booked_by(back.checked_by)?;
    let row = VoucherRow {
        id: booked.id.0,
        number: next_number(tx, village)?,
        kind: booked.kind.as_str().to_owned(),
        happened_on: booked.happened_on,
        purpose: back.reason.clone(),
        settles_id: None,
        corrects_id: Some(wrong.id),
        state: booked.state.as_str().to_owned(),
        made_by: back.made_by.user.0,
        made_by_villager: villager_of(back.made_by),
        made_at: now,
        checked_by: Some(back.checked_by.user.0),
        checked_at: Some(now),
        reason: None,
        ..wrong
    };
    diesel::update(paid()).set(fund_vouchers::returned.eq(true)).execute(tx)?;
    diesel::insert_into(fund_vouchers::table).values(&row).execute(tx)?;
    book::in_tx(tx, village, &booked, now)?;
    Ok(booked.id)
}
