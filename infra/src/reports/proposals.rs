//! From a report to points: a good deed becomes a claim, a nuisance a proposed deduction. Both go the
//! whole way of claims from there; this only makes them, once for each report, and knows which is
//! which.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::claim::Claim;
use domain::id::{ClaimId, PhotoId, ReportId, UserId, VillageId, VillagerId};
use domain::refusal::Refusal;
use domain::report::{By, Event};
use serde_json::json;
use uuid::Uuid;

use super::case::{self, Case, Step, audit_in_tx, record_in_tx};
use super::row::{self, Kept};
use super::{desk, tell};
use crate::claims::{self, Consent, Declaration, Deed, Fault};
use crate::db::Db;
use crate::error::Error;
use crate::idempotency::Once;
use crate::messages::Kind;
use crate::schema::{photos, report_claims};
use crate::{id, villagers};

/// A claim for the person whom a good deed praises.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The deed. The photos of the report are added to its evidence once they passed the check.
    pub deed: Deed,
    /// That the person, or a member of the household, agreed to the claim.
    pub consent: Consent,
}

/// A deduction that is proposed for a nuisance.
#[derive(Clone, Debug)]
pub struct DeductionPlan {
    /// Whose fault it is.
    pub person: VillagerId,
    /// The deed. The photos of the report are added to its evidence once they passed the check.
    pub deed: Deed,
}

/// Makes a claim of a good deed, for the person praised, by proxy.
///
/// # Errors
/// `report_proposed` the second time; those of [`domain::report::Report::claim`] and of
/// [`claims::create`], such as `evidence_missing` while the photos of the report are being checked.
pub fn claim(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    plan: &Proposal,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<claims::Receipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let case = Case::lock_in_tx(tx, actor, village, id, now)?;
        let (role, person) = case.kept.report.claim(actor, &place, case.bonds())?;
        still_free(tx, &case)?;
        let deed = with_photos(tx, &case.kept, &plan.deed, actor.user, now)?;
        let declaration = Declaration { person, deed, proxy: Some(plan.consent.clone()) };
        let receipt = claims::create_in_tx(db, tx, (actor, &place), &declaration, now)?;
        link_in_tx(tx, &case.kept, receipt.claim, (actor, role), Event::Claimed, now)?;
        Ok(receipt)
    })
}

/// Proposes a deduction for a nuisance. The person is told at once, with the way to put it right and
/// by when; their household is a party of the report from then on.
///
/// # Errors
/// `report_proposed` the second time; those of [`domain::report::Report::propose_deduction`] and of
/// [`claims::deduct`], such as `evidence_missing` while the photos of the report are being checked.
pub fn deduct(
    db: &Db,
    actor: &Actor,
    (village, id): (VillageId, ReportId),
    plan: &DeductionPlan,
    once: &Once,
    now: DateTime<Utc>,
) -> Result<claims::Receipt, Error> {
    let place = db.place(village)?;
    db.write_once(once, now, |tx| {
        let case = Case::lock_in_tx(tx, actor, village, id, now)?;
        let household = villagers::person(tx, village, plan.person)?.household;
        let report = &case.kept.report;
        let role = report.propose_deduction(actor, &place, case.bonds(), household)?;
        still_free(tx, &case)?;
        let deed = with_photos(tx, &case.kept, &plan.deed, actor.user, now)?;
        let fault = Fault { person: plan.person, deed };
        let receipt = claims::deduct_in_tx(db, tx, (actor, &place), &fault, now)?;
        if !case.parties.iter().any(|party| party.household == household) {
            let party = desk::concerned(tx, village, household)?;
            desk::keep_parties_in_tx(tx, (village, id), &[party])?;
        }
        let event = Event::DeductionProposed;
        link_in_tx(tx, &case.kept, receipt.claim, (actor, role), event, now)?;
        Ok(receipt)
    })
}

fn still_free(tx: &mut PgConnection, case: &Case) -> Result<(), Error> {
    let (village, id) = (case.kept.report.village, case.kept.report.id);
    match case::claim_of(tx, village, id)? {
        Some(_) => Err(Refusal::ReportProposed.into()),
        None => Ok(()),
    }
}

