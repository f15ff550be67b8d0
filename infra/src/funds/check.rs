//! Whether the accounts of the fund hold what their entries add up to.

use std::collections::HashMap;

use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::id::{FundAccountId, VillageId};
use domain::points::Fen;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::ledger::sum_exact;
use crate::schema::{fund_accounts, fund_entries};

/// What the accounts of a fund hold against what their entries say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What all accounts hold.
    pub held: Fen,
    /// What all entries add up to.
    pub booked: Fen,
    /// Accounts whose balance or number of entries is another than their entries say.
    pub differing: Vec<FundAccountId>,
}

/// Checks the fund of a village, as of one moment. Whether the caller may see it is theirs to ask.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn check(db: &Db, village: VillageId) -> Result<Check, Error> {
    db.read(|c| c.build_transaction().repeatable_read().read_only().run(|c| of_in(c, village)))
}

pub(super) fn of_in(c: &mut PgConnection, village: VillageId) -> Result<Check, Error> {
    let accounts: Vec<(Uuid, i64, i64)> = fund_accounts::table
        .filter(fund_accounts::village_id.eq(village.0))
        .order(fund_accounts::id)
        .select((fund_accounts::id, fund_accounts::balance, fund_accounts::version))
        .load(c)?;
    let sums: Vec<(Uuid, i64, i64)> = fund_entries::table
        .filter(fund_entries::village_id.eq(village.0))
        .group_by(fund_entries::account_id)
        .select((fund_entries::account_id, sum_exact(fund_entries::amount), count_star()))
        .load(c)?;
    let sums: HashMap<Uuid, (i64, i64)> =
        sums.into_iter().map(|(id, sum, count)| (id, (sum, count))).collect();
    let held = accounts.iter().map(|(_, balance, _)| *balance).sum();
    let booked = sums.values().map(|(sum, _)| *sum).sum();
    let differs = |(id, balance, version): &(Uuid, i64, i64)| {
        sums.get(id).copied().unwrap_or_default() != (*balance, *version)
    };
    let differing = accounts.iter().filter(|account| differs(account));
    Ok(Check {
        held: Fen::new(held),
        booked: Fen::new(booked),
        differing: differing.map(|(id, ..)| FundAccountId(*id)).collect(),
    })
}
