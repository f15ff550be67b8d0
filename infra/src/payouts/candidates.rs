//! Who may have a part, with what counts of each: everything that the domain reckons with.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::id::{AccountId, HouseholdId, RatingId, VillageId};
use domain::payout::{Candidate, LeftOut, RankedBy, Terms};
use domain::points::Points;
use domain::rating::{Line, RatingState, rate};
use domain::refusal::Refusal;
use domain::rule_book::Subject;
use uuid::Uuid;

use crate::db::Db;
use crate::earned::{Earned, earned};
use crate::error::Error;
use crate::ledger;
use crate::ratings::LineRow as RatingLineRow;
use crate::schema::{accounts, households, rating_lines, ratings};
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
/// `rating_not_effective`, `amount_out_of_range`, `no_rule_book`.
pub(super) fn of_accounts(
    db: &Db,
    c: &mut PgConnection,
    asked: &Asked<'_>,
    held: &[(Uuid, Uuid)],
) -> Result<Vec<Candidate>, Error> {
    let points = counted(db, c, asked, None)?;
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
