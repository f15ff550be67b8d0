//! Proposing an entry.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::content::{Scene, Standing, Subject, SubjectKind};
use domain::id::VillageId;
use domain::listing::{EntryState, Fact, List, may_be_shown, may_say};
use domain::policy::{Action, Target, allows};
use serde_json::json;

use super::fact;
use super::row::EntryRow;
use super::tell::{record_in_tx, tell_in_tx};
use crate::content::{self, Piece};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::schema::list_entries;
use crate::villagers;

/// An entry to propose.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// For which list.
    pub list: List,
    /// What it points to.
    pub fact: Fact,
    /// What is said in praise; empty for none.
    pub words: String,
}

/// Proposes an entry to the panel. The person is told at once: who is praised is asked for consent,
/// who is warned may object and may still put it right.
///
/// # Errors
/// Those of `domain::listing`; `already_exists` for a fact that is proposed or shown already;
/// `forbidden`, `not_found`.
pub fn propose(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    proposal: &Proposal,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<EntryRow, Error> {
    let permit = allows(actor, Action::ListEntryPropose, &Target::village(db.place(village)?))?;
    let today = day_of(now);
    db.write_once(once, now, |tx| {
        let Proposal { list, fact, words } = proposal;
        may_say(*list, words)?;
        let found = fact::find_in_tx(db, tx, village, *list, *fact, today)?;
        may_be_shown(&villagers::person(tx, village, found.person)?, today)?;
        let silent = words.trim().is_empty();
        let standing = if silent { Standing::Public } else { Standing::Waiting };
        let row = EntryRow {
            village_id: village.0,
            id: id::new(),
            list: list.as_str().to_owned(),
            fact: fact.as_str().to_owned(),
            fact_id: fact::id_of(*fact),
            account_id: found.line.map(|(account, _)| account.0),
            stars: found.line.map(|(_, stars)| stars),
            household_id: found.household.0,
            person_id: found.person.0,
            title: found.title,
            happened_on: found.happened_on,
            words: words.trim().to_owned(),
            standing: standing.as_str().to_owned(),
            proposed_by: actor.user.0,
            proposed_at: now,
            state: EntryState::Proposed.as_str().to_owned(),
            decided_at: None,
            consented_at: None,
            consent: None,
            shown_until: None,
            removal_asked_at: None,
            removal_by: None,
            removal_text: None,
            removal_due_at: None,
            removal_urged_at: None,
            removal_answered_at: None,
            removal_answered_by: None,
            removal_answer: None,
            ended_at: None,
            ended_why: None,
            looked_at: Some(now),
            version: 1,
        };
        diesel::insert_into(list_entries::table).values(&row).execute(tx)?;
        if !silent {
            let subject = Subject { kind: SubjectKind::Praise, id: row.id };
            let pieces = [Piece::Text { text: &row.words, scene: Scene::Forum }];
            content::submit_in_tx(tx, village, subject, actor.user, &pieces, now)?;
        }
        tell_in_tx(tx, &row, Kind::ListEntryProposed, json!({"words": row.words}), now)?;
        record_in_tx(tx, &row, Some((actor.user, permit)), "list_entry_propose", None, now)?;
        Ok(row)
    })
}
