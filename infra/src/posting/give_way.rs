//! Lower claims of the same deed give way to a higher one when that one is posted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::claim::{Claim, State};
use domain::id::{ClaimId, UserId, VillageId};
use domain::ledger::{Posting, Source};

use super::marks;
use crate::claims::{self, Event, Kept};
use crate::db::Db;
use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::{id, ledger, notices};

/// What gave way.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// The claims.
    pub(super) claims: BTreeSet<ClaimId>,
    /// The reversals of what they had posted.
    pub(super) reversals: Vec<Posting>,
}

/// Lets give way what these posted claims count instead of, in their own batch and outside of it.
pub(super) fn in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    posted: &[&Claim],
    now: DateTime<Utc>,
    by: Option<UserId>,
) -> Result<Given, Error> {
    let lower: BTreeMap<ClaimId, ClaimId> = posted
        .iter()
        .flat_map(|higher| higher.replaces().map(|lower| (lower, higher.id)))
        .collect();
    let batch: BTreeSet<ClaimId> = posted.iter().map(|claim| claim.id).collect();
    let ids: Vec<ClaimId> = lower.keys().copied().collect();
    let mut given = Given::default();
    for kept in claims::of_ids_in_tx(tx, village, &ids)? {
        let Some(higher) = lower.get(&kept.claim.id) else { continue };
        // What fell meanwhile, or gave way before, is left as it is.
        if !kept.claim.state.counts_towards_caps() || kept.claim.yields_to().is_some() {
            continue;
        }
        let version = kept.claim.version;
        let was_posted = kept.claim.state == State::Posted && !batch.contains(&kept.claim.id);
        let mut claim = kept.claim.clone().give_way(*higher);
        claim.version += 1;
        let kept = Kept { claim, changed_at: now, ..kept };
        claims::save_in_tx(tx, &kept, version)?;
        if was_posted {
            let standing = ledger::standing_in_tx(tx, village, Source::Claim(kept.claim.id))?;
            let reversals = standing.iter().map(|entry| Posting::reversing(entry, id::new()));
            given.reversals.extend(reversals);
            marks::strike_in_tx(tx, village, kept.claim.id, now)?;
        }
        let event = Event { event: "gave_way", user: by, role: None, reason: None, at: now };
        claims::record_in_tx(tx, &[&kept.claim], event)?;
        let data = notices::facts(db, tx, village, &kept.claim)?;
        let told = Message { to: kept.claim.person, kind: Kind::ClaimReplaced, data };
        messages::leave_in_tx(tx, village, &[told], now)?;
        given.claims.insert(kept.claim.id);
    }
    Ok(given)
}
