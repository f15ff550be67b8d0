//! Declared kin. Both directions are stored, so that recusal looks one way only.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::actor::Actor;
use domain::id::{HouseholdId, VillageId, VillagerId};
use domain::kin::{Kin, may_be_kin};
use domain::policy::{Action, Permit, Target, allows};
use domain::refusal::Refusal;
use uuid::Uuid;

use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{kinships, villagers};
use crate::villagers::persons;

/// Somebody's kin.
#[derive(Clone, Debug)]
pub struct KinLine {
    /// Who.
    pub kin: VillagerId,
    /// 姓名.
    pub name: String,
    /// In which household.
    pub household: HouseholdId,
    /// What they are to the villager.
    pub relation: Kin,
    /// When it was declared.
    pub recorded_at: DateTime<Utc>,
}

/// The kin of a villager by id, `after` one.
///
/// # Errors
/// `forbidden`, `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    villager: VillagerId,
    after: Option<Uuid>,
    limit: i64,
    why: &Why,
) -> Result<Vec<KinLine>, Error> {
    let place = db.place(village)?;
    let home: Option<Uuid> = db.read(|c| Ok(home_of(c, village, villager).optional()?))?;
    let target = Target { household: home.map(HouseholdId), ..Target::village(place) };
    db.allows_reading(actor, Action::HouseholdShow, &target, &why.about(villager.0))?;
    if home.is_none() {
        return Err(Refusal::NotFound.into());
    }
    let rows: Vec<(Uuid, String, Uuid, String, DateTime<Utc>)> = db.read(|c| {
        let kin = villagers::table.on(villagers::village_id
            .eq(kinships::village_id)
            .and(villagers::id.eq(kinships::kin_id)));
        Ok(kinships::table
            .inner_join(kin)
            .filter(kinships::village_id.eq(village.0))
            .filter(kinships::villager_id.eq(villager.0))
            .filter(kinships::kin_id.gt(after.unwrap_or_default()))
            .order(kinships::kin_id)
            .limit(limit)
            .select((
                kinships::kin_id,
                villagers::name,
                villagers::household_id,
                kinships::relation,
                kinships::recorded_at,
            ))
            .load(c)?)
    })?;
    let line = |(kin, name, household, relation, recorded_at): (_, _, _, String, _)| KinLine {
        kin: VillagerId(kin),
        name,
        household: HouseholdId(household),
        relation: Kin::of_any_name(&relation),
        recorded_at,
    };
    Ok(rows.into_iter().map(line).collect())
}

fn home_of(c: &mut PgConnection, village: VillageId, villager: VillagerId) -> QueryResult<Uuid> {
    villagers::table.find((village.0, villager.0)).select(villagers::household_id).first(c)
}

/// Declares that `kin` is `relation` to the villager.
///
/// # Errors
/// `kin_with_oneself`, `already_exists`, `forbidden`, `not_found`.
pub fn create(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (villager, kin): (VillagerId, VillagerId),
    relation: Kin,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let permit = allows(actor, Action::VillagerManage, &Target::village(db.place(village)?))?;
    may_be_kin(villager, kin)?;
    db.write(|tx| {
        for who in [villager, kin] {
            home_of(tx, village, who)?;
        }
        let tie = |from: VillagerId, to: VillagerId, relation: Kin| {
            (
                kinships::village_id.eq(village.0),
                kinships::villager_id.eq(from.0),
                kinships::kin_id.eq(to.0),
                kinships::relation.eq(relation.as_str()),
                kinships::recorded_at.eq(now),
            )
        };
        diesel::insert_into(kinships::table)
            .values([tie(villager, kin, relation), tie(kin, villager, relation.back())])
            .execute(tx)?;
        audit::record_in_tx(tx, &deed(actor, permit, village, "kin_create", (villager, kin), now))
    })
}

/// Takes a declaration back, both ways. Not one of the own household: it keeps people out of reviews.
///
/// # Errors
/// `forbidden`, `not_found`, `own_household`.
pub fn delete(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    (villager, kin): (VillagerId, VillagerId),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let permit = allows(actor, Action::VillagerManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        for person in persons(tx, village, &[villager, kin])? {
            actor.is_no_member_of(person.household)?;
        }
        let mut gone = 0;
        for (from, to) in [(villager, kin), (kin, villager)] {
            gone += diesel::delete(kinships::table.find((village.0, from.0, to.0))).execute(tx)?;
        }
        if gone == 0 {
            return Err(diesel::NotFound.into());
        }
        audit::record_in_tx(tx, &deed(actor, permit, village, "kin_delete", (villager, kin), now))
    })
}

fn deed<'a>(
    actor: &Actor,
    permit: Permit,
    village: VillageId,
    action: &'a str,
    (villager, kin): (VillagerId, VillagerId),
    now: DateTime<Utc>,
) -> Deed<'a> {
    Deed {
        village,
        at: now,
        user: Some(actor.user),
        role: Some(permit.role),
        action,
        subject: Some(villager.0),
        reason: None,
        detail: Some(serde_json::json!({"kin_id": kin})),
    }
}
