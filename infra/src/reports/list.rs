//! Lists of reports: a village's for those who deal with them, and one's own.

use std::collections::BTreeMap;

use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::id::{GridId, VillageId};
use domain::policy::{Action, Target, allows, permits};
use domain::report::{Kind, State};
use uuid::Uuid;

use super::case;
use super::row::{Kept, ReportRow};
use crate::db::Db;
use crate::error::Error;
use crate::photos::{self, Photo};
use crate::reading::Why;
use crate::schema::{report_parties, report_reporters, reports};
use crate::villagers;

/// Which reports.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// In this state.
    pub state: Option<State>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// In this grid.
    pub grid: Option<GridId>,
    /// Only those on which somebody should have acted by now.
    pub overdue: bool,
}

/// A line of a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The report.
    pub kept: Kept,
    /// Its photos.
    pub photos: Vec<Photo>,
    /// Whether whoever reads may see place, text and photos: before the check not everybody may.
    pub readable: bool,
}

/// The reports of a village, the newest first, `before` an id: all of them for triage and who
/// supervises, for a grid worker those that they have or had in hand. Of one about the own household
/// whoever reads sees no more than those whom it is about. One more than `limit`.
///
/// # Errors
/// `not_found`, `forbidden`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    filter: Filter,
    (before, limit): (Option<Uuid>, i64),
    why: &Why,
) -> Result<Vec<Listed>, Error> {
    let target = Target::village(db.place(village)?);
    let roles: Vec<Role> =
        permits(actor, Action::ReportListShow, &target).map(|permit| permit.role).collect();
    let at_the_desk = allows(actor, Action::ReportTriage, &target).is_ok();
    let permit = allows(actor, Action::ReportListShow, &target)?;
    let own_only = !at_the_desk && roles == [Role::GridWorker];
    if !at_the_desk && !own_only {
        // Of several roles the one that reads all is the one that says why.
        let reading = roles.iter().find(|role| **role == Role::Supervisor);
        let permit =
            reading.map_or(permit, |role| domain::policy::Permit { role: *role, ..permit });
        db.record_reading(actor, Action::ReportListShow, &[(target, permit)], why)?;
    }
    db.read(|c| {
        let mut query = reports::table
            .filter(reports::village_id.eq(village.0))
            .order(reports::id.desc())
            .limit(limit.saturating_add(1))
            .select(ReportRow::as_select())
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(reports::id.lt(before));
        }
        if own_only {
            query = query.filter(reports::worker_user_id.eq(actor.user.0));
        }
        if let Some(state) = filter.state {
            query = query.filter(reports::state.eq(state.as_str()));
        }
        if let Some(kind) = filter.kind {
            query = query.filter(reports::kind.eq(kind.as_str()));
        }
        if let Some(grid) = filter.grid {
            query = query.filter(reports::grid_id.eq(grid.0));
        }
        if filter.overdue {
            let open = State::ALL.iter().filter(|state| state.is_open());
            query = query
                .filter(reports::due_at.is_not_null())
                .filter(reports::due_at.le(why.at))
                .filter(reports::state.eq_any(open.map(|state| state.as_str())));
        }
        let rows: Vec<ReportRow> = query.load(c)?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let parties = case::parties_of(c, village, &ids, why.at)?;
        let deals = at_the_desk || own_only;
        lines(c, village, rows, |kept| {
            let about = parties.get(&kept.report.id.0).map_or(&[][..], Vec::as_slice);
            kept.report.is_read_in_list(actor, about, kept.is_checked(), deals)
        })
    })
}

fn lines(
    c: &mut PgConnection,
    village: VillageId,
    rows: Vec<ReportRow>,
    readable: impl Fn(&Kept) -> bool,
) -> Result<Vec<Listed>, Error> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut photos: BTreeMap<Uuid, Vec<Photo>> = photos::of_in(c, village, &ids)?;
    rows.into_iter()
        .map(|row| {
            let photos = photos.remove(&row.id).unwrap_or_default();
            let kept = row.kept()?;
            Ok(Listed { readable: readable(&kept), photos, kept })
        })
        .collect()
}

/// Which of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mine {
    /// Those that one sent.
    Sent,
    /// Those about the own household: somebody of it is praised or shown, or it is concerned.
    About,
}

/// One's own reports, the newest first, `before` an id; one more than `limit`.
///
/// # Errors
/// `not_found`, `forbidden`.
pub fn mine(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    mine: Mine,
    (before, limit): (Option<Uuid>, i64),
) -> Result<Vec<Listed>, Error> {
    allows(actor, Action::ReportOwnShow, &Target::village(db.place(village)?))?;
    let before = before.unwrap_or(Uuid::max());
    let home = actor.household();
    db.read(|c| {
        let ids: Vec<Uuid> = match (mine, home) {
            (Mine::Sent, _) => report_reporters::table
                .filter(report_reporters::village_id.eq(village.0))
                .filter(report_reporters::user_id.eq(actor.user.0))
                .filter(report_reporters::report_id.lt(before))
                .order(report_reporters::report_id.desc())
                .limit(limit.saturating_add(1))
                .select(report_reporters::report_id)
                .load(c)?,
            (Mine::About, Some(home)) => {
                let taken_on = State::ALL.iter().filter(|state| state.is_taken_on());
                let same = reports::village_id
                    .eq(report_parties::village_id)
                    .and(reports::id.eq(report_parties::report_id));
                // The household itself, and who lives in it now.
                let members = villagers::members(c, village, home)?.into_iter().map(|one| one.0);
                let ours: Vec<Uuid> = members.chain([home.0]).collect();
                report_parties::table
                    .inner_join(reports::table.on(same))
                    .filter(report_parties::village_id.eq(village.0))
                    .filter(report_parties::party_id.eq_any(ours))
                    .filter(report_parties::report_id.lt(before))
                    .filter(reports::standing.eq("public"))
                    .filter(reports::state.eq_any(taken_on.map(|state| state.as_str())))
                    .order(report_parties::report_id.desc())
                    .distinct_on(report_parties::report_id)
                    .limit(limit.saturating_add(1))
                    .select(report_parties::report_id)
                    .load(c)?
            }
            (Mine::About, None) => Vec::new(),
        };
        let rows: Vec<ReportRow> = reports::table
            .filter(reports::village_id.eq(village.0))
            .filter(reports::id.eq_any(ids))
            .order(reports::id.desc())
            .select(ReportRow::as_select())
            .load(c)?;
        lines(c, village, rows, |_| true)
    })
}
