//! Whether every balance of a village is what its entries add up to.

use std::collections::BTreeMap;

use diesel::prelude::*;
use domain::id::{AccountId, VillageId};
use domain::ledger::{Balances, Counter, Purse, PurseTotals};
use uuid::Uuid;

use super::sum_exact;
use crate::db::Db;
use crate::error::Error;
use crate::schema::{accounts, entries};

/// What a check of a village's ledger found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The three purses.
    pub totals: Vec<PurseTotals>,
    /// Accounts whose balance or version is not what their entries add up to.
    pub differing: Vec<AccountId>,
}

impl Check {
    /// Whether every balance is what its entries add up to.
    pub fn conserved(&self) -> bool {
        self.differing.is_empty() && self.totals.iter().all(|purse| purse.difference() == 0)
    }
}

impl Db {
    /// Adds up all entries of a village and compares them with its balances.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub fn check_ledger(&self, village: VillageId) -> Result<Check, Error> {
        self.read(|c| {
            c.build_transaction().repeatable_read().read_only().run(|c| check(c, village))
        })
    }
}

fn check(c: &mut PgConnection, village: VillageId) -> Result<Check, Error> {
    use diesel::dsl::count_star;
    let held: Vec<(Uuid, i64, i64, i64, i64)> = accounts::table
        .filter(accounts::village_id.eq(village.0))
        .select((
            accounts::id,
            accounts::score,
            accounts::points,
            accounts::star_credit,
            accounts::version,
        ))
        .load(c)?;
    let rows: Vec<(Uuid, i16, i16, i64, i64)> = entries::table
        .filter(entries::village_id.eq(village.0))
        .group_by((entries::account_id, entries::purse, entries::counter))
        .select((
            entries::account_id,
            entries::purse,
            entries::counter,
            sum_exact(entries::amount),
            count_star(),
        ))
        .load(c)?;
    let mut sheet: BTreeMap<Uuid, Balances> = BTreeMap::new();
    let mut totals: BTreeMap<Purse, PurseTotals> = Purse::ALL
        .iter()
        .map(|purse| {
            (*purse, PurseTotals { purse: *purse, balances: 0, by_counter: BTreeMap::new() })
        })
        .collect();
    for (account, purse, counter, amount, count) in rows {
        let unknown =
            || Error::Bug("an entry with a number that this version does not know".into());
        let purse = Purse::from_code(purse).ok_or_else(unknown)?;
        let counter = Counter::from_code(counter).ok_or_else(unknown)?;
        let derived = sheet.entry(account).or_default();
        derived.version += count;
        match purse {
            Purse::Score => derived.score += amount,
            Purse::Points => derived.points += amount,
            Purse::StarCredit => derived.star_credit += amount,
        }
        if let Some(total) = totals.get_mut(&purse) {
            *total.by_counter.entry(counter).or_default() += i128::from(amount);
        }
    }
    let mut differing = Vec::new();
    for (id, score, points, star_credit, version) in held {
        let held = Balances { score, points, star_credit, version };
        for (purse, total) in &mut totals {
            total.balances += i128::from(held.of(*purse));
        }
        if sheet.get(&id).copied().unwrap_or_default() != held {
            differing.push(AccountId(id));
        }
    }
    Ok(Check { totals: totals.into_values().collect(), differing })
}
