//! Who may have a part, with what counts of each: everything that the domain reckons with.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::claim::State as ClaimState;
use domain::id::{AccountId, HouseholdId, RatingId, RuleBookId, VillageId};
use domain::payout::{Candidate, LeftOut, RankedBy, Terms};
use domain::points::Points;
use domain::rating::{Line, RatingState, rate};
use domain::rating_line::LineState;
use domain::refusal::Refusal;
use domain::rule_book::Subject;
use uuid::Uuid;

use crate::db::Db;
use crate::earned::{Earned, earned};
use crate::error::Error;
use crate::ledger;
use crate::ratings::LineRow as RatingLineRow;
use crate::schema::{accounts, claims, households, rating_lines, ratings};
use crate::scores::{self, Counting};

/// As of when accounts are looked at, and each of them with its household.
type Held = (DateTime<Utc>, Vec<(Uuid, Uuid)>);

/// The accounts that a payout is for, each with its household, in the order of household numbers, and
/// the moment as of which they are looked at. Nothing is recorded of them until the transaction ends.
pub(super) fn hold_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    subject: Subject,
    now: DateTime<Utc>,
) -> Result<Held, Error> {
    let rows: Vec<(Uuid, Uuid, Option<Uuid>)> = accounts::table
        .inner_join(
            households::table.on(households::village_id
                .eq(accounts::village_id)
                .and(households::id.eq(accounts::household_id))),
        )
        .filter(accounts::village_id.eq(village.0))
        .order((households::number, accounts::id))
        .select((accounts::id, accounts::household_id, accounts::villager_id))
        .load(tx)?;
    let all: BTreeSet<AccountId> = rows.iter().map(|(id, ..)| AccountId(*id)).collect();
    let as_of = ledger::moment_in_tx(tx, village, &all, now)?;
    let of_person = subject == Subject::Person;
    let mine = rows.into_iter().filter(|(.., villager)| villager.is_some() == of_person);
    Ok((as_of, mine.map(|(account, household, _)| (account, household)).collect()))
}

/// What is asked of these accounts.
pub(super) struct Asked<'a> {
    pub(super) village: VillageId,
    pub(super) terms: &'a Terms,
    pub(super) period: (NaiveDate, NaiveDate),
    pub(super) as_of: DateTime<Utc>,
}

/// The candidates among accounts, by ledger and roster.
///
/// # Errors
/// `rating_not_effective`, `rating_outside_period`, `rating_disputed`, `accounts_mixed`,
/// `amount_out_of_range`, `no_rule_book`.
pub(super) fn of_accounts(
    db: &Db,
    c: &mut PgConnection,
    asked: &Asked<'_>,
    held: &[(Uuid, Uuid)],
) -> Result<Vec<Candidate>, Error> {
    if let Terms::Awards { ranked: RankedBy::Score { rating }, .. } = asked.terms {
        settled_in_period(c, asked, *rating)?;
    }
    let points = counted(db, c, asked, None)?;
    // The village changed from accounts of households to those of people, or back: what the others earned
    // would be lost in silence.
    let known: HashSet<Uuid> = held.iter().map(|(account, _)| *account).collect();
    if points.iter().any(|(id, points)| *points != Points::ZERO && !known.contains(id)) {
        return Err(Refusal::AccountsMixed.into());
    }
    let left_out: HashMap<Uuid, LeftOut> = match asked.terms {
        Terms::Dividend { .. } => HashMap::new(),
        Terms::Awards { ranked, track, .. } => {
            let lines = match ranked {
                RankedBy::Score { rating } => of_rating(c, asked.village, *rating)?,
                RankedBy::Points => standings(db, c, asked, held)?,
            };
            let rated: HashSet<Uuid> = lines.iter().map(|line| line.account.0).collect();
            let out =
                lines.iter().filter_map(|line| Some((line.account.0, LeftOut::of(line, *track)?)));
            let unrated = held.iter().map(|(account, _)| *account);
            let unrated = unrated.filter(|account| !rated.contains(account));
            unrated.map(|account| (account, LeftOut::NotRated)).chain(out).collect()
        }
    };
    Ok(held
        .iter()
        .map(|(account, household)| Candidate {
            account: AccountId(*account),
            household: HouseholdId(*household),
            points: points.get(account).copied().unwrap_or(Points::ZERO),
            left_out: left_out.get(account).copied(),
        })
        .collect())
}

