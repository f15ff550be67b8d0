//! Lower claims of the same deed: taken back when a higher one is posted, counted again when that one
//! falls.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::claim::{Claim, restored};
use domain::id::{ClaimId, UserId, VillageId};
use domain::ledger::{Posting, Source};

use super::{marks, of_claims};
use crate::claims::{self, Event, Kept};
use crate::db::Db;
use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::{id, ledger, notices};

/// Marks what these posted claims replace, outside of their own batch, and answers the reversals of
/// what that had posted.
pub(super) fn take_back_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    posted: &[&Claim],
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<Vec<Posting>, Error> {
    let mut lower: BTreeMap<ClaimId, ClaimId> = posted
        .iter()
        .flat_map(|higher| higher.replaces().map(|lower| (lower, higher.id)))
        .collect();
    for claim in posted {
        lower.remove(&claim.id);
    }
    let ids: Vec<ClaimId> = lower.keys().copied().collect();
    let mut list = Vec::new();
    for kept in claims::of_ids_in_tx(tx, village, &ids)? {
        // What fell meanwhile, or was replaced in the same batch, is left as it is.
        if !kept.claim.state.counts_towards_caps() || kept.claim.replaced_by.is_some() {
            continue;
        }
        let Some(higher) = lower.get(&kept.claim.id) else { continue };
        let version = kept.claim.version;
        let (claim, reverses) = kept.claim.clone().replace(*higher)?;
        let kept = Kept { claim, changed_at: now, ..kept };
        claims::save_in_tx(tx, &kept, version)?;
        if reverses {
            let source = Source::Claim(kept.claim.id);
            let standing = ledger::standing_in_tx(tx, village, source)?;
            list.extend(standing.iter().map(|entry| Posting::reversing(entry, id::new())));
            marks::strike_in_tx(tx, village, kept.claim.id, now)?;
        }
        tell_in_tx(db, tx, &kept.claim, ("replaced", Kind::ClaimReplaced), now, by)?;
    }
    Ok(list)
}

/// A claim fell after it was posted: what it had replaced counts again. Answers what that moves.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn restore_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    fell: ClaimId,
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<Vec<Posting>, Error> {
    let mut list = Vec::new();
    for kept in claims::replaced_by_in_tx(tx, village, fell)? {
        let version = kept.claim.version;
        let (claim, posts) = restored(kept.claim.clone())?;
        let kept = Kept { claim, changed_at: now, ..kept };
        claims::save_in_tx(tx, &kept, version)?;
        if posts {
            list.extend(of_claims(db, tx, village, &[&kept.claim])?);
            marks::leave_in_tx(db, tx, village, &[&kept.claim], now)?;
        }
        tell_in_tx(db, tx, &kept.claim, ("restored", Kind::ClaimRestored), now, by)?;
    }
    Ok(list)
}

fn tell_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    claim: &Claim,
    (event, kind): (&str, Kind),
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<(), Error> {
    let event = Event { event, user: by, role: None, reason: None, at: now };
    claims::record_in_tx(tx, &[claim], event)?;
    let data = notices::facts(db, tx, claim.village, claim)?;
    messages::leave_in_tx(tx, claim.village, &[Message { to: claim.person, kind, data }], now)
}
