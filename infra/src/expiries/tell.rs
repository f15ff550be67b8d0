//! Telling those concerned that points will run out, and that they did: the person whose account it
//! is; of a household its head and every member who has signed in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::expiry::YearEnd;
use domain::id::{AccountId, VillageId, VillagerId};
use domain::ledger::Entry;
use domain::points::Points;
use serde_json::json;
use uuid::Uuid;

use crate::error::Error;
use crate::messages::{self, Kind, Message};
use crate::schema::{accounts, households, users, villagers};

/// Tells how much would run out after the last day.
pub(super) fn expiring_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    end: &YearEnd,
    last_day: NaiveDate,
    losing: &[(AccountId, Points)],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let ids: Vec<AccountId> = losing.iter().map(|(account, _)| *account).collect();
    let people = concerned(tx, village, &ids)?;
    let mut told = Vec::new();
    for (account, points) in losing {
        for to in people.get(account).into_iter().flatten() {
            let data = json!({
                "account_id": account, "year": end.year, "points": points, "last_day": last_day,
            });
            told.push(Message { to: *to, kind: Kind::PointsExpiring, data });
        }
    }
    messages::leave_in_tx(tx, village, &told, now)
}

/// Tells how much ran out, and what is left.
pub(super) fn expired_in_tx(
    tx: &mut PgConnection,
    village: VillageId,
    end: &YearEnd,
    last_day: NaiveDate,
    entries: &[Entry],
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let ids: Vec<AccountId> = entries.iter().map(|entry| entry.posting.account).collect();
    let people = concerned(tx, village, &ids)?;
    let mut told = Vec::new();
    for entry in entries {
        let points = Points::from_hundredths(entry.posting.amount).negated();
        for to in people.get(&entry.posting.account).into_iter().flatten() {
            let data = json!({
                "account_id": entry.posting.account, "year": end.year, "points": points,
                "left": Points::from_hundredths(entry.balance_after), "last_day": last_day,
            });
            told.push(Message { to: *to, kind: Kind::PointsExpired, data });
        }
    }
    messages::leave_in_tx(tx, village, &told, now)
}

/// Whom each account concerns.
fn concerned(
    tx: &mut PgConnection,
    village: VillageId,
    ids: &[AccountId],
) -> Result<BTreeMap<AccountId, BTreeSet<VillagerId>>, Error> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(Uuid, Option<Uuid>, Uuid, Option<Uuid>)> = accounts::table
        .inner_join(
            households::table.on(households::village_id
                .eq(accounts::village_id)
                .and(households::id.eq(accounts::household_id))),
        )
        .filter(accounts::village_id.eq(village.0))
        .filter(accounts::id.eq_any(ids.iter().map(|id| id.0)))
        .select((accounts::id, accounts::villager_id, households::id, households::head_id))
        .load(tx)?;
    let shared = rows.iter().filter(|(_, person, ..)| person.is_none());
    let signed_in: Vec<(Uuid, Uuid)> = villagers::table
        .inner_join(
            users::table.on(users::village_id
                .eq(villagers::village_id.nullable())
                .and(users::villager_id.eq(villagers::id.nullable()))),
        )
        .filter(villagers::village_id.eq(village.0))
        .filter(villagers::household_id.eq_any(shared.map(|(_, _, household, _)| *household)))
        .select((villagers::household_id, villagers::id))
        .load(tx)?;
    let mut members: BTreeMap<Uuid, Vec<Uuid>> = BTreeMap::new();
    for (household, villager) in signed_in {
        members.entry(household).or_default().push(villager);
    }
    let of = |(account, person, household, head): (Uuid, Option<Uuid>, Uuid, Option<Uuid>)| {
        let all = members.get(&household).into_iter().flatten().copied().chain(head);
        let people = match person {
            Some(person) => BTreeSet::from([VillagerId(person)]),
            None => all.map(VillagerId).collect(),
        };
        (AccountId(account), people)
    };
    Ok(rows.into_iter().map(of).collect())
}
