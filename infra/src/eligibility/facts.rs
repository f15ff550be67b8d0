//! What ledger, ratings and roster say of accounts, as a list asks it: a few grouped queries for a whole
//! village.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::eligibility::{Conditions, Facts};
use domain::id::VillageId;
use domain::person::{Residence, Track};
use domain::points::Points;
use domain::rating::RatingState;
use domain::rule_book::{ItemKind, Subject};
use uuid::Uuid;

use crate::db::Db;
use crate::earned::{Earned, earned};
use crate::error::Error;
use crate::schema::{accounts, marks, rating_lines, ratings, repairs, villagers};
use crate::villagers::{residence_of, tracks_of};

/// What is asked, and as of when.
pub(super) struct Asked<'a> {
    pub(super) village: VillageId,
    pub(super) conditions: &'a Conditions,
    pub(super) as_of: DateTime<Utc>,
}

type Found = (Uuid, Uuid, Facts);

/// The accounts of a village that its book rates, each with its household and what was found.
pub(super) fn of_village(
    db: &Db,
    c: &mut PgConnection,
    asked: &Asked<'_>,
    today: NaiveDate,
) -> Result<Vec<Found>, Error> {
    let (_, book) = db.book_on(c, asked.village, today)?;
    let mut query = accounts::table
        .filter(accounts::village_id.eq(asked.village.0))
        .order(accounts::id)
        .select((accounts::id, accounts::household_id, accounts::villager_id))
        .into_boxed();
    query = match book.subject {
        Subject::Household => query.filter(accounts::villager_id.is_null()),
        Subject::Person => query.filter(accounts::villager_id.is_not_null()),
    };
    let rows: Vec<Row> = query.load(c)?;
    of_rows(db, c, asked, &rows, today)
}

type Row = (Uuid, Uuid, Option<Uuid>);

fn of_rows(
    db: &Db,
    c: &mut PgConnection,
    asked: &Asked<'_>,
    rows: &[Row],
    today: NaiveDate,
) -> Result<Vec<Found>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|(id, ..)| *id).collect();
    let homes: BTreeSet<Uuid> = rows.iter().map(|(_, home, _)| *home).collect();
    let mut stars = stars(c, asked, &ids)?;
    let points = points(db, c, asked, &ids)?;
    let mut marks = standing_marks(c, asked, &ids, today)?;
    let people = people(c, asked.village, &homes)?;
    let found = rows.iter().map(|(account, household, person)| {
        let members = people.get(household).into_iter().flatten();
        let mut rated = false;
        let mut tracks = BTreeSet::new();
        for (id, residence, on) in members {
            if person.is_none_or(|person| person == *id) {
                rated |= residence.is_rated();
                tracks.extend(on.iter().copied());
            }
        }
        let (veto_until, direct_grade_until) = marks.remove(account).unwrap_or_default();
        let facts = Facts {
            rated,
            stars: stars.remove(account).unwrap_or_default(),
            points: points.get(account).copied().unwrap_or(Points::ZERO),
            tracks,
            veto_until,
            direct_grade_until,
        };
        (*account, *household, facts)
    });
    Ok(found.collect())
}

