//! Computing a rating: one grouped query over what counts in the cycle, one line an account.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::Cycle;
use domain::id::VillageId;
use domain::policy::{Action, Target, allows};
use domain::rating::{Rating, RatingState, ratable, rate};
use domain::rule_book::Subject;
use serde_json::json;
use uuid::Uuid;

use super::row::{LineRow, RatingRow};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::schema::{accounts, rating_lines, ratings};
use crate::scores::{self, Counting};

/// Computes the rating of a cycle for the whole village and begins its review.
///
/// # Errors
/// Those of [`ratable`] and [`rate`]; `no_rule_book`, `forbidden`, `not_found`.
pub fn compute(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    cycle: Cycle,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<RatingRow, Error> {
    let permit = allows(actor, Action::RatingManage, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let (book_id, book) = db.book_on(tx, village, cycle.last_day())?;
        ratable(&book, cycle, &earlier_in_tx(tx, village, cycle)?, now)?;
        let accounts = lock_accounts_in_tx(tx, village, book.subject)?;
        let calendar = db.calendar(tx)?;
        let rating = Rating::open(id::new(), village, cycle, &book, &calendar, now);
        let which = Counting { village, on: cycle.last_day(), as_of: rating.as_of, accounts: None };
        let lines = scores::standings_of(tx, which, &book, &accounts)?
            .iter()
            .map(|standing| {
                let line = rate(&book, cycle, standing)?;
                Ok(LineRow::pending(&rating, &line, &standing.effective))
            })
            .collect::<Result<Vec<_>, Error>>()?;
        let row = RatingRow {
            village_id: village.0,
            id: rating.id.0,
            cycle: cycle.to_string(),
            rule_book_id: book_id.0,
            as_of: rating.as_of,
            state: rating.state.as_str().to_owned(),
            stage: i16::from(rating.stage),
            stage_due_at: rating.stage_due_at,
            notice_id: None,
            computed_by: actor.user.0,
            effective_at: None,
            version: rating.version,
        };
        diesel::insert_into(ratings::table).values(&row).execute(tx)?;
        diesel::copy_from(rating_lines::table).from_insertable(&lines).execute(tx)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "rating_create",
            subject: Some(row.id),
            reason: None,
            detail: Some(json!({"cycle": row.cycle, "lines": lines.len()})),
        };
        audit::record_in_tx(tx, &deed)?;
        Ok(row)
    })
}

fn earlier_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    cycle: Cycle,
) -> Result<Vec<RatingState>, Error> {
    let names: Vec<String> = ratings::table
        .filter(ratings::village_id.eq(village.0))
        .filter(ratings::cycle.eq(cycle.to_string()))
        .select(ratings::state)
        .load(tx)?;
    let unknown = || Error::Bug("a rating in a state that this version does not know".into());
    names.iter().map(|name| RatingState::from_name(name).ok_or_else(unknown)).collect()
}

/// Waits for postings that are under way and holds back new ones until the rating is written, so
/// that nothing recorded before it is missed (see `ledger::post_in_tx`). In the order of ids, as
/// postings do. Locks every account; answers those that the book rates, each with its household.
fn lock_accounts_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    subject: Subject,
) -> Result<Vec<(Uuid, Uuid)>, Error> {
    let all: Vec<(Uuid, Uuid, Option<Uuid>)> = accounts::table
        .filter(accounts::village_id.eq(village.0))
        .order(accounts::id)
        .select((accounts::id, accounts::household_id, accounts::villager_id))
        .for_no_key_update()
        .load(tx)?;
    let of_person = subject == Subject::Person;
    let rated = all.into_iter().filter(|(.., villager)| villager.is_some() == of_person);
    Ok(rated.map(|(account, household, _)| (account, household)).collect())
}
