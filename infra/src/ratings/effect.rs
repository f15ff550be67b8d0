//! The stars of a rating take effect: star credit is granted once, accounts carry the star.
//!
//! Called by the closing of the rating's notice, for all lines at once in batches of statements, and
//! by the answer to an objection, for one line.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::fund::brake::CycleShare;
use domain::id::{AccountId, RatingId, RuleBookId, UserId, VillageId, VillagerId};
use domain::points::Fen;
use domain::rating::{Line, RatingState, star_credit};
use domain::rating_line::{LineState, sets_star};
use domain::refusal::Refusal;
use domain::rule_book::Star;
use serde_json::json;
use uuid::Uuid;

use super::row::LineRow;
use crate::db::Db;
use crate::error::Error;
use crate::funds::brakes;
use crate::id;
use crate::ledger::{self, Held, Stars};
use crate::messages::{self, Kind, Message};
use crate::schema::{households, objections, rating_lines, ratings};

/// How many lines one statement takes.
const BATCH: usize = 5_000;

/// What the close of a rating's notice came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effective {
    /// How many lines took effect.
    pub effective: usize,
    /// How many wait, since they are disputed.
    pub disputed: usize,
}

/// A rating, as far as its effect needs it.
struct Rated {
    village: VillageId,
    id: RatingId,
    name: String,
    cycle: Cycle,
    book: RuleBookId,
}

fn rated_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: RatingId,
) -> Result<(Rated, RatingState, i32), Error> {
    let (name, book, state, version): (String, Uuid, String, i32) = ratings::table
        .find((village.0, id.0))
        .select((ratings::cycle, ratings::rule_book_id, ratings::state, ratings::version))
        .for_no_key_update()
        .first(tx)?;
    let cycle = name.parse().map_err(|_| Error::Bug(format!("a rating of the cycle {name}")))?;
    let state = RatingState::from_name(&state)
        .ok_or_else(|| Error::Bug(format!("a rating that is {state}")))?;
    Ok((Rated { village, id, name, cycle, book: RuleBookId(book) }, state, version))
}

/// The notice of a rating closes: lines without an open objection take effect, the others wait as
/// disputed, and the rating is effective.
///
/// # Errors
/// `rating_state` unless it hangs on a notice.
pub fn take_effect_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    rating: RatingId,
    now: DateTime<Utc>,
) -> Result<Effective, Error> {
    let (rated, state, version) = rated_in_tx(tx, village, rating)?;
    if state != RatingState::OnNotice {
        return Err(Refusal::RatingState.into());
    }
    let disputed = disputed_in_tx(tx, &rated)?;
    let on_notice = || {
        rating_lines::table
            .filter(rating_lines::village_id.eq(village.0))
            .filter(rating_lines::rating_id.eq(rating.0))
            .filter(rating_lines::state.eq(LineState::Pending.as_str()))
    };
    let closed = |disputed| rating_lines::state.eq(LineState::Pending.closed(disputed).as_str());
    let waiting = diesel::update(on_notice().filter(rating_lines::account_id.eq_any(&disputed)))
        .set(closed(true))
        .execute(tx)?;
    let rows = diesel::update(on_notice().filter(rating_lines::account_id.ne_all(&disputed)))
        .set(closed(false))
        .returning(LineRow::as_returning())
        .get_results(tx)?;
    let mut effective = rows.iter().map(LineRow::line).collect::<Result<Vec<_>, Error>>()?;
    // Accounts are locked in the order of their ids.
    effective.sort_unstable_by_key(|line| line.account);
    for batch in effective.chunks(BATCH) {
        apply_in_tx(db, tx, &rated, batch, now, None)?;
    }
    diesel::update(ratings::table.find((village.0, rating.0)))
        .set((
            ratings::state.eq(RatingState::Effective.as_str()),
            ratings::effective_at.eq(now),
            ratings::version.eq(version + 1),
        ))
        .execute(tx)?;
    Ok(Effective { effective: effective.len(), disputed: waiting })
}

