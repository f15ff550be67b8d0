//! Entries as they are stored.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::content::Standing;
use domain::id::{HouseholdId, ListEntryId, UserId, VillageId, VillagerId};
use domain::listing::{Ending, EntryState, List, ListEntry, Voice};
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
    /// `claim`, `rating` or `report`.
    pub fact: String,
    /// The claim, the rating, or the report.
    pub fact_id: Uuid,
    /// The account whose line of the rating it is.
    pub account_id: Option<Uuid>,
    /// The stars that the line of the rating said.
    pub stars: Option<i16>,
    /// The household when it was proposed.
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
    /// By whom: [`Asked`].
    pub removal_by: Option<serde_json::Value>,
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
    /// When the worker looked last whether it still has its ground; none once it cannot change.
    pub looked_at: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i32,
}

/// Who asked for the removal of an entry.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asked {
    /// Who.
    pub by: Uuid,
    /// As whom they spoke: the name of a [`Voice`].
    pub voice: String,
    /// How the person said so, if a cadre wrote it down.
    pub how: Option<String>,
    /// Who wrote down or answered a request before this one: they do not answer this one.
    pub before: Vec<Uuid>,
}

impl Asked {
    fn voice(&self) -> Result<Voice, Error> {
        Voice::from_name(&self.voice).ok_or_else(|| unreadable("voice"))
    }
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

    /// Who asked for its removal, if anybody did.
    ///
    /// # Errors
    /// [`Error::Bug`] for what this version cannot read.
    pub fn asked(&self) -> Result<Option<Asked>, Error> {
        let stored = self.removal_by.clone().map(serde_json::from_value);
        stored.transpose().map_err(|_| unreadable("request"))
    }

    /// The entry as the domain knows it.
    ///
    /// # Errors
    /// [`Error::Bug`] for what this version does not know.
    pub fn entry(&self) -> Result<ListEntry, Error> {
        let voice = self.asked()?.map(|asked| asked.voice()).transpose()?;
        let answered = self.removal_answered_at.is_some();
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
            removal_due_at: self.removal_due_at.filter(|_| !answered),
            removal_answered: voice.filter(|_| answered),
        })
    }

    /// Ends it.
    pub(super) fn end(&mut self, why: Ending, now: DateTime<Utc>) {
        self.state = EntryState::Ended.as_str().to_owned();
        self.ended_at = Some(now);
        self.ended_why = Some(why.as_str().to_owned());
        self.looked_at = None;
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
