//! The panel's votes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::claim::{Ballot, Decision};
use domain::id::VillageId;
use domain::listing::{EntryState, may_be_shown, panel_way, shown_until};
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::fact::stands_in_tx;
use super::person::{of_entry, ties_in_tx};
use super::row::{EntryRow, find, save_in_tx};
use super::tell::{record_in_tx, tell_in_tx};
use crate::claims::votes_in_tx;
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::schema::votes;

/// An entry is voted on once: another proposal has another id.
const ROUND: i16 = 1;
const STAGE: i16 = 0;

/// What a panel member says.
#[derive(Clone, Debug)]
pub struct Choice {
    /// For or against.
    pub decision: Decision,
    /// Why; needed against it.
    pub reason: String,
}

/// Counts a vote. The one that decides has the person told.
///
/// # Errors
/// Those of [`domain::listing::ListEntry::decide`]; of the vote that decides for it also
/// `listing_fact_unfit` if the fact fell or was put right meanwhile, and those of [`may_be_shown`];
/// `forbidden`, `not_found`.
pub fn decide(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: Uuid,
    choice: &Choice,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<EntryRow, Error> {
    let place = db.place(village)?;
    allows(actor, Action::ListEntryDecide, &Target::village(place))?;
    db.write_once(once, now, |tx| {
        let mut row = find(tx, village, id)?;
        let entry = row.entry()?;
        let (_, book) = db.book_on(tx, village, day_of(now))?;
        let ballot = Ballot {
            actor,
            place: &place,
            ties: ties_in_tx(tx, &row, actor)?,
            votes: &votes_in_tx(tx, village, row.id)?,
            decision: choice.decision,
            reason: &choice.reason,
            points: None,
        };
        let list = entry.list;
        let (role, entry) = entry.decide(&panel_way(&book), &ballot)?;
        let permit = Permit { role, own: false };
        let decision = match choice.decision {
            Decision::Approve => "approve",
            Decision::Reject => "reject",
            Decision::Return => "return",
        };
        diesel::insert_into(votes::table)
            .values((
                votes::village_id.eq(village.0),
                votes::subject_id.eq(row.id),
                votes::round.eq(ROUND),
                votes::user_id.eq(actor.user.0),
                votes::stage.eq(STAGE),
                votes::role.eq(role.as_str()),
                votes::decision.eq(decision),
                votes::reason.eq(&choice.reason),
                votes::at.eq(now),
            ))
            .execute(tx)?;
        if entry.state != EntryState::Proposed {
            if entry.state == EntryState::Approved {
                still_fits(tx, &row, now)?;
                row.shown_until = Some(shown_until(list, day_of(now)));
            }
            row.decided_at = Some(now);
            row.state = entry.state.as_str().to_owned();
            row.looked_at = entry.is_open().is_ok().then_some(now);
            let more = json!({"state": row.state, "shown_until": row.shown_until,
                "consented": row.consented_at.is_some()});
            tell_in_tx(tx, &row, Kind::ListEntryDecided, more, now)?;
        }
        // Also while it stays open: of two votes at once the second counts both.
        save_in_tx(tx, &mut row)?;
        let by = Some((actor.user, permit));
        record_in_tx(tx, &row, by, "list_entry_decide", Some(&choice.reason), now)?;
        Ok(row)
    })
}

/// Nobody goes on a list who has put it right while the panel thought, or who died meanwhile.
fn still_fits(tx: &mut PgConnection, row: &EntryRow, now: DateTime<Utc>) -> Result<(), Error> {
    if !stands_in_tx(tx, row)? {
        return Err(Refusal::ListingFactUnfit.into());
    }
    Ok(may_be_shown(&of_entry(tx, row)?, day_of(now))?)
}
