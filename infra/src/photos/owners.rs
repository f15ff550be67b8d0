//! To what photos belong.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::{PhotoId, UserId, VillageId};
use domain::refusal::Refusal;
use uuid::Uuid;

use super::sweep::unneed_in_tx;
use super::{COLUMNS, Photo};
use crate::error::Error;
use crate::schema::photos;

/// The most photos that are looked at for one owner: more than any may have.
const OWNED_MAX: i64 = 20;

/// Lets photos belong to something for good: the deed of a claim, a report, a step of one, an entry
/// of a list. All of them must be of this village, uploaded by whoever attaches them, and belong to
/// nothing yet or to the same owner already.
///
/// # Errors
/// `photo_not_usable`.
pub fn attach_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    by: UserId,
    ids: &[PhotoId],
    owner: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let wanted: BTreeSet<Uuid> = ids.iter().map(|id| id.0).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let theirs = photos::table
        .filter(photos::village_id.eq(village.0))
        .filter(photos::id.eq_any(&wanted))
        .filter(photos::uploaded_by.eq(by.0));
    let attached = diesel::update(theirs.clone().filter(photos::owner_id.is_null()))
        .set((photos::owner_id.eq(owner), photos::attached_at.eq(now)))
        .execute(tx)?;
    if attached == wanted.len() {
        return Ok(());
    }
    let there: i64 = theirs.filter(photos::owner_id.eq(owner)).count().get_result(tx)?;
    if usize::try_from(there) == Ok(wanted.len()) {
        Ok(())
    } else {
        Err(Refusal::PhotoNotUsable.into())
    }
}

/// Lets exactly these photos belong to something: those that are there stay, whoever uploaded them; those
/// that are left out belong to nothing any more, and go as others do that nobody used.
///
/// # Errors
/// `photo_not_usable`.
pub fn replace_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    by: UserId,
    ids: &[PhotoId],
    owner: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let there: BTreeSet<Uuid> = photos::table
        .filter(photos::village_id.eq(village.0))
        .filter(photos::owner_id.eq(owner))
        .select(photos::id)
        .for_no_key_update()
        .load(tx)?
        .into_iter()
        .collect();
    let new: Vec<PhotoId> = ids.iter().copied().filter(|id| !there.contains(&id.0)).collect();
    attach_in_tx(tx, village, by, &new, owner, now)?;
    let left_out = there.iter().filter(|there| ids.iter().all(|id| id.0 != **there));
    let left_out =
        photos::table.filter(photos::village_id.eq(village.0)).filter(photos::id.eq_any(left_out));
    diesel::update(left_out)
        .set((photos::owner_id.eq(None::<Uuid>), photos::attached_at.eq(None::<DateTime<Utc>>)))
        .execute(tx)?;
    Ok(())
}

/// Forgets who uploaded the photos of an owner: of a report, whose photos would say who sent it.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn forget_uploader_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    owner: Uuid,
) -> Result<(), Error> {
    let theirs =
        photos::table.filter(photos::village_id.eq(village.0)).filter(photos::owner_id.eq(owner));
    diesel::update(theirs).set(photos::uploaded_by.eq(None::<Uuid>)).execute(tx)?;
    Ok(())
}

/// Removes a photo of an owner: its row at once, its files an hour later if no other photo has them. For
/// what others show of somebody, such as a shop; what is evidence stays for good.
///
/// # Errors
/// `not_found` for one that does not belong to that owner.
pub(crate) fn remove_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    (owner, photo): (Uuid, PhotoId),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let theirs = photos::table.find((village.0, photo.0)).filter(photos::owner_id.eq(owner));
    let gone: (Vec<u8>, Vec<u8>) = diesel::delete(theirs)
        .returning((photos::sha256, photos::thumbnail_sha256))
        .get_result(tx)?;
    unneed_in_tx(tx, village.0, &[gone.0, gone.1], now)
}

/// The photos of several owners, each owner's in the order in which they were uploaded. Owners without
/// photos are left out.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn of_in(
    c: &mut PgConnection,
    village: VillageId,
    owners: &[Uuid],
) -> Result<BTreeMap<Uuid, Vec<Photo>>, Error> {
    let mut found: BTreeMap<Uuid, Vec<Photo>> = BTreeMap::new();
    if owners.is_empty() {
        return Ok(found);
    }
    let rows: Vec<(Uuid, super::Row)> = photos::table
        .filter(photos::village_id.eq(village.0))
        .filter(photos::owner_id.eq_any(owners).assume_not_null())
        .order(photos::id)
        .limit(i64::try_from(owners.len()).unwrap_or(i64::MAX).saturating_mul(OWNED_MAX))
        .select((photos::owner_id.assume_not_null(), COLUMNS))
        .load(c)?;
    for (owner, row) in &rows {
        found.entry(*owner).or_default().push(Photo::of(row)?);
    }
    Ok(found)
}
