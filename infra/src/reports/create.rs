//! Sending a report.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Membership};
use domain::content::{Scene, Standing, Subject, SubjectKind};
use domain::id::{PhotoId, ReportId, UserId, VillageId};
use domain::report::draft::near_since;
use domain::report::{By, Draft, Event, Kind, Mine, Report, Spot, State};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::case::{Step, audit_in_tx, record_in_tx};
use super::categories;
use super::row::{Kept, ReportRow, spot};
use crate::content::{self, Piece};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::schema::{report_reporters, reports, users};
use crate::{id, photos};

/// What somebody reports.
#[derive(Clone, Debug)]
pub struct NewReport {
    /// Good deed or nuisance.
    pub kind: Kind,
    /// The code of a category.
    pub category: String,
    /// Where, exactly.
    pub spot: Spot,
    /// Where, in words.
    pub place: String,
    /// What was seen.
    pub text: String,
    /// The photos, each once.
    pub photos: Vec<PhotoId>,
}

/// Where a report stands after a change. Stored as the answer to repeats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The report.
    pub report: ReportId,
    /// Where it stands.
    pub state: State,
    /// By when somebody should have acted.
    pub due_at: Option<DateTime<Utc>>,
}

impl Receipt {
    pub(super) const fn of(report: &Report) -> Self {
        Self { report: report.id, state: report.state, due_at: report.due_at }
    }
}

/// Sends a report. Who sends it is kept apart from it, and stands in no log.
///
/// # Errors
/// Those of [`Draft::send`]; `photo_not_usable`.
pub fn create(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    new: &NewReport,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        // One after the other, so that two at once do not both find that there is room for one.
        let _: Uuid =
            users::table.find(actor.user.0).select(users::id).for_no_key_update().first(tx)?;
        let categories = categories::of_village(tx, village)?;
        let mine = mine(tx, village, actor.user, new, now)?;
        let calendar = db.calendar(tx)?;
        let draft = Draft {
            id: id::new(),
            kind: new.kind,
            category: new.category.clone(),
            spot: new.spot,
            place: new.place.clone(),
            text: new.text.clone(),
            photos: new.photos.len(),
        };
        let (report, sender) = draft.send(actor, &place, &categories, &mine, &calendar, now)?;
        let named = categories
            .into_iter()
            .find(|one| one.kind == report.kind && one.code == report.category);
        let kept = Kept {
            category_name: named.map(|one| one.name).unwrap_or_default(),
            standing: Standing::Waiting,
            grid: None,
            urged_at: None,
            overdue_told: false,
            shown_at: None,
            changed_at: now,
            report,
        };
        keep_in_tx(tx, &kept, actor.user, sender, now)?;
        let report = &kept.report;
        photos::attach_in_tx(tx, village, actor.user, &new.photos, report.id.0, now)?;
        photos::forget_uploader_in_tx(tx, village, report.id.0)?;
        let scene = Scene::Forum;
        let texts = [&report.text, &report.place].map(|text| Piece::Text { text, scene });
        let pieces: Vec<_> =
            texts.into_iter().chain(new.photos.iter().map(|id| Piece::Photo(*id))).collect();
        let subject = Subject { kind: SubjectKind::Report, id: report.id.0 };
        content::submit_in_tx(tx, village, subject, actor.user, &pieces, now)?;
        audit_in_tx(tx, (village, report.id), "report_create", (actor, By::Reporter), None, now)?;
        Ok(Receipt::of(report))
    })
}

/// The reports that somebody sent lately.
fn mine(
    tx: &mut PgConnection,
    village: VillageId,
    user: UserId,
    new: &NewReport,
    now: DateTime<Utc>,
) -> Result<Vec<Mine>, Error> {
    type Row = (String, String, String, i32, i32, String, DateTime<Utc>);
    let same = reports::village_id
        .eq(report_reporters::village_id)
        .and(reports::id.eq(report_reporters::report_id));
    let rows: Vec<Row> = report_reporters::table
        .inner_join(reports::table.on(same))
        .filter(report_reporters::village_id.eq(village.0))
        .filter(report_reporters::user_id.eq(user.0))
        .filter(report_reporters::reported_at.ge(near_since(now)))
        .select((
            reports::kind,
            reports::category,
            reports::datum,
            reports::latitude_e6,
            reports::longitude_e6,
            reports::state,
            reports::submitted_at,
        ))
        .load(tx)?;
    rows.into_iter()
        .map(|(kind, category, datum, latitude_e6, longitude_e6, state, submitted_at)| {
            Ok(Mine {
                same_category: kind == new.kind.as_str() && category == new.category,
                spot: spot(&datum, latitude_e6, longitude_e6)?,
                state: State::from_name(&state)
                    .ok_or_else(|| Error::Bug(format!("unknown state of a report {state}")))?,
                submitted_at,
            })
        })
        .collect()
}

fn keep_in_tx(
    tx: &mut PgConnection,
    kept: &Kept,
    user: UserId,
    sender: Membership,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let report = &kept.report;
    diesel::insert_into(reports::table).values(ReportRow::of(kept)).execute(tx)?;
    diesel::insert_into(report_reporters::table)
        .values((
            report_reporters::village_id.eq(report.village.0),
            report_reporters::report_id.eq(report.id.0),
            report_reporters::user_id.eq(user.0),
            report_reporters::villager_id.eq(sender.villager.0),
            report_reporters::household_id.eq(sender.household.0),
            report_reporters::reported_at.eq(now),
        ))
        .execute(tx)?;
    let step =
        Step { event: Event::Submitted, by: By::Reporter, user: None, reason: None, at: now };
    record_in_tx(tx, (report.village, report.id, report.state), step)?;
    Ok(())
}
