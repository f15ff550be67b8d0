//! Households with their members, as they may be shown: numbers masked, ages instead of birthdays.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::id::{HouseholdId, VillageId};
use domain::person::{IdNumber, Phone, age_on};
use domain::policy::{Action, Target};
use uuid::Uuid;

use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{grids, households, villagers};
use crate::secrets::Secrets;

/// A household in a list.
#[derive(Clone, Debug)]
pub struct HouseholdLine {
    /// Its id.
    pub id: Uuid,
    /// 户号.
    pub number: String,
    /// The name of its head, if it has one.
    pub head_name: Option<String>,
    /// The grid it lies in.
    pub grid_id: Option<Uuid>,
    /// The name of that grid.
    pub grid_name: Option<String>,
    /// How many people are in it, also those who moved away or died.
    pub members: i64,
}

/// The households of a village by number, `after` one.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    after: Option<&str>,
    limit: i64,
    why: &Why,
) -> Result<Vec<HouseholdLine>, Error> {
    let target = Target::village(db.place(village)?);
    db.allows_reading(actor, Action::RosterShow, &target, why)?;
    type Found = (Uuid, String, Option<Uuid>, Option<String>, Option<String>);
    db.read(|c| {
        let head = villagers::table.on(villagers::village_id
            .eq(households::village_id)
            .and(households::head_id.eq(villagers::id.nullable())));
        let grid = grids::table.on(grids::village_id
            .eq(households::village_id)
            .and(households::grid_id.eq(grids::id.nullable())));
        let found: Vec<Found> = households::table
            .left_join(head)
            .left_join(grid)
            .filter(households::village_id.eq(village.0))
            .filter(households::number.gt(after.unwrap_or_default()))
            .order(households::number)
            .limit(limit)
            .select((
                households::id,
                households::number,
                households::grid_id,
                villagers::name.nullable(),
                grids::name.nullable(),
            ))
            .load(c)?;
        let ids: Vec<Uuid> = found.iter().map(|line| line.0).collect();
        let counts: Vec<(Uuid, i64)> = villagers::table
            .filter(villagers::village_id.eq(village.0))
            .filter(villagers::household_id.eq_any(&ids))
            .group_by(villagers::household_id)
            .select((villagers::household_id, diesel::dsl::count_star()))
            .load(c)?;
        let counts: HashMap<Uuid, i64> = counts.into_iter().collect();
        let line = |(id, number, grid_id, head_name, grid_name)| HouseholdLine {
            id,
            number,
            head_name,
            grid_id,
            grid_name,
            members: counts.get(&id).copied().unwrap_or_default(),
        };
        Ok(found.into_iter().map(line).collect())
    })
}

/// A member of a household, as they may be shown.
#[derive(Clone, Debug)]
pub struct Member {
    /// Who.
    pub id: Uuid,
    /// 姓名.
    pub name: String,
    /// 与户主关系.
    pub relation: String,
    /// Whether they are the head.
    pub is_head: bool,
    /// First and last character of the identity number.
    pub id_number_masked: Option<String>,
    /// The first three and last four digits of the phone number.
    pub phone_masked: Option<String>,
    /// Whole years of age today.
    pub age: Option<u32>,
    /// Tracks.
    pub tracks: Vec<String>,
    /// 状态.
    pub residence: String,
}

/// A household with its members.
#[derive(Clone, Debug)]
pub struct HouseholdDetail {
    /// Its id.
    pub id: Uuid,
    /// 户号.
    pub number: String,
    /// The grid it lies in.
    pub grid_id: Option<Uuid>,
    /// The name of that grid.
    pub grid_name: Option<String>,
    /// Its members, the head first.
    pub members: Vec<Member>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = villagers)]
struct MemberRow {
    id: Uuid,
    name: String,
    relation: String,
    id_number_encrypted: Option<Vec<u8>>,
    phone_encrypted: Option<Vec<u8>>,
    born_on: Option<NaiveDate>,
    tracks: Vec<String>,
    residence: String,
}

/// A household with its members, the head first.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    household: HouseholdId,
    why: &Why,
) -> Result<HouseholdDetail, Error> {
    let target = Target::household(db.place(village)?, household);
    db.allows_reading(actor, Action::HouseholdShow, &target, why)?;
    db.read(|c| {
        let (number, head, grid_id): (String, Option<Uuid>, Option<Uuid>) = households::table
            .find((village.0, household.0))
            .select((households::number, households::head_id, households::grid_id))
            .first(c)?;
        let grid_name = grid_id
            .map(|id| grids::table.find((village.0, id)).select(grids::name).first(c))
            .transpose()?;
        let rows: Vec<MemberRow> = villagers::table
            .filter(villagers::village_id.eq(village.0))
            .filter(villagers::household_id.eq(household.0))
            .order(villagers::id)
            .select(MemberRow::as_select())
            .load(c)?;
        let mut members = rows
            .into_iter()
            .map(|row| row.shown(db.secrets(), head, why.at))
            .collect::<Result<Vec<_>, Error>>()?;
        members.sort_by_key(|member| !member.is_head);
        Ok(HouseholdDetail { id: household.0, number, grid_id, grid_name, members })
    })
}

impl MemberRow {
    fn shown(
        self,
        secrets: &Secrets,
        head: Option<Uuid>,
        now: DateTime<Utc>,
    ) -> Result<Member, Error> {
        let unlike = |_| Error::Bug("a stored number is none".into());
        let read = |sealed: Option<Vec<u8>>| sealed.map(|s| secrets.decrypt(&s)).transpose();
        let id_number: Option<IdNumber> = read(self.id_number_encrypted)?
            .map(|text| text.parse().map_err(|_| unlike(())))
            .transpose()?;
        let phone: Option<Phone> =
            read(self.phone_encrypted)?.map(|text| text.parse().map_err(unlike)).transpose()?;
        Ok(Member {
            is_head: head == Some(self.id),
            id: self.id,
            name: self.name,
            relation: self.relation,
            id_number_masked: id_number.map(|number| number.masked()),
            phone_masked: phone.map(|phone| phone.masked()),
            age: self.born_on.map(|born| age_on(born, day_of(now))),
            tracks: self.tracks,
            residence: self.residence,
        })
    }
}
