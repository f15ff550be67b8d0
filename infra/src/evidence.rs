//! Evidence: pictures on their way into the store, and out again.
//!
//! A file is written piece by piece and never held in memory whole; it gets its row only once it is
//! complete. What is cut off half way leaves nothing behind but a temporary file, which goes when
//! the store is opened a day later or more.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::evidence::{self as rules, HEADER_BYTES, Media};
use domain::id::{EvidenceId, HouseholdId, UserId, VillageId};
use domain::policy::{Action, Target};
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::files::{Incoming, Outgoing};
use crate::id;
use crate::reading::Why;
use crate::schema::{claim_evidence, claims, evidence};
use crate::secrets::Sha256;

fn key_of(village: VillageId, id: EvidenceId) -> String {
    format!("evidence/{village}/{id}")
}

/// Asks whether somebody may upload a file, before its bytes are read.
///
/// # Errors
/// `forbidden`, `not_found`, `evidence_too_many`.
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
    let count: i64 = evidence::table
        .filter(evidence::village_id.eq(village.0))
        .filter(evidence::uploaded_by.eq(user.0))
        .filter(evidence::used_by.is_null())
        .filter(evidence::uploaded_at.gt(now - Duration::days(1)))
        .count()
        .get_result(c)?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// A file on its way in.
pub struct Upload {
    id: EvidenceId,
    village: VillageId,
    incoming: Incoming,
    header: Vec<u8>,
    bytes: usize,
    sha256: Sha256,
}

/// A file that is complete in the store and has no row yet.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The id that it will have.
    pub id: EvidenceId,
    /// What it is.
    pub media: Media,
    /// How long it is.
    pub bytes: usize,
    /// Its hash.
    pub sha256: Vec<u8>,
}

impl Upload {
    /// Begins to take a file.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn begin(db: &Db, village: VillageId) -> Result<Self, Error> {
        let id = id::new();
        Ok(Self {
            id,
            village,
            incoming: db.files().begin(&key_of(village, id)).await?,
            header: Vec::with_capacity(HEADER_BYTES),
            bytes: 0,
            sha256: Sha256::default(),
        })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// [`Error::Unavailable`], such as when the disk is full.
    pub async fn push(&mut self, piece: &[u8]) -> Result<(), Error> {
        let missing = HEADER_BYTES - self.header.len();
        self.header.extend_from_slice(piece.get(..missing).unwrap_or(piece));
        self.bytes += piece.len();
        self.sha256.update(piece);
        self.incoming.push(piece).await
    }

    /// How many bytes came so far.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Keeps the file if it is a picture; else it goes.
    ///
    /// # Errors
    /// `file_type_refused`, `file_unreadable`; [`Error::Unavailable`].
    pub async fn finish(self) -> Result<Stored, Error> {
        let media = match Media::of(&self.header, self.bytes) {
            Ok(media) => media,
            Err(refusal) => {
                self.incoming.discard().await;
                return Err(refusal.into());
            }
        };
        self.incoming.finish().await?;
        let sha256 = self.sha256.finish();
        tracing::debug!(village = %self.village, id = %self.id, bytes = self.bytes, "a file came");
        Ok(Stored { id: self.id, media, bytes: self.bytes, sha256 })
    }

    /// Lets the file go.
    pub async fn discard(self) {
        self.incoming.discard().await;
    }
}

/// Gives a stored file its row.
///
/// # Errors
/// `forbidden`, `not_found`, `evidence_too_many`.
pub fn record(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    stored: &Stored,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let place = db.place(village)?;
    db.write(|tx| {
        let unused = unused(tx, village, actor.user, now)?;
        let permit = rules::may_upload(actor, &place, unused)?;
        diesel::insert_into(evidence::table)
            .values((
                evidence::village_id.eq(village.0),
                evidence::id.eq(stored.id.0),
                evidence::media_type.eq(stored.media.as_str()),
                evidence::bytes.eq(i64::try_from(stored.bytes).unwrap_or(i64::MAX)),
                evidence::sha256.eq(&stored.sha256),
                evidence::uploaded_by.eq(actor.user.0),
                evidence::uploaded_at.eq(now),
            ))
            .execute(tx)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "evidence_upload",
            subject: Some(stored.id.0),
            reason: None,
            detail: None,
        };
        audit::record_in_tx(tx, &deed)
    })
}

/// Removes a stored file that got no row.
pub async fn forget(db: &Db, village: VillageId, stored: &Stored) {
    db.files().remove(&key_of(village, stored.id)).await;
}

/// What is known of a file.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its media type.
    pub media: Media,
    /// How long it is.
    pub bytes: u64,
}

/// Asks whether somebody may look at a file, and what it is.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn find(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: EvidenceId,
    why: &Why,
) -> Result<Known, Error> {
    let place = db.place(village)?;
    let (known, permit) = db.read(|c| {
        let (media, bytes, by): (String, i64, Uuid) = evidence::table
            .find((village.0, id.0))
            .select((evidence::media_type, evidence::bytes, evidence::uploaded_by))
            .first(c)?;
        let same = claims::village_id
            .eq(claim_evidence::village_id)
            .and(claims::id.eq(claim_evidence::claim_id));
        let homes: Vec<Uuid> = claim_evidence::table
            .inner_join(claims::table.on(same))
            .filter(claim_evidence::village_id.eq(village.0))
            .filter(claim_evidence::evidence_id.eq(id.0))
            .select(claims::household_id)
            .distinct()
            .load(c)?;
        let homes: Vec<_> = homes.into_iter().map(HouseholdId).collect();
        let permit = rules::may_show(actor, &place, UserId(by), &homes)?;
        let unknown = || Error::Bug("a stored file of an unknown kind".into());
        let known = Known {
            media: Media::from_name(&media).ok_or_else(unknown)?,
            bytes: u64::try_from(bytes).unwrap_or_default(),
        };
        Ok((known, permit))
    })?;
    if let Some(permit) = permit {
        let read = [(Target::village(place), permit)];
        db.record_reading(actor, Action::EvidenceShow, &read, &why.about(id.0))?;
    }
    Ok(known)
}

/// Opens a file to be read piece by piece.
///
/// # Errors
/// [`Error::Bug`] if it is gone although the database knows it; [`Error::Unavailable`].
pub async fn open(db: &Db, village: VillageId, id: EvidenceId) -> Result<Outgoing, Error> {
    db.files().open(&key_of(village, id)).await
}
