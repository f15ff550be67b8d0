//! What ledger and roster say of accounts before they are rated: the one query of what counts in a
//! score, for a whole village or for a few accounts.

mod of_cycle;
mod roster;
mod why;

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Bool, SmallInt};
use domain::calendar::Cycle;
use domain::id::{AccountId, ClaimId, VillageId, VillagerId};
use domain::ledger::Purse;
use domain::rating::{Effective, GradeMark, MemberSum, Standing};
use domain::refusal::Refusal;
use domain::rule_book::{HouseholdScore, RuleBook, ScorePart, Star, Subject};
use uuid::Uuid;

use crate::error::Error;
use crate::ledger::sum_exact;
use crate::schema::{accounts, entries, marks, repairs};

pub(crate) use of_cycle::{OfCycle, of_cycle};
pub use why::{Explained, explained};

/// Which entries count: those whose effect covers this day (domain::rating::counts_in), as far as
/// they were recorded by that moment. What was put right by then counts as long as its repair says.
#[derive(Clone, Copy, Debug)]
pub struct Counting<'a> {
    /// The village.
    pub village: VillageId,
    /// The last day of the cycle.
    pub on: NaiveDate,
    /// The moment.
    pub as_of: DateTime<Utc>,
    /// Of these accounts only.
    pub accounts: Option<&'a [Uuid]>,
}

/// What counts of the accounts that have anything: all in one sum, or by member where the book looks
/// at each, and the direct grades. Who of the members is rated is not known here.
///
/// # Errors
/// [`Error::Unavailable`], [`Error::Bug`] for a number that this version does not know.
pub fn effective(
    c: &mut PgConnection,
    which: Counting<'_>,
    book: &RuleBook,
) -> Result<HashMap<Uuid, Effective>, Error> {
    let mut found: HashMap<Uuid, Effective> = HashMap::new();
    for (account, member, part, sum) in sums(c, which, looks_at_members(book))? {
        let part = part.and_then(ScorePart::from_code).unwrap_or_default();
        let held = found.entry(account).or_default();
        let (personal, role_duty) = match member {
            None => (&mut held.entries_sum, &mut held.role_duty_sum),
            Some(id) => {
                let member = VillagerId(id);
                let known = held.members.iter().position(|one| one.member == member);
                let at = known.unwrap_or_else(|| {
                    held.members.push(MemberSum {
                        member,
                        rated: false,
                        role_duty: 0,
                        personal: 0,
                    });
                    held.members.len() - 1
                });
                let Some(one) = held.members.get_mut(at) else { continue };
                (&mut one.personal, &mut one.role_duty)
            }
        };
        let side = if part == ScorePart::RoleDuty { role_duty } else { personal };
        *side = side.checked_add(sum).ok_or(Refusal::AmountOutOfRange)?;
    }
    for (account, mark) in grades(c, which)? {
        found.entry(account).or_default().marks.push(mark);
    }
    Ok(found)
}

/// Whether the book wants to know of each member what counts of them.
pub fn looks_at_members(book: &RuleBook) -> bool {
    book.subject == Subject::Household && book.household_score != HouseholdScore::Sum
}

type Sum = (Uuid, Option<Uuid>, Option<i16>, i64);

/// One sum for each account and part, or for each member and part of it. All that is asked of an entry
/// stands in the index `entries_counting`: the entries of a village lie among those of all others,
/// one to a page, and are not visited.
fn sums(c: &mut PgConnection, which: Counting<'_>, by_member: bool) -> Result<Vec<Sum>, Error> {
    let over = no_longer_counting(c, which)?;
    let counting = entries::table.filter(counts(which, over));
    let sum = sum_exact(entries::amount);
    if by_member {
        let columns = (entries::account_id, entries::member_id, entries::part);
        let sums = counting.group_by(columns);
        return Ok(sums.select((columns.0, columns.1, columns.2, sum)).load(c)?);
    }
    let columns = (entries::account_id, entries::part);
    let sums: Vec<(Uuid, Option<i16>, i64)> =
        counting.group_by(columns).select((columns.0, columns.1, sum)).load(c)?;
    Ok(sums.into_iter().map(|(account, part, sum)| (account, None, part, sum)).collect())
}

type Counts = Box<dyn BoxableExpression<entries::table, Pg, SqlType = Bool>>;

/// Which entries count, those of some claims left out.
fn counts(which: Counting<'_>, over: Vec<Uuid>) -> Counts {
    // Written out: with the number as a parameter Postgres would not know that the index, which holds
    // entries of the score alone, has them all.
    let score = sql::<SmallInt>(&Purse::Score.code().to_string());
    let mut counts: Counts = Box::new(
        entries::village_id
            .eq(which.village.0)
            .and(entries::purse.eq(score))
            .and(entries::happened_on.le(which.on))
            .and(entries::counts_until.ge(which.on).assume_not_null())
            .and(entries::recorded_at.le(which.as_of)),
    );
    if let Some(accounts) = which.accounts {
        counts = Box::new(counts.and(entries::account_id.eq_any(accounts.to_vec())));
    }
    if !over.is_empty() {
        // Few villages get here, and then every entry is visited for its source.
        counts = Box::new(counts.and(entries::source_id.ne_all(over)));
    }
    counts
}

