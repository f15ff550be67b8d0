//! Asking for an entry to be taken down, answering that, and taking it down.

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::id::VillageId;
use domain::listing::{
    Ending, List, Outcome, Voice, may_answer_removal, may_ask_removal, removal_due,
};
use domain::objection::says_why;
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::person::{has_voted_in_tx, ties_in_tx, voice_in_tx};
use super::row::{Asked, EntryRow, find, save_in_tx};
use super::tell::{record_in_tx, tell_in_tx};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;

/// A wish or objection.
#[derive(Clone, Debug)]
pub struct Removal {
    /// Why, in the household's words.
    pub text: String,
    /// How the person said so, if a cadre writes it down.
    pub how: Option<String>,
}

/// An answer to a wish or objection.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What became of it.
    pub outcome: Outcome,
    /// What the person is told.
    pub text: String,
}

/// Asks for an entry to be taken down: for praise the wish of who is shown, for a warning the
/// objection of the household. A cadre may write down how the person said so; those concerned are told
/// then, and may still object themselves once that is answered.
///
/// # Errors
/// Those of [`domain::listing::Speaker::voice`] and [`may_ask_removal`].
pub fn ask_removal(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: Uuid,
    said: &Removal,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<EntryRow, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let mut row = find(tx, village, id)?;
        let text = said.text.trim();
        let (voice, permit) = voice_in_tx(tx, &row, actor, &place, said.how.as_deref())?;
        let entry = row.entry()?;
        may_ask_removal(&entry, voice, text)?;
        let calendar = db.calendar(tx)?;
        // What was said before stays in the audit log.
        let mut before = hands(&row)?;
        before.extend(row.removal_answered_by.take());
        let how = said.how.as_deref().map(str::trim).filter(|_| voice == Voice::Cadre);
        let asked = Asked {
            by: actor.user.0,
            voice: voice.as_str().to_owned(),
            how: how.map(str::to_owned),
            before,
        };
        row.removal_by = Some(json!(asked));
        row.removal_asked_at = Some(now);
        row.removal_text = Some(text.to_owned());
        row.removal_due_at = Some(removal_due(entry.list, &calendar, now));
        row.removal_urged_at = None;
        row.removal_answered_at = None;
        row.removal_answer = None;
        save_in_tx(tx, &mut row)?;
        if voice == Voice::Cadre {
            let more = json!({"text": text, "how": how, "due_at": row.removal_due_at});
            tell_in_tx(tx, &row, Kind::ListRemovalAsked, more, now)?;
        }
        let by = Some((actor.user, permit));
        record_in_tx(tx, &row, by, "list_entry_ask_removal", Some(text), now)?;
        Ok(row)
    })
}

/// Who has had a hand in the requests about an entry.
fn hands(row: &EntryRow) -> Result<Vec<Uuid>, Error> {
    let asked = row.asked()?.map(|Asked { by, mut before, .. }| {
        before.push(by);
        before
    });
    Ok(asked.unwrap_or_default())
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
        let asked = hands(&row)?.contains(&actor.user.0);
        let ties = ties_in_tx(tx, &row, actor)?;
        let decided_before = has_voted_in_tx(tx, &row, actor)?;
        may_answer_removal(&entry, said.outcome, &said.text, (ties, asked, decided_before))?;
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
        if entry.removal_open() && entry.list == List::Honor {
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
