//! A reviewer's vote on a rating; the last one that lets it pass puts it on the notice board.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::claim::{Ballot, Decision, Ties};
use domain::id::{RatingId, RuleBookId, VillageId};
use domain::place::Place;
use domain::policy::{Action, Target, allows};
use domain::rating::RatingProgress;
use serde_json::json;

use super::row::{RatingRow, find, save_in_tx};
use crate::audit::{self, Deed};
use crate::claims::votes_in_tx;
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::notices::{self, Hung};
use crate::schema::{recusals, votes};

/// A rating is submitted once: rejected, it is computed anew under another id.
const ROUND: i16 = 1;

/// What a reviewer says.
#[derive(Clone, Debug)]
pub struct Choice {
    /// For, against or back.
    pub decision: Decision,
    /// Why; empty if nothing was said.
    pub reason: String,
}

/// Counts a vote on a rating.
///
/// # Errors
/// Those of [`domain::rating::Rating::decide`]; `forbidden`, `not_found`.
pub fn decide(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: RatingId,
    choice: &Choice,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<RatingRow, Error> {
    let place = db.place(village)?;
    allows(actor, Action::RatingReview, &Target::village(place))?;
    db.write_once(once, now, |tx| decide_in_tx(db, tx, actor, &place, id, choice, now))
}

fn decide_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    actor: &Actor,
    place: &Place,
    id: RatingId,
    choice: &Choice,
    now: DateTime<Utc>,
) -> Result<RatingRow, Error> {
    let row = find(tx, place.village, id)?;
    let book = db.book(tx, place.village, RuleBookId(row.rule_book_id))?;
    let rating = row.rating()?;
    let (stage, version_before) = (rating.stage, rating.version);
    let ballot = Ballot {
        actor,
        place,
        // The list is the whole village's, the reviewers' own households with it: only who stepped
        // aside is bound.
        ties: Ties { stepped_aside: stepped_aside(tx, actor, &row)?, ..Ties::default() },
        votes: &votes_in_tx(tx, place.village, row.id)?,
        decision: choice.decision,
        reason: &choice.reason,
        points: None,
    };
    let (role, progress) = rating.decide(&book, &ballot, &*db.calendar(tx)?, now)?;
    record_vote_in_tx(tx, actor, role, &row, choice, now)?;
    let after = match &progress {
        RatingProgress::UnderReview(rating) | RatingProgress::Rejected(rating) => {
            row.changed(rating)
        }
        RatingProgress::Passed(rating) => {
            let days = book.rating_way.notice_days;
            let by = Some(actor.user);
            let hung = Hung::Rating(rating.id);
            let opened = notices::open_in_tx(tx, rating.village, hung, days, now, by)?;
            RatingRow { notice_id: Some(opened.0), ..row.changed(rating) }
        }
    };
    save_in_tx(tx, &after, version_before)?;
    let deed = Deed {
        village: place.village,
        at: now,
        user: Some(actor.user),
        role: Some(role),
        action: "rating_decide",
        subject: Some(after.id),
        reason: Some(&choice.reason),
        detail: Some(json!({"decision": choice.decision, "stage": stage, "state": after.state})),
    };
    audit::record_in_tx(tx, &deed)?;
    Ok(after)
}

fn stepped_aside(tx: &mut PgConnection, actor: &Actor, row: &RatingRow) -> Result<bool, Error> {
    let declared = recusals::table.find((row.village_id, row.id, actor.user.0));
    Ok(diesel::select(diesel::dsl::exists(declared)).get_result(tx)?)
}

fn record_vote_in_tx(
    tx: &mut PgConnection,
    actor: &Actor,
    role: Role,
    row: &RatingRow,
    choice: &Choice,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let decision = match choice.decision {
        Decision::Approve => "approve",
        Decision::Reject => "reject",
        Decision::Return => "return",
    };
    diesel::insert_into(votes::table)
        .values((
            votes::village_id.eq(row.village_id),
            votes::subject_id.eq(row.id),
            votes::round.eq(ROUND),
            votes::user_id.eq(actor.user.0),
            votes::stage.eq(row.stage),
            votes::role.eq(role.as_str()),
            votes::decision.eq(decision),
            votes::reason.eq(&choice.reason),
            votes::at.eq(now),
        ))
        .execute(tx)?;
    Ok(())
}
