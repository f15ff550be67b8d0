//! When a village brakes: proposed by one of those who run the fund, confirmed by another.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;
use domain::actor::Actor;
use domain::calendar::day_of;
use domain::four_eyes::Hand;
use domain::fund::brake::{self, Brake, BrakePolicy};
use domain::id::VillageId;
use domain::points::Fen;
use domain::policy::{Action, Permit, Target, allows};
use serde_json::{Value, json};
use uuid::Uuid;

use super::brakes::{share, unreadable};
use crate::actors::{hand, villager_of};
use crate::audit::{self, Deed};
use crate::db::Db;
use crate::error::Error;
use crate::id;
use crate::schema::{brake_confirmations, brake_looks, brake_policies, brakes};

/// A policy that somebody proposed.
#[derive(Clone, Copy, Debug)]
pub struct Proposed {
    /// Its id.
    pub id: Uuid,
    /// What is proposed.
    pub policy: BrakePolicy,
    /// Who proposed it.
    pub by: Hand,
    /// When.
    pub at: DateTime<Utc>,
}

/// A brake as it was announced.
#[derive(Clone, Copy, Debug)]
pub struct Announced {
    /// The brake.
    pub brake: Brake,
    /// What the fund held when it was announced.
    pub held: Fen,
    /// What was owed then.
    pub owed: Fen,
}

/// What a village sees of its brake.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// When it brakes; none if it never does.
    pub policy: Option<BrakePolicy>,
    /// What waits for a second person.
    pub proposed: Option<Proposed>,
    /// The brake that was announced last, if it is not over.
    pub brake: Option<Announced>,
}

type PolicyColumns = (Uuid, i32, i32, i16, i16, Uuid, Option<Uuid>, DateTime<Utc>);

fn read(row: PolicyColumns) -> Result<Proposed, Error> {
    let (id, warn_below, brake_below, issued, notice_days, set_by, set_by_villager, at) = row;
    let policy = BrakePolicy {
        warn_below: u32::try_from(warn_below).map_err(|_| unreadable())?,
        brake_below: u32::try_from(brake_below).map_err(|_| unreadable())?,
        issued: share(issued)?,
        notice_days: u16::try_from(notice_days).map_err(|_| unreadable())?,
    };
    Ok(Proposed { id, policy, by: hand(set_by, set_by_villager), at })
}

const COLUMNS: (
    brake_policies::id,
    brake_policies::warn_below,
    brake_policies::brake_below,
    brake_policies::issued,
    brake_policies::notice_days,
    brake_policies::set_by,
    brake_policies::set_by_villager,
    brake_policies::set_at,
) = (
    brake_policies::id,
    brake_policies::warn_below,
    brake_policies::brake_below,
    brake_policies::issued,
    brake_policies::notice_days,
    brake_policies::set_by,
    brake_policies::set_by_villager,
    brake_policies::set_at,
);

/// The policy of a village that holds, if it has one.
pub(super) fn policy_in(
    c: &mut PgConnection,
    village: VillageId,
) -> Result<Option<BrakePolicy>, Error> {
    let confirmed = brake_confirmations::table
        .filter(brake_confirmations::village_id.eq(brake_policies::village_id))
        .filter(brake_confirmations::policy_id.eq(brake_policies::id));
    let row: Option<PolicyColumns> = brake_policies::table
        .filter(brake_policies::village_id.eq(village.0))
        .filter(exists(confirmed))
        .order(brake_policies::id.desc())
        .select(COLUMNS)
        .first(c)
        .optional()?;
    row.map(|row| Ok(read(row)?.policy)).transpose()
}

/// The newest policy of a village and whether it holds.
fn newest_in(c: &mut PgConnection, village: VillageId) -> Result<Option<(Proposed, bool)>, Error> {
    let row: Option<PolicyColumns> = brake_policies::table
        .filter(brake_policies::village_id.eq(village.0))
        .order(brake_policies::id.desc())
        .select(COLUMNS)
        .first(c)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let newest = read(row)?;
    let holds = brake_confirmations::table.find((village.0, newest.id));
    let holds: bool = diesel::select(exists(holds)).get_result(c)?;
    Ok(Some((newest, holds)))
}

/// Proposes when a village brakes. Nothing changes until somebody else confirms it; what waited before waits
/// no more.
///
/// # Errors
/// `brake_policy_invalid`, `forbidden`, `not_found`.
pub fn propose(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    policy: &BrakePolicy,
    now: DateTime<Utc>,
) -> Result<Proposed, Error> {
    let permit = allows(actor, Action::FundManage, &Target::village(db.place(village)?))?;
    policy.check()?;
    let narrow = |n: u32| i32::try_from(n).map_err(|_| unreadable());
    let small = |n: u16| i16::try_from(n).map_err(|_| unreadable());
    db.write(|tx| {
        let proposed = Proposed { id: id::new(), policy: *policy, by: Hand::of(actor), at: now };
        diesel::insert_into(brake_policies::table)
            .values((
                brake_policies::village_id.eq(village.0),
                brake_policies::id.eq(proposed.id),
                brake_policies::warn_below.eq(narrow(policy.warn_below)?),
                brake_policies::brake_below.eq(narrow(policy.brake_below)?),
                brake_policies::issued.eq(small(policy.issued.get())?),
                brake_policies::notice_days.eq(small(policy.notice_days)?),
                brake_policies::set_by.eq(actor.user.0),
                brake_policies::set_by_villager.eq(villager_of(proposed.by)),
                brake_policies::set_at.eq(now),
            ))
            .execute(tx)?;
        let detail = changed(policy_in(tx, village)?.as_ref(), policy);
        record(tx, (actor, permit), village, (proposed.id, "brake_policy_propose", detail), now)?;
        Ok(proposed)
    })
}

