//! The ledger's one door: balances are read under lock, the domain folds postings over them, and one
//! call of `ledger_append` writes what came of it. What takes an award back spares what ran out of it
//! ([`expiry::spare_what_ran_out`]). With a rating the star goes the same way: [`rated`].

pub(crate) mod arrears;
mod check;
pub(crate) mod purses;
mod rated;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{
    Array, BigInt, Date, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
};
use domain::expiry;
use domain::id::{AccountId, EntryId, RuleBookId, UserId, VillageId, VillagerId};
use domain::ledger::{Balances, Counter, Effect, Entry, Posting, Purse, Sheet, Shortfall, Source};
use domain::refusal::Refusal;
use domain::rule_book::ScorePart;
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{accounts, entries, payouts, rating_lines, ratings};

pub use check::Check;
pub use rated::{Held, Stars, hold_in_tx, post_with_stars_in_tx};

diesel::define_sql_function! {
    /// See the migration that makes it.
    #[expect(clippy::too_many_arguments, reason = "columns of a table, as arrays")]
    fn ledger_append(
        village: SqlUuid,
        accounts: Array<SqlUuid>, versions: Array<BigInt>,
        scores: Array<BigInt>, points: Array<BigInt>, credits: Array<BigInt>,
        versions_after: Array<BigInt>,
        ids: Array<SqlUuid>, entry_accounts: Array<SqlUuid>, entry_versions: Array<BigInt>,
        purses: Array<SmallInt>, amounts: Array<BigInt>, balances: Array<BigInt>,
        counters: Array<SmallInt>, sources: Array<SmallInt>, source_ids: Array<SqlUuid>,
        source_postings: Array<SmallInt>, rule_books: Array<Nullable<SqlUuid>>,
        item_codes: Array<Nullable<Text>>, happened: Array<Date>,
        members: Array<Nullable<SqlUuid>>, parts: Array<Nullable<SmallInt>>,
        counts_until: Array<Nullable<Date>>,
        reverses: Array<Nullable<SqlUuid>>,
        recorded_at: Timestamptz, recorded_by: Nullable<SqlUuid>,
        stars: Array<Nullable<SmallInt>>, stars_cycle: Nullable<Text>
    ) -> BigInt;
}

diesel::define_sql_function! {
    /// The exact sum of whole numbers, as one: Postgres' own `sum` answers `numeric`.
    #[aggregate]
    fn sum_exact(amount: BigInt) -> BigInt;
}

/// The balances of these accounts, locked until the transaction ends, in the order of their ids.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    ids: &BTreeSet<AccountId>,
) -> Result<Sheet, Error> {
    let rows: Vec<(Uuid, i64, i64, i64, i64)> = accounts::table
        .filter(accounts::village_id.eq(village.0))
        .filter(accounts::id.eq_any(ids.iter().map(|id| id.0)))
        .order(accounts::id)
        .select((
            accounts::id,
            accounts::score,
            accounts::points,
            accounts::star_credit,
            accounts::version,
        ))
        .for_no_key_update()
        .load(tx)?;
    Ok(Sheet(
        rows.into_iter()
            .map(|(id, score, points, star_credit, version)| {
                (AccountId(id), Balances { score, points, star_credit, version })
            })
            .collect(),
    ))
}

/// Posts to the ledger: all of it or nothing. Answers the entries.
///
/// They are recorded as of `now`, or just after the newest rating of the village if that is later:
/// a rating counts what was recorded until it was computed, and must count the same ever after.
///
/// # Errors
/// Those of [`Sheet::post`].
pub fn post_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    mut postings: Vec<Posting>,
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<Vec<Entry>, Error> {
    if postings.is_empty() {
        return Ok(Vec::new());
    }
    let touched: BTreeSet<_> = postings.iter().map(|posting| posting.account).collect();
    let before = lock_in_tx(tx, village, &touched)?;
    let mut after = before.clone();
    spare_what_ran_out_in_tx(tx, village, &mut postings)?;
    let scores = postings.iter().any(|posting| posting.purse == Purse::Score);
    arrears::lift_in_tx(tx, village, &postings)?;
    let (done, missing) = after.post_noting(postings)?;
    arrears::note_in_tx(tx, village, missing, now)?;
    let recorded_at = if scores { after_ratings_in_tx(tx, village, now)? } else { now };
    append_in_tx(tx, village, (&before, &after), &done, None, (recorded_at, by))?;
    Ok(done)
}

/// Posts what was decided under the lock of the accounts as it is: redemptions that give points back, and
/// what is taken of these.
///
/// # Errors
/// Those of [`Sheet::post`].
pub(crate) fn post_back_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    postings: Vec<Posting>,
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<Vec<Entry>, Error> {
    if postings.is_empty() {
        return Ok(Vec::new());
    }
    let touched: BTreeSet<_> = postings.iter().map(|posting| posting.account).collect();
    let before = lock_in_tx(tx, village, &touched)?;
    let mut after = before.clone();
    let done = after.post(postings)?;
    append_in_tx(tx, village, (&before, &after), &done, None, (now, by))?;
    Ok(done)
}

