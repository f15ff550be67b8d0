//! The person's word about being praised.

use chrono::{DateTime, Utc};
use domain::actor::Actor;
use domain::id::{HouseholdId, UserId, VillageId};
use domain::listing::{Ending, List};
use domain::policy::{Action, Target, allows};
use domain::refusal::Refusal;
use serde_json::json;
use uuid::Uuid;

use super::row::{EntryRow, find, save_in_tx};
use super::tell::record_in_tx;
use crate::db::Db;
use crate::error::Error;

/// What the person says.
#[derive(Clone, Debug)]
pub struct Consent {
    /// Whether they agree.
    pub agreed: bool,
    /// How they said so, if a cadre writes it down for somebody without a phone.
    pub how: Option<String>,
}

/// Records whether the person agrees to be praised: themselves, or a cadre who writes down how they
/// said so. Who does not agree is not shown, and nobody is told.
///
/// # Errors
/// `listing_state` for a warning, or once it has ended; `reason_missing` if a cadre does not say how;
/// `forbidden` for another member of the household; `not_found`.
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
        let target = Target::household(place, HouseholdId(row.household_id));
        let entry = row.entry()?;
        let oneself = actor.membership.is_some_and(|me| me.villager == entry.person);
        let permit = if oneself {
            allows(actor, Action::ListEntryOwn, &target)?
        } else {
            let permit = allows(actor, Action::ListEntryForOthers, &target).map_err(|no| {
                if target.household == actor.household() { Refusal::Forbidden } else { no }
            })?;
            if said.how.as_deref().is_none_or(|how| how.trim().is_empty()) {
                return Err(Refusal::ReasonMissing.into());
            }
            if UserId(row.proposed_by) == actor.user {
                // Who wants it shown does not also say that the person agreed.
                return Err(Refusal::OwnClaim.into());
            }
            permit
        };
        entry.is_open()?;
        if entry.list == List::Warning || entry.removal_open {
            return Err(Refusal::ListingState.into());
        }
        if said.agreed {
            row.consented_at = row.consented_at.or(Some(now));
            row.consent = said.how.as_ref().map(|how| json!({"how": how, "by": actor.user}));
        } else {
            row.end(Ending::ConsentRefused, now);
        }
        save_in_tx(tx, &mut row)?;
        let by = Some((actor.user, permit));
        record_in_tx(tx, &row, by, "list_entry_consent", said.how.as_deref(), now)?;
        Ok(row)
    })
}
