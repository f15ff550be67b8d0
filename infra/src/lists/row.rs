//! Entries as they are stored.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::content::Standing;
use domain::id::{HouseholdId, ListEntryId, UserId, VillageId, VillagerId};
use domain::listing::{Ending, EntryState, List, ListEntry};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::list_entries;

/// An entry as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = list_entries, treat_none_as_null = true, primary_key(village_id, id))]
pub struct EntryRow {
    /// The village.
    pub village_id: Uuid,
    /// Its id.
    pub id: Uuid,
    /// `honor` or `warning`.
    pub list: String,
    /// `claim` or `rating`.
    pub fact: String,
    /// The claim, or the rating.
    pub fact_id: Uuid,
    /// The stars that the line of the rating said.
    pub stars: Option<i16>,
    /// The household.
    pub household_id: Uuid,
    /// Who is shown.
    pub person_id: Uuid,
    /// The item's name, or the cycle.
    pub title: String,
    /// The day of the deed, or on which the rating took effect.
    pub happened_on: NaiveDate,
    /// What is said in praise.
    pub words: String,
    /// What content security says of the words.
    pub standing: String,
    /// Who proposed it.
    pub proposed_by: Uuid,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Where it stands.
    pub state: String,
    /// When the panel decided.
    pub decided_at: Option<DateTime<Utc>>,
    /// When the person agreed.
    pub consented_at: Option<DateTime<Utc>>,
    /// How, if a cadre wrote it down.
    pub consent: Option<serde_json::Value>,
    /// The last day on which it is shown.
    pub shown_until: Option<NaiveDate>,
    /// When its removal was asked for.
    pub removal_asked_at: Option<DateTime<Utc>>,
    /// By whom.
    pub removal_asked_by: Option<Uuid>,
    /// Why.
    pub removal_text: Option<String>,
    /// Until when that is to be answered.
    pub removal_due_at: Option<DateTime<Utc>>,
    /// When it was urged.
    pub removal_urged_at: Option<DateTime<Utc>>,
    /// When it was answered.
    pub removal_answered_at: Option<DateTime<Utc>>,
    /// By whom.
    pub removal_answered_by: Option<Uuid>,
    /// What was said.
    pub removal_answer: Option<String>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Why.
    pub ended_why: Option<String>,
    /// Counts the changes.
    pub version: i32,
}

fn unreadable(what: &str) -> Error {
    Error::Bug(format!("a stored list entry has a {what} that cannot be read"))
}

impl EntryRow {
    /// The village.
    pub fn village(&self) -> VillageId {
        VillageId(self.village_id)
    }

    /// The list.
    ///
    /// # Errors
    /// [`Error::Bug`] for one that this version does not know.
    pub fn list(&self) -> Result<List, Error> {
        List::from_name(&self.list).ok_or_else(|| unreadable("list"))
    }

    /// The entry as the domain knows it.
    ///
    /// # Errors
    /// [`Error::Bug`] for what this version does not know.
    pub fn entry(&self) -> Result<ListEntry, Error> {
        Ok(ListEntry {
            id: ListEntryId(self.id),
            list: self.list()?,
            person: VillagerId(self.person_id),
            household: HouseholdId(self.household_id),
            proposed_by: UserId(self.proposed_by),
            state: EntryState::from_name(&self.state).ok_or_else(|| unreadable("state"))?,
            consented_at: self.consented_at,
            standing: Standing::from_name(&self.standing).ok_or_else(|| unreadable("standing"))?,
            shown_until: self.shown_until,
            removal_open: self.removal_asked_at.is_some() && self.removal_answered_at.is_none(),
            removal_answered: self.removal_answered_at.is_some(),
        })
    }

    /// Ends it.
    pub(super) fn end(&mut self, why: Ending, now: DateTime<Utc>) {
        self.state = EntryState::Ended.as_str().to_owned();
        self.ended_at = Some(now);
        self.ended_why = Some(why.as_str().to_owned());
    }
}

/// One entry.
pub(super) fn find(c: &mut PgConnection, village: VillageId, id: Uuid) -> Result<EntryRow, Error> {
    Ok(list_entries::table.find((village.0, id)).select(EntryRow::as_select()).first(c)?)
}

/// Writes an entry that was changed, if nobody else changed it since it was read.
pub(super) fn save_in_tx(tx: &mut PgConnection, row: &mut EntryRow) -> Result<(), Error> {
    let before = row.version;
    row.version += 1;
    let written = diesel::update(
        list_entries::table.find((row.village_id, row.id)).filter(list_entries::version.eq(before)),
    )
    .set(&*row)
    .execute(tx)?;
    if written == 1 { Ok(()) } else { Err(Error::LostRace) }
}