/// The claims that were put right by the moment and do not count any more on the day.
fn no_longer_counting(c: &mut PgConnection, which: Counting<'_>) -> Result<Vec<Uuid>, Error> {
    Ok(repairs::table
        .filter(repairs::village_id.eq(which.village.0))
        .filter(repairs::recorded_at.le(which.as_of))
        .filter(repairs::counts_until.lt(which.on))
        .select(repairs::claim_id)
        .load(c)?)
}

/// The direct grades that were posted by the moment and not struck by then, with their repairs.
fn grades(c: &mut PgConnection, which: Counting<'_>) -> Result<Vec<(Uuid, GradeMark)>, Error> {
    let mut query = marks::table
        .left_join(
            repairs::table.on(repairs::village_id
                .eq(marks::village_id)
                .and(repairs::claim_id.eq(marks::claim_id))
                .and(repairs::recorded_at.le(which.as_of))),
        )
        .filter(marks::village_id.eq(which.village.0))
        .filter(marks::stars.is_not_null())
        .filter(marks::from_day.le(which.on))
        .filter(marks::until_day.ge(which.on))
        .filter(marks::recorded_at.le(which.as_of))
        .filter(marks::struck_at.is_null().or(marks::struck_at.gt(which.as_of).assume_not_null()))
        .order(marks::claim_id)
        .select((
            marks::account_id,
            marks::claim_id,
            marks::stars.assume_not_null(),
            marks::from_day,
            repairs::repaired_on.nullable(),
        ))
        .into_boxed();
    if let Some(accounts) = which.accounts {
        query = query.filter(marks::account_id.eq_any(accounts));
    }
    let rows: Vec<(Uuid, Uuid, i16, NaiveDate, Option<NaiveDate>)> = query.load(c)?;
    rows.into_iter()
        .map(|(account, claim, stars, since, repaired_on)| {
            let star = u8::try_from(stars).ok().and_then(Star::new);
            let star = star.ok_or_else(|| Error::Bug("a mark with a star of its own".into()))?;
            Ok((account, GradeMark { claim: ClaimId(claim), star, since, repaired_on }))
        })
        .collect()
}

/// The standings of all accounts that the book rates, or of some, in the order of their ids.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn standings(
    c: &mut PgConnection,
    which: Counting<'_>,
    book: &RuleBook,
) -> Result<Vec<Standing>, Error> {
    let mut query = accounts::table
        .filter(accounts::village_id.eq(which.village.0))
        .order(accounts::id)
        .select((accounts::id, accounts::household_id))
        .into_boxed();
    query = match (which.accounts, book.subject) {
        (Some(ids), _) => query.filter(accounts::id.eq_any(ids)),
        (None, Subject::Household) => query.filter(accounts::villager_id.is_null()),
        (None, Subject::Person) => query.filter(accounts::villager_id.is_not_null()),
    };
    let all: Vec<(Uuid, Uuid)> = query.load(c)?;
    standings_of(c, which, book, &all)
}

/// The standings of these accounts, each with its household: all that the book rates, or those that
/// `which` names.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn standings_of(
    c: &mut PgConnection,
    which: Counting<'_>,
    book: &RuleBook,
    all: &[(Uuid, Uuid)],
) -> Result<Vec<Standing>, Error> {
    let mut effective = effective(c, which, book)?;
    let households = which.accounts.map(|_| all.iter().map(|(_, home)| *home).collect::<Vec<_>>());
    let roster = roster::of(c, which.village, households.as_deref(), book)?;
    Ok(all
        .iter()
        .map(|(account, household)| {
            let counted = effective.remove(account).unwrap_or_default();
            roster.standing(AccountId(*account), (*household).into(), counted, book)
        })
        .collect())
}

/// The standing of an account in a cycle, with the entries recorded by a moment.
///
/// # Errors
/// `not_found`.
pub fn standing(
    c: &mut PgConnection,
    village: VillageId,
    account: AccountId,
    cycle: Cycle,
    as_of: DateTime<Utc>,
    book: &RuleBook,
) -> Result<Standing, Error> {
    let accounts = [account.0];
    let which = Counting { village, on: cycle.last_day(), as_of, accounts: Some(&accounts) };
    let found = standings(c, which, book)?.into_iter().next();
    Ok(found.ok_or(Refusal::NotFound)?)
}