/// Lets alone what ran out of awards that are taken back. Their accounts are locked.
fn spare_what_ran_out_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    postings: &mut [Posting],
) -> Result<(), Error> {
    let taken = postings.iter().filter(|posting| expiry::takes_back(posting));
    let accounts: BTreeSet<AccountId> = taken.map(|posting| posting.account).collect();
    if accounts.is_empty() {
        return Ok(());
    }
    let accounts: Vec<_> = accounts.into_iter().collect();
    let purses = purses::of(tx, village, &accounts)?;
    Ok(expiry::spare_what_ran_out(postings, &purses)?)
}

/// The moment as of which something is recorded that a rating looks at besides entries, under the lock
/// of the accounts: see [`post_in_tx`].
///
/// # Errors
/// [`Error::Unavailable`].
pub fn moment_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    accounts: &BTreeSet<AccountId>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Error> {
    lock_in_tx(tx, village, accounts)?;
    after_ratings_in_tx(tx, village, now)
}

/// `now`, or a moment after the newest rating, correction of a line, or payout. These lock every account
/// while they are computed; whoever held a lock before is counted in it, whoever gets one later sees it
/// here.
fn after_ratings_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, Error> {
    let computed: Option<DateTime<Utc>> = ratings::table
        .filter(ratings::village_id.eq(village.0))
        .select(diesel::dsl::max(ratings::as_of))
        .first(tx)?;
    let corrected: Option<DateTime<Utc>> = rating_lines::table
        .filter(rating_lines::village_id.eq(village.0))
        .filter(rating_lines::corrected_as_of.is_not_null())
        .select(diesel::dsl::max(rating_lines::corrected_as_of))
        .first(tx)?;
    let shared: Option<DateTime<Utc>> = payouts::table
        .filter(payouts::village_id.eq(village.0))
        .select(diesel::dsl::max(payouts::as_of))
        .first(tx)?;
    let after =
        computed.max(corrected).max(shared).map(|as_of| as_of + chrono::Duration::microseconds(1));
    Ok(after.map_or(now, |after| now.max(after)))
}

fn append_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    (before, after): (&Sheet, &Sheet),
    done: &[Entry],
    stars: Option<Stars<'_>>,
    (now, by): (DateTime<Utc>, Option<UserId>),
) -> Result<(), Error> {
    let star = |id: &AccountId| stars.and_then(|stars| stars.by_account.get(id)).copied();
    let changed: Vec<_> = after
        .0
        .iter()
        .filter_map(|(id, next)| before.0.get(id).map(|past| (*id, past.version, next)))
        .filter(|(id, version, next)| *version != next.version || star(id).is_some())
        .collect();
    let balance =
        |of: fn(&Balances) -> i64| changed.iter().map(|(.., b)| of(b)).collect::<Vec<_>>();
    let column = |of: &dyn Fn(&Entry) -> i64| done.iter().map(of).collect::<Vec<_>>();
    let small = |of: &dyn Fn(&Entry) -> i16| done.iter().map(of).collect::<Vec<_>>();
    let ids = |of: &dyn Fn(&Entry) -> Uuid| done.iter().map(of).collect::<Vec<_>>();
    let written: i64 = diesel::select(ledger_append(
        village.0,
        changed.iter().map(|(id, ..)| id.0).collect::<Vec<_>>(),
        changed.iter().map(|(_, version, _)| *version).collect::<Vec<_>>(),
        balance(|b| b.score),
        balance(|b| b.points),
        balance(|b| b.star_credit),
        balance(|b| b.version),
        ids(&|e| e.posting.id.0),
        ids(&|e| e.posting.account.0),
        column(&|e| e.account_version),
        small(&|e| e.posting.purse.code()),
        column(&|e| e.posting.amount),
        column(&|e| e.balance_after),
        small(&|e| e.posting.counter.code()),
        small(&|e| e.posting.source.code()),
        ids(&|e| e.posting.source.id()),
        small(&|e| e.posting.source_posting),
        done.iter().map(|e| e.posting.rule_book.map(|id| id.0)).collect::<Vec<_>>(),
        done.iter().map(|e| e.posting.item_code.clone()).collect::<Vec<_>>(),
        done.iter().map(|e| e.posting.happened_on).collect::<Vec<NaiveDate>>(),
        done.iter().map(|e| e.posting.effect.map(|f| f.member.0)).collect::<Vec<_>>(),
        done.iter().map(|e| e.posting.effect.map(|f| f.part.code())).collect::<Vec<_>>(),
        done.iter().map(|e| e.posting.effect.map(|f| f.counts_until)).collect::<Vec<_>>(),
        done.iter().map(|e| e.posting.reverses.map(|id| id.0)).collect::<Vec<_>>(),
        now,
        by.map(|user| user.0),
        changed.iter().map(|(id, ..)| star(id).map(|s| i16::from(s.get()))).collect::<Vec<_>>(),
        stars.map(|stars| stars.cycle),
    ))
    .get_result(tx)?;
    if usize::try_from(written) == Ok(done.len()) {
        Ok(())
    } else {
        Err(Error::Bug(format!("{} entries to write, {written} written", done.len())))
    }
}

