//! Submitting what others would see.

use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use domain::content::{Check, SILENCE_MINUTES, Scene, Subject};
use domain::id::{PhotoId, UserId, VillageId};
use uuid::Uuid;

use super::change::{self, lock_in_tx};
use super::settled;
use crate::error::Error;
use crate::id;
use crate::outbox::{self, JobKind};
use crate::schema::content_checks;

/// A piece of a thing.
#[derive(Clone, Copy, Debug)]
pub enum Piece<'a> {
    /// A text.
    Text {
        /// The text.
        text: &'a str,
        /// Where it will stand.
        scene: Scene,
    },
    /// A photo.
    Photo(PhotoId),
}

#[derive(Insertable)]
#[diesel(table_name = content_checks, treat_none_as_default_value = false)]
struct NewRow<'a> {
    village_id: Uuid,
    id: Uuid,
    subject_kind: &'a str,
    subject_id: Uuid,
    author_id: Uuid,
    scene: Option<&'a str>,
    text: Option<&'a str>,
    photo_id: Option<Uuid>,
    state: &'a str,
    answer_until: DateTime<Utc>,
    submitted_at: DateTime<Utc>,
}

/// Submits pieces of a thing, in the transaction that makes or changes it: WeChat will be asked about
/// each. More can be added later; a thing that was public then waits again. Blank texts are nothing
/// to look at and are left out.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn submit_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    subject: Subject,
    author: UserId,
    pieces: &[Piece<'_>],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let rows: Vec<_> = pieces
        .iter()
        .filter(|piece| !matches!(piece, Piece::Text { text, .. } if text.trim().is_empty()))
        .map(|piece| {
            let (text, scene, photo) = match piece {
                Piece::Text { text, scene } => (Some(*text), Some(scene.as_str()), None),
                Piece::Photo(photo) => (None, None, Some(photo.0)),
            };
            NewRow {
                village_id: village.0,
                id: id::new(),
                subject_kind: subject.kind.as_str(),
                subject_id: subject.id,
                author_id: author.0,
                scene,
                text,
                photo_id: photo,
                state: Check::NEW.state.as_str(),
                answer_until: now + Duration::minutes(SILENCE_MINUTES),
                submitted_at: now,
            }
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let before = change::standing(&lock_in_tx(tx, village, subject.id)?)?;
    diesel::insert_into(content_checks::table).values(&rows).execute(tx)?;
    let jobs: Vec<_> = rows
        .iter()
        .map(|row| {
            (if row.text.is_some() { JobKind::TextCheck } else { JobKind::PhotoCheck }, row.id)
        })
        .collect();
    outbox::put_in_tx(tx, village, &jobs, now)?;
    let after = change::standing(&lock_in_tx(tx, village, subject.id)?)?;
    settled::tell_in_tx(tx, village, subject, (before, after), now)
}
