//! Triage: taking a report on, refusing it, joining it to another; dispatching and closing it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{GridId, HouseholdId, ReportId, VillageId, VillagerId};
use domain::refusal::Refusal;
use domain::report::{By, Consent, Event, Part, Party, Report, Triage};
use serde_json::json;
use uuid::Uuid;

use super::case::{self, Case, Step, audit_in_tx, record_in_tx};
use super::create::Receipt;
use super::{consent, row, same, tell};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::schema::{grids, report_parties};
use crate::{actors, villagers};

/// Whom triage found in a report.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// The person praised.
    pub praised: Option<VillagerId>,
    /// Others who can be recognised.
    pub shown: Vec<VillagerId>,
    /// The household that a nuisance seems to come from.
    pub concerned: Option<HouseholdId>,
    /// That nobody can be recognised.
    pub nobody_shown: bool,
}

/// What triage decides.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Takes it on.
    Accept {
        /// Whom it is about.
        named: Named,
        /// The grid in which it lies.
        grid: Option<GridId>,
    },
    /// Does not.
    Refuse {
        /// Why.
        reason: String,
    },
    /// It is the same as another.
    Join {
        /// Which.
        to: ReportId,
    },
}

/// Decides on a report, and tells whoever sent it.
///
/// # Errors
/// Those of [`domain::report::Report::triage`].
pub fn triage(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    decision: &Decision,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        if let Decision::Join { to } = decision {
            row::lock_both_in_tx(tx, village, (id, *to))?;
        }
        let mut case = Case::lock_in_tx(tx, actor, village, id, now)?;
        let calendar = db.calendar(tx)?;
        let report = case.kept.report.clone();
        let judged = |report: Report, case: &Case, what: Triage<'_>| {
            report.triage(actor, &place, case.bonds(), what, &calendar, now)
        };
        let (event, kind, reason) = match decision {
            Decision::Accept { .. } => (Event::Accepted, Kind::ReportAccepted, None),
            Decision::Refuse { reason } => {
                (Event::Refused, Kind::ReportRefused, Some(reason.as_str()))
            }
            Decision::Join { .. } => (Event::Joined, Kind::ReportJoined, None),
        };
        let role = match decision {
            Decision::Accept { named, grid } => {
                let parties = parties(tx, village, named, now)?;
                let what = Triage::Accept { parties: &parties, nobody_shown: named.nobody_shown };
                let (role, moved) = judged(report, &case, what)?;
                if let Some(grid) = grid {
                    let _: Uuid =
                        grids::table.find((village.0, grid.0)).select(grids::id).first(tx)?;
                    case.kept.grid = Some(*grid);
                }
                case.kept.becomes(moved);
                keep_parties_in_tx(tx, (village, id), &parties)?;
                case.parties = parties;
                role
            }
            Decision::Refuse { reason } => {
                let (role, moved) = judged(report, &case, Triage::Refuse { reason })?;
                case.kept.becomes(moved);
                role
            }
            Decision::Join { to } => {
                let other = row::find(tx, village, *to).map_err(|error| match error {
                    Error::Refused(Refusal::NotFound) => Refusal::JoinInvalid.into(),
                    other => other,
                })?;
                let (role, moved) = judged(report, &case, Triage::Join { to: &other.report })?;
                case.kept.becomes(moved);
                same::repoint_in_tx(tx, village, (id, *to))?;
                role
            }
        };
        row::save_in_tx(tx, &mut case.kept, &case.parties, now)?;
        let by = By::Role(role);
        let step = Step { event, by, user: Some(actor.user), reason, at: now };
        record_in_tx(tx, (village, id, case.kept.report.state), step)?;
        let more = reason.map_or_else(tell::More::new, |why| tell::with("reason", why));
        tell::reporters_in_tx(tx, &case.kept, kind, &more, now)?;
        if matches!(decision, Decision::Accept { .. }) && case.kept.is_checked() {
            consent::ask_in_tx(tx, &case.kept, &case.parties, now)?;
        }
        audit_in_tx(tx, (village, id), "report_triage", (actor, by), reason, now)?;
        Ok(Receipt::of(&case.kept.report))
    })
}

/// The people that triage names, as they are on the roster.
fn parties(
    tx: &mut PgConnection,
    village: VillageId,
    named: &Named,
    now: DateTime<Utc>,
) -> Result<Vec<Party>, Error> {
    let mut wanted: Vec<(VillagerId, Part)> =
        named.praised.iter().map(|id| (*id, Part::Praised)).collect();
    for id in &named.shown {
        if !wanted.iter().any(|(known, _)| known == id) {
            wanted.push((*id, Part::Shown));
        }
    }
    let ids: Vec<VillagerId> = wanted.iter().map(|(id, _)| *id).collect();
    let answering = case::answering(tx, village, &ids, now)?;
    let mut parties = Vec::with_capacity(wanted.len() + 1);
    for (id, part) in wanted {
        let person = villagers::person(tx, village, id)?;
        parties.push(Party {
            villager: Some(id),
            household: person.household,
            part,
            consent: Consent::Asked,
            answers: answering.contains(&id),
        });
    }
    if let Some(household) = named.concerned {
        parties.push(concerned(tx, village, household)?);
    }
    Ok(parties)
}

