//! The person's word about being praised.

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::id::VillageId;
use domain::listing::{Ending, List, Voice};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::person::voice_in_tx;
use super::row::{EntryRow, find, save_in_tx};
use super::tell::record_in_tx;
use crate::db::Db;
use crate::error::Error;

/// What the person says.
#[derive(Clone, Debug)]
pub struct Consent {
    /// Whether they agree.
    pub agreed: bool,
    /// How they said so, if a cadre writes it down.
    pub how: Option<String>,
}

/// Records whether the person agrees to be praised: they themselves, the household of who has no
/// account, or a cadre who writes down how they said so. Who does not agree is not shown, and nobody is
/// told.
///
/// # Errors
/// `listing_state` for a warning, or once it has ended; those of [`domain::listing::Speaker::voice`].
pub fn consent(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    id: Uuid,
    said: &Consent,
    now: DateTime<Utc>,
) -> Result<EntryRow, Error> {
    let place = db.place(village)?;
    db.write(|tx| {
        let mut row = find(tx, village, id)?;
        let entry = row.entry()?;
        let (voice, permit) = voice_in_tx(tx, &row, actor, &place, said.how.as_deref())?;
        entry.is_open()?;
        if entry.list == List::Warning || entry.removal_open() {
            return Err(Refusal::ListingState.into());
        }
        if said.agreed {
            row.consented_at = row.consented_at.or(Some(now));
            row.consent = (voice != Voice::Oneself)
                .then(|| json!({"voice": voice.as_str(), "how": said.how, "by": actor.user}));
        } else {
            row.end(Ending::ConsentRefused, now);
        }
        save_in_tx(tx, &mut row)?;
        let by = Some((actor.user, permit));
        record_in_tx(tx, &row, by, "list_entry_consent", said.how.as_deref(), now)?;
        Ok(row)
    })
}
