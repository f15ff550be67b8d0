//! The stars of a rating take effect: star credit is granted once, accounts carry the star.
//!
//! Called by the closing of the rating's notice, for all lines at once in batches of statements, and
//! by the answer to an objection, for one line.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::calendar::Cycle;
use domain::id::{AccountId, RatingId, RuleBookId, UserId, VillageId, VillagerId};
use domain::points::Fen;
use domain::rating::{Line, RatingState, star_credit};
use domain::rating_line::{LineState, sets_star};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::row::LineRow;
use crate::db::Db;
use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::schema::{accounts, households, objections, rating_lines, ratings};
use crate::{id, ledger};

/// How many lines one statement takes.
const BATCH: usize = 500;

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
    let lines = pending_in_tx(tx, &rated)?;
    let disputed = disputed_in_tx(tx, &rated)?;
    let (waiting, effective): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| {
        LineState::Pending.closed(disputed.contains(&line.account)) == LineState::Disputed
    });
    for batch in waiting.chunks(BATCH) {
        set_state_in_tx(tx, &rated, batch, LineState::Disputed)?;
    }
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
    Ok(Effective { effective: effective.len(), disputed: waiting.len() })
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
    apply_in_tx(db, tx, &rated, std::slice::from_ref(line), now, by)
}

fn pending_in_tx(tx: &mut PgConnection, rated: &Rated) -> Result<Vec<Line>, Error> {
    let rows: Vec<LineRow> = rating_lines::table
        .filter(rating_lines::village_id.eq(rated.village.0))
        .filter(rating_lines::rating_id.eq(rated.id.0))
        .filter(rating_lines::state.eq(LineState::Pending.as_str()))
        .order(rating_lines::account_id)
        .select(LineRow::as_select())
        .for_no_key_update()
        .load(tx)?;
    rows.iter().map(LineRow::line).collect()
}

fn disputed_in_tx(tx: &mut PgConnection, rated: &Rated) -> Result<BTreeSet<AccountId>, Error> {
    let ids: Vec<Option<Uuid>> = objections::table
        .filter(objections::village_id.eq(rated.village.0))
        .filter(objections::rating_id.eq(rated.id.0))
        .filter(objections::answered_at.is_null())
        .select(objections::account_id)
        .load(tx)?;
    Ok(ids.into_iter().flatten().map(AccountId).collect())
}

fn set_state_in_tx(
    tx: &mut PgConnection,
    rated: &Rated,
    lines: &[Line],
    state: LineState,
) -> Result<(), Error> {
    diesel::update(
        rating_lines::table
            .filter(rating_lines::village_id.eq(rated.village.0))
            .filter(rating_lines::rating_id.eq(rated.id.0))
            .filter(rating_lines::account_id.eq_any(lines.iter().map(|line| line.account.0))),
    )
    .set(rating_lines::state.eq(state.as_str()))
    .execute(tx)?;
    Ok(())
}

/// Lines become effective: their state, their star credit, their stars, and word to whom it is for.
fn apply_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    rated: &Rated,
    lines: &[Line],
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<(), Error> {
    let book = db.book(tx, rated.village, rated.book)?;
    set_state_in_tx(tx, rated, lines, LineState::Effective)?;
    let credit = |line: &Line| book.stars.credit_for(line.star);
    let postings = lines
        .iter()
        .filter_map(|line| {
            star_credit(rated.id, line, credit(line), rated.cycle.last_day(), id::new())
        })
        .collect();
    ledger::post_in_tx(tx, rated.village, postings, now, by)?;
    set_stars_in_tx(tx, rated, lines)?;
    tell_in_tx(tx, rated, lines, &credit, now)
}

/// Accounts carry the star of their line, unless they have one of a later cycle.
fn set_stars_in_tx(tx: &mut PgConnection, rated: &Rated, lines: &[Line]) -> Result<(), Error> {
    let held: Vec<(Uuid, Option<String>)> = accounts::table
        .filter(accounts::village_id.eq(rated.village.0))
        .filter(accounts::id.eq_any(lines.iter().map(|line| line.account.0)))
        .select((accounts::id, accounts::stars_cycle))
        .load(tx)?;
    let of = |held: Option<String>| held.and_then(|cycle| cycle.parse().ok());
    let takes = held.into_iter().filter(|(_, held)| sets_star(of(held.clone()), rated.cycle));
    let ids: Vec<Uuid> = takes.map(|(id, _)| id).collect();
    let star = rating_lines::table
        .filter(rating_lines::village_id.eq(accounts::village_id))
        .filter(rating_lines::rating_id.eq(rated.id.0))
        .filter(rating_lines::account_id.eq(accounts::id))
        .select(rating_lines::stars)
        .single_value()
        .assume_not_null();
    diesel::update(
        accounts::table
            .filter(accounts::village_id.eq(rated.village.0))
            .filter(accounts::id.eq_any(ids)),
    )
    .set((accounts::stars.eq(star), accounts::stars_cycle.eq(&rated.name)))
    .execute(tx)?;
    Ok(())
}

/// Tells the head of the household, or the person whose own account it is.
fn tell_in_tx(
    tx: &mut PgConnection,
    rated: &Rated,
    lines: &[Line],
    credit: &impl Fn(&Line) -> Fen,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let people: Vec<(Uuid, Option<Uuid>, Option<Uuid>)> = accounts::table
        .inner_join(
            households::table.on(households::village_id
                .eq(accounts::village_id)
                .and(households::id.eq(accounts::household_id))),
        )
        .filter(accounts::village_id.eq(rated.village.0))
        .filter(accounts::id.eq_any(lines.iter().map(|line| line.account.0)))
        .select((accounts::id, accounts::villager_id, households::head_id))
        .load(tx)?;
    let people: std::collections::BTreeMap<_, _> =
        people.into_iter().map(|(id, person, head)| (id, person.or(head))).collect();
    let told: Vec<Message> = lines
        .iter()
        .filter_map(|line| {
            let to = VillagerId(people.get(&line.account.0).copied().flatten()?);
            let data = json!({
                "rating_id": rated.id, "cycle": rated.name, "score": line.score,
                "stars": line.star, "star_credit_fen": credit(line),
            });
            Some(Message { to, kind: Kind::RatingPublished, data })
        })
        .collect();
    messages::leave_in_tx(tx, rated.village, &told, now)
}
