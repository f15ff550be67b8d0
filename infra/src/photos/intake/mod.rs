//! Taking a photo in: received piece by piece, made anew, stored, recorded.
//!
//! Nothing waits for the disk inside a transaction, and no connection to the database is held while a
//! picture is decoded. What fails leaves no photo behind; files that were written by then have a row
//! in `photo_files` and go within the hour after next ([`super::sweep`]).

mod decoders;
mod upload;

pub use decoders::{Decoders, MEMORY_MIB};
pub use upload::Upload;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{UserId, VillageId};
use domain::photo as rules;
use photo_intake::Taken;

use super::{Address, Photo, files};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::schema::photos;

/// How often a claim on files is tried that are just being removed, and the rest in between.
const CLAIMS_MAX: u32 = 40;
const CLAIM_REST: Duration = Duration::from_millis(250);

/// Asks whether somebody may upload a photo, before its bytes are read.
///
/// # Errors
/// `forbidden`, `not_found`, `photo_too_many`.
pub fn may_upload(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let place = db.place(village)?;
    db.read(|c| Ok(rules::may_upload(actor, &place, unused(c, village, actor.user, now)?)?))?;
    Ok(())
}

fn unused(
    c: &mut PgConnection,
    village: VillageId,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<usize, Error> {
    let count: i64 = photos::table
        .filter(photos::village_id.eq(village.0))
        .filter(photos::uploaded_by.eq(user.0))
        .filter(photos::owner_id.is_null())
        .filter(photos::uploaded_at.gt(now - TimeDelta::days(1)))
        .count()
        .get_result(c)?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// Takes a received file in: waits for its turn, makes the picture anew with a thumbnail, stores both
/// and records the photo, which belongs to nothing yet.
///
/// # Errors
/// `file_unreadable`, `file_type_refused`, `heic_not_taken`, `photo_too_large`; `forbidden`,
/// `not_found`, `photo_too_many`; [`Error::Unavailable`], such as when the disk is full.
pub async fn take_in(
    db: &Db,
    decoders: &Decoders,
    actor: Arc<Actor>,
    village: VillageId,
    upload: Upload,
    now: DateTime<Utc>,
) -> Result<Photo, Error> {
    let taken = decoders.take(upload).await?;
    let photo = photo(&taken)?;
    let (picture, thumbnail) = (taken.picture.jpeg, taken.thumbnail.jpeg);
    claim(db, village, [(photo.address, picture.len()), (photo.thumbnail, thumbnail.len())], now)
        .await?;
    db.files().put(&photo.address.key(village), picture).await?;
    if photo.thumbnail != photo.address {
        db.files().put(&photo.thumbnail.key(village), thumbnail).await?;
    }
    let row = photo.clone();
    blocking(db, move |db| record(db, &actor, village, &row, now)).await?;
    tracing::debug!(%village, id = %photo.id, bytes = photo.bytes, "a photo came");
    Ok(photo)
}

/// The photo that a picture becomes.
fn photo(taken: &Taken) -> Result<Photo, Error> {
    let bytes = u64::try_from(taken.picture.jpeg.len());
    Ok(Photo {
        id: id::new(),
        width: taken.picture.width,
        height: taken.picture.height,
        bytes: bytes.map_err(|_| Error::Bug("a picture longer than memory".into()))?,
        address: Address::of(&taken.picture.jpeg),
        thumbnail: Address::of(&taken.thumbnail.jpeg),
    })
}

/// Claims the files; waits while somebody removes one of them, which takes as long as the store does.
async fn claim(
    db: &Db,
    village: VillageId,
    wanted: [(Address, usize); 2],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    for _ in 0..CLAIMS_MAX {
        if blocking(db, move |db| files::claim(db, village, &wanted, now)).await? {
            return Ok(());
        }
        tokio::time::sleep(CLAIM_REST).await;
    }
    Err(Error::Unavailable("a file with the same content is just being removed".into()))
}

/// Waits for Postgres on the thread pool.
async fn blocking<T: Send + 'static>(
    db: &Db,
    work: impl FnOnce(&Db) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let db = db.clone();
    let done = tokio::task::spawn_blocking(move || work(&db)).await;
    done.map_err(|error| Error::Bug(error.to_string()))?
}

fn record(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    photo: &Photo,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let figure = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let place = db.place(village)?;
    db.write(|tx| {
        let unused = unused(tx, village, actor.user, now)?;
        let permit = rules::may_upload(actor, &place, unused)?;
        files::need_in_tx(tx, village, [photo.address, photo.thumbnail])?;
        diesel::insert_into(photos::table)
            .values((
                photos::village_id.eq(village.0),
                photos::id.eq(photo.id.0),
                photos::sha256.eq(photo.address.as_bytes().as_slice()),
                photos::bytes.eq(i32::try_from(photo.bytes).unwrap_or(i32::MAX)),
                photos::width.eq(figure(photo.width)),
                photos::height.eq(figure(photo.height)),
                photos::thumbnail_sha256.eq(photo.thumbnail.as_bytes().as_slice()),
                photos::uploaded_by.eq(actor.user.0),
                photos::uploaded_at.eq(now),
            ))
            .execute(tx)?;
        // Not by whom: it may become the photo of a report, and whoever sent that stands in no log.
        // The row of the photo knows.
        let deed = Deed {
            village,
            at: now,
            user: None,
            role: Some(permit.role),
            action: "photo_upload",
            subject: Some(photo.id.0),
            reason: None,
            detail: None,
        };
        audit::record_in_tx(tx, &deed)
    })
}
