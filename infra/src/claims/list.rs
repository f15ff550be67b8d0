//! Lists of claims: a household's own, a village's by state, and what waits for a reviewer's vote.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::claim::{Ballot, Decision, State, Ties, Vote};
use domain::id::{HouseholdId, RuleBookId, UserId, VillageId};
use domain::place::Place;
use domain::policy::{Action, Target, allows};
use domain::rule_book::RuleBook;
use uuid::Uuid;

use super::Kept;
use super::receipt::stage_name;
use super::row::ClaimRow;
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{claims, recusals, villagers, votes};
use crate::villagers as people;

/// How many open claims are looked at in one go to find those that wait for a reviewer.
const QUEUE_BATCH: i64 = 500;

/// Which claims.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Of this household.
    pub household: Option<HouseholdId>,
    /// In this state.
    pub state: Option<State>,
    /// Only those that wait for the actor's vote, the oldest first.
    pub waiting_for_me: bool,
}

/// A line of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The claim.
    pub kept: Kept,
    /// What the item is called.
    pub item_name: String,
    /// What the person is called.
    pub person_name: String,
    /// The stage that looks at it, while one does.
    pub stage_name: Option<String>,
    /// Whether that stage should have decided by now.
    pub is_overdue: bool,
}

impl Listed {
    pub(super) fn of(kept: Kept, person_name: String, book: &RuleBook, now: DateTime<Utc>) -> Self {
        let item = book.item(&kept.claim.item_code);
        Self {
            item_name: item.map_or_else(|| kept.claim.item_code.clone(), |item| item.name.clone()),
            person_name,
            stage_name: stage_name(&kept.claim, book),
            is_overdue: kept.claim.is_overdue(now),
            kept,
        }
    }
}

/// Claims of a village, the newest first (a queue: the oldest first), from behind an id on. Without
/// a household, who is no officer gets the own household's. Up to `limit` and one more.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    filter: Filter,
    (after, limit): (Option<Uuid>, i64),
    why: &Why,
) -> Result<Vec<Listed>, Error> {
    let place = db.place(village)?;
    let filter = permitted(db, actor, &place, filter, why)?;
    db.read(|c| {
        let rows = if filter.waiting_for_me {
            queue(db, c, actor, &place, filter, (after, limit + 1))?
        } else {
            let mut query = page(village, filter).order(claims::id.desc()).limit(limit + 1);
            if let Some(after) = after {
                query = query.filter(claims::id.lt(after));
            }
            query.load(c)?.into_iter().map(read).collect::<Result<_, _>>()?
        };
        rows.into_iter()
            .map(|(kept, name)| {
                let book = db.book(c, village, kept.claim.rule_book)?;
                Ok(Listed::of(kept, name, &book, why.at))
            })
            .collect()
    })
}

fn permitted(
    db: &Db,
    actor: &Actor,
    place: &Place,
    filter: Filter,
    why: &Why,
) -> Result<Filter, Error> {
    if filter.waiting_for_me {
        allows(actor, Action::ClaimReview, &Target::village(*place))?;
    }
    if let Some(household) = filter.household {
        let target = Target::household(*place, household);
        db.allows_reading(actor, Action::ClaimShow, &target, why)?;
        return Ok(filter);
    }
    let target = Target::village(*place);
    match (allows(actor, Action::ClaimShow, &target), actor.membership) {
        (Err(_), Some(me)) if me.place.village == place.village => {
            Ok(Filter { household: Some(me.household), ..filter })
        }
        (permit, _) => {
            db.record_reading(actor, Action::ClaimShow, &[(target, permit?)], why)?;
            Ok(filter)
        }
    }
}

type Boxed<'a> = diesel::helper_types::IntoBoxed<
    'a,
    diesel::dsl::Select<
        diesel::dsl::InnerJoinOn<claims::table, villagers::table, SamePerson>,
        (diesel::dsl::AsSelect<ClaimRow, Pg>, villagers::name),
    >,
    Pg,
>;
type SamePerson = diesel::dsl::And<
    diesel::dsl::Eq<villagers::village_id, claims::village_id>,
    diesel::dsl::Eq<villagers::id, claims::person_id>,
>;

fn page<'a>(village: VillageId, filter: Filter) -> Boxed<'a> {
    let same_person =
        villagers::village_id.eq(claims::village_id).and(villagers::id.eq(claims::person_id));
    let mut query = claims::table
        .inner_join(villagers::table.on(same_person))
        .select((ClaimRow::as_select(), villagers::name))
        .into_boxed()
        .filter(claims::village_id.eq(village.0));
    if let Some(household) = filter.household {
        query = query.filter(claims::household_id.eq(household.0));
    }
    if let Some(state) = filter.state {
        query = query.filter(claims::state.eq(state.as_str()));
    }
    query
}

fn read((row, name): (ClaimRow, String)) -> Result<(Kept, String), Error> {
    Ok((row.kept()?, name))
}

