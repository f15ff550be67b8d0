//! The evidence of claims: which files there are, and whose they become.

use std::collections::BTreeSet;

use diesel::prelude::*;
use domain::claim::EvidenceFile;
use domain::id::{ClaimId, EvidenceId, UserId, VillageId};
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{claim_evidence, evidence};

/// The files with these ids.
///
/// # Errors
/// `evidence_not_usable` if the village has not all of them.
pub(super) fn find(
    c: &mut PgConnection,
    village: VillageId,
    ids: &[EvidenceId],
) -> Result<Vec<EvidenceFile>, Error> {
    let wanted: BTreeSet<_> = ids.iter().map(|id| id.0).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, Uuid, Option<Uuid>)> = evidence::table
        .filter(evidence::village_id.eq(village.0))
        .filter(evidence::id.eq_any(&wanted))
        .order(evidence::id)
        .select((evidence::id, evidence::uploaded_by, evidence::used_by))
        .load(c)?;
    if rows.len() < wanted.len() {
        return Err(Refusal::EvidenceNotUsable.into());
    }
    let file = |(id, uploaded_by, used_by)| EvidenceFile {
        id: EvidenceId(id),
        uploaded_by: UserId(uploaded_by),
        used_by,
    };
    Ok(rows.into_iter().map(file).collect())
}

/// The files of a claim, in the order in which they were uploaded.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn of_claim(
    c: &mut PgConnection,
    village: VillageId,
    claim: ClaimId,
) -> Result<Vec<EvidenceId>, Error> {
    let ids: Vec<Uuid> = claim_evidence::table
        .filter(claim_evidence::village_id.eq(village.0))
        .filter(claim_evidence::claim_id.eq(claim.0))
        .order(claim_evidence::evidence_id)
        .select(claim_evidence::evidence_id)
        .load(c)?;
    Ok(ids.into_iter().map(EvidenceId).collect())
}

/// Lets files support claims, all of the same deed.
///
/// # Errors
/// [`Error::LostRace`] if another deed took one of them meanwhile.
pub(super) fn link_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    deed: Uuid,
    claims: &[ClaimId],
    files: &[EvidenceFile],
) -> Result<(), Error> {
    if files.is_empty() {
        return Ok(());
    }
    let free = evidence::used_by.is_null().or(evidence::used_by.eq(deed).assume_not_null());
    let taken = diesel::update(
        evidence::table
            .filter(evidence::village_id.eq(village.0))
            .filter(evidence::id.eq_any(files.iter().map(|file| file.id.0)))
            .filter(free),
    )
    .set(evidence::used_by.eq(deed))
    .execute(tx)?;
    if taken < files.len() {
        return Err(Error::LostRace);
    }
    let pairs = claims.iter().flat_map(|claim| files.iter().map(move |file| (claim.0, file.id.0)));
    let rows: Vec<_> = pairs
        .map(|(claim, file)| {
            (
                claim_evidence::village_id.eq(village.0),
                claim_evidence::claim_id.eq(claim),
                claim_evidence::evidence_id.eq(file),
            )
        })
        .collect();
    for batch in rows.chunks(10_000) {
        diesel::insert_into(claim_evidence::table)
            .values(batch)
            .on_conflict_do_nothing()
            .execute(tx)?;
    }
    Ok(())
}
