//! The demo: two villages of one town with people in every role, a rule book in force, and a shop
//! with an agreement. Also what the tests start from. Made once; a second call changes nothing.

mod people;

pub use people::{DemoPerson, For, Home, PEOPLE};

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Role;
use domain::calendar::day_of;
use domain::id::{DivisionId, HouseholdId, MerchantId, UserId, VillageId, VillagerId};
use domain::person::{IdNumber, Phone};
use domain::rule_book::{Resolution, Stack, Subject, adopt_village_layer};
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::places::NewDivision;
use crate::schema::{
    agreements, divisions, households, merchants, role_grants, rule_books, shops, users, villagers,
};
use crate::secrets::Lookup;
use crate::{accounts, id, places, presets};

/// The code of the demo county.
pub const COUNTY: &str = "520204";
const TOWN: &str = "520204105";
/// The code of the first demo village.
pub const VILLAGE: &str = "520204105201";
/// The code of the second demo village.
pub const OTHER_VILLAGE: &str = "520204105202";

/// The openid that the stand-in for WeChat gives a demo person.
pub fn openid(key: &str) -> String {
    format!("demo-openid-{key}")
}

/// What was made, by name, for tests and the greeting of the program.
#[derive(Clone, Debug)]
pub struct Demo {
    /// The county.
    pub county: DivisionId,
    /// The town.
    pub town: DivisionId,
    /// The first village.
    pub village: VillageId,
    /// The second village.
    pub other_village: VillageId,
    /// Households of the first village by number.
    pub households: BTreeMap<u8, HouseholdId>,
    /// Households of the second village by number.
    pub other_households: BTreeMap<u8, HouseholdId>,
    /// Villagers by the key of the person.
    pub villagers: BTreeMap<&'static str, VillagerId>,
    /// The shop.
    pub merchant: MerchantId,
}

/// Makes the demo, or finds what was made before.
///
/// # Errors
/// [`Error::Unavailable`].
pub fn seed(db: &Db, now: DateTime<Utc>) -> Result<Demo, Error> {
    db.write(|tx| {
        let there: i64 =
            divisions::table.filter(divisions::code.eq(VILLAGE)).count().get_result(tx)?;
        if there == 0 {
            make(db, tx, now)?;
        }
        find(tx)
    })
}

fn make(db: &Db, tx: &mut PgConnection, now: DateTime<Utc>) -> Result<(), Error> {
    let lines =
        [(COUNTY, "水城区"), (TOWN, "龙场乡"), (VILLAGE, "云岭村"), (OTHER_VILLAGE, "青山村")]
            .map(|(code, name)| NewDivision { code: code.into(), name: name.into() });
    places::import_in_tx(tx, &lines, now)?.map_err(|bad| Error::Bug(format!("{bad:?}")))?;
    let (village, other) =
        (VillageId(division(tx, VILLAGE)?), VillageId(division(tx, OTHER_VILLAGE)?));
    let (town, county) = (DivisionId(division(tx, TOWN)?), DivisionId(division(tx, COUNTY)?));
    let merchant = shop(tx, town, now)?;
    let mut homes = BTreeMap::new();
    for person in PEOPLE {
        let lives = match person.home {
            Home::Village(number) => Some((village, number)),
            Home::OtherVillage(number) => Some((other, number)),
            Home::Elsewhere => None,
        };
        let mut villager = None;
        if let Some((village, number)) = lives {
            let household = match homes.get(&(village, number)) {
                Some(household) => *household,
                None => household(tx, village, number, now)?,
            };
            homes.insert((village, number), household);
            villager = Some((village, on_roster(db, tx, village, household, person, now)?));
        }
        let user = person.bound.then(|| user(tx, person, villager, now)).transpose()?;
        let scope = match person.role {
            For::Nothing => None,
            For::Village(role) => Some((role, Some(village.0), None)),
            For::OtherVillage(role) => Some((role, Some(other.0), None)),
            For::Town(role) => Some((role, Some(town.0), None)),
            For::County(role) => Some((role, Some(county.0), None)),
            For::Shop(role) => Some((role, None, Some(merchant.0))),
            For::Platform(role) => Some((role, None, None)),
        };
        if let (Some(user), Some(scope)) = (user, scope) {
            grant(tx, user, scope, now)?;
        }
    }
    for village in [village, other] {
        adopted_book(tx, village, now)?;
        accounts::open_missing_in_tx(tx, village, Subject::Household, now)?;
        agreement(tx, village, merchant, now)?;
    }
    Ok(())
}

fn division(tx: &mut PgConnection, code: &str) -> Result<Uuid, Error> {
    Ok(divisions::table.filter(divisions::code.eq(code)).select(divisions::id).first(tx)?)
}

