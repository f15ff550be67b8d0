//! One report with everything that whoever looks may see of it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{ClaimId, ReportId, VillageId};
use domain::policy::{Action, Target};
use domain::report::{Event, Party, View, may_see};
use uuid::Uuid;

use super::case::{self, Case};
use super::row::Kept;
use crate::db::Db;
use crate::error::Error;
use crate::names;
use crate::photos::{self, Photo};
use crate::reading::Why;
use crate::schema::report_events;

/// The most events of one report that are shown, the last ones.
const EVENTS_MAX: i64 = 500;

/// A report, as whoever looks sees it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The report. Its text is for those for whom it is `readable`.
    pub kept: Kept,
    /// As what it is looked at.
    pub view: View,
    /// Whether text and photos are shown.
    pub readable: bool,
    /// Its photos.
    pub photos: Vec<Photo>,
    /// Whom it is about, where that is shown.
    pub parties: Vec<ShownParty>,
    /// The grid worker's name, where names are shown.
    pub worker_name: Option<String>,
    /// What happened to it, in order.
    pub events: Vec<Happened>,
    /// The claim or deduction that came of it, where that is shown.
    pub claim: Option<ClaimId>,
}

/// Somebody whom it is about.
#[derive(Clone, Debug)]
pub struct ShownParty {
    /// Who.
    pub party: Party,
    /// The whole name, of a person.
    pub name: Option<String>,
}

/// Something that happened to it.
#[derive(Clone, Debug)]
pub struct Happened {
    /// What.
    pub event: String,
    /// The state it led to.
    pub state: String,
    /// In which part: `reporter`, `shown`, `program`, or a role.
    pub by: String,
    /// The name of an officer, where names are shown.
    pub name: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// One report, for whoever sent it, those whom it is about, the grid worker who has it in hand, triage
/// and who supervises.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    why: &Why,
) -> Result<Shown, Error> {
    let place = db.place(village)?;
    let shown = db.read(|c| {
        let case = Case::find(c, actor, village, id, why.at)?;
        let Case { kept, reporter, parties, .. } = case;
        let view = may_see(actor, &place, &kept.report, reporter, &parties, kept.is_checked())?;
        let readable = kept.is_checked() || view.sees_unchecked();
        let photos = if readable { photos::of_in(c, village, &[id.0])? } else { [].into() };
        let people: Vec<Uuid> =
            parties.iter().filter_map(|party| party.villager).map(|id| id.0).collect();
        let mut called = names::of_villagers(c, village, people)?;
        let worker = kept.report.worker.filter(|_| view.sees_names()).map(|one| one.villager.0);
        let worker_name = names::of_villagers(c, village, worker)?.into_values().next();
        let parties = parties
            .into_iter()
            .filter(|party| view.sees_parties() || actor.household() == Some(party.household))
            .map(|party| ShownParty {
                name: party.villager.and_then(|id| called.remove(&id.0)),
                party,
            })
            .collect();
        Ok(Shown {
            events: events(c, (village, id), view)?,
            claim: case::claim_of(c, village, id)?.filter(|_| view.sees_parties()),
            photos: photos.into_values().flatten().collect(),
            kept,
            view,
            readable,
            parties,
            worker_name,
        })
    })?;
    if let Some(permit) = shown.view.permit() {
        let read = [(Target::village(place), permit)];
        db.record_reading(actor, Action::ReportShow, &read, &why.about(id.0))?;
    }
    Ok(shown)
}

fn events(
    c: &mut PgConnection,
    (village, id): (VillageId, ReportId),
    view: View,
) -> Result<Vec<Happened>, Error> {
    type Row = (String, String, String, Option<Uuid>, Option<String>, DateTime<Utc>);
    let rows: Vec<Row> = report_events::table
        .filter(report_events::village_id.eq(village.0))
        .filter(report_events::report_id.eq(id.0))
        .order(report_events::id.desc())
        .limit(EVENTS_MAX)
        .select((
            report_events::event,
            report_events::state,
            report_events::by_part,
            report_events::user_id,
            report_events::reason,
            report_events::at,
        ))
        .load(c)?;
    let known: HashMap<Uuid, String> = if view.sees_names() {
        names::of_users(c, rows.iter().filter_map(|row| row.3))?
    } else {
        HashMap::new()
    };
    let mut events = Vec::with_capacity(rows.len());
    for (event, state, by, user, reason, at) in rows.into_iter().rev() {
        let what = Event::from_name(&event)
            .ok_or_else(|| Error::Bug(format!("unknown event of a report {event}")))?;
        if view.sees_event(what) {
            let name = user.and_then(|user| known.get(&user)).cloned();
            let reason = reason.filter(|_| view.reads_words_of(what, &by));
            events.push(Happened { event, state, by, name, reason, at });
        }
    }
    Ok(events)
}