/// The entries of a source that were not reversed, to be reversed.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn standing_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    source: Source,
) -> Result<Vec<Entry>, Error> {
    let reversals = diesel::alias!(entries as reversals);
    let rows: Vec<EntryRow> = entries::table
        .filter(entries::village_id.eq(village.0))
        .filter(entries::source_id.eq(source.id()))
        .filter(entries::source.eq(source.code()))
        .filter(entries::reverses.is_null())
        .filter(diesel::dsl::not(diesel::dsl::exists(
            reversals
                .filter(reversals.field(entries::village_id).eq(village.0))
                .filter(reversals.field(entries::reverses).eq(entries::id.nullable())),
        )))
        .order(entries::account_version)
        .select(EntryRow::as_select())
        .load(tx)?;
    rows.into_iter().map(EntryRow::entry).collect()
}

/// An entry as it is stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = entries)]
pub struct EntryRow {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub account_id: Uuid,
    /// The account's version after it.
    pub account_version: i64,
    /// The number of the purse.
    pub purse: i16,
    /// Hundredths of a point, or fen.
    pub amount: i64,
    /// The balance of the purse after it.
    pub balance_after: i64,
    /// The number of the counter-account.
    pub counter: i16,
    /// The number of the kind of source.
    pub source: i16,
    /// The source.
    pub source_id: Uuid,
    /// How often the source was written before.
    pub source_posting: i16,
    /// The book that says so.
    pub rule_book_id: Option<Uuid>,
    /// The item of that book.
    pub item_code: Option<String>,
    /// The day of the deed.
    pub happened_on: NaiveDate,
    /// For the score: whose it is.
    pub member_id: Option<Uuid>,
    /// For the score: the number of its part.
    pub part: Option<i16>,
    /// For the score: the last day on which it counts, unless it was put right before.
    pub counts_until: Option<NaiveDate>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who recorded it; none for the program itself.
    pub recorded_by: Option<Uuid>,
    /// The entry it takes back.
    pub reverses: Option<Uuid>,
}

impl EntryRow {
    /// The entry as the domain knows it.
    ///
    /// # Errors
    /// [`Error::Bug`] for a number that this version does not know.
    pub fn entry(self) -> Result<Entry, Error> {
        let unknown =
            || Error::Bug("an entry with a number that this version does not know".into());
        let effect = match (self.member_id, self.part, self.counts_until) {
            (Some(member), Some(part), Some(counts_until)) => Some(Effect {
                member: VillagerId(member),
                part: ScorePart::from_code(part).ok_or_else(unknown)?,
                counts_until,
            }),
            _ => None,
        };
        Ok(Entry {
            posting: Posting {
                id: EntryId(self.id),
                account: AccountId(self.account_id),
                purse: Purse::from_code(self.purse).ok_or_else(unknown)?,
                amount: self.amount,
                counter: Counter::from_code(self.counter).ok_or_else(unknown)?,
                source: Source::from_code(self.source, self.source_id).ok_or_else(unknown)?,
                source_posting: self.source_posting,
                rule_book: self.rule_book_id.map(RuleBookId),
                item_code: self.item_code,
                happened_on: self.happened_on,
                effect,
                reverses: self.reverses.map(EntryId),
                shortfall: Shortfall::Refuse,
            },
            balance_after: self.balance_after,
            account_version: self.account_version,
        })
    }
}

/// The entries of an account, the newest first, before a version of the account.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn list(
    c: &mut PgConnection,
    village: VillageId,
    account: AccountId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<EntryRow>, Error> {
    Ok(entries::table
        .filter(entries::village_id.eq(village.0))
        .filter(entries::account_id.eq(account.0))
        .filter(entries::account_version.lt(before.unwrap_or(i64::MAX)))
        .order(entries::account_version.desc())
        .limit(limit)
        .select(EntryRow::as_select())
        .load(c)?)
}

/// Refuses an account that the village does not have.
///
/// # Errors
/// `not_found`.
pub fn exists_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    account: AccountId,
) -> Result<(), Error> {
    let found: bool =
        diesel::select(diesel::dsl::exists(accounts::table.find((village.0, account.0))))
            .get_result(tx)?;
    if found { Ok(()) } else { Err(Refusal::NotFound.into()) }
}
