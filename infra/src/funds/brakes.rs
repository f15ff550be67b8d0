//! The brake on issuance: when a village brakes, the worker's daily look, and which days are braked.

use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::{Actor, Role};
use domain::calendar::day_of;
use domain::fund::Coverage;
use domain::fund::brake::{self, Brake, BrakePolicy, Step};
use domain::id::{VillageId, VillagerId};
use domain::points::BasisPoints;
use domain::policy::{Action, Target, allows};
use serde_json::{Value, json};
use uuid::Uuid;

use super::coverage;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::messages::{self, Kind, Message};
use crate::role_grants::holders;
use crate::schema::{brake_looks, brake_policies, brakes, users, villagers};

/// The policy of a village, if it set one.
///
/// # Errors
/// [`Error::Unavailable`].
fn policy_in(c: &mut PgConnection, village: VillageId) -> Result<Option<BrakePolicy>, Error> {
    let row: Option<(i32, i32, i16, i16)> = brake_policies::table
        .filter(brake_policies::village_id.eq(village.0))
        .order(brake_policies::id.desc())
        .select((
            brake_policies::warn_below,
            brake_policies::brake_below,
            brake_policies::issued,
            brake_policies::notice_days,
        ))
        .first(c)
        .optional()?;
    row.map(|(warn_below, brake_below, issued, notice_days)| {
        Ok(BrakePolicy {
            warn_below: u32::try_from(warn_below).map_err(|_| unreadable())?,
            brake_below: u32::try_from(brake_below).map_err(|_| unreadable())?,
            issued: share(issued)?,
            notice_days: u16::try_from(notice_days).map_err(|_| unreadable())?,
        })
    })
    .transpose()
}

fn share(issued: i16) -> Result<BasisPoints, Error> {
    u16::try_from(issued).ok().and_then(BasisPoints::new).ok_or_else(unreadable)
}

fn unreadable() -> Error {
    Error::Bug("a stored brake that cannot be read".into())
}

/// Sets when a village brakes; the worker looks from now on every day. A brake that was announced goes on
/// by the policy of its day until coverage is above the new line.
///
/// # Errors
/// `brake_policy_invalid`, `forbidden`, `not_found`.
pub fn set_policy(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    policy: &BrakePolicy,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let permit = allows(actor, Action::FundManage, &Target::village(db.place(village)?))?;
    policy.check()?;
    let narrow = |n: u32| i32::try_from(n).map_err(|_| unreadable());
    let small = |n: u16| i16::try_from(n).map_err(|_| unreadable());
    db.write(|tx| {
        let id: Uuid = id::new();
        diesel::insert_into(brake_policies::table)
            .values((
                brake_policies::village_id.eq(village.0),
                brake_policies::id.eq(id),
                brake_policies::warn_below.eq(narrow(policy.warn_below)?),
                brake_policies::brake_below.eq(narrow(policy.brake_below)?),
                brake_policies::issued.eq(small(policy.issued.get())?),
                brake_policies::notice_days.eq(small(policy.notice_days)?),
                brake_policies::set_by.eq(actor.user.0),
                brake_policies::set_at.eq(now),
            ))
            .execute(tx)?;
        diesel::insert_into(brake_looks::table)
            .values((brake_looks::village_id.eq(village.0), brake_looks::look_on.eq(day_of(now))))
            .on_conflict(brake_looks::village_id)
            .do_update()
            .set(brake_looks::look_on.eq(day_of(now)))
            .execute(tx)?;
        let deed = Deed {
            village,
            at: now,
            user: Some(actor.user),
            role: Some(permit.role),
            action: "brake_policy_set",
            subject: Some(id),
            reason: None,
            detail: Some(json!({
                "warn_below_bp": policy.warn_below, "brake_below_bp": policy.brake_below,
                "issued_bp": policy.issued.get(), "notice_days": policy.notice_days,
            })),
        };
        audit::record_in_tx(tx, &deed)
    })
}

