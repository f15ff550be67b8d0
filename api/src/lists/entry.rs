//! How an entry is described to those who work on it and to the household concerned.

use domain::listing::{EntryState, List};
use infra::lists::{EntryRow, Honored};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "honor")]
pub enum ListName {
    /// 红榜.
    Honor,
    /// 黑榜.
    Warning,
}

impl From<ListName> for List {
    fn from(list: ListName) -> Self {
        match list {
            ListName::Honor => Self::Honor,
            ListName::Warning => Self::Warning,
        }
    }
}

/// An entry of a list, as those who work on it and the household concerned see it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "list_entry_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "list": "honor", "fact": "claim",
    "fact_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f61",
    "person_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f62", "name": "王秀英",
    "title": "主动打扫公共区域", "happened_on": "2026-10-08", "text": "冒雨抢修水渠。",
    "standing": "public", "state": "approved", "proposed_at": "2026-10-12T10:00:00+08:00",
    "decided_at": "2026-10-14T10:00:00+08:00", "consented_at": "2026-10-14T12:00:00+08:00",
    "shown_until": "2027-10-14", "removal": null, "ended_at": null, "ended_why": null
}))]
pub struct ListEntryOut {
    /// Its id.
    list_entry_id: Uuid,
    /// `honor` or `warning`.
    list: String,
    /// What it points to: `claim`, `rating` or `report`.
    fact: String,
    /// The claim, rating or report.
    fact_id: Uuid,
    /// Who is shown.
    person_id: Uuid,
    /// Their whole name.
    name: String,
    /// The item's name, cycle and stars, or the category of the report.
    title: String,
    /// The day of the deed, on which the rating took effect, or on which the report was sent.
    happened_on: chrono::NaiveDate,
    /// What is said in praise.
    text: String,
    /// `waiting`, `public` or `refused`: what content security says of the text.
    standing: String,
    /// `proposed`, `approved`, `rejected` or `ended`.
    state: String,
    /// When it was proposed.
    proposed_at: String,
    /// When the panel decided.
    decided_at: Option<String>,
    /// When the person agreed to be praised.
    consented_at: Option<String>,
    /// The last day on which it is shown.
    shown_until: Option<chrono::NaiveDate>,
    /// The wish or objection of the household.
    removal: Option<RemovalOut>,
    /// When it ended.
    ended_at: Option<String>,
    /// `expired`, `fact_gone`, `person_unfit`, `consent_refused`, `removed`, `taken_down` or
    /// `removal_overdue`.
    ended_why: Option<String>,
}

/// A wish to have praise taken down, or an objection to a warning.
#[derive(Debug, Serialize, ToSchema)]
pub struct RemovalOut {
    /// `oneself`, `household`, or `cadre` where one wrote it down.
    voice: String,
    /// How they said so to the cadre.
    how: Option<String>,
    /// What was said.
    text: String,
    /// When.
    asked_at: String,
    /// Until when it is to be answered; praise is taken down then by itself.
    due_at: Option<String>,
    /// Whether the answer is overdue.
    overdue: bool,
    /// When it was answered.
    answered_at: Option<String>,
    /// What was answered.
    answer: Option<String>,
}

impl ListEntryOut {
    /// Renders an entry; `now` says what is overdue.
    pub fn new(entry: Honored, now: chrono::DateTime<chrono::Utc>) -> Self {
        let removal = removal(&entry.row, now);
        let Honored { row, name } = entry;
        Self {
            list_entry_id: row.id,
            list: row.list,
            fact: row.fact,
            fact_id: row.fact_id,
            person_id: row.person_id,
            name,
            title: row.title,
            happened_on: row.happened_on,
            text: row.words,
            standing: row.standing,
            state: row.state,
            proposed_at: crate::time::shown(row.proposed_at),
            decided_at: row.decided_at.map(crate::time::shown),
            consented_at: row.consented_at.map(crate::time::shown),
            shown_until: row.shown_until,
            removal,
            ended_at: row.ended_at.map(crate::time::shown),
            ended_why: row.ended_why,
        }
    }
}

fn removal(row: &EntryRow, now: chrono::DateTime<chrono::Utc>) -> Option<RemovalOut> {
    let asked_at = row.removal_asked_at?;
    // What an older program wrote and nobody can read is shown without.
    let asked = row.asked().ok().flatten();
    let waits = row.removal_answered_at.is_none() && row.ended_at.is_none();
    Some(RemovalOut {
        voice: asked.as_ref().map(|asked| asked.voice.clone()).unwrap_or_default(),
        how: asked.and_then(|asked| asked.how),
        text: row.removal_text.clone().unwrap_or_default(),
        asked_at: crate::time::shown(asked_at),
        due_at: row.removal_due_at.map(crate::time::shown),
        overdue: waits && row.removal_due_at.is_some_and(|due| due <= now),
        answered_at: row.removal_answered_at.map(crate::time::shown),
        answer: row.removal_answer.clone(),
    })
}

/// What a change came to: where the entry stands now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "list_entry_id": "01932d5a-6c00-7a3b-8f00-1b2c3d4e5f60", "state": "proposed",
    "shown_until": null, "removal_due_at": null, "ended_why": null
}))]
pub struct ListEntryStateOut {
    /// Its id.
    list_entry_id: Uuid,
    /// `proposed`, `approved`, `rejected` or `ended`.
    state: String,
    /// The last day on which it is shown.
    shown_until: Option<chrono::NaiveDate>,
    /// Until when a wish or objection is to be answered.
    removal_due_at: Option<String>,
    /// Why it ended.
    ended_why: Option<String>,
}

impl From<EntryRow> for ListEntryStateOut {
    fn from(row: EntryRow) -> Self {
        Self {
            list_entry_id: row.id,
            state: row.state,
            shown_until: row.shown_until,
            removal_due_at: row.removal_due_at.map(crate::time::shown),
            ended_why: row.ended_why,
        }
    }
}

/// The states that a list of entries can be asked for.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ListEntryFilter {
    /// The panel has not decided.
    #[default]
    Proposed,
    /// The panel is for it.
    Approved,
    /// The panel is against it.
    Rejected,
    /// On no list any more.
    Ended,
    /// A wish or objection waits for its answer.
    RemovalAsked,
}

impl ListEntryFilter {
    /// The state; none for those whose removal is asked for.
    pub const fn state(self) -> Option<EntryState> {
        match self {
            Self::Proposed => Some(EntryState::Proposed),
            Self::Approved => Some(EntryState::Approved),
            Self::Rejected => Some(EntryState::Rejected),
            Self::Ended => Some(EntryState::Ended),
            Self::RemovalAsked => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::listing::Ending;

    #[test]
    fn the_document_names_every_reason_for_an_end() {
        let text = crate::openapi::text();
        for why in Ending::ALL {
            assert!(text.contains(&format!("`{}`", why.as_str())), "{}", why.as_str());
        }
    }
}