/// A household concerned.
///
/// # Errors
/// `not_found`.
pub(super) fn concerned(
    tx: &mut PgConnection,
    village: VillageId,
    household: HouseholdId,
) -> Result<Party, Error> {
    if villagers::members(tx, village, household)?.is_empty() {
        return Err(Refusal::NotFound.into());
    }
    Ok(Party {
        villager: None,
        household,
        part: Part::Concerned,
        consent: Consent::Asked,
        answers: false,
    })
}

/// Keeps whom a report is about.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn keep_parties_in_tx(
    tx: &mut PgConnection,
    (village, report): (VillageId, ReportId),
    parties: &[Party],
) -> Result<(), Error> {
    let rows: Vec<_> = parties
        .iter()
        .map(|party| {
            (
                report_parties::village_id.eq(village.0),
                report_parties::report_id.eq(report.0),
                report_parties::party_id
                    .eq(party.villager.map_or(party.household.0, |villager| villager.0)),
                report_parties::villager_id.eq(party.villager.map(|villager| villager.0)),
                report_parties::household_id.eq(party.household.0),
                report_parties::part.eq(party.part.as_str()),
                report_parties::consent.eq(party.consent.as_str()),
            )
        })
        .collect();
    diesel::insert_into(report_parties::table).values(rows).execute(tx)?;
    Ok(())
}

/// Gives a report to a grid worker with so many working days, and tells them and whoever sent it.
///
/// # Errors
/// Those of [`domain::report::Report::dispatch`].
pub fn dispatch(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    (worker, working_days, note): (VillagerId, u16, Option<&str>),
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let mut case = Case::lock_in_tx(tx, actor, village, id, now)?;
        let named = match villagers::user_of(tx, village, worker)? {
            Some(user) => actors::load(tx, user, now)?,
            None => None,
        };
        // Somebody without a role: whether it may be dispatched at all is said before that.
        let nobody = || Actor { user: actor.user, membership: None, grants: Vec::new() };
        let named = named.unwrap_or_else(nobody);
        let kin = case::kin(tx, &named, village)?;
        let workers_bonds = domain::report::Bonds { kin: &kin, ..case.bonds() };
        let calendar = db.calendar(tx)?;
        let (role, moved) = case.kept.report.clone().dispatch(
            (actor, case.bonds()),
            &place,
            (&named, workers_bonds),
            working_days,
            &calendar,
            now,
        )?;
        case.kept.becomes(moved);
        row::save_in_tx(tx, &mut case.kept, &case.parties, now)?;
        let by = By::Role(role);
        let (event, user) = (Event::Dispatched, Some(actor.user));
        record_in_tx(
            tx,
            (village, id, case.kept.report.state),
            Step { event, by, user, reason: note, at: now },
        )?;
        let mut more = tell::with("due_at", json!(case.kept.report.due_at));
        tell::reporters_in_tx(tx, &case.kept, Kind::ReportDispatched, &more, now)?;
        more.insert("note".into(), json!(note));
        tell::villager_in_tx(tx, &case.kept, &[worker], Kind::ReportAssigned, &more, now)?;
        audit_in_tx(tx, (village, id), "report_dispatch", (actor, by), note, now)?;
        Ok(Receipt::of(&case.kept.report))
    })
}

/// Closes a report, and tells whoever sent it.
///
/// # Errors
/// Those of [`domain::report::Report::strike`].
pub fn strike(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    reason: &str,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<Receipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let mut case = Case::lock_in_tx(tx, actor, village, id, now)?;
        let report = case.kept.report.clone();
        let (role, moved) = report.strike(actor, &place, case.bonds(), reason)?;
        case.kept.becomes(moved);
        row::save_in_tx(tx, &mut case.kept, &case.parties, now)?;
        let by = By::Role(role);
        let (event, user) = (Event::StruckOff, Some(actor.user));
        record_in_tx(
            tx,
            (village, id, case.kept.report.state),
            Step { event, by, user, reason: Some(reason), at: now },
        )?;
        let more = tell::with("reason", reason);
        tell::reporters_in_tx(tx, &case.kept, Kind::ReportStruckOff, &more, now)?;
        audit_in_tx(tx, (village, id), "report_strike", (actor, by), Some(reason), now)?;
        Ok(Receipt::of(&case.kept.report))
    })
}