/// What counts of each account by the terms: points earned, or the score of a rating.
///
/// # Errors
/// `rating_not_effective`, `amount_out_of_range`.
pub(super) fn counted(
    db: &Db,
    c: &mut PgConnection,
    asked: &Asked<'_>,
    accounts: Option<&[Uuid]>,
) -> Result<HashMap<Uuid, Points>, Error> {
    if let Terms::Awards { ranked: RankedBy::Score { rating }, .. } = asked.terms {
        let lines = of_rating(c, asked.village, *rating)?;
        return Ok(lines.into_iter().map(|line| (line.account.0, line.score)).collect());
    }
    let (from, until) = asked.period;
    let which = Earned { village: asked.village, from, until, as_of: asked.as_of, accounts };
    earned(db, c, which, |item| asked.terms.counts(item))
}

/// How many claims of the period might still count and do not: they are certified, hang or are disputed.
/// None for awards by the score of a rating, which is closed.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn unsettled(db: &Db, c: &mut PgConnection, asked: &Asked<'_>) -> Result<i32, Error> {
    if matches!(asked.terms, Terms::Awards { ranked: RankedBy::Score { .. }, .. }) {
        return Ok(0);
    }
    let open = [ClaimState::Certified, ClaimState::OnNotice, ClaimState::Disputed];
    let (from, until) = asked.period;
    let groups: Vec<(Uuid, String, i64)> = claims::table
        .filter(claims::village_id.eq(asked.village.0))
        .filter(claims::state.eq_any(open.map(ClaimState::as_str)))
        .filter(claims::happened_on.between(from, until))
        .group_by((claims::rule_book_id, claims::item_code))
        .select((claims::rule_book_id, claims::item_code, count_star()))
        .load(c)?;
    let mut count = 0_i64;
    for (book, code, of_it) in groups {
        let book = db.book(c, asked.village, RuleBookId(book))?;
        if book.item(&code).is_some_and(|item| asked.terms.counts(item)) {
            count += of_it;
        }
    }
    Ok(i32::try_from(count).unwrap_or(i32::MAX))
}

/// Refuses a rating whose cycle does not lie in the period, or of which lines wait for an answer: who
/// stands on them would be passed over.
fn settled_in_period(
    c: &mut PgConnection,
    asked: &Asked<'_>,
    rating: RatingId,
) -> Result<(), Error> {
    let found: Option<String> = ratings::table
        .find((asked.village.0, rating.0))
        .filter(ratings::state.eq(RatingState::Effective.as_str()))
        .select(ratings::cycle)
        .first(c)
        .optional()?;
    let name = found.ok_or(Refusal::RatingNotEffective)?;
    let cycle: Cycle =
        name.parse().map_err(|_| Error::Bug(format!("a rating of the cycle {name}")))?;
    let (from, until) = asked.period;
    if cycle.first_day() < from || cycle.last_day() > until {
        return Err(Refusal::RatingOutsidePeriod { cycle: name }.into());
    }
    let open: i64 = rating_lines::table
        .filter(rating_lines::village_id.eq(asked.village.0))
        .filter(rating_lines::rating_id.eq(rating.0))
        .filter(rating_lines::state.eq(LineState::Disputed.as_str()))
        .select(count_star())
        .first(c)?;
    match usize::try_from(open) {
        Ok(0) => Ok(()),
        lines => Err(Refusal::RatingDisputed { lines: lines.unwrap_or(usize::MAX) }.into()),
    }
}

/// The lines in effect of a rating that is.
fn of_rating(
    c: &mut PgConnection,
    village: VillageId,
    rating: RatingId,
) -> Result<Vec<Line>, Error> {
    let state: Option<String> =
        ratings::table.find((village.0, rating.0)).select(ratings::state).first(c).optional()?;
    if state.as_deref() != Some(RatingState::Effective.as_str()) {
        return Err(Refusal::RatingNotEffective.into());
    }
    let rows: Vec<RatingLineRow> = rating_lines::table
        .filter(rating_lines::village_id.eq(village.0))
        .filter(rating_lines::rating_id.eq(rating.0))
        .filter(rating_lines::state.eq("effective"))
        .select(RatingLineRow::as_select())
        .load(c)?;
    rows.iter().map(RatingLineRow::line).collect()
}

/// How the accounts stand on the last day of the period, by the book of that day.
fn standings(
    db: &Db,
    c: &mut PgConnection,
    asked: &Asked<'_>,
    held: &[(Uuid, Uuid)],
) -> Result<Vec<Line>, Error> {
    let (village, on) = (asked.village, asked.period.1);
    let (_, book) = db.book_on(c, village, on)?;
    let which = Counting { village, on, as_of: asked.as_of, accounts: None };
    let cycle = book.cycle.holding(on);
    let standings = scores::standings_of(c, which, &book, held)?;
    Ok(standings.iter().map(|one| rate(&book, cycle, one)).collect::<Result<_, Refusal>>()?)
}
