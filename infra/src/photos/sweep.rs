//! What nobody needs goes: photos that belong to nothing a day after they were uploaded, and files
//! that no photo has an hour after that.
//!
//! Rows go in transactions of the worker's round ([`forget_unattached`]); files in three steps
//! ([`remove_files`]): a row is marked, which nobody can undo, the file is removed, the row goes.
//! Several processes may do it at once. Who is killed in between leaves a marked row, which another
//! takes over when the mark has run out; who uploads the same picture meanwhile waits until the row is
//! gone ([`super::intake`]), so that no file is removed that was just written.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::id::VillageId;
use domain::photo::UNATTACHED_HOURS;
use uuid::Uuid;

use super::Address;
use crate::db::Db;
use crate::error::Error;
use crate::schema::{photo_files, photos};

/// Rows in one round, at most.
const ROWS_MAX: i64 = 500;
/// How long a file is kept that no photo has: much longer than it takes from a claim to a photo.
const UNNEEDED_MINUTES: i64 = 60;
/// How long whoever marked files may take for them before another tries.
const MARK_MINUTES: i64 = 10;
/// How long the removal of files may go on: shorter than the mark holds.
const REMOVING_MAX: Duration = Duration::from_secs(5 * 60);

/// Removes the rows of photos that belong to nothing and are a day old. Answers how many.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn forget_unattached(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    db.write(|tx| {
        let old: Vec<(Uuid, Uuid)> = photos::table
            .filter(photos::owner_id.is_null())
            .filter(photos::uploaded_at.lt(now - TimeDelta::hours(UNATTACHED_HOURS)))
            .order(photos::uploaded_at)
            .limit(ROWS_MAX)
            .select((photos::village_id, photos::id))
            .for_update()
            .skip_locked()
            .load(tx)?;
        for (village, id) in &old {
            let gone: (Vec<u8>, Vec<u8>) = diesel::delete(photos::table.find((village, id)))
                .returning((photos::sha256, photos::thumbnail_sha256))
                .get_result(tx)?;
            unneed_in_tx(tx, *village, &[gone.0, gone.1], now)?;
        }
        Ok(old.len())
    })
}

/// Notes which of these files no photo has any more, as far as one sees now: whether it is so is looked
/// at again before one is removed.
pub(super) fn unneed_in_tx(
    tx: &mut PgConnection,
    village: Uuid,
    files: &[Vec<u8>],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    for file in files {
        if !is_needed(tx, village, file)? {
            diesel::update(photo_files::table.find((village, file)))
                .filter(photo_files::unneeded_since.is_null())
                .set(photo_files::unneeded_since.eq(now))
                .execute(tx)?;
        }
    }
    Ok(())
}

/// Removes files that no photo has had for an hour. Answers how many. Waits for the store, so it is
/// called outside of any transaction.
///
/// # Errors
/// [`Error::Unavailable`] if the store does not remove one; it is tried again later.
pub async fn remove_files(db: &Db, now: DateTime<Utc>) -> Result<usize, Error> {
    let marking = db.clone();
    let marked = waiting(move || mark(&marking, now)).await?;
    let began = tokio::time::Instant::now();
    let mut removed = 0;
    for (village, file) in marked {
        if began.elapsed() > REMOVING_MAX {
            // Another may have taken over.
            break;
        }
        db.files().remove(&file.key(village)).await?;
        let forgetting = db.clone();
        waiting(move || forget(&forgetting, village, file)).await?;
        removed += 1;
    }
    Ok(removed)
}

async fn waiting<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::Bug(error.to_string()))?
}

/// Marks files as being removed: from here on nobody may have them.
fn mark(db: &Db, now: DateTime<Utc>) -> Result<Vec<(VillageId, Address)>, Error> {
    db.write(|tx| {
        let old: Vec<(Uuid, Vec<u8>)> = photo_files::table
            .filter(photo_files::unneeded_since.lt(now - TimeDelta::minutes(UNNEEDED_MINUTES)))
            .filter(photo_files::removing_until.is_null().or(photo_files::removing_until.lt(now)))
            .order(photo_files::unneeded_since)
            .limit(ROWS_MAX)
            .select((photo_files::village_id, photo_files::sha256))
            .for_update()
            .skip_locked()
            .load(tx)?;
        let until = now + TimeDelta::minutes(MARK_MINUTES);
        let mut marked = Vec::new();
        for (village, file) in old {
            // Seen only now that the row is locked: who records a photo locks its files first.
            let row = photo_files::table.find((village, &file));
            if is_needed(tx, village, &file)? {
                let needed = photo_files::unneeded_since.eq(None::<DateTime<Utc>>);
                diesel::update(row).set(needed).execute(tx)?;
                continue;
            }
            diesel::update(row).set(photo_files::removing_until.eq(until)).execute(tx)?;
            let broken = || Error::Bug("a file with an impossible address".into());
            marked.push((VillageId(village), Address::from_bytes(&file).ok_or_else(broken)?));
        }
        Ok(marked)
    })
}

/// Whether a photo has the file.
fn is_needed(tx: &mut PgConnection, village: Uuid, file: &[u8]) -> Result<bool, Error> {
    let of_village = photos::table.filter(photos::village_id.eq(village));
    let picture = of_village.filter(photos::sha256.eq(file));
    let thumbnail = of_village.filter(photos::thumbnail_sha256.eq(file));
    Ok(diesel::select(diesel::dsl::exists(picture).or(diesel::dsl::exists(thumbnail)))
        .get_result(tx)?)
}

/// Forgets a file that is removed.
fn forget(db: &Db, village: VillageId, file: Address) -> Result<(), Error> {
    db.write(|tx| {
        let row = photo_files::table.find((village.0, file.as_bytes().as_slice()));
        diesel::delete(row.filter(photo_files::removing_until.is_not_null())).execute(tx)?;
        Ok(())
    })
}
