//! Who one is oneself: the villager, the village, the roles held now, what one asked of cadres.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Membership, Scope};
use domain::id::{UserId, VillageId};
use domain::person::{IdNumber, Phone};
use domain::place::Place;
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::actors;
use crate::binding::{self, RequestRow};
use crate::db::Db;
use crate::error::Error;
use crate::schema::{divisions, households, merchants, villagers};

/// How many of the newest requests to cadres are shown.
const REQUESTS_SHOWN: i64 = 5;

/// Who somebody is.
#[derive(Clone, Debug)]
pub struct Me {
    /// The user with their roles now.
    pub actor: Actor,
    /// The villager, if bound.
    pub villager: Option<MyVillager>,
    /// The names of the divisions that are spoken of here.
    pub divisions: HashMap<Uuid, String>,
    /// The names of the merchants.
    pub merchants: HashMap<Uuid, String>,
    /// The newest requests to cadres, in whatever state.
    pub requests: Vec<RequestRow>,
}

/// The villager that somebody is.
#[derive(Clone, Debug)]
pub struct MyVillager {
    /// Where and in which household.
    pub membership: Membership,
    /// The whole name.
    pub name: String,
    /// Relation to the head of the household.
    pub relation: String,
    /// First three and last four digits.
    pub phone_masked: Option<String>,
    /// First and last character.
    pub id_number_masked: Option<String>,
    /// 户号.
    pub household_number: String,
    /// Whether they are the head of the household.
    pub head: bool,
}

/// Who a user is at this moment.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn show(db: &Db, user: UserId, now: DateTime<Utc>) -> Result<Me, Error> {
    db.read(|c| {
        let actor = actors::load(c, user, now)?.ok_or(Refusal::NotFound)?;
        let villager = actor.membership.map(|me| villager(db, c, me)).transpose()?;
        let requests = binding::of_user(c, user, REQUESTS_SHOWN)?;
        let divisions = division_names(c, &actor, &requests)?;
        let merchants = merchant_names(c, &actor)?;
        Ok(Me { actor, villager, divisions, merchants, requests })
    })
}

fn villager(db: &Db, c: &mut PgConnection, me: Membership) -> Result<MyVillager, Error> {
    type Row = (String, String, Option<Vec<u8>>, Option<Vec<u8>>, String, Option<Uuid>);
    let (name, relation, phone, id_number, household_number, head): Row = villagers::table
        .inner_join(
            households::table.on(households::village_id
                .eq(villagers::village_id)
                .and(households::id.eq(villagers::household_id))),
        )
        .filter(villagers::village_id.eq(me.place.village.0))
        .filter(villagers::id.eq(me.villager.0))
        .select((
            villagers::name,
            villagers::relation,
            villagers::phone_encrypted,
            villagers::id_number_encrypted,
            households::number,
            households::head_id,
        ))
        .first(c)?;
    let read =
        |sealed: Option<Vec<u8>>| sealed.map(|sealed| db.secrets().decrypt(&sealed)).transpose();
    let phone: Option<Phone> = read(phone)?.and_then(|text| text.parse().ok());
    let id_number: Option<IdNumber> = read(id_number)?.and_then(|text| text.parse().ok());
    Ok(MyVillager {
        membership: me,
        name,
        relation,
        phone_masked: phone.map(|phone| phone.masked()),
        id_number_masked: id_number.map(|number| number.masked()),
        household_number,
        head: head == Some(me.villager.0),
    })
}

fn division_names(
    c: &mut PgConnection,
    actor: &Actor,
    requests: &[RequestRow],
) -> Result<HashMap<Uuid, String>, Error> {
    let mut ids: Vec<Uuid> = requests.iter().map(|request| request.village_id).collect();
    if let Some(Place { county, town, village: VillageId(village) }) =
        actor.membership.map(|me| me.place)
    {
        ids.extend([county.0, town.0, village]);
    }
    ids.extend(actor.grants.iter().filter_map(|grant| match grant.scope {
        Scope::Division(division) => Some(division.0),
        Scope::Merchant(_) | Scope::Platform => None,
    }));
    let rows: Vec<(Uuid, String)> = divisions::table
        .filter(divisions::id.eq_any(ids))
        .select((divisions::id, divisions::name))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

fn merchant_names(c: &mut PgConnection, actor: &Actor) -> Result<HashMap<Uuid, String>, Error> {
    let ids: Vec<Uuid> = actor
        .grants
        .iter()
        .filter_map(|grant| match grant.scope {
            Scope::Merchant(merchant) => Some(merchant.0),
            Scope::Division(_) | Scope::Platform => None,
        })
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = merchants::table
        .filter(merchants::id.eq_any(ids))
        .select((merchants::id, merchants::name))
        .load(c)?;
    Ok(rows.into_iter().collect())
}
