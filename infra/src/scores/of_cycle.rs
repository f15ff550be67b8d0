//! The score that somebody asks for: of which account, in which cycle, by which book.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::id::{AccountId, HouseholdId, RuleBookId, VillageId};
use domain::rating::{Standing, ratable_kind};
use domain::refusal::Refusal;
use domain::rule_book::RuleBook;
use uuid::Uuid;

use super::standing;
use crate::db::Db;
use crate::error::Error;
use crate::schema::ratings;
use crate::statements::account_of;

/// An account in a cycle.
pub(crate) struct OfCycle {
    pub(crate) account: AccountId,
    pub(crate) cycle: Cycle,
    pub(crate) book: Arc<RuleBook>,
    pub(crate) standing: Standing,
}

/// Finds what is asked for. Without an account it is the household's own, or the first of its persons';
/// without a cycle the present one. A cycle that was rated is looked at by the book of its rating,
/// another by the one that holds on its last day, or today as long as it runs.
///
/// # Errors
/// `no_rule_book`, `cycle_wrong_kind`, `not_found`.
pub(crate) fn of_cycle(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    (household, account): (HouseholdId, Option<AccountId>),
    cycle: Option<Cycle>,
    today: NaiveDate,
) -> Result<OfCycle, Error> {
    let (cycle, book) = match cycle {
        None => {
            let (_, book) = db.book_on(c, village, today)?;
            (book.cycle.holding(today), book)
        }
        Some(cycle) => (cycle, book_of(db, c, village, cycle, today)?),
    };
    ratable_kind(&book, cycle)?;
    let row = account_of(c, village, household, account)?.ok_or(Refusal::NotFound)?;
    let account = AccountId(row.id);
    let standing = standing(c, village, account, cycle, DateTime::<Utc>::MAX_UTC, &book)?;
    Ok(OfCycle { account, cycle, book, standing })
}

fn book_of(
    db: &Db,
    c: &mut PgConnection,
    village: VillageId,
    cycle: Cycle,
    today: NaiveDate,
) -> Result<Arc<RuleBook>, Error> {
    let rated: Option<Uuid> = ratings::table
        .filter(ratings::village_id.eq(village.0))
        .filter(ratings::cycle.eq(cycle.to_string()))
        .order(ratings::as_of.desc())
        .select(ratings::rule_book_id)
        .first(c)
        .optional()?;
    match rated {
        Some(book) => db.book(c, village, RuleBookId(book)),
        // Before the village had a book the present one answers, with nothing to count.
        None => match db.book_on(c, village, cycle.last_day().min(today)) {
            Err(Error::Refused(Refusal::NoRuleBook { .. })) => Ok(db.book_on(c, village, today)?.1),
            found => Ok(found?.1),
        },
    }
}
