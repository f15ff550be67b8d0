//! Asking who sent a report. Triage alone may, says why, and every look is recorded: in the audit log,
//! and in the timeline, where whoever sent it sees that it was asked.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{HouseholdId, ReportId, VillageId, VillagerId};
use domain::person::Phone;
use domain::report::{By, Event, sight};
use uuid::Uuid;

use super::case::{Case, Step, audit_in_tx, record_in_tx};
use crate::db::Db;
use crate::error::Error;
use crate::schema::{report_reporters, villagers};

/// Who sent a report.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The villager.
    pub villager: VillagerId,
    /// Their household when they sent it.
    pub household: HouseholdId,
    /// The whole name.
    pub name: String,
    /// First three and last four digits of the phone.
    pub phone_masked: Option<String>,
}

/// Who sent a report.
///
/// # Errors
/// Those of [`sight::may_see_reporter`].
pub fn look(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    reason: &str,
    now: DateTime<Utc>,
) -> Result<Sender, Error> {
    let place = db.place(village)?;
    db.write(|tx| {
        let case = Case::find(tx, actor, village, id, now)?;
        let report = &case.kept.report;
        let permit = sight::may_see_reporter(actor, &place, report, case.bonds(), reason)?;
        let by = By::Role(permit.role);
        let (event, user) = (Event::ReporterSeen, Some(actor.user));
        let step = Step { event, by, user, reason: Some(reason), at: now };
        record_in_tx(tx, (village, id, case.kept.report.state), step)?;
        let action = "report_reporter_show";
        audit_in_tx(tx, (village, id), action, (actor, by), Some(reason), now)?;
        type Row = (Uuid, Uuid, String, Option<Vec<u8>>);
        let same = villagers::village_id
            .eq(report_reporters::village_id)
            .and(villagers::id.eq(report_reporters::villager_id));
        let (villager, household, name, phone): Row = report_reporters::table
            .inner_join(villagers::table.on(same))
            .filter(report_reporters::village_id.eq(village.0))
            .filter(report_reporters::report_id.eq(id.0))
            .select((
                report_reporters::villager_id,
                report_reporters::household_id,
                villagers::name,
                villagers::phone_encrypted,
            ))
            .first(tx)?;
        Ok(Sender {
            villager: VillagerId(villager),
            household: HouseholdId(household),
            name,
            phone_masked: phone
                .map(|sealed| db.secrets().decrypt(&sealed))
                .transpose()?
                .and_then(|text| text.parse::<Phone>().ok())
                .map(|phone| phone.masked()),
        })
    })
}
