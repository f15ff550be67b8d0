//! Asking for an entry to be taken down, answering that, and taking it down.

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::id::{HouseholdId, UserId, VillageId};
use domain::listing::{Ending, List, Outcome, may_answer_removal, may_ask_removal, removal_due};
use domain::objection::says_why;
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::row::{EntryRow, find, save_in_tx};
use super::tell::{record_in_tx, tell_in_tx};
use crate::claims::votes_in_tx;
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::villagers;

/// An answer to a wish or objection.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What became of it.
    pub outcome: Outcome,
    /// What the person is told.
    pub text: String,
}

/// Asks for an entry to be taken down: for praise the wish of who is shown, for a warning the
/// objection of the household. A cadre may write it down for somebody without a phone.
///
/// # Errors
/// `listing_state`, `objection_open`, `objection_answered`, `reason_missing`, `not_found`.
pub fn ask_removal(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: Uuid,
    text: &str,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<EntryRow, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let mut row = find(tx, village, id)?;
        let target = Target::household(place, HouseholdId(row.household_id));
        let permit = allows(actor, Action::ListEntryOwn, &target)
            .or_else(|_| allows(actor, Action::ListEntryForOthers, &target))?;
        let entry = row.entry()?;
        may_ask_removal(&entry, text)?;
        let calendar = db.calendar(tx)?;
        row.removal_asked_at = Some(now);
        row.removal_asked_by = Some(actor.user.0);
        row.removal_text = Some(text.trim().to_owned());
        row.removal_due_at = Some(removal_due(entry.list, &calendar, now));
        save_in_tx(tx, &mut row)?;
        let by = Some((actor.user, permit));
        record_in_tx(tx, &row, by, "list_entry_ask_removal", None, now)?;
        Ok(row)
    })
}

/// Answers a wish or objection. The person is told.
///
/// # Errors
/// Those of [`may_answer_removal`]; `forbidden`, `not_found`.
pub fn answer(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: Uuid,
    said: &Answer,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<EntryRow, Error> {
    let permit = allows(actor, Action::ListEntryAnswer, &Target::village(db.place(village)?))?;
    db.write_once(once, now, |tx| {
        let mut row = find(tx, village, id)?;
        let entry = row.entry()?;
        let proposed_by = UserId(row.proposed_by);
        let ties = villagers::ties(tx, village, actor, entry.household, proposed_by, row.id)?;
        let votes = votes_in_tx(tx, village, row.id)?;
        let decided_before = votes.iter().any(|vote| vote.user == actor.user);
        may_answer_removal(&entry, said.outcome, &said.text, ties, decided_before)?;
        row.removal_answered_at = Some(now);
        row.removal_answered_by = Some(actor.user.0);
        row.removal_answer = Some(said.text.clone());
        if said.outcome == Outcome::Removed {
            row.end(Ending::Removed, now);
        }
        save_in_tx(tx, &mut row)?;
        let more = json!({"outcome": said.outcome, "answer": said.text});
        tell_in_tx(tx, &row, Kind::ListEntryAnswered, more, now)?;
        let by = Some((actor.user, permit));
        record_in_tx(tx, &row, by, "list_entry_answer", Some(&said.text), now)?;
        Ok(row)
    })
}

/// Takes an entry down, of the village's own accord.
///
/// # Errors
/// `listing_state`, `reason_missing`; for a wish that waits, `listing_wish_holds`: it is answered;
/// `forbidden`, `not_found`.
pub fn take_down(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: Uuid,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<EntryRow, Error> {
    let permit = allows(actor, Action::ListEntryTakeDown, &Target::village(db.place(village)?))?;
    says_why(reason)?;
    db.write(|tx| {
        let mut row = find(tx, village, id)?;
        let entry = row.entry()?;
        entry.is_open()?;
        if entry.removal_open && entry.list == List::Honor {
            return Err(Refusal::ListingWishHolds.into());
        }
        row.end(Ending::TakenDown, now);
        save_in_tx(tx, &mut row)?;
        let more = json!({"why": row.ended_why, "reason": reason});
        tell_in_tx(tx, &row, Kind::ListEntryEnded, more, now)?;
        let by = Some((actor.user, permit));
        record_in_tx(tx, &row, by, "list_entry_take_down", Some(reason), now)?;
        Ok(row)
    })
}
