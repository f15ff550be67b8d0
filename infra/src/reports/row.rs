//! A report as it is stored, and as the domain knows it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::content::Standing;
use domain::id::{GridId, ReportId, UserId, VillageId, VillagerId};
use domain::refusal::Refusal;
use domain::report::{Datum, Kind, Party, Report, Spot, State, Worker};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::reports;

/// A report as it is stored.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = reports, primary_key(village_id, id), treat_none_as_null = true)]
pub(super) struct ReportRow {
    pub(super) village_id: Uuid,
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) category: String,
    pub(super) category_name: String,
    pub(super) datum: String,
    pub(super) latitude_e6: i32,
    pub(super) longitude_e6: i32,
    pub(super) cell: i64,
    pub(super) place: String,
    pub(super) text: String,
    pub(super) state: String,
    pub(super) standing: String,
    pub(super) worker_user_id: Option<Uuid>,
    pub(super) worker_id: Option<Uuid>,
    pub(super) grid_id: Option<Uuid>,
    pub(super) due_at: Option<DateTime<Utc>>,
    pub(super) urged_at: Option<DateTime<Utc>>,
    pub(super) overdue_told: bool,
    pub(super) joined_to: Option<Uuid>,
    pub(super) shown_at: Option<DateTime<Utc>>,
    pub(super) submitted_at: DateTime<Utc>,
    pub(super) changed_at: DateTime<Utc>,
    pub(super) version: i32,
}

/// A report with what the store adds to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The report.
    pub report: Report,
    /// What its category was called when it was sent.
    pub category_name: String,
    /// Whether text and photos passed the check.
    pub standing: Standing,
    /// The grid in which triage put it.
    pub grid: Option<GridId>,
    /// When somebody urged last.
    pub urged_at: Option<DateTime<Utc>>,
    /// Whether the program urged since it is due.
    pub overdue_told: bool,
    /// Since when everybody in the village may see it.
    pub shown_at: Option<DateTime<Utc>>,
    /// When it changed last.
    pub changed_at: DateTime<Utc>,
}

fn unreadable(what: &str) -> Error {
    Error::Bug(format!("a stored report has a {what} that cannot be read"))
}

/// A point as it is stored.
pub(super) fn spot(datum: &str, latitude_e6: i32, longitude_e6: i32) -> Result<Spot, Error> {
    Datum::from_name(datum)
        .and_then(|datum| Spot::new(datum, latitude_e6, longitude_e6))
        .ok_or_else(|| unreadable("spot"))
}

impl ReportRow {
    pub(super) fn kept(self) -> Result<Kept, Error> {
        let worker = self.worker_user_id.zip(self.worker_id);
        let report = Report {
            id: ReportId(self.id),
            village: VillageId(self.village_id),
            kind: Kind::from_name(&self.kind).ok_or_else(|| unreadable("kind"))?,
            category: self.category,
            spot: spot(&self.datum, self.latitude_e6, self.longitude_e6)?,
            place: self.place,
            text: self.text,
            state: State::from_name(&self.state).ok_or_else(|| unreadable("state"))?,
            worker: worker
                .map(|(user, id)| Worker { user: UserId(user), villager: VillagerId(id) }),
            due_at: self.due_at,
            joined_to: self.joined_to.map(ReportId),
            submitted_at: self.submitted_at,
            version: self.version,
        };
        Ok(Kept {
            report,
            category_name: self.category_name,
            standing: Standing::from_name(&self.standing).ok_or_else(|| unreadable("standing"))?,
            grid: self.grid_id.map(GridId),
            urged_at: self.urged_at,
            overdue_told: self.overdue_told,
            shown_at: self.shown_at,
            changed_at: self.changed_at,
        })
    }

    pub(super) fn of(kept: &Kept) -> Self {
        let report = &kept.report;
        Self {
            village_id: report.village.0,
            id: report.id.0,
            kind: report.kind.as_str().to_owned(),
            category: report.category.clone(),
            category_name: kept.category_name.clone(),
            datum: report.spot.datum().as_str().to_owned(),
            latitude_e6: report.spot.latitude_e6(),
            longitude_e6: report.spot.longitude_e6(),
            cell: report.spot.cell(),
            place: report.place.clone(),
            text: report.text.clone(),
            state: report.state.as_str().to_owned(),
            standing: kept.standing.as_str().to_owned(),
            worker_user_id: report.worker.map(|worker| worker.user.0),
            worker_id: report.worker.map(|worker| worker.villager.0),
            grid_id: kept.grid.map(|id| id.0),
            due_at: report.due_at,
            urged_at: kept.urged_at,
            overdue_told: kept.overdue_told,
            joined_to: report.joined_to.map(|id| id.0),
            shown_at: kept.shown_at,
            submitted_at: report.submitted_at,
            changed_at: kept.changed_at,
            version: report.version,
        }
    }
}

impl Kept {
    /// Whether text and photos passed the check.
    pub fn is_checked(&self) -> bool {
        self.standing == Standing::Public
    }

    /// Takes what the domain made of the report. Where somebody else has to act, or by another time,
    /// nobody was told or urged yet: what was overdue once can be overdue again, and ends by itself.
    pub(super) fn becomes(&mut self, report: Report) {
        let duty = |report: &Report| (report.state, report.due_at, report.worker);
        if duty(&self.report) != duty(&report) {
            (self.overdue_told, self.urged_at) = (false, None);
        }
        self.report = report;
    }
}

/// One report, locked until the transaction ends, so that of two at once the second decides on what
/// the first left.
///
/// # Errors
/// `not_found`.
pub(super) fn lock_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: ReportId,
) -> Result<Kept, Error> {
    Ok(lock_if_there_in_tx(tx, village, id)?.ok_or(Refusal::NotFound)?)
}

/// One report if there is one, locked until the transaction ends.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn lock_if_there_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    id: ReportId,
) -> Result<Option<Kept>, Error> {
    let row: Option<ReportRow> = reports::table
        .find((village.0, id.0))
        .select(ReportRow::as_select())
        .for_no_key_update()
        .first(tx)
        .optional()?;
    row.map(ReportRow::kept).transpose()
}

/// Locks two reports, always in the same order, so that of two decisions about both the second sees
/// what the first left. Those that are not there are left out.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn lock_both_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    (one, other): (ReportId, ReportId),
) -> Result<(), Error> {
    for id in [one.min(other), one.max(other)] {
        lock_if_there_in_tx(tx, village, id)?;
    }
    Ok(())
}

/// One report.
///
/// # Errors
/// `not_found`.
pub(super) fn find(c: &mut PgConnection, village: VillageId, id: ReportId) -> Result<Kept, Error> {
    reports::table.find((village.0, id.0)).select(ReportRow::as_select()).first(c)?.kept()
}

/// Writes a report that the domain changed, which was locked before. Whether everybody may see it
/// follows from what it is now.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn save_in_tx(
    tx: &mut PgConnection,
    kept: &mut Kept,
    parties: &[Party],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let shown = kept.report.is_in_feed(kept.is_checked(), parties);
    kept.shown_at = kept.shown_at.or(Some(now)).filter(|_| shown);
    kept.changed_at = now;
    let row = ReportRow::of(kept);
    diesel::update(reports::table.find((row.village_id, row.id))).set(&row).execute(tx)?;
    Ok(())
}
