//! What changes about one villager between two imports: where they stand, their tracks, the
//! household they live in. Who died holds no duty any more, and their card is blocked.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::household::{Household, settle};
use domain::id::{HouseholdId, VillageId, VillagerId};
use domain::person::{Residence, Track};
use domain::policy::{Action, Target, allows};
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::places::lock_in_tx;
use crate::schema::{households, villagers};
use crate::{accounts, cards, duties};

/// Where somebody lives from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The household.
    pub household: HouseholdId,
    /// Their relation to its head.
    pub relation: String,
}

/// What is recorded of a villager.
#[derive(Clone, Debug)]
pub struct Change {
    /// 状态.
    pub residence: Residence,
    /// All tracks they have from now on.
    pub tracks: BTreeSet<Track>,
    /// Another household, or another place in the same.
    pub moves: Option<Move>,
    /// Why; goes into the audit log.
    pub reason: String,
}

/// Records a change.
///
/// # Errors
/// `head_taken`, `own_household`, `forbidden`, `not_found`.
pub fn update(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    villager: VillagerId,
    change: &Change,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let permit = allows(actor, Action::VillagerManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        lock_in_tx(tx, village)?;
        let (home, before): (Uuid, String) = villagers::table
            .find((village.0, villager.0))
            .select((villagers::household_id, villagers::residence))
            .first(tx)?;
        actor.is_no_member_of(HouseholdId(home))?;
        let tracks: Vec<&str> = change.tracks.iter().map(|track| track.as_str()).collect();
        diesel::update(villagers::table.find((village.0, villager.0)))
            .set((villagers::residence.eq(change.residence.as_str()), villagers::tracks.eq(tracks)))
            .execute(tx)?;
        if let Some(moves) = &change.moves {
            settle_in_tx(tx, village, villager, HouseholdId(home), moves)?;
        }
        if change.residence.ends_duties() {
            let why = (actor.user, change.reason.as_str());
            duties::end_all_in_tx(tx, village, villager, why, now)?;
            let (by, reason) = ((actor.user, permit.role), Some(change.reason.as_str()));
            cards::block_deceased_in_tx(tx, village, by, reason, now)?;
        }
        audit::record_in_tx(
            tx,
            &Deed {
                village,
                at: now,
                user: Some(actor.user),
                role: Some(permit.role),
                action: "villager_update",
                subject: Some(villager.0),
                reason: Some(&change.reason),
                detail: Some(serde_json::json!({
                    "residence_before": before,
                    "residence": change.residence,
                    "household_before": home,
                    "household": change.moves.as_ref().map_or(home, |moves| moves.household.0),
                })),
            },
        )
    })
}

fn settle_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    villager: VillagerId,
    home: HouseholdId,
    moves: &Move,
) -> Result<(), Error> {
    let (from, to) = (found(tx, village, home)?, found(tx, village, moves.household)?);
    let (from_after, to_after) = settle(villager, from, to, &moves.relation)?;
    for (before, after) in [(from, from_after), (to, to_after)] {
        if before != after {
            diesel::update(households::table.find((village.0, after.id.0)))
                .set(households::head_id.eq(after.head.map(|head| head.0)))
                .execute(tx)?;
        }
    }
    diesel::update(villagers::table.find((village.0, villager.0)))
        .set((
            villagers::household_id.eq(moves.household.0),
            villagers::relation.eq(&moves.relation),
        ))
        .execute(tx)?;
    accounts::follow_in_tx(tx, village)?;
    Ok(())
}

fn found(
    tx: &mut PgConnection,
    village: VillageId,
    household: HouseholdId,
) -> Result<Household, Error> {
    let head: Option<Uuid> =
        households::table.find((village.0, household.0)).select(households::head_id).first(tx)?;
    Ok(Household { id: household, head: head.map(VillagerId) })
}
