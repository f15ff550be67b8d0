//! The evidence of claims: which photos there are, and whose they become.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::claim::EvidenceFile;
use domain::id::{ClaimId, PhotoId, UserId, VillageId};
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::error::Error;
use crate::photos::attach_in_tx;
use crate::schema::{claim_photos, photos};

/// The files with these ids.
///
/// # Errors
/// `photo_not_usable` if the village has not all of them.
pub(super) fn find(
    c: &mut PgConnection,
    village: VillageId,
    ids: &[PhotoId],
) -> Result<Vec<EvidenceFile>, Error> {
    let wanted: BTreeSet<_> = ids.iter().map(|id| id.0).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, Uuid, Option<Uuid>)> = photos::table
        .filter(photos::village_id.eq(village.0))
        .filter(photos::id.eq_any(&wanted))
        // A photo that does not know who uploaded it belongs to a report.
        .filter(photos::uploaded_by.is_not_null())
        .order(photos::id)
        .select((photos::id, photos::uploaded_by.assume_not_null(), photos::owner_id))
        .load(c)?;
    if rows.len() < wanted.len() {
        return Err(Refusal::PhotoNotUsable.into());
    }
    let file = |(id, uploaded_by, used_by)| EvidenceFile {
        id: PhotoId(id),
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
) -> Result<Vec<PhotoId>, Error> {
    let ids: Vec<Uuid> = claim_photos::table
        .filter(claim_photos::village_id.eq(village.0))
        .filter(claim_photos::claim_id.eq(claim.0))
        .order(claim_photos::photo_id)
        .select(claim_photos::photo_id)
        .load(c)?;
    Ok(ids.into_iter().map(PhotoId).collect())
}

/// Lets files support claims, all of the same deed.
///
/// # Errors
/// `photo_not_usable` if another deed took one of them meanwhile.
pub(super) fn link_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    deed: Uuid,
    claims: &[ClaimId],
    files: &[EvidenceFile],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    // The domain saw to it that whoever claims uploaded all of them.
    let Some(by) = files.first().map(|file| file.uploaded_by) else { return Ok(()) };
    let ids: Vec<_> = files.iter().map(|file| file.id).collect();
    attach_in_tx(tx, village, by, &ids, deed, now)?;
    let pairs = claims.iter().flat_map(|claim| files.iter().map(move |file| (claim.0, file.id.0)));
    let rows: Vec<_> = pairs
        .map(|(claim, file)| {
            (
                claim_photos::village_id.eq(village.0),
                claim_photos::claim_id.eq(claim),
                claim_photos::photo_id.eq(file),
            )
        })
        .collect();
    for batch in rows.chunks(10_000) {
        diesel::insert_into(claim_photos::table)
            .values(batch)
            .on_conflict_do_nothing()
            .execute(tx)?;
    }
    Ok(())
}