/// Goes through the open claims in batches and keeps those that wait for the actor, until there are
/// enough. The domain says which; the stages in the query only spare looking at all others.
fn queue(
    db: &Db,
    c: &mut PgConnection,
    actor: &Actor,
    place: &Place,
    filter: Filter,
    (mut after, wanted): (Option<Uuid>, i64),
) -> Result<Vec<(Kept, String)>, Error> {
    let wanted = usize::try_from(wanted).unwrap_or_default();
    let Some(stages) = stages(db, c, actor, place)? else { return Ok(Vec::new()) };
    let mine = actor.membership.filter(|m| m.place.village == place.village);
    let kin: HashSet<HouseholdId> = match mine {
        Some(me) => people::kin_households(c, place.village, me.villager)?.into_iter().collect(),
        None => HashSet::new(),
    };
    let mut found = Vec::new();
    loop {
        let mut query = page(place.village, filter)
            .filter(claims::state.eq_any(open_states()))
            .filter(claims::rule_book_id.eq_any(&stages.books))
            .filter(claims::stage.eq_any(&stages.numbers))
            .order(claims::id.asc())
            .limit(QUEUE_BATCH);
        if let Some(after) = after {
            query = query.filter(claims::id.gt(after));
        }
        let batch: Vec<_> = query.load(c)?.into_iter().map(read).collect::<Result<_, _>>()?;
        let more = i64::try_from(batch.len()) == Ok(QUEUE_BATCH);
        after = batch.last().map(|(kept, _)| kept.claim.id.0);
        let ids: Vec<Uuid> = batch.iter().map(|(kept, _)| kept.claim.id.0).collect();
        let cast = own_votes(c, place.village, actor.user, &ids)?;
        let aside = stepped_aside(c, place.village, actor.user, &ids)?;
        for (kept, name) in batch {
            let claim = &kept.claim;
            let ties = Ties {
                same_household: mine.is_some_and(|me| me.household == claim.household),
                kin: kin.contains(&claim.household),
                claimed: claim.is_made_by(actor),
                stepped_aside: aside.contains(&claim.id.0),
            };
            let votes = cast.get(&claim.id.0).map(Vec::as_slice).unwrap_or_default();
            let decision = Decision::Approve;
            let ballot = Ballot { actor, place, ties, votes, decision, reason: "", points: None };
            if claim.waits_for(&*db.book(c, place.village, claim.rule_book)?, &ballot) {
                found.push((kept, name));
            }
        }
        if !more || found.len() >= wanted {
            found.truncate(wanted);
            return Ok(found);
        }
    }
}

fn open_states() -> impl Iterator<Item = &'static str> {
    State::ALL.iter().filter(|state| state.is_under_review()).map(|state| state.as_str())
}

/// Books and stages that may wait for the actor: every pair that does, and perhaps some that do not.
struct Stages {
    books: Vec<Uuid>,
    numbers: Vec<i16>,
}

fn stages(
    db: &Db,
    c: &mut PgConnection,
    actor: &Actor,
    place: &Place,
) -> Result<Option<Stages>, Error> {
    let open: Vec<(Uuid, i16)> = claims::table
        .filter(claims::village_id.eq(place.village.0))
        .filter(claims::state.eq_any(open_states()))
        .select((claims::rule_book_id, claims::stage))
        .distinct()
        .load(c)?;
    let mut held = Stages { books: Vec::new(), numbers: Vec::new() };
    for (book_id, number) in open {
        let book = db.book(c, place.village, RuleBookId(book_id))?;
        let stage = u8::try_from(number).ok().and_then(|number| book.claim_way.stage(number));
        if stage.is_some_and(|stage| actor.holds_at(stage.role.into(), place)) {
            held.books.push(book_id);
            held.numbers.push(number);
        }
    }
    Ok(Some(held).filter(|held| !held.books.is_empty()))
}

fn own_votes(
    c: &mut PgConnection,
    village: VillageId,
    user: UserId,
    subjects: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Vote>>, Error> {
    let rows: Vec<(Uuid, i16, i16)> = votes::table
        .filter(votes::village_id.eq(village.0))
        .filter(votes::subject_id.eq_any(subjects))
        .filter(votes::user_id.eq(user.0))
        .select((votes::subject_id, votes::stage, votes::round))
        .load(c)?;
    let mut cast: HashMap<Uuid, Vec<Vote>> = HashMap::new();
    for (subject, stage, round) in rows {
        // What was said does not matter here, only that it was.
        cast.entry(subject).or_default().push(Vote {
            user,
            stage: u8::try_from(stage).unwrap_or_default(),
            round: u16::try_from(round).unwrap_or_default(),
            decision: Decision::Approve,
            points: None,
        });
    }
    Ok(cast)
}

fn stepped_aside(
    c: &mut PgConnection,
    village: VillageId,
    user: UserId,
    subjects: &[Uuid],
) -> Result<HashSet<Uuid>, Error> {
    let ids: Vec<Uuid> = recusals::table
        .filter(recusals::village_id.eq(village.0))
        .filter(recusals::subject_id.eq_any(subjects))
        .filter(recusals::user_id.eq(user.0))
        .select(recusals::subject_id)
        .load(c)?;
    Ok(ids.into_iter().collect())
}
