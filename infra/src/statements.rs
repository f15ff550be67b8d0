//! A household's statement (流水): every entry with all that is needed to explain it in words, in one
//! query a page; and the score of a cycle with the entries that make it up.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::{Cycle, day_of};
use domain::claim::{Adjustment, suspended_until};
use domain::fund::brake::{self, Brake, CycleShare};
use domain::id::{AccountId, HouseholdId, VillageId};
use domain::ledger::{Entry, Purse, Source};
use domain::points::{BasisPoints, Fen, Points};
use domain::policy::{Action, Target};
use domain::rating::{Line, rate};
use domain::refusal::Refusal;
use domain::rule_book::{ItemKind, PointsPolicy};
use serde::Deserialize;
use uuid::Uuid;

use crate::accounts::BalanceRow;
use crate::db::Db;
use crate::error::Error;
use crate::funds::brakes;
use crate::ledger::EntryRow;
use crate::posting::vetoes;
use crate::reading::Why;
use crate::redemptions::{RedemptionColumns, RedemptionFacts};
use crate::schema::{
    accounts, claims, entries, households, merchants, notices, purchases, rating_lines, ratings,
    redemptions, repairs, rule_books, stores,
};
use crate::scores::{OfCycle, of_cycle};

/// The most entries that are listed with a score.
pub const SCORE_ENTRIES_MAX: i64 = 500;

/// An entry with what explains it.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The entry.
    pub entry: Entry,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The name of the item in the book that judged the deed.
    pub item: Option<String>,
    /// The number of that book in the village.
    pub book_number: Option<i32>,
    /// The number of the notice on which it hung.
    pub notice_number: Option<i32>,
    /// The claim, for an entry that came from one.
    pub claim: Option<ClaimFacts>,
    /// The cycle and the stars, for an entry that came from a rating.
    pub rating: Option<(Cycle, i16)>,
    /// The merchant and the price, for an entry that came from a purchase.
    pub purchase: Option<(String, Fen)>,
    /// What was redeemed and where, for an entry that came from a redemption.
    pub redemption: Option<RedemptionFacts>,
    /// The year at whose end points ran out, also those that were held in a redemption then, and what the
    /// book said of it.
    pub expiry: Option<(i32, PointsPolicy)>,
    /// The share that was issued, where a brake held back part of it.
    pub braked: Option<BasisPoints>,
    /// Of a deduction from redeemable points: what the book that judged takes of them in all.
    pub forfeited: Option<Points>,
    /// The entry that this one takes back: when it was recorded, and its amount.
    pub reverses: Option<(DateTime<Utc>, i64)>,
}

/// What a statement says of a claim.
#[derive(Clone, Debug)]
pub struct ClaimFacts {
    /// Award or deduction.
    pub kind: ItemKind,
    /// The amount by the item, before caps.
    pub asked: Points,
    /// The amount that counts now.
    pub granted: Points,
    /// How what was asked for became what counts.
    pub adjustments: Vec<Adjustment>,
    /// How often it was written to the ledger.
    pub postings: i16,
    /// The day of the deed.
    pub happened_on: NaiveDate,
}

/// A page of a statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Of which account.
    pub account: AccountId,
    /// The entries, the newest first.
    pub entries: Vec<Explained>,
}

/// The score of an account in a cycle.
#[derive(Clone, Debug)]
pub struct Score {
    /// The cycle.
    pub cycle: Cycle,
    /// The score with which everybody begins, by the book of the cycle.
    pub base: Points,
    /// The sum of the cycle's entries.
    pub entries_sum: Points,
    /// Score and star as the book of the cycle gives them.
    pub line: Line,
    /// The last day on which a veto suspends redemption, if one does today.
    pub suspended_until: Option<NaiveDate>,
    /// The cycle's entries, the newest first, at most [`SCORE_ENTRIES_MAX`].
    pub entries: Vec<Explained>,
}

/// A page of the statement of a household's account, before a version of the account. Without an
/// account it is the household's own, or the first of its persons' accounts.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (household, account): (HouseholdId, Option<AccountId>),
    before: Option<i64>,
    limit: i64,
    why: &Why,
) -> Result<Statement, Error> {
    let target = Target::household(db.place(village)?, household);
    db.allows_reading(actor, Action::StatementShow, &target, why)?;
    db.read(|c| {
        let Some(row) = account_of(c, village, household, account)? else {
            return Ok(Statement { account: household.into(), entries: Vec::new() });
        };
        let account = AccountId(row.id);
        let which = Which::Before(before.unwrap_or(i64::MAX));
        Ok(Statement { account, entries: explained(db, c, village, account, which, limit)? })
    })
}