/// When a village brakes, and the brake that was announced last, if it is not over.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<(Option<BrakePolicy>, Option<Brake>), Error> {
    allows(actor, Action::FundShow, &Target::village(db.place(village)?))?;
    let today = day_of(now);
    db.read(|c| {
        let last = of_in(c, village, today)?;
        Ok((policy_in(c, village)?, last.into_iter().next()))
    })
}

/// The brakes of a village that hold on a day or later, the newest first.
///
/// # Errors
/// [`Error::Unavailable`].
pub(crate) fn of_in(
    c: &mut PgConnection,
    village: VillageId,
    from: NaiveDate,
) -> Result<Vec<Brake>, Error> {
    let rows: Vec<(NaiveDate, Option<NaiveDate>, i16)> = brakes::table
        .filter(brakes::village_id.eq(village.0))
        .filter(
            brakes::until_day.is_null().or(brakes::until_day
                .assume_not_null()
                .ge(from)
                .and(brakes::until_day.assume_not_null().ge(brakes::from_day))),
        )
        .order(brakes::id.desc())
        .select((brakes::from_day, brakes::until_day, brakes::issued))
        .load(c)?;
    rows.into_iter()
        .map(|(from, until, issued)| Ok(Brake { from, until, issued: share(issued)? }))
        .collect()
}

/// Looks at the coverage of villages whose day has come, at most so many. Answers how many steps were
/// taken: warnings, announcements, liftings.
///
/// # Errors
/// The first failure, after the others were looked at.
pub fn look(db: &Db, now: DateTime<Utc>, most: i64) -> Result<usize, Error> {
    let due: Vec<Uuid> = db.read(|c| {
        Ok(brake_looks::table
            .filter(brake_looks::look_on.le(day_of(now)))
            .order(brake_looks::look_on)
            .limit(most)
            .select(brake_looks::village_id)
            .load(c)?)
    })?;
    let mut steps = 0;
    let mut failed = None;
    for village in due {
        match db.write_of_one_moment(|tx| look_in_tx(db, tx, VillageId(village), now)) {
            Ok(stepped) => steps += usize::from(stepped),
            Err(error) => failed = Some(error),
        }
    }
    failed.map_or(Ok(steps), Err)
}