fn link_in_tx(
    tx: &mut PgConnection,
    kept: &Kept,
    claim: ClaimId,
    (actor, role): (&Actor, Role),
    event: Event,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let (village, id) = (kept.report.village, kept.report.id);
    diesel::insert_into(report_claims::table)
        .values((
            report_claims::village_id.eq(village.0),
            report_claims::report_id.eq(id.0),
            report_claims::claim_id.eq(claim.0),
            report_claims::made_at.eq(now),
        ))
        .execute(tx)?;
    let by = By::Role(role);
    let step = Step { event, by, user: Some(actor.user), reason: None, at: now };
    record_in_tx(tx, (village, id, kept.report.state), step)?;
    let action = match event {
        Event::Claimed => "report_claim_create",
        _ => "report_deduction_create",
    };
    audit_in_tx(tx, (village, id), action, (actor, by), None, now)
}

/// The deed with the photos of the report as evidence besides, once they passed the check: panel and
/// household look at them, to whom nothing unchecked is shown. Before, and where a person refused them,
/// the deed has the evidence of its own. They become photos of whoever makes the claim that show the
/// same files, so that the claim does not lead to whoever uploaded those of the report.
fn with_photos(
    tx: &mut PgConnection,
    kept: &Kept,
    deed: &Deed,
    by: UserId,
    now: DateTime<Utc>,
) -> Result<Deed, Error> {
    let mut deed = deed.clone();
    if kept.is_checked() {
        let room = Claim::FILES_MAX.saturating_sub(deed.evidence.len());
        deed.evidence.extend(copies_in_tx(tx, kept, by, room, now)?);
    }
    Ok(deed)
}

fn copies_in_tx(
    tx: &mut PgConnection,
    kept: &Kept,
    by: UserId,
    most: usize,
    now: DateTime<Utc>,
) -> Result<Vec<PhotoId>, Error> {
    type Row = (Vec<u8>, i32, i32, i32, Vec<u8>);
    let village = kept.report.village;
    let there: Vec<Row> = photos::table
        .filter(photos::village_id.eq(village.0))
        .filter(photos::owner_id.eq(kept.report.id.0))
        .order(photos::id)
        .limit(i64::try_from(most).unwrap_or(0))
        .select((
            photos::sha256,
            photos::bytes,
            photos::width,
            photos::height,
            photos::thumbnail_sha256,
        ))
        .load(tx)?;
    let ids: Vec<Uuid> = there.iter().map(|_| id::new()).collect();
    let rows: Vec<_> = there
        .into_iter()
        .zip(&ids)
        .map(|((sha256, bytes, width, height, thumbnail), id)| {
            (
                photos::village_id.eq(village.0),
                photos::id.eq(*id),
                photos::sha256.eq(sha256),
                photos::bytes.eq(bytes),
                photos::width.eq(width),
                photos::height.eq(height),
                photos::thumbnail_sha256.eq(thumbnail),
                photos::uploaded_by.eq(by.0),
                photos::uploaded_at.eq(now),
            )
        })
        .collect();
    diesel::insert_into(photos::table).values(rows).execute(tx)?;
    Ok(ids.into_iter().map(PhotoId).collect())
}

/// Ends the report from which a deduction came that was closed as cured, unless it was dealt with
/// already. Nothing for a deduction that came from no report.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn deduction_cured_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    (actor, role): (&Actor, Role),
    claim: &Claim,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let village = claim.village;
    let found: Option<Uuid> = report_claims::table
        .filter(report_claims::village_id.eq(village.0))
        .filter(report_claims::claim_id.eq(claim.id.0))
        .select(report_claims::report_id)
        .first(tx)
        .optional()?;
    let Some(id) = found.map(ReportId) else { return Ok(()) };
    let mut kept = row::lock_in_tx(tx, village, id)?;
    let calendar = db.calendar(tx)?;
    let Some(cured) = kept.report.cured(&calendar, now) else { return Ok(()) };
    kept.becomes(cured);
    let parties = case::parties(tx, village, id, now)?;
    row::save_in_tx(tx, &mut kept, &parties, now)?;
    let (by, user) = (By::Role(role), Some(actor.user));
    let step = Step { event: Event::Cured, by, user, reason: Some(reason), at: now };
    record_in_tx(tx, (village, id, kept.report.state), step)?;
    let more = tell::with("due_at", json!(kept.report.due_at));
    tell::reporters_in_tx(tx, &kept, Kind::ReportResolved, &more, now)
}
