//! From what somebody asks for to a draft: the files, the second recorder, the other claim of the same
//! deed and the relative that it names, as they are found in the store.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::claim::{Doer, Draft, Person, Recorder, SameDeed, Via, second_recorder};
use domain::id::{AccountId, ClaimId, VillageId, VillagerId};
use domain::kin::Kin;
use domain::place::Place;
use domain::refusal::Refusal;
use uuid::Uuid;

use super::{Deed, files};
use crate::error::Error;
use crate::schema::{claims, kinships};
use crate::{actors, id, villagers};

/// The draft of a claim. `person` is who is credited, where it is one.
///
/// # Errors
/// `photo_not_usable`, `second_recorder_invalid`, `same_deed_invalid`.
pub(super) fn draft(
    tx: &mut PgConnection,
    actor: &Actor,
    place: &Place,
    via: Via,
    deed: &Deed,
    person: Option<&Person>,
    now: DateTime<Utc>,
) -> Result<Draft, Error> {
    let village = place.village;
    let second = deed.second_recorder.map(|named| second(tx, place, named, now)).transpose()?;
    let same_deed = deed.same_deed_as.map(|claim| same_deed(tx, village, claim)).transpose()?;
    let doer = match (deed.doer, person) {
        (Some(doer), Some(person)) => Some(doer_of(tx, village, doer, person.villager)?),
        (Some(villager), None) => Some(Doer { villager, credited_is: None }),
        (None, _) => None,
    };
    Ok(Draft {
        id: id::new(),
        village,
        claimed_by: actor.user,
        claimant: villagers::recorder(actor, village),
        via,
        item_code: deed.item_code.clone(),
        measure: deed.measure.clone(),
        happened_on: deed.happened_on,
        text: deed.text.clone(),
        files: files::find(tx, village, &deed.evidence)?,
        second_recorder: second,
        same_deed_as: same_deed,
        doer,
        duty: deed.duty,
    })
}

fn second(
    tx: &mut PgConnection,
    place: &Place,
    named: VillagerId,
    now: DateTime<Utc>,
) -> Result<Recorder, Error> {
    let user = villagers::user_of(tx, place.village, named)?;
    let named = match user {
        Some(user) => actors::load(tx, user, now)?,
        None => None,
    };
    Ok(second_recorder(&named.ok_or(Refusal::SecondRecorderInvalid)?, place)?)
}

/// The deed of another claim, with its account.
fn same_deed(tx: &mut PgConnection, village: VillageId, claim: ClaimId) -> Result<SameDeed, Error> {
    let found: Option<(Uuid, Option<Uuid>)> = claims::table
        .find((village.0, claim.0))
        .select((claims::account_id, claims::deed_id))
        .first(tx)
        .optional()?;
    let (account, deed) = found.ok_or(Refusal::SameDeedInvalid)?;
    Ok(SameDeed { first: deed.map_or(claim, ClaimId), account: AccountId(account) })
}

/// Who did it, and what the person who is credited is to them.
fn doer_of(
    tx: &mut PgConnection,
    village: VillageId,
    doer: VillagerId,
    credited: VillagerId,
) -> Result<Doer, Error> {
    let relation: Option<String> = kinships::table
        .filter(kinships::village_id.eq(village.0))
        .filter(kinships::villager_id.eq(doer.0))
        .filter(kinships::kin_id.eq(credited.0))
        .select(kinships::relation)
        .first(tx)
        .optional()?;
    Ok(Doer { villager: doer, credited_is: relation.map(|name| Kin::of_any_name(&name)) })
}