/// The score of a household's account in a cycle, the present one if none is named, and the star
/// that it gives by the book of the cycle.
///
/// # Errors
/// `no_rule_book`, `cycle_wrong_kind`, `forbidden`, `not_found`, `reason_required`.
pub fn score(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (household, account): (HouseholdId, Option<AccountId>),
    cycle: Option<Cycle>,
    why: &Why,
) -> Result<Score, Error> {
    let target = Target::household(db.place(village)?, household);
    db.allows_reading(actor, Action::StatementShow, &target, why)?;
    let today = day_of(why.at);
    db.read(|c| {
        let found = of_cycle(db, c, village, (household, account), cycle, today)?;
        let OfCycle { account, cycle, book, standing } = found;
        let which = Which::ScoreOn(cycle.last_day());
        Ok(Score {
            cycle,
            base: book.base_score,
            entries_sum: Points::from_hundredths(
                standing.effective.total().ok_or(Refusal::AmountOutOfRange)?,
            ),
            line: rate(&book, cycle, &standing)?,
            suspended_until: {
                let vetoes = vetoes(c, village, account)?;
                suspended_until(vetoes.iter().map(|(_, mark)| mark), today)
            },
            entries: explained(db, c, village, account, which, SCORE_ENTRIES_MAX)?,
        })
    })
}

/// The account that is meant. `None` if the household exists and has no account yet.
pub(crate) fn account_of(
    c: &mut PgConnection,
    village: VillageId,
    household: HouseholdId,
    account: Option<AccountId>,
) -> Result<Option<BalanceRow>, Error> {
    let rows: Vec<BalanceRow> = accounts::table
        .filter(accounts::village_id.eq(village.0))
        .filter(accounts::household_id.eq(household.0))
        .order(accounts::id)
        .select(BalanceRow::as_select())
        .load(c)?;
    if let Some(account) = account {
        let found = rows.into_iter().find(|row| row.id == account.0);
        return found.map(Some).ok_or(Refusal::NotFound.into());
    }
    if rows.is_empty() {
        let _: Uuid =
            households::table.find((village.0, household.0)).select(households::id).first(c)?;
    }
    let own = rows.iter().position(|row| row.id == household.0).unwrap_or(0);
    Ok(rows.into_iter().nth(own))
}

/// Which entries of an account.
#[derive(Clone, Copy)]
enum Which {
    /// All, before a version of the account.
    Before(i64),
    /// Those of the score whose effect covers a day, unless it was put right before.
    ScoreOn(NaiveDate),
}

type ClaimColumns = (String, i64, Option<i64>, serde_json::Value, i16, NaiveDate);
type Row = (
    EntryRow,
    Option<ClaimColumns>,
    Option<i32>,
    Option<i32>,
    Option<String>,
    Option<i16>,
    Option<i64>,
    Option<String>,
    Option<RedemptionColumns>,
    Option<(DateTime<Utc>, i64)>,
);

fn explained(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    account: AccountId,
    which: Which,
    limit: i64,
) -> Result<Vec<Explained>, Error> {
    let earlier = diesel::alias!(entries as earlier);
    // A source is of one kind and its id is found in one table only, so each join finds one row or
    // none.
    let mut query = entries::table
        .left_join(
            claims::table.on(claims::village_id
                .eq(entries::village_id)
                .and(claims::id.eq(entries::source_id))),
        )
        .left_join(ratings::table.on(
            ratings::village_id.eq(entries::village_id).and(ratings::id.eq(entries::source_id)),
        ))
        .left_join(
            rating_lines::table.on(rating_lines::village_id
                .eq(entries::village_id)
                .and(rating_lines::rating_id.eq(entries::source_id))
                .and(rating_lines::account_id.eq(entries::account_id))),
        )
        .left_join(purchases::table.on(
            purchases::village_id.eq(entries::village_id).and(purchases::id.eq(entries::source_id)),
        ))
        .left_join(merchants::table.on(merchants::id.eq(purchases::merchant_id)))
        .left_join(
            redemptions::table.on(redemptions::village_id
                .eq(entries::village_id)
                .and(redemptions::id.eq(entries::source_id))),
        )
        .left_join(
            stores::table.on(stores::village_id
                .eq(redemptions::village_id)
                .and(stores::id.eq(redemptions::store_id))),
        )
        .left_join(
            notices::table.on(notices::village_id.eq(entries::village_id).and(
                notices::id
                    .nullable()
                    .eq(claims::notice_id)
                    .or(notices::id.nullable().eq(ratings::notice_id)),
            )),
        )
        .left_join(
            rule_books::table.on(rule_books::village_id.eq(entries::village_id).and(
                rule_books::id
                    .nullable()
                    .eq(entries::rule_book_id)
                    .or(rule_books::id.eq(ratings::rule_book_id)),
            )),
        )
        .left_join(
            earlier.on(earlier
                .field(entries::village_id)
                .eq(entries::village_id)
                .and(earlier.field(entries::id).nullable().eq(entries::reverses))),
        )
        .filter(entries::village_id.eq(village.0))
        .filter(entries::account_id.eq(account.0))
        .order(entries::account_version.desc())
        .limit(limit)
        .select((
            EntryRow::as_select(),
            (
                claims::kind,
                claims::asked,
                claims::granted,
                claims::adjustments,
                claims::postings,
                claims::happened_on,
            )
                .nullable(),
            notices::number.nullable(),
            rule_books::number.nullable(),
            ratings::cycle.nullable(),
            rating_lines::stars.nullable(),
            purchases::price.nullable(),
            merchants::name.nullable(),
            (
                redemptions::goods_name,
                redemptions::quantity,
                redemptions::unit,
                redemptions::state,
                stores::name,
            )
                .nullable(),
            (earlier.field(entries::recorded_at), earlier.field(entries::amount)).nullable(),
        ))
        .into_boxed();
    query = match which {
        Which::Before(version) => query.filter(entries::account_version.lt(version)),
        Which::ScoreOn(day) => query
            .filter(entries::purse.eq(Purse::Score.code()))
            .filter(entries::happened_on.le(day))
            .filter(entries::counts_until.ge(day).assume_not_null())
            .filter(diesel::dsl::not(diesel::dsl::exists(
                repairs::table
                    .filter(repairs::village_id.eq(village.0))
                    .filter(repairs::claim_id.eq(entries::source_id))
                    .filter(repairs::counts_until.lt(day)),
            ))),
    };
    let rows: Vec<Row> = query.load(c)?;
    // A claim looks at the day of its deed, star credit at every day of its cycle.
    let deed = |row: &Row| {
        let cycle: Option<Cycle> = row.4.as_ref().and_then(|cycle| cycle.parse().ok());
        let begun = cycle.map(|cycle| cycle.first_day());
        row.1.as_ref().map_or(begun.unwrap_or(row.0.happened_on), |claim| claim.5)
    };
    let brakes = match rows.iter().map(deed).min() {
        Some(oldest) => brakes::of_in(c, village, oldest)?,
        None => Vec::new(),
    };
    rows.into_iter().map(|row| of_row(db, c, village, row, &brakes)).collect()
}

