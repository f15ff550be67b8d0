//! The rows of files: claimed before a file is written, needed while a photo has it.

use std::ops::Range;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::id::VillageId;
use domain::refusal::Refusal;

use super::Address;
use crate::db::Db;
use crate::error::Error;
use crate::files::Outgoing;
use crate::schema::photo_files;

/// Lets somebody write these files (address and length) and attach a row to them within the hour.
/// Says no while one of them is being removed.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn claim(
    db: &Db,
    village: VillageId,
    files: &[(Address, usize)],
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    db.write(|tx| {
        // In the order of addresses, so that two who claim the same files do not wait in a circle.
        let mut rows: Vec<_> = files.to_vec();
        rows.sort_unstable();
        rows.dedup();
        let rows: Vec<_> = rows
            .iter()
            .map(|(file, bytes)| {
                (
                    photo_files::village_id.eq(village.0),
                    photo_files::sha256.eq(file.as_bytes().as_slice()),
                    photo_files::bytes.eq(i32::try_from(*bytes).unwrap_or(i32::MAX)),
                    photo_files::unneeded_since.eq(now),
                )
            })
            .collect();
        let inserted = diesel::insert_into(photo_files::table)
            .values(&rows)
            .on_conflict_do_nothing()
            .execute(tx)?;
        if inserted == rows.len() {
            return Ok(true);
        }
        let addresses: Vec<_> = files.iter().map(|(file, _)| file.as_bytes().as_slice()).collect();
        let theirs = photo_files::table
            .filter(photo_files::village_id.eq(village.0))
            .filter(photo_files::sha256.eq_any(addresses));
        type Kept = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);
        let kept: Vec<Kept> = theirs
            .clone()
            .order(photo_files::sha256)
            .select((photo_files::unneeded_since, photo_files::removing_until))
            .for_update()
            .load(tx)?;
        if kept.len() < rows.len() || kept.iter().any(|(_, removing)| removing.is_some()) {
            return Ok(false);
        }
        // The hour begins anew; what a photo has stays as it is.
        diesel::update(theirs.filter(photo_files::unneeded_since.is_not_null()))
            .set(photo_files::unneeded_since.eq(now))
            .execute(tx)?;
        Ok(true)
    })
}

/// Notes that a photo has these files.
///
/// # Errors
/// [`Error::Unavailable`] if the claim on one of them ran out.
pub(super) fn need_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    files: [Address; 2],
) -> Result<(), Error> {
    let addresses = files.each_ref().map(|file| file.as_bytes().as_slice());
    let distinct = if files.first() == files.last() { 1 } else { files.len() };
    let needed = diesel::update(
        photo_files::table
            .filter(photo_files::village_id.eq(village.0))
            .filter(photo_files::sha256.eq_any(addresses))
            .filter(photo_files::removing_until.is_null()),
    )
    .set(photo_files::unneeded_since.eq(None::<DateTime<Utc>>))
    .execute(tx)?;
    if needed < distinct {
        return Err(Error::Unavailable("a file was removed before it had a photo".into()));
    }
    Ok(())
}

/// How long a file is.
///
/// # Errors
/// `not_found` if there is none, or none any more.
pub fn length(db: &Db, village: VillageId, file: Address) -> Result<u64, Error> {
    let bytes: i32 = db.read(|c| {
        Ok(photo_files::table
            .find((village.0, file.as_bytes().as_slice()))
            .filter(photo_files::removing_until.is_null())
            .select(photo_files::bytes)
            .first(c)?)
    })?;
    Ok(u64::try_from(bytes).map_err(|_| Refusal::NotFound)?)
}

/// Opens a part of a file, to be read piece by piece.
///
/// # Errors
/// [`Error::Bug`] if the file is gone although the database knows it; [`Error::Unavailable`].
pub async fn open(
    db: &Db,
    village: VillageId,
    file: Address,
    part: Range<u64>,
) -> Result<Outgoing, Error> {
    db.files().open(&file.key(village), part).await
}