/// One line takes effect after its objection was answered.
///
/// # Errors
/// `not_found`.
pub fn line_takes_effect_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    rating: RatingId,
    line: &Line,
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<(), Error> {
    let (rated, ..) = rated_in_tx(tx, village, rating)?;
    diesel::update(rating_lines::table.find((village.0, rating.0, line.account.0)))
        .set(rating_lines::state.eq(LineState::Effective.as_str()))
        .execute(tx)?;
    apply_in_tx(db, tx, &rated, std::slice::from_ref(line), now, by)
}

fn disputed_in_tx(tx: &mut PgConnection, rated: &Rated) -> Result<Vec<Uuid>, Error> {
    let ids: Vec<Option<Uuid>> = objections::table
        .filter(objections::village_id.eq(rated.village.0))
        .filter(objections::rating_id.eq(rated.id.0))
        .filter(objections::answered_at.is_null())
        .select(objections::account_id)
        .load(tx)?;
    Ok(ids.into_iter().flatten().collect())
}

/// What lines that became effective bring: star credit, stars, and word to whom it is for.
fn apply_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    rated: &Rated,
    lines: &[Line],
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<(), Error> {
    let book = db.book(tx, rated.village, rated.book)?;
    let accounts = lines.iter().map(|line| line.account).collect();
    let held = ledger::hold_in_tx(tx, rated.village, &accounts)?;
    let last_day = rated.cycle.last_day();
    let first_day = rated.cycle.first_day();
    let brakes = brakes::of_in(tx, rated.village, first_day)?;
    let share = CycleShare::of(&brakes, first_day, last_day);
    let credit = |line: &Line| share.issue(book.stars.credit_for(line.star));
    let postings = lines
        .iter()
        .filter_map(|line| star_credit(rated.id, line, credit(line), last_day, id::new()))
        .collect();
    let by_account = stars(rated, lines, &held);
    let stars = Stars { by_account: &by_account, cycle: &rated.name };
    ledger::post_with_stars_in_tx(tx, rated.village, &held, postings, stars, now, by)?;
    tell_in_tx(tx, rated, lines, &held, &credit, now)
}

/// Accounts carry the star of their line, unless they have one of a later cycle.
fn stars(rated: &Rated, lines: &[Line], held: &Held) -> BTreeMap<AccountId, Star> {
    let of = |account| held.cycles.get(&account).and_then(|cycle| cycle.parse().ok());
    let takes = lines.iter().filter(|line| sets_star(of(line.account), rated.cycle));
    takes.map(|line| (line.account, line.star)).collect()
}

/// Tells the head of the household, or the person whose own account it is.
fn tell_in_tx(
    tx: &mut PgConnection,
    rated: &Rated,
    lines: &[Line],
    held: &Held,
    credit: &impl Fn(&Line) -> Fen,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let of_households = lines.iter().filter(|line| !held.villagers.contains_key(&line.account));
    let heads: Vec<(Uuid, Option<Uuid>)> = households::table
        .filter(households::village_id.eq(rated.village.0))
        .filter(households::id.eq_any(of_households.map(|line| line.household.0)))
        .select((households::id, households::head_id))
        .load(tx)?;
    let heads: HashMap<_, _> = heads.into_iter().collect();
    let told: Vec<Message> = lines
        .iter()
        .filter_map(|line| {
            let head = || heads.get(&line.household.0).copied().flatten().map(VillagerId);
            let to = held.villagers.get(&line.account).copied().or_else(head)?;
            let data = json!({
                "rating_id": rated.id, "cycle": rated.name, "score": line.score,
                "stars": line.star, "star_credit_fen": credit(line),
            });
            Some(Message { to, kind: Kind::RatingPublished, data })
        })
        .collect();
    messages::leave_in_tx(tx, rated.village, &told, now)
}
