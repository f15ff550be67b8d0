//! Whom on the rosters a proof fits.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::binding::{CHOICES_MAX, Candidate, Method};
use domain::id::{VillageId, VillagerId};
use uuid::Uuid;

use crate::error::Error;
use crate::schema::{divisions, users, villagers};
use crate::villagers::residence_of;

/// Somebody on a roster whom a proof fits, with what helps to recognise them.
#[derive(Clone, Debug)]
pub struct Found {
    /// What the decision looks at.
    pub candidate: Candidate,
    /// The whole name.
    pub name: String,
    /// Relation to the head of the household.
    pub relation: String,
    /// The village.
    pub village_name: String,
}

/// What somebody proved: the kind, and the keyed hash of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Evidence {
    pub method: Method,
    pub hash: Vec<u8>,
}

type Row = (Uuid, Uuid, String, String, Option<NaiveDate>, String, String, Option<Uuid>);

macro_rules! found {
    () => {
        villagers::table
            .inner_join(divisions::table.on(divisions::id.eq(villagers::village_id)))
            .left_join(
                users::table.on(users::village_id
                    .eq(villagers::village_id.nullable())
                    .and(users::villager_id.eq(villagers::id.nullable()))),
            )
            .select((
                villagers::village_id,
                villagers::id,
                villagers::name,
                villagers::relation,
                villagers::born_on,
                villagers::residence,
                divisions::name,
                users::id.nullable(),
            ))
            .order((villagers::village_id, villagers::id))
    };
}

fn read(row: Row) -> Result<Found, Error> {
    let (village, villager, name, relation, born_on, residence, village_name, user) = row;
    let candidate = Candidate {
        village: VillageId(village),
        villager: VillagerId(villager),
        born_on,
        residence: residence_of(&residence)?,
        taken: user.is_some(),
    };
    Ok(Found { candidate, name, relation, village_name })
}

/// Everybody on any roster whom the proof fits; a few more than can be offered.
pub(super) fn that_fit(c: &mut PgConnection, evidence: &Evidence) -> Result<Vec<Found>, Error> {
    let most = i64::try_from(4 * CHOICES_MAX).unwrap_or(i64::MAX);
    let rows: Vec<Row> = if evidence.method == Method::Phone {
        found!().filter(villagers::phone_hash.eq(&evidence.hash)).limit(most).load(c)?
    } else {
        found!().filter(villagers::name_and_tail_hash.eq(&evidence.hash)).limit(most).load(c)?
    };
    rows.into_iter().map(read).collect()
}

/// One villager.
///
/// # Errors
/// `not_found`.
pub(crate) fn one(
    c: &mut PgConnection,
    village: VillageId,
    villager: VillagerId,
) -> Result<Found, Error> {
    let row: Row = found!()
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::id.eq(villager.0))
        .first(c)?;
    read(row)
}