/// The stars of the last ratings that took effect, the newest cycle first. An account whose line did
/// not take effect in one of them, or fell there, has fewer.
fn stars(
    c: &mut PgConnection,
    asked: &Asked<'_>,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<u8>>, Error> {
    let Some(held) = asked.conditions.stars else { return Ok(HashMap::new()) };
    let mut effective: Vec<(Uuid, String)> = ratings::table
        .filter(ratings::village_id.eq(asked.village.0))
        .filter(ratings::state.eq(RatingState::Effective.as_str()))
        .filter(ratings::effective_at.le(asked.as_of))
        .select((ratings::id, ratings::cycle))
        .load(c)?;
    // By the cycle: a rating that took effect late is no newer for it.
    effective.sort_by_cached_key(|(_, cycle)| Reverse(last_day_of(cycle)));
    effective.truncate(usize::from(held.ratings));
    let last: Vec<Uuid> = effective.into_iter().map(|(id, _)| id).collect();
    let rows: Vec<(Uuid, Uuid, i16)> = rating_lines::table
        .filter(rating_lines::village_id.eq(asked.village.0))
        .filter(rating_lines::rating_id.eq_any(&last))
        .filter(rating_lines::account_id.eq_any(ids))
        .filter(rating_lines::state.eq("effective"))
        .filter(rating_lines::excluded.is_null())
        .select((rating_lines::account_id, rating_lines::rating_id, rating_lines::stars))
        .load(c)?;
    let place = |rating: Uuid| last.iter().position(|id| *id == rating).unwrap_or(last.len());
    let mut found: HashMap<Uuid, Vec<(usize, u8)>> = HashMap::new();
    for (account, rating, stars) in rows {
        let stars = u8::try_from(stars).unwrap_or_default();
        found.entry(account).or_default().push((place(rating), stars));
    }
    let in_order = |(account, mut list): (Uuid, Vec<(usize, u8)>)| {
        list.sort_unstable();
        (account, list.into_iter().map(|(_, stars)| stars).collect())
    };
    Ok(found.into_iter().map(in_order).collect())
}

/// The last day of a cycle by its name; none for a name that is no cycle.
fn last_day_of(cycle: &str) -> Option<NaiveDate> {
    cycle.parse().ok().map(|cycle: Cycle| cycle.last_day())
}

fn points(
    db: &Db,
    c: &mut PgConnection,
    asked: &Asked<'_>,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Points>, Error> {
    let Some(points) = asked.conditions.points else { return Ok(HashMap::new()) };
    let which = Earned {
        village: asked.village,
        from: points.from,
        until: points.until,
        as_of: asked.as_of,
        accounts: Some(ids),
    };
    earned(db, c, which, |item| item.kind == ItemKind::Award)
}

/// Until when a veto, and until when a direct grade stands against an account, if they do.
type StandingMarks = (Option<NaiveDate>, Option<NaiveDate>);

/// What stands against each account.
fn standing_marks(
    c: &mut PgConnection,
    asked: &Asked<'_>,
    ids: &[Uuid],
    today: NaiveDate,
) -> Result<HashMap<Uuid, StandingMarks>, Error> {
    let rows: Vec<(Uuid, String, NaiveDate, Option<NaiveDate>)> = marks::table
        .left_join(repairs::table.on(
            repairs::village_id.eq(marks::village_id).and(repairs::claim_id.eq(marks::claim_id)),
        ))
        .filter(marks::village_id.eq(asked.village.0))
        .filter(marks::account_id.eq_any(ids))
        .filter(marks::recorded_at.le(asked.as_of))
        .filter(marks::struck_at.is_null().or(marks::struck_at.assume_not_null().gt(asked.as_of)))
        .filter(marks::from_day.le(today))
        .filter(marks::until_day.ge(today))
        .select((marks::account_id, marks::kind, marks::until_day, repairs::repaired_on.nullable()))
        .load(c)?;
    let mut found: HashMap<Uuid, StandingMarks> = HashMap::new();
    for (account, kind, until, repaired_on) in rows {
        let veto = kind == "veto";
        // A veto lasts its time, whatever was put right (domain::claim::Mark).
        if !veto && repaired_on.is_some_and(|day| day <= today) {
            continue;
        }
        let held = found.entry(account).or_default();
        let side = if veto { &mut held.0 } else { &mut held.1 };
        *side = (*side).max(Some(until));
    }
    Ok(found)
}

type People = HashMap<Uuid, Vec<(Uuid, Residence, BTreeSet<Track>)>>;

fn people(
    c: &mut PgConnection,
    village: VillageId,
    homes: &BTreeSet<Uuid>,
) -> Result<People, Error> {
    let rows: Vec<(Uuid, Uuid, String, Vec<String>)> = villagers::table
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::household_id.eq_any(homes.iter().copied().collect::<Vec<_>>()))
        .select((villagers::household_id, villagers::id, villagers::residence, villagers::tracks))
        .load(c)?;
    let mut found: People = HashMap::new();
    for (home, id, residence, tracks) in rows {
        let one = (id, residence_of(&residence)?, tracks_of(&tracks)?);
        found.entry(home).or_default().push(one);
    }
    Ok(found)
}
