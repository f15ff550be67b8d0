//! Lists of duties: a household's own, or a village's for those who serve it.

use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::duty::Duty;
use domain::id::{HouseholdId, VillageId};
use domain::place::Place;
use domain::policy::{Action, Target, allows};
use domain::rule_book::DutySource;
use uuid::Uuid;

use super::row::{DutyRow, PostRow, What};
use crate::db::Db;
use crate::error::Error;
use crate::reading::Why;
use crate::schema::{duties, duty_posts, villagers};

/// Which duties.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter {
    /// Of this household.
    pub household: Option<HouseholdId>,
    /// Posts or pledges only.
    pub source: Option<DutySource>,
    /// Pledges whose period ends by today and of which nobody confirmed what became.
    pub waiting_for_outcome: bool,
}

/// A duty in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The duty.
    pub duty: Duty,
    /// What was written down with it.
    pub what: What,
    /// 姓名.
    pub person_name: String,
    /// In which household they live.
    pub household: HouseholdId,
}

/// Duties, those that are over too, the newest first, from behind an id on. Without a household, who
/// is no officer gets the own household's.
///
/// # Errors
/// `not_found`, `reason_required`.
pub fn list(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    filter: Filter,
    (before, limit): (Option<Uuid>, i64),
    why: &Why,
) -> Result<Vec<Listed>, Error> {
    let filter = permitted(db, actor, &db.place(village)?, filter, why)?;
    db.read(|c| {
        let person = villagers::table.on(villagers::village_id
            .eq(duties::village_id)
            .and(villagers::id.eq(duties::villager_id)));
        let post = duty_posts::table.on(duty_posts::village_id
            .eq(duties::village_id)
            .and(duties::post_id.eq(duty_posts::id.nullable())));
        let mut query = duties::table
            .inner_join(person)
            .left_join(post)
            .filter(duties::village_id.eq(village.0))
            .order(duties::id.desc())
            .limit(limit)
            .select((
                DutyRow::as_select(),
                Option::<PostRow>::as_select(),
                villagers::name,
                villagers::household_id,
            ))
            .into_boxed();
        if let Some(before) = before {
            query = query.filter(duties::id.lt(before));
        }
        if let Some(household) = filter.household {
            query = query.filter(villagers::household_id.eq(household.0));
        }
        if let Some(source) = filter.source {
            query = query.filter(duties::source.eq(source.as_str()));
        }
        if filter.waiting_for_outcome {
            query = query
                .filter(duties::until_day.le(day_of(why.at)))
                .filter(duties::outcome.is_null())
                .filter(duties::ended_on.is_null());
        }
        let rows: Vec<(DutyRow, Option<PostRow>, String, Uuid)> = query.load(c)?;
        rows.into_iter()
            .map(|(row, post, person_name, household)| {
                Ok(Listed {
                    duty: row.duty(post.as_ref())?,
                    what: row.what(post.as_ref())?,
                    person_name,
                    household: HouseholdId(household),
                })
            })
            .collect()
    })
}

fn permitted(
    db: &Db,
    actor: &Actor,
    place: &Place,
    filter: Filter,
    why: &Why,
) -> Result<Filter, Error> {
    if let Some(household) = filter.household {
        let target = Target::household(*place, household);
        db.allows_reading(actor, Action::DutyShow, &target, why)?;
        return Ok(filter);
    }
    let target = Target::village(*place);
    match (allows(actor, Action::DutyShow, &target), actor.membership) {
        (Err(_), Some(me)) if me.place.village == place.village => {
            Ok(Filter { household: Some(me.household), ..filter })
        }
        (permit, _) => {
            db.record_reading(actor, Action::DutyShow, &[(target, permit?)], why)?;
            Ok(filter)
        }
    }
}