/// Confirms the policy that somebody else proposed; the worker looks from now on every day. A brake that was
/// announced goes on by the policy of its day until coverage is above the new line.
///
/// # Errors
/// `brake_policy_not_waiting`, `checker_is_maker`, `forbidden`, `not_found`.
pub fn confirm(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    policy: Uuid,
    now: DateTime<Utc>,
) -> Result<BrakePolicy, Error> {
    let permit = allows(actor, Action::FundManage, &Target::village(db.place(village)?))?;
    db.write(|tx| {
        // Two who confirm at once follow each other.
        let row: PolicyColumns = brake_policies::table
            .find((village.0, policy))
            .select(COLUMNS)
            .for_no_key_update()
            .first(tx)?;
        let proposed = read(row)?;
        let newest = newest_in(tx, village)?;
        let waits = newest.is_some_and(|(newest, holds)| newest.id == policy && !holds);
        brake::confirm(proposed.by, Hand::of(actor), waits)?;
        let detail = changed(policy_in(tx, village)?.as_ref(), &proposed.policy);
        diesel::insert_into(brake_confirmations::table)
            .values((
                brake_confirmations::village_id.eq(village.0),
                brake_confirmations::policy_id.eq(policy),
                brake_confirmations::confirmed_by.eq(actor.user.0),
                brake_confirmations::confirmed_at.eq(now),
            ))
            .execute(tx)?;
        diesel::insert_into(brake_looks::table)
            .values((brake_looks::village_id.eq(village.0), brake_looks::look_on.eq(day_of(now))))
            .on_conflict(brake_looks::village_id)
            .do_update()
            .set(brake_looks::look_on.eq(day_of(now)))
            .execute(tx)?;
        record(tx, (actor, permit), village, (policy, "brake_policy_confirm", detail), now)?;
        Ok(proposed.policy)
    })
}

/// What holds before and after, for the audit log.
fn changed(before: Option<&BrakePolicy>, after: &BrakePolicy) -> Value {
    let told = |policy: &BrakePolicy| {
        json!({
            "warn_below_bp": policy.warn_below, "brake_below_bp": policy.brake_below,
            "issued_bp": policy.issued.get(), "notice_days": policy.notice_days,
        })
    };
    json!({"before": before.map(told), "after": told(after)})
}

fn record(
    tx: &mut PgConnection,
    (actor, permit): (&Actor, Permit),
    village: VillageId,
    (policy, action, detail): (Uuid, &str, Value),
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let deed = Deed {
        village,
        at: now,
        user: Some(actor.user),
        role: Some(permit.role),
        action,
        subject: Some(policy),
        reason: None,
        detail: Some(detail),
    };
    audit::record_in_tx(tx, &deed)
}

/// When a village brakes, what was proposed, and the brake that was announced last, if it is not over.
///
/// # Errors
/// `forbidden`, `not_found`.
pub fn show(
    db: &Db,
    actor: &Actor,
    village: VillageId,
    now: DateTime<Utc>,
) -> Result<Shown, Error> {
    allows(actor, Action::FundShow, &Target::village(db.place(village)?))?;
    let today = day_of(now);
    db.read(|c| {
        let newest = newest_in(c, village)?;
        let last: Option<BrakeColumns> = brakes::table
            .filter(brakes::village_id.eq(village.0))
            .filter(
                brakes::until_day.is_null().or(brakes::until_day
                    .assume_not_null()
                    .ge(today)
                    .and(brakes::until_day.assume_not_null().ge(brakes::from_day))),
            )
            .order(brakes::id.desc())
            .select(BRAKE)
            .first(c)
            .optional()?;
        Ok(Shown {
            policy: policy_in(c, village)?,
            proposed: newest.and_then(|(newest, holds)| (!holds).then_some(newest)),
            brake: last.map(announced_of).transpose()?,
        })
    })
}

type BrakeColumns = (NaiveDate, Option<NaiveDate>, i16, i64, i64);

const BRAKE: (brakes::from_day, brakes::until_day, brakes::issued, brakes::held, brakes::owed) =
    (brakes::from_day, brakes::until_day, brakes::issued, brakes::held, brakes::owed);

fn announced_of((from, until, issued, held, owed): BrakeColumns) -> Result<Announced, Error> {
    let brake = Brake { from, until, issued: share(issued)? };
    Ok(Announced { brake, held: Fen::new(held), owed: Fen::new(owed) })
}

/// A brake as the notice board shows it.
///
/// # Errors
/// `not_found`.
pub(crate) fn of_board(
    c: &mut PgConnection,
    village: VillageId,
    id: Uuid,
) -> Result<Announced, Error> {
    announced_of(brakes::table.find((village.0, id)).select(BRAKE).first(c)?)
}