fn look_in_tx(
    db: &Db,
    tx: &mut PgConnection,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<bool, Error> {
    let today = day_of(now);
    let mine: Option<Option<DateTime<Utc>>> = brake_looks::table
        .find(village.0)
        .filter(brake_looks::look_on.le(today))
        .select(brake_looks::warned_at)
        .for_update()
        .skip_locked()
        .first(tx)
        .optional()?;
    let (Some(warned_at), Some(policy)) = (mine, policy_in(tx, village)?) else {
        return Ok(false);
    };
    let covered = coverage::of_in(db, tx, village, now)?;
    let open = open_in_tx(tx, village)?;
    let step = brake::watch(
        &policy,
        covered.basis_points()?,
        open.as_ref().map(|(_, brake)| brake),
        warned_at.is_some(),
        today,
    );
    let warned_at = match &step {
        Step::Nothing | Step::Lift(_) => warned_at,
        Step::Warn | Step::Announce(_) => warned_at.or(Some(now)),
        Step::Recovered => None,
    };
    diesel::update(brake_looks::table.find(village.0))
        .set((
            brake_looks::look_on.eq(today.checked_add_days(Days::new(1)).unwrap_or(today)),
            brake_looks::warned_at.eq(warned_at),
        ))
        .execute(tx)?;
    match step {
        Step::Nothing | Step::Recovered => Ok(false),
        Step::Warn => {
            let data = facts(&covered)?;
            let runners = holders(tx, village, Role::VillageAdmin, now)?;
            tell_in_tx(tx, village, runners, Kind::FundLow, &data, now)?;
            Ok(true)
        }
        Step::Announce(brake) => {
            announce_in_tx(tx, village, &brake, &covered, now)?;
            Ok(true)
        }
        Step::Lift(last) => {
            let (id, brake) = open.ok_or_else(unreadable)?;
            lift_in_tx(tx, village, (id, &brake, last), &covered, now)?;
            Ok(true)
        }
    }
}

fn open_in_tx(tx: &mut PgConnection, village: VillageId) -> Result<Option<(Uuid, Brake)>, Error> {
    let row: Option<(Uuid, NaiveDate, Option<NaiveDate>, i16)> = brakes::table
        .filter(brakes::village_id.eq(village.0))
        .filter(brakes::lifted_at.is_null())
        .select((brakes::id, brakes::from_day, brakes::until_day, brakes::issued))
        .first(tx)
        .optional()?;
    row.map(|(id, from, until, issued)| Ok((id, Brake { from, until, issued: share(issued)? })))
        .transpose()
}

fn announce_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    brake: &Brake,
    covered: &Coverage,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let id: Uuid = id::new();
    let issued = i16::try_from(brake.issued.get()).map_err(|_| unreadable())?;
    diesel::insert_into(brakes::table)
        .values((
            brakes::village_id.eq(village.0),
            brakes::id.eq(id),
            brakes::from_day.eq(brake.from),
            brakes::issued.eq(issued),
            brakes::held.eq(covered.held.get()),
            brakes::owed.eq(covered.liability.total()?.get()),
            brakes::announced_at.eq(now),
        ))
        .execute(tx)?;
    let mut data = facts(covered)?;
    data["from"] = json!(brake.from);
    data["issued_bp"] = json!(brake.issued.get());
    let everybody = everybody(tx, village)?;
    tell_in_tx(tx, village, everybody, Kind::BrakeAnnounced, &data, now)?;
    record(tx, village, id, "brake_announce", data, now)
}

fn lift_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    (id, brake, last): (Uuid, &Brake, NaiveDate),
    covered: &Coverage,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    diesel::update(brakes::table.find((village.0, id)))
        .set((brakes::until_day.eq(last), brakes::lifted_at.eq(now)))
        .execute(tx)?;
    let mut data = facts(covered)?;
    data["last_day"] = json!(last);
    data["called_off"] = json!(last < brake.from);
    let everybody = everybody(tx, village)?;
    tell_in_tx(tx, village, everybody, Kind::BrakeLifted, &data, now)?;
    record(tx, village, id, "brake_lift", data, now)
}

fn facts(covered: &Coverage) -> Result<Value, Error> {
    Ok(json!({
        "held_fen": covered.held, "owed_fen": covered.liability.total()?,
        "coverage_bp": covered.basis_points()?,
    }))
}

/// Everybody of the village who signed in: others read it on the notice board of the fund.
fn everybody(tx: &mut PgConnection, village: VillageId) -> Result<Vec<VillagerId>, Error> {
    let ids: Vec<Uuid> = villagers::table
        .inner_join(
            users::table.on(users::village_id
                .eq(villagers::village_id.nullable())
                .and(users::villager_id.eq(villagers::id.nullable()))),
        )
        .filter(villagers::village_id.eq(village.0))
        .order(villagers::id)
        .select(villagers::id)
        .load(tx)?;
    Ok(ids.into_iter().map(VillagerId).collect())
}

fn tell_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    to: Vec<VillagerId>,
    kind: Kind,
    data: &Value,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let message = |to| Message { to, kind, data: data.clone() };
    let list: Vec<Message> = to.into_iter().map(message).collect();
    messages::leave_in_tx(tx, village, &list, now)
}

fn record(
    tx: &mut PgConnection,
    village: VillageId,
    id: Uuid,
    action: &str,
    detail: Value,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let deed = Deed {
        village,
        at: now,
        user: None,
        role: None,
        action,
        subject: Some(id),
        reason: None,
        detail: Some(detail),
    };
    audit::record_in_tx(tx, &deed)
}