fn household(
    tx: &mut PgConnection,
    village: VillageId,
    number: u8,
    now: DateTime<Utc>,
) -> Result<HouseholdId, Error> {
    let id: HouseholdId = id::new();
    diesel::insert_into(households::table)
        .values((
            households::village_id.eq(village.0),
            households::id.eq(id.0),
            households::number.eq(format!("{number:03}")),
            households::recorded_at.eq(now),
        ))
        .execute(tx)?;
    Ok(id)
}

/// An identity number of a county that was abolished in 1970s codes, with the right check digit.
fn made_up_id_number(born: &str, serial: usize) -> Option<IdNumber> {
    let body = format!("999999{born}{:03}", serial % 1000);
    "0123456789X".chars().find_map(|check| format!("{body}{check}").parse().ok())
}

fn on_roster(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    household: HouseholdId,
    person: &DemoPerson,
    now: DateTime<Utc>,
) -> Result<VillagerId, Error> {
    let id: VillagerId = id::new();
    let serial = PEOPLE.iter().position(|other| other.key == person.key).unwrap_or_default();
    let number = made_up_id_number(person.born, serial)
        .ok_or_else(|| Error::Bug("no identity number for a demo person".into()))?;
    let phone: Option<Phone> = person.phone.parse().ok();
    let secrets = db.secrets();
    let tail = format!("{}|{}", person.name, number.last_six());
    diesel::insert_into(villagers::table)
        .values((
            villagers::village_id.eq(village.0),
            villagers::id.eq(id.0),
            villagers::household_id.eq(household.0),
            villagers::name.eq(person.name),
            villagers::relation.eq(person.relation),
            villagers::id_number_encrypted.eq(secrets.encrypt(number.expose())?),
            villagers::id_number_hash.eq(secrets.lookup(Lookup::IdNumber, number.expose())),
            villagers::name_and_tail_hash.eq(secrets.lookup(Lookup::NameAndTail, &tail)),
            villagers::phone_encrypted
                .eq(phone.as_ref().map(|p| secrets.encrypt(p.expose())).transpose()?),
            villagers::phone_hash
                .eq(phone.as_ref().map(|p| secrets.lookup(Lookup::Phone, p.expose()))),
            villagers::born_on.eq(number.born_on()),
            villagers::tracks.eq(Vec::<String>::new()),
            villagers::residence.eq("resident"),
            villagers::recorded_at.eq(now),
        ))
        .execute(tx)?;
    if person.relation == "户主" {
        diesel::update(households::table.find((village.0, household.0)))
            .set(households::head_id.eq(id.0))
            .execute(tx)?;
    }
    Ok(id)
}

fn user(
    tx: &mut PgConnection,
    person: &DemoPerson,
    villager: Option<(VillageId, VillagerId)>,
    now: DateTime<Utc>,
) -> Result<UserId, Error> {
    let id: UserId = id::new();
    diesel::insert_into(users::table)
        .values((
            users::id.eq(id.0),
            users::openid.eq(openid(person.key)),
            users::village_id.eq(villager.map(|(village, _)| village.0)),
            users::villager_id.eq(villager.map(|(_, villager)| villager.0)),
            users::bound_at.eq(villager.map(|_| now)),
            users::bound_by.eq(villager.map(|_| "demo")),
            users::recorded_at.eq(now),
        ))
        .execute(tx)?;
    Ok(id)
}

fn grant(
    tx: &mut PgConnection,
    user: UserId,
    (role, division, merchant): (Role, Option<Uuid>, Option<Uuid>),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(role_grants::table)
        .values((
            role_grants::id.eq(id::new::<Uuid>()),
            role_grants::role.eq(role.as_str()),
            role_grants::division_id.eq(division),
            role_grants::merchant_id.eq(merchant),
            role_grants::user_id.eq(user.0),
            role_grants::begins_at.eq(now),
            role_grants::reason.eq("demo"),
            role_grants::granted_at.eq(now),
        ))
        .execute(tx)?;
    Ok(())
}