fn of_row(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    row: Row,
    brakes: &[Brake],
) -> Result<Explained, Error> {
    let (
        entry,
        claim,
        notice_number,
        book_number,
        cycle,
        stars,
        price,
        merchant,
        redeemed,
        reverses,
    ) = row;
    let recorded_at = entry.recorded_at;
    let entry = entry.entry()?;
    let item = match (entry.posting.rule_book, entry.posting.item_code.as_deref()) {
        (Some(book), Some(code)) => {
            // Adopted books are remembered, so this is no query.
            let book = db.book(c, village, book)?;
            Some(book.item(code).map_or(code, |item| &item.name).to_owned())
        }
        _ => None,
    };
    let cycle: Option<Cycle> = cycle.and_then(|cycle| cycle.parse().ok());
    let claim = match entry.posting.source {
        Source::Claim(_) => claim.map(claim_facts).transpose()?,
        _ => None,
    };
    let posting = &entry.posting;
    let expiry = match (posting.source, posting.rule_book) {
        (Source::Expiry(_) | Source::Redemption(_), Some(book)) => {
            Some((posting.happened_on.year(), db.book(c, village, book)?.points_policy))
        }
        _ => None,
    };
    let cycle_of = cycle.filter(|_| matches!(posting.source, Source::Rating(_)));
    let braked = match (posting.purse, posting.reverses, &claim, cycle_of) {
        (Purse::Points, None, Some(claim), _) if !claim.kind.is_adverse() => {
            brake::on(brakes, claim.happened_on).map(|brake| brake.issued)
        }
        (Purse::StarCredit, None, _, Some(cycle)) => {
            CycleShare::of(brakes, cycle.first_day(), cycle.last_day()).held_back()
        }
        _ => None,
    };
    let forfeited = match (&claim, posting.rule_book) {
        (Some(claim), Some(book)) if claim.kind.is_adverse() && posting.purse == Purse::Points => {
            Some(db.book(c, village, book)?.forfeited(claim.granted.negated()))
        }
        _ => None,
    };
    Ok(Explained {
        entry,
        recorded_at,
        item,
        book_number,
        notice_number,
        claim,
        rating: cycle.zip(stars),
        purchase: merchant.zip(price.map(Fen::new)),
        redemption: redeemed.map(RedemptionFacts::of).transpose()?,
        expiry,
        braked,
        forfeited,
        reverses,
    })
}

fn claim_facts(
    (kind, asked, granted, adjustments, postings, happened_on): ClaimColumns,
) -> Result<ClaimFacts, Error> {
    let unreadable = || Error::Bug("a stored claim that cannot be read".into());
    let kind = ItemKind::from_name(&kind).ok_or_else(unreadable)?;
    Ok(ClaimFacts {
        kind,
        asked: Points::from_hundredths(asked),
        granted: Points::from_hundredths(granted.unwrap_or(0)),
        adjustments: Vec::deserialize(adjustments).map_err(|_| unreadable())?,
        postings,
        happened_on,
    })
}
