//! Cards of people who have died: nobody shows them any more.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use domain::actor::Role;
use domain::id::{CardId, HouseholdId, UserId, VillageId};
use domain::person::Residence;
use serde_json::json;
use uuid::Uuid;

use super::{end_quotes_in_tx, with_household};
use crate::accounts::holders;
use crate::audit::{self, Deed};
use crate::error::Error;
use crate::messages::{self, Kind};
use crate::schema::{accounts, cards, villagers};

/// Why such a card is blocked.
const WHY: &str = "deceased";

/// Blocks the open cards of a village whose holders have all died: of a person, or of a household of which
/// nobody is left. Each is recorded as a card that somebody blocks.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn block_deceased_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    (user, role): (UserId, Role),
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let deceased = Residence::Deceased.as_str();
    let open: Vec<(Uuid, Uuid)> = with_household(village)
        .filter(cards::blocked_at.is_null())
        .filter(exists(holders(village).filter(villagers::residence.eq(deceased))))
        .filter(not(exists(holders(village).filter(villagers::residence.ne(deceased)))))
        .order(cards::id)
        .select((cards::id, accounts::household_id))
        .load(tx)?;
    for (card, household) in open {
        let blocked = diesel::update(cards::table.find((village.0, card)))
            .filter(cards::blocked_at.is_null())
            .set((cards::blocked_at.eq(now), cards::blocked_why.eq(WHY)))
            .execute(tx)?;
        if blocked == 0 {
            continue;
        }
        end_quotes_in_tx(tx, village, CardId(card), now)?;
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(user),
                role: Some(role),
                action: "card_block",
                subject: Some(card),
                reason,
                detail: Some(json!({"cause": WHY})),
            },
        )?;
        let mut data = json!({"card_id": card});
        if let (Some(reason), Some(data)) = (reason, data.as_object_mut()) {
            data.insert("reason".to_owned(), json!(reason));
        }
        let household = HouseholdId(household);
        messages::tell_household_in_tx(tx, village, household, Kind::CardBlocked, &data, now)?;
    }
    Ok(())
}
