//! What accounts earned in a time, by the items that somebody asks for: one grouped query over the
//! entries of the score, to which every claim is written whatever else it counts for.
//!
//! A reversal lies in the time of what it takes back and under the same item, so that what was struck
//! or corrected is out by itself.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::SmallInt;
use domain::id::{ClaimId, RuleBookId, VillageId};
use domain::ledger::{Purse, Source};
use domain::points::Points;
use domain::refusal::Refusal;
use domain::rule_book::Item;
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::ledger::sum_exact;
use crate::schema::entries;

/// Which entries are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Earned<'a> {
    /// The village.
    pub(crate) village: VillageId,
    /// The first day on which something happened.
    pub(crate) from: NaiveDate,
    /// The last day.
    pub(crate) until: NaiveDate,
    /// As far as it was recorded by this moment.
    pub(crate) as_of: DateTime<Utc>,
    /// Of these accounts only.
    pub(crate) accounts: Option<&'a [Uuid]>,
}

/// What each account earned by items that count; nothing for who is not named.
///
/// # Errors
/// `amount_out_of_range`, [`Error::Unavailable`].
pub(crate) fn earned(
    db: &Db,
    c: &mut PgConnection,
    which: Earned<'_>,
    counts: impl Fn(&Item) -> bool,
) -> Result<HashMap<Uuid, Points>, Error> {
    // Written out, as in `scores`: with the number as a parameter Postgres would not know that the index
    // of the score holds them all.
    let score = sql::<SmallInt>(&Purse::Score.code().to_string());
    let mut query = entries::table
        .filter(entries::village_id.eq(which.village.0))
        .filter(entries::purse.eq(score))
        .filter(entries::source.eq(Source::Claim(ClaimId(Uuid::nil())).code()))
        .filter(entries::happened_on.between(which.from, which.until))
        .filter(entries::recorded_at.le(which.as_of))
        .filter(entries::rule_book_id.is_not_null())
        .filter(entries::item_code.is_not_null())
        .group_by((entries::account_id, entries::rule_book_id, entries::item_code))
        .select((
            entries::account_id,
            entries::rule_book_id.assume_not_null(),
            entries::item_code.assume_not_null(),
            sum_exact(entries::amount),
        ))
        .into_boxed();
    if let Some(accounts) = which.accounts {
        query = query.filter(entries::account_id.eq_any(accounts));
    }
    let sums: Vec<(Uuid, Uuid, String, i64)> = query.load(c)?;
    let mut known: HashMap<(Uuid, String), bool> = HashMap::new();
    let mut found: HashMap<Uuid, i64> = HashMap::new();
    for (account, book, code, sum) in sums {
        let key = (book, code);
        let in_it = match known.get(&key) {
            Some(in_it) => *in_it,
            None => {
                let judged = db.book(c, which.village, RuleBookId(key.0))?;
                let in_it = judged.item(&key.1).is_some_and(&counts);
                *known.entry(key).or_insert(in_it)
            }
        };
        if in_it {
            let held = found.entry(account).or_default();
            *held = held.checked_add(sum).ok_or(Refusal::AmountOutOfRange)?;
        }
    }
    Ok(found.into_iter().map(|(id, sum)| (id, Points::from_hundredths(sum))).collect())
}
