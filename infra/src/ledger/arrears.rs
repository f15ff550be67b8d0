//! What was to be taken from redeemable points and was not there: noted, taken later, or settled. All of it
//! under the lock of the account.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::id::{AccountId, ArrearsId, EntryId, RuleBookId, VillageId};
use domain::ledger::{Arrears, Counter, Missing, Posting, Purse, Shortfall, Source};
use uuid::Uuid;

use crate::error::Error;
use crate::id;
use crate::schema::{arrears, payout_lines};

/// How many rows one statement writes.
const BATCH: usize = 1_000;

/// As it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = arrears)]
struct ArrearsRow {
    village_id: Uuid,
    id: Uuid,
    account_id: Uuid,
    since: i64,
    amount: i64,
    open: i64,
    takings: i16,
    counter: i16,
    source: i16,
    source_id: Uuid,
    source_posting: i16,
    rule_book_id: Option<Uuid>,
    item_code: Option<String>,
    happened_on: NaiveDate,
    reverses: Option<Uuid>,
    noted_at: DateTime<Utc>,
}

impl ArrearsRow {
    fn of(village: VillageId, missing: Missing, now: DateTime<Utc>) -> Self {
        let Missing { posting, since } = missing;
        let amount = posting.amount.saturating_neg();
        Self {
            village_id: village.0,
            id: id::new(),
            account_id: posting.account.0,
            since,
            amount,
            open: amount,
            takings: 0,
            counter: posting.counter.code(),
            source: posting.source.code(),
            source_id: posting.source.id(),
            source_posting: posting.source_posting,
            rule_book_id: posting.rule_book.map(|id| id.0),
            item_code: posting.item_code,
            happened_on: posting.happened_on,
            reverses: posting.reverses.map(|id| id.0),
            noted_at: now,
        }
    }

    fn arrears(self) -> Result<Arrears, Error> {
        let unknown = || Error::Bug("arrears with a number that this version does not know".into());
        let posting = Posting {
            id: EntryId(self.id),
            account: AccountId(self.account_id),
            purse: Purse::Points,
            amount: self.open.saturating_neg(),
            counter: Counter::from_code(self.counter).ok_or_else(unknown)?,
            source: Source::from_code(self.source, self.source_id).ok_or_else(unknown)?,
            source_posting: self.source_posting,
            rule_book: self.rule_book_id.map(RuleBookId),
            item_code: self.item_code,
            happened_on: self.happened_on,
            effect: None,
            reverses: self.reverses.map(EntryId),
            shortfall: Shortfall::Refuse,
        };
        let missing = Missing { posting, since: self.since };
        Ok(Arrears { id: ArrearsId(self.id), missing, takings: self.takings })
    }
}

/// Notes what postings did not find.
pub(super) fn note_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    missing: Vec<Missing>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let rows: Vec<_> = missing.into_iter().map(|one| ArrearsRow::of(village, one, now)).collect();
    for batch in rows.chunks(BATCH) {
        diesel::insert_into(arrears::table).values(batch).execute(tx)?;
    }
    Ok(())
}

/// Settles what falls with these postings ([`Missing::falls_with`]): hardly ever any.
pub(super) fn lift_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    postings: &[Posting],
) -> Result<(), Error> {
    let reversals: Vec<_> = postings.iter().filter(|p| p.reverses.is_some()).collect();
    if reversals.is_empty() {
        return Ok(());
    }
    let accounts = reversals.iter().map(|posting| posting.account).collect();
    let fallen: Vec<Uuid> = of_in_tx(tx, village, &accounts)?
        .into_values()
        .flatten()
        .filter(|one| reversals.iter().any(|posting| one.missing.falls_with(posting)))
        .map(|one| one.id.0)
        .collect();
    if !fallen.is_empty() {
        let rows = arrears::table
            .filter(arrears::village_id.eq(village.0))
            .filter(arrears::id.eq_any(fallen));
        diesel::update(rows).set(arrears::open.eq(0)).execute(tx)?;
    }
    Ok(())
}

/// All of these accounts, the oldest first.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn of_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    accounts: &BTreeSet<AccountId>,
) -> Result<BTreeMap<AccountId, Vec<Arrears>>, Error> {
    let rows: Vec<ArrearsRow> = arrears::table
        .filter(arrears::village_id.eq(village.0))
        .filter(arrears::account_id.eq_any(accounts.iter().map(|id| id.0)))
        .order((arrears::account_id, arrears::id))
        .select(ArrearsRow::as_select())
        .load(tx)?;
    let mut found: BTreeMap<AccountId, Vec<Arrears>> = BTreeMap::new();
    for row in rows {
        found.entry(AccountId(row.account_id)).or_default().push(row.arrears()?);
    }
    Ok(found)
}

/// Notes what was taken later. Of a dividend that used points up, its line says so.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn taken_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    taken: &[(ArrearsId, Posting)],
) -> Result<(), Error> {
    for (one, posting) in taken {
        let part = posting.amount.saturating_neg();
        diesel::update(arrears::table.find((village.0, one.0)))
            .set((
                arrears::open.eq(arrears::open - part),
                arrears::takings.eq(arrears::takings + 1),
            ))
            .execute(tx)?;
        if let Source::Payout(payout) = posting.source {
            let line = payout_lines::table
                .filter(payout_lines::village_id.eq(village.0))
                .filter(payout_lines::payout_id.eq(payout.0))
                .filter(payout_lines::account_id.eq(posting.account.0));
            diesel::update(line)
                .set(payout_lines::used_up.eq(payout_lines::used_up + part))
                .execute(tx)?;
        }
    }
    Ok(())
}
