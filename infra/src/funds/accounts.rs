//! The accounts of the fund: opened and closed by those who run the village.

use chrono::{DateTime, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::fund::{ACCOUNTS_MAX, VoucherState};
use domain::id::{FundAccountId, VillageId};
use domain::points::Fen;
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;

use super::AccountRow;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::reading::Why;
use crate::schema::{fund_accounts, fund_vouchers};

/// Opens an account of the fund.
///
/// # Errors
/// `already_exists` for a name that the village has, `fund_account_too_many`, `forbidden`, `not_found`.
pub fn open(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    name: &str,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<AccountRow, Error> {
    let permit = allows(actor, Action::FundManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let open: i64 = fund_accounts::table
            .filter(fund_accounts::village_id.eq(village.0))
            .filter(fund_accounts::closed_at.is_null())
            .select(count_star())
            .first(tx)?;
        if open >= ACCOUNTS_MAX {
            return Err(Refusal::FundAccountTooMany { most: ACCOUNTS_MAX }.into());
        }
        let row = AccountRow {
            village_id: village.0,
            id: id::new(),
            name: name.to_owned(),
            balance: 0,
            version: 0,
            opened_by: actor.user.0,
            opened_at: now,
            closed_at: None,
        };
        diesel::insert_into(fund_accounts::table).values(&row).execute(tx)?;
        record(tx, actor, permit, &row, "fund_account_open", now)?;
        Ok(row)
    })
}

/// Closes an account of the fund that holds nothing and that no voucher waits for.
///
/// # Errors
/// `fund_account_in_use`, `fund_account_closed`, `forbidden`, `not_found`.
pub fn close(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    account: FundAccountId,
    now: DateTime<Utc>,
) -> Result<AccountRow, Error> {
    let permit = allows(actor, Action::FundManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        let mut row: AccountRow = fund_accounts::table
            .find((village.0, account.0))
            .select(AccountRow::as_select())
            .for_no_key_update()
            .first(tx)?;
        if row.closed_at.is_some() {
            return Err(Refusal::FundAccountClosed.into());
        }
        let waiting: i64 = fund_vouchers::table
            .filter(fund_vouchers::village_id.eq(village.0))
            .filter(
                fund_vouchers::account_id
                    .eq(account.0)
                    .or(fund_vouchers::to_account_id.assume_not_null().eq(account.0)),
            )
            .filter(fund_vouchers::state.eq(VoucherState::Prepared.as_str()))
            .select(count_star())
            .first(tx)?;
        if row.balance != 0 || waiting > 0 {
            return Err(Refusal::FundAccountInUse { left: Fen::new(row.balance) }.into());
        }
        row.closed_at = Some(now);
        diesel::update(fund_accounts::table.find((village.0, account.0)))
            .set(fund_accounts::closed_at.eq(now))
            .execute(tx)?;
        record(tx, actor, permit, &row, "fund_account_close", now)?;
        Ok(row)
    })
}

/// The accounts of the fund, the oldest first; closed ones too.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    after: Option<uuid::Uuid>,
    limit: i64,
    why: &Why,
) -> Result<Vec<AccountRow>, Error> {
    db.allows_reading(actor, Action::FundBookShow, &Target::village(db.place(village)?), why)?;
    db.read(|c| {
        Ok(fund_accounts::table
            .filter(fund_accounts::village_id.eq(village.0))
            .filter(fund_accounts::id.gt(after.unwrap_or(uuid::Uuid::nil())))
            .order(fund_accounts::id)
            .limit(limit)
            .select(AccountRow::as_select())
            .load(c)?)
    })
}

pub(super) fn find(
    c: &mut PgConnection,
    village: VillageId,
    account: FundAccountId,
) -> Result<AccountRow, Error> {
    Ok(fund_accounts::table
        .find((village.0, account.0))
        .select(AccountRow::as_select())
        .first(c)?)
}

fn record(
    tx: &mut PgConnection,
    actor: &Actor,
    permit: Permit,
    row: &AccountRow,
    action: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let deed = Deed {
        village: VillageId(row.village_id),
        at: now,
        user: Some(actor.user),
        role: Some(permit.role),
        action,
        subject: Some(row.id),
        reason: None,
        detail: None,
    };
    audit::record_in_tx(tx, &deed)
}
