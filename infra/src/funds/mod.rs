//! The village fund (信用基金): [`accounts`], [`vouchers`] that a second person books ([`book`]), what is
//! owed against what is held ([`coverage`]), the [`brakes`] that follow and the [`statements`] for the
//! notice board.
//!
//! Whatever moves money of the fund goes through [`book::in_tx`], under the locks of the accounts it
//! touches, in the order of their ids. What settles a merchant's statement or a dividend comes through
//! [`settle_in_tx`], in the transaction of what it settles.

pub mod accounts;
mod book;
mod brake_policy;
pub mod brakes;
mod check;
pub mod coverage;
mod settle;
pub mod statements;
pub mod vouchers;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::fund::{PartyShown, Voucher, VoucherKind, VoucherState};
use domain::id::{FundAccountId, FundVoucherId, VillageId};
use domain::points::Fen;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::actors::hand;
use crate::error::Error;
use crate::schema::{fund_accounts, fund_vouchers};

pub use check::{Check, check};
pub use settle::{Return, Settlement, return_in_tx, settle_in_tx};

/// An account of the fund.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = fund_accounts)]
pub struct AccountRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it holds, in fen.
    pub balance: i64,
    /// How many entries it has.
    pub version: i64,
    /// Who opened it.
    pub opened_by: Uuid,
    /// When.
    pub opened_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

/// A voucher.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, Serialize, Deserialize)]
#[diesel(table_name = fund_vouchers)]
pub struct VoucherRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// Its number in the village: the first is 1.
    pub number: i32,
    /// What it does.
    pub kind: String,
    /// About which account.
    pub account_id: Uuid,
    /// For a transfer: the account that gets it.
    pub to_account_id: Option<Uuid>,
    /// How much, in fen.
    pub amount: i64,
    /// Who gave or got it.
    pub party: String,
    /// How the notice board names them.
    pub party_shown: String,
    /// What for.
    pub purpose: String,
    /// The number of its document.
    pub document: String,
    /// The day on its document.
    pub happened_on: NaiveDate,
    /// The statement or dividend that it settles.
    pub settles_id: Option<Uuid>,
    /// The voucher that it takes back.
    pub corrects_id: Option<Uuid>,
    /// Where it stands.
    pub state: String,
    /// Who prepared it.
    pub made_by: Uuid,
    /// The villager that they were bound to then.
    #[serde(default)]
    pub made_by_villager: Option<Uuid>,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Who booked or refused it.
    pub checked_by: Option<Uuid>,
    /// When it was booked, refused or withdrawn.
    pub checked_at: Option<DateTime<Utc>>,
    /// Why it was refused or withdrawn.
    pub reason: Option<String>,
}

impl VoucherRow {
    /// The voucher as the domain knows it.
    ///
    /// # Errors
    /// [`Error::Bug`] for a name that this version does not know.
    pub fn voucher(&self) -> Result<Voucher, Error> {
        Ok(Voucher {
            id: FundVoucherId(self.id),
            kind: known(VoucherKind::from_name(&self.kind), &self.kind)?,
            account: FundAccountId(self.account_id),
            to: self.to_account_id.map(FundAccountId),
            amount: Fen::new(self.amount),
            happened_on: self.happened_on,
            settles: self.settles_id.is_some(),
            corrects: self.corrects_id.map(FundVoucherId),
            state: known(VoucherState::from_name(&self.state), &self.state)?,
            made_by: hand(self.made_by, self.made_by_villager),
        })
    }

    /// How the notice board names the party.
    ///
    /// # Errors
    /// [`Error::Bug`] for a name that this version does not know.
    pub fn shown(&self) -> Result<PartyShown, Error> {
        known(PartyShown::from_name(&self.party_shown), &self.party_shown)
    }
}

fn known<T>(found: Option<T>, name: &str) -> Result<T, Error> {
    found.ok_or_else(|| Error::Bug(format!("a stored voucher with the unknown name {name}")))
}

fn next_number(tx: &mut PgConnection, village: VillageId) -> Result<i32, Error> {
    let last: Option<i32> = fund_vouchers::table
        .filter(fund_vouchers::village_id.eq(village.0))
        .select(diesel::dsl::max(fund_vouchers::number))
        .get_result(tx)?;
    Ok(last.unwrap_or(0) + 1)
}
