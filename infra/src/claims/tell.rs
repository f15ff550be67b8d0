//! Telling those concerned what became of a claim.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::claim::Claim;
use domain::id::VillagerId;
use domain::rule_book::{Item, ItemKind};
use serde_json::{Map, Value, json};

use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::villagers;

/// What a message about a claim says besides the item and the points.
pub(super) type More = Map<String, Value>;

/// Leaves one message about a claim for each of these villagers.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn tell_in_tx(
    tx: &mut PgConnection,
    claim: &Claim,
    item: &Item,
    kind: Kind,
    to: &[VillagerId],
    more: More,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let messages: Vec<_> =
        to.iter().map(|to| message(claim, item, kind, *to, more.clone())).collect();
    messages::leave_in_tx(tx, claim.village, &messages, now)
}

/// One message about a claim.
pub(super) fn message(
    claim: &Claim,
    item: &Item,
    kind: Kind,
    to: VillagerId,
    mut more: More,
) -> Message {
    let points = claim.granted.unwrap_or(claim.asked);
    more.insert("claim_id".into(), json!(claim.id));
    more.insert("item_name".into(), json!(item.name));
    more.insert("kind".into(), json!(claim.kind));
    more.insert("points".into(), json!(points));
    more.insert("happened_on".into(), json!(claim.happened_on));
    Message { to, kind, data: Value::Object(more) }
}

/// The person; for a deduction the head of the household too, who answers for it.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn concerned(tx: &mut PgConnection, claim: &Claim) -> Result<Vec<VillagerId>, Error> {
    let mut list = vec![claim.person];
    if claim.kind == ItemKind::Deduction
        && let Some(head) = villagers::head(tx, claim.village, claim.household)?
        && head != claim.person
    {
        list.push(head);
    }
    Ok(list)
}

/// Whoever made the claim, if they are a villager here.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn claimant(tx: &mut PgConnection, claim: &Claim) -> Result<Option<VillagerId>, Error> {
    villagers::of_user(tx, claim.village, claim.claimed_by)
}

/// Those concerned and whoever made the claim, each once.
///
/// # Errors
/// [`Error::Unavailable`].
pub(super) fn everybody(tx: &mut PgConnection, claim: &Claim) -> Result<Vec<VillagerId>, Error> {
    let mut list = concerned(tx, claim)?;
    list.extend(claimant(tx, claim)?.filter(|by| !list.contains(by)));
    Ok(list)
}
