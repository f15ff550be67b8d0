//! The brake on issuance: the worker's daily look, and which days are braked. When a village brakes is set
//! by two people ([`propose`], [`confirm`]).

use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::prelude::*;
use domain::actor::Role;
use domain::calendar::day_of;
use domain::fund::Coverage;
use domain::fund::brake::{self, Brake, Step};
use domain::id::{VillageId, VillagerId};
use domain::points::BasisPoints;
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) use super::brake_policy::of_board;
use super::brake_policy::policy_in;
pub use super::brake_policy::{Announced, Proposed, Shown, confirm, propose, show};
use super::coverage;
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::messages::{self, Kind, Message};
use crate::notices::{self, Hung};
use crate::role_grants::holders;
use crate::schema::{brake_looks, brakes, users, villagers};

pub(super) fn share(issued: i16) -> Result<BasisPoints, Error> {
    u16::try_from(issued).ok().and_then(BasisPoints::new).ok_or_else(unreadable)
}

pub(super) fn unreadable() -> Error {
    Error::Bug("a stored brake that cannot be read".into())
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
            announce_in_tx(tx, village, (&brake, policy.notice_days), &covered, now)?;
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
    (brake, notice_days): (&Brake, u16),
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
    // Who has no phone reads it on the wall, until the day on which it begins.
    notices::open_in_tx(tx, village, Hung::Brake(id), notice_days, now, None)?;
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

/// Everybody of the village who signed in: others read it on the notice board.
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