fn adopted_book(
    tx: &mut PgConnection,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let preset = presets::load("shuicheng")?
        .ok_or_else(|| Error::Bug("the preset shuicheng is missing".into()))?;
    let in_force_from: NaiveDate = day_of(now).checked_sub_days(Days::new(400)).unwrap_or_default();
    let resolution =
        Resolution { held_on: in_force_from, present: 40, votes_for: 38, votes_against: 1 };
    let text = preset.book.into();
    let none = Stack::default();
    let book = adopt_village_layer(&none, &text, &resolution, None, in_force_from, None, now)?;
    let json = |value: Result<_, serde_json::Error>| value.map_err(|e| Error::Bug(e.to_string()));
    diesel::insert_into(rule_books::table)
        .values((
            rule_books::village_id.eq(village.0),
            rule_books::id.eq(id::new::<Uuid>()),
            rule_books::number.eq(1),
            rule_books::name.eq(&book.name),
            rule_books::book.eq(json(serde_json::to_value(&book))?),
            rule_books::state.eq("adopted"),
            rule_books::in_force_from.eq(in_force_from),
            rule_books::resolution.eq(json(serde_json::to_value(resolution))?),
            rule_books::written_by.eq(Uuid::nil()),
            rule_books::written_at.eq(now),
            rule_books::adopted_at.eq(now),
        ))
        .execute(tx)?;
    Ok(())
}

fn shop(tx: &mut PgConnection, town: DivisionId, now: DateTime<Utc>) -> Result<MerchantId, Error> {
    let id: MerchantId = id::new();
    diesel::insert_into(merchants::table)
        .values((
            merchants::id.eq(id.0),
            merchants::division_id.eq(town.0),
            merchants::name.eq("亿家人诚信超市"),
            merchants::address.eq("龙场乡街上"),
            merchants::phone.eq("0858-0000000"),
            merchants::category.eq("daily_goods"),
            merchants::registered_by.eq(Uuid::nil()),
            merchants::registered_at.eq(now),
        ))
        .execute(tx)?;
    diesel::insert_into(shops::table)
        .values((
            shops::id.eq(id::new::<Uuid>()),
            shops::merchant_id.eq(id.0),
            shops::name.eq("街上店"),
            shops::address.eq("龙场乡街上"),
            shops::phone.eq("0858-0000000"),
            shops::hours.eq("每天8:00—20:00"),
            shops::latitude_e6.eq(26_541_234),
            shops::longitude_e6.eq(104_712_345),
            shops::opened_at.eq(now),
        ))
        .execute(tx)?;
    Ok(id)
}

fn agreement(
    tx: &mut PgConnection,
    village: VillageId,
    merchant: MerchantId,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::insert_into(agreements::table)
        .values((
            agreements::village_id.eq(village.0),
            agreements::id.eq(id::new::<Uuid>()),
            agreements::merchant_id.eq(merchant.0),
            agreements::from_day.eq(day_of(now)),
            agreements::bearer.eq("credit_offset"),
            agreements::discount_by_star.eq(vec![200_i16, 400, 600, 800, 1000]),
            agreements::price_ceiling.eq(200_000),
            agreements::account_daily_ceiling.eq(20_000),
            agreements::merchant_daily_ceiling.eq(500_000),
            agreements::confirm_above.eq(50_000),
            agreements::refund_days_max.eq(7),
            agreements::made_by.eq(Uuid::nil()),
            agreements::made_at.eq(now),
        ))
        .execute(tx)?;
    Ok(())
}

fn find(tx: &mut PgConnection) -> Result<Demo, Error> {
    let (village, other_village) = (division(tx, VILLAGE)?, division(tx, OTHER_VILLAGE)?);
    let homes = |tx: &mut PgConnection,
                 village: Uuid|
     -> Result<BTreeMap<u8, HouseholdId>, Error> {
        let rows: Vec<(String, Uuid)> = households::table
            .filter(households::village_id.eq(village))
            .select((households::number, households::id))
            .load(tx)?;
        let known = rows.into_iter().filter_map(|(n, id)| Some((n.parse().ok()?, HouseholdId(id))));
        Ok(known.collect())
    };
    let mut by_key = BTreeMap::new();
    for person in PEOPLE {
        let lives_in = match person.home {
            Home::Village(_) => village,
            Home::OtherVillage(_) => other_village,
            Home::Elsewhere => continue,
        };
        let found: Option<Uuid> = villagers::table
            .filter(villagers::village_id.eq(lives_in))
            .filter(villagers::name.eq(person.name))
            .select(villagers::id)
            .first(tx)
            .optional()?;
        by_key.extend(found.map(|id| (person.key, VillagerId(id))));
    }
    let merchant = merchants::table
        .filter(merchants::name.eq("亿家人诚信超市"))
        .select(merchants::id)
        .first(tx)?;
    Ok(Demo {
        county: DivisionId(division(tx, COUNTY)?),
        town: DivisionId(division(tx, TOWN)?),
        village: VillageId(village),
        other_village: VillageId(other_village),
        households: homes(tx, village)?,
        other_households: homes(tx, other_village)?,
        villagers: by_key,
        merchant: MerchantId(merchant),
    })
}
